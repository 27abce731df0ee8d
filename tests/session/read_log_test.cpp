// Who was told of whom: counted while a store logs reads, in groups, without harm to the reads themselves.
#include "emptor/session/read_log.hpp"

#include <doctest/doctest.h>

#include "emptor/desk/caller_card.hpp"
#include "emptor/desk/export.hpp"
#include "emptor/desk/profile.hpp"
#include "emptor/session/audit.hpp"
#include "support/office.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

// Ann may read everything; Ada and Bob are customers, Ada with an order.
struct Shop {
  explicit Shop(Store& store) : office(store) {
    ann = office.user("Ann");
    for (const char* action : {"read", "update", "export"}) office.allow(ann, action, "all");
    ada = office.customer("Ada");
    bob = office.customer("Bob");
    order = office.put("order", {{"customer_id", Value(ada)}, {"ordered_at", Value(office.now)}});
    office.system().log_reads();
  }
  std::vector<CustomerRead> seen(Id customer) { return who_saw(office.system(), customer); }
  std::int64_t times(Id customer) {
    std::int64_t sum = 0;
    for (const CustomerRead& read : seen(customer)) sum += *read.times;
    return sum;
  }
  // How often a session of Ann's is counted for what it does.
  template <class Work>
  std::int64_t counted(Id customer, const Work& work) {
    const std::int64_t before = times(customer);
    work(*office.as(ann));
    return times(customer) - before;
  }

  Office office;
  Id ann, ada, bob, order;
};

}  // namespace

TEST_CASE("[A6] read log: whatever tells of a customer is counted, once a call, and only for that customer") {
  on_every_store([](StoreGround& ground) {
    Shop shop(ground.store());
    const std::function<void(Session&)> of_ada[] = {
        [&](Session& s) { s.view().get("customer", shop.ada); },
        [&](Session& s) { s.view().get("order", shop.order); },
        [&](Session& s) { s.view().history("customer", shop.ada); },
        [&](Session& s) { s.view().as_of("order", shop.order, shop.office.now); },
        [&](Session& s) { s.view().select({.entity = "order"}); },
        [&](Session& s) {
          Batch batch;
          ScanKey key;
          s.view().scan({.entity = "order", .fields = {"ordered_at"}}, key, batch);
        },
        [&](Session& s) { export_csv(s.view(), "order", [](std::string_view) {}); },
        [&](Session& s) {
          tell_journal(s.view(), {.entity = "order", .record = shop.order}, [](const ToldEntry&) { return true; });
        },
        [&](Session& s) {
          const AsOf past(s, shop.office.now);
          s.view().get("customer", shop.ada);
        },
    };
    for (std::size_t i = 0; i < std::size(of_ada); ++i) {
      CAPTURE(i);
      CHECK(shop.counted(shop.ada, of_ada[i]) == 1);
    }
    CHECK(shop.seen(shop.bob).empty());
    CHECK(shop.counted(shop.ada, [&](Session& s) { read_profile(s.view(), shop.ada); }) > 0);
    CHECK(shop.counted(shop.ada, [&](Session& s) { card_of(s, shop.ada); }) > 0);
    CHECK(shop.counted(shop.bob, [&](Session& s) { s.view().select({.entity = "customer"}); }) == 1);
    const std::function<void(Session&)> of_nobody[] = {
        [&](Session& s) { s.view().get("customer", Id{99}); },
        [&](Session& s) { s.view().count("customer"); },
        [&](Session& s) { s.view().get("user", shop.ann); },
        [&](Session& s) { s.view().feed(0, 100); },
    };
    for (const auto& work : of_nobody) CHECK(shop.counted(shop.ada, work) == 0);
    const std::int64_t before = shop.times(shop.ada);
    shop.office.system().view().get("customer", shop.ada);
    CHECK(shop.times(shop.ada) == before);
  });
}

TEST_CASE("[A6] read log: grouped by user, day and purpose, with the first and the last time") {
  on_every_store([](StoreGround& ground) {
    Shop shop(ground.store());
    const Instant begin = shop.office.now;
    for (int session = 0; session < 2; ++session) {
      const auto ann = shop.office.as(shop.ann);
      for (int i = 0; i < 3; ++i) {
        ann->view().get("customer", shop.ada);
        shop.office.now.micros += 1'000'000;
      }
      const Purpose purpose(*ann, Action::export_records);
      ann->view().get("customer", shop.ada);
    }
    shop.office.now.micros += micros_per_day;
    shop.office.as(shop.ann)->view().get("customer", shop.ada);
    const auto seen = shop.seen(shop.ada);
    REQUIRE(seen.size() == 3);
    CHECK(*seen[0].times == 1);
    CHECK(seen[1].purpose == "export");
    CHECK(*seen[1].times == 2);
    CHECK(seen[2].purpose == "read");
    CHECK(*seen[2].times == 6);
    CHECK(*seen[2].first_at == begin);
    CHECK(*seen[2].last_at == Instant{begin.micros + 5'000'000});
    CHECK(seen[2].user_id == shop.ann);
    CHECK(*seen[2].day == Zone().date_of(begin));
    CHECK(who_saw(shop.office.system(), shop.ada, *seen[0].day).size() == 1);
    CHECK(who_saw(shop.office.system(), shop.ada, {}, *seen[2].day).size() == 2);
    CHECK(who_saw_json(shop.office.system(), shop.ada).find("\"user\":\"Ann\"") != std::string::npos);
    ground.reopen();
    Session later(ground.store());
    CHECK(who_saw(later, shop.ada).size() == 3);
  });
}

TEST_CASE("[A6] read log: written with the session's next write, at its end, and when many wait") {
  on_every_store([](StoreGround& ground) {
    Shop shop(ground.store());
    const auto ann = shop.office.as(shop.ann);
    ann->view().get("customer", shop.ada);
    CHECK(shop.times(shop.ada) == 0);
    ChangeSet refused, made;
    refused.put("customer", shop.ada).set("country", "far too long to be a country");
    refused.put("customer", Id{99});
    CHECK_THROWS_AS(ann->apply(refused), Error);
    CHECK(shop.times(shop.ada) == 0);
    made.put("customer", shop.bob).set("country", "PT");
    const std::int64_t position = ground.store().read()->info().position;
    ann->apply(made);
    CHECK(shop.times(shop.ada) == 1);
    CHECK(ground.store().read()->info().position == position + 1);  // the journal says nothing of it
    CHECK(shop.office.system().verify().intact);

    ChangeSet many;
    for (int i = 0; i < 4'100; ++i) many.put("customer").set("name", "c" + std::to_string(i));
    const Receipt receipt = shop.office.system().apply(many);
    ann->view().select({.entity = "customer", .limit = 5'000});
    CHECK(shop.times(receipt.ids[4'000]) == 1);
  });
}

TEST_CASE("[A6] read log: a view that outlives its session is counted too") {
  on_every_store([](StoreGround& ground) {
    Shop shop(ground.store());
    {
      auto ann = shop.office.as(shop.ann);
      const View view = ann->view();
      ann.reset();
      view.get("customer", shop.ada);
      CHECK(shop.times(shop.ada) == 0);
    }
    CHECK(shop.times(shop.ada) == 1);
  });
}

TEST_CASE("[A6] read log: off it counts nothing, and only the system turns it on or off") {
  on_every_store([](StoreGround& ground) {
    Shop shop(ground.store());
    CHECK(refusal_of([&] { shop.office.as(shop.ann)->log_reads(false); }) == Code::denied);
    shop.office.system().log_reads(false);
    CHECK(shop.counted(shop.ada, [&](Session& s) { s.view().get("customer", shop.ada); }) == 0);
    shop.office.system().log_reads();
    CHECK(shop.counted(shop.ada, [&](Session& s) { s.view().get("customer", shop.ada); }) == 1);
  });
}

TEST_CASE("[A6] read log: who may configure it asks who saw the customers of that scope, and nobody reads it") {
  on_every_store([](StoreGround& ground) {
    Shop shop(ground.store());
    const Id officer = shop.office.user("Dora"), lead = shop.office.user("Lea");
    shop.office.allow(officer, "configure", "all", "customer_read");
    shop.office.allow(lead, "configure", "own", "customer_read");
    shop.office.put("customer", {{"owner_id", Value(lead)}}, shop.bob);
    {
      const auto ann = shop.office.as(shop.ann);
      ann->view().select({.entity = "customer"});
    }
    const auto asks = [&](Id user, Id customer) { return who_saw(*shop.office.as(user), customer).size(); };
    CHECK(asks(officer, shop.ada) == 1);
    CHECK(asks(officer, shop.bob) == 1);
    CHECK(asks(lead, shop.ada) == 0);
    CHECK(asks(lead, shop.bob) == 1);
    CHECK(refusal_of([&] { asks(shop.ann, shop.ada); }) == Code::denied);
    const auto ann = shop.office.as(shop.ann);
    CHECK(ann->view().select({.entity = "customer_read"}).empty());
    CHECK(ann->view().count("customer_read") == 0);
    ChangeSet forged;
    forged.put("customer_read").set("subject_id", shop.ada);
    CHECK(refusal_of([&] { shop.office.system().apply(forged); }) == Code::invalid);
  });
}

TEST_CASE("[A6] read log: a store that cannot be written is read all the same, and the host hears of it") {
  TempFolder folder;
  const std::string path = folder.file("s.emptor");
  Id ada;
  {
    const auto store = open_sqlite(path, {.create = true});
    Session system(*store);
    ChangeSet set;
    set.put("customer").set("name", "Ada");
    ada = system.apply(set).ids.front();
    system.log_reads();
  }
  std::vector<std::string> heard;
  {
    const auto store = open_sqlite(path, {.read_only = true});
    Session ann(*store, {.actor = {.user = Id{7}, .name = "Ann"},
                         .log = [&](LogLevel, std::string_view line) { heard.emplace_back(line); }});
    CHECK(ann.view().get("customer", ada).has_value());
  }
  REQUIRE(heard.size() == 1);
  CHECK(heard[0] == "reads of customers could not be written: 1");
}

TEST_CASE("[A6] read log: a trimming forgets the days before it") {
  on_every_store([](StoreGround& ground) {
    Shop shop(ground.store());
    for (int day = 0; day < 3; ++day) {
      CHECK(shop.counted(shop.ada, [&](Session& s) { s.view().get("customer", shop.ada); }) == 1);
      shop.office.now.micros += micros_per_day;
    }
    shop.office.system().trim_journal(Instant{shop.office.now.micros - micros_per_day});
    CHECK(shop.seen(shop.ada).size() == 1);
  });
}
