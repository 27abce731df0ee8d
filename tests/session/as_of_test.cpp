// The past as a view: after a random history, every list, sum and record as of each instant is what was seen then.
#include <doctest/doctest.h>

#include <map>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/desk/profile.hpp"
#include "support/office.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

constexpr std::string_view entities[] = {"customer", "order", "interaction", "product"};

// What a view tells: every record that is there, by its fields, and some lists and sums.
using Seen = std::map<std::string, std::string>;

std::string text_of(const Record& record) {
  std::string text;
  for (const Field& field : record.entity().fields) {
    const Value& value = record[field.number];
    if (!value.present() || field.number == system_field::version) continue;
    text += field.name + "=" + (value.is_text() ? std::string(value.text()) : std::to_string(value.bits())) + ";";
  }
  return text;
}

std::string list(const View& view, Query query) {
  std::string text;
  for (const Record& record : view.select(query)) text += text_of(record) + "\n";
  return text;
}

// Each question to a view of its own, so that none is answered by what another has brought.
Seen seen_in(const Session& session, std::int64_t customers) {
  Seen seen;
  for (const std::string_view entity : entities) {
    seen[std::string(entity)] = list(session.view(), {.entity = std::string(entity)});
    seen["number of " + std::string(entity)] = std::to_string(session.view().count(entity));
  }
  seen["by name"] = list(session.view(), {.entity = "customer", .order = {{"name", true}}, .limit = 3});
  for (std::int64_t id = 1; id <= customers; ++id)
    seen["branches of " + std::to_string(id)] =
        list(session.view(), {.entity = "customer", .where = Where::equal("parent_id", Value(Id{id}))});
  seen["in PT"] = list(session.view(), {.entity = "customer", .where = Where::equal("country", Value("PT"))});
  for (std::int64_t id = 1; id <= customers; ++id) {
    const std::string of = "of " + std::to_string(id);
    seen[of] = list(session.view(), {.entity = "interaction", .where = Where::equal("customer_id", Value(Id{id}))});
    const auto record = session.view().get("customer", Id{id});
    seen["customer " + std::to_string(id)] = record ? text_of(*record) : "none";
  }
  AggregateQuery by_country{"customer", {}, {"country"}, {{Measure::count, ""}}, false};
  const View past = session.view();
  const Groups groups = past.aggregate(by_country);
  for (const Groups::Group& group : groups.groups)
    seen["sum " + std::string(group.keys[0].text())] = std::to_string(group.results[0].integer());
  return seen;
}

class History {
 public:
  explicit History(Store& store) : office_(store), random_(5) {
    for (int i = 0; i < 4; ++i) customers_.push_back(office_.customer("c" + std::to_string(i)));
  }

  void step() {
    office_.now.micros += 1'000'000 + static_cast<std::int64_t>(random_.below(3)) * 86'400'000'000;
    const Id customer = customers_[random_.below(customers_.size())];
    switch (random_.below(7)) {
      case 0:
        return customers_.push_back(office_.customer("n" + std::to_string(random_.below(100))));
      case 1:
        return void(office_.put("order", {{"customer_id", Value(customer)}, {"ordered_at", Value(office_.now)}}));
      case 2:
        return void(office_.put("product", {{"name", Value("p" + std::to_string(random_.below(9)))}}));
      case 3:
        return forget_one();
      case 4:
        interactions_.push_back(
            office_.put("interaction",
                        {{"customer_id", Value(customer)}, {"channel", Value("phone")}, {"at", Value(office_.now)}}));
        return;
      default:
        office_.put("customer",
                    {{"country", Value(random_.below(2) == 0 ? "PT" : "DE")},
                     {"parent_id", Value(customers_[random_.below(customers_.size())])},
                     {"name", Value("m" + std::to_string(random_.below(100)))}},
                    customer);
    }
  }

  Office& office() noexcept { return office_; }
  std::int64_t customers() const { return static_cast<std::int64_t>(customers_.size()); }

 private:
  void forget_one() {
    if (interactions_.empty()) return;
    office_.erase("interaction", interactions_.back());
    interactions_.pop_back();
  }

  Office office_;
  Random random_;
  std::vector<Id> customers_, interactions_;
};

}  // namespace

TEST_CASE("[M6] as of: lists, sums and records of every past instant are what they were then") {
  on_every_store([](StoreGround& ground) {
    History history(ground.store());
    struct Moment {
      Instant at;
      Seen seen;
    };
    std::vector<Moment> moments;
    for (int step = 0; step < 60; ++step) {
      history.step();
      moments.push_back({history.office().now, seen_in(history.office().system(), 12)});
    }
    Session& session = history.office().system();
    for (const Moment& moment : moments) {
      CAPTURE(moment.at.micros);
      const AsOf past(session, moment.at);
      const Seen seen = seen_in(session, 12);
      for (const auto& [what, text] : moment.seen) {
        CAPTURE(what);
        REQUIRE(seen.at(what) == text);
      }
      REQUIRE(seen.size() == moment.seen.size());
    }
    CHECK(seen_in(session, 12) == moments.back().seen);
  });
}

TEST_CASE("[M6] as of: the same where more has happened since than is read at once") {
  on_every_store(
      [](StoreGround& ground) {
        History history(ground.store());
        for (int step = 0; step < 40; ++step) history.step();
        Session& session = history.office().system();
        const Instant then = history.office().now;
        const Seen seen = seen_in(session, 12);
        for (int step = 0; step < 20; ++step) history.step();
        const Id other = history.office().put("product", {{"name", Value("other")}});
        for (int i = 0; i < 10'001; ++i)
          history.office().put("product", {{"name", Value(i % 2 == 0 ? "even" : "odd")}}, other);
        const AsOf past(session, then);
        CHECK(seen_in(session, 12) == seen);
      },
      {.durability = Durability::off});
}

TEST_CASE("[M6] as of: what comes after a trimming is what it was, what came before is refused") {
  on_every_store([](StoreGround& ground) {
    History history(ground.store());
    std::vector<std::pair<Instant, Seen>> moments;
    for (int step = 0; step < 40; ++step) {
      history.step();
      moments.emplace_back(history.office().now, seen_in(history.office().system(), 12));
    }
    Session& session = history.office().system();
    const JournalBase base = session.trim_journal(moments[15].first);
    REQUIRE(moments[3].first < base.at);
    for (std::size_t i = 0; i < moments.size(); ++i) {
      CAPTURE(i);
      const AsOf past(session, moments[i].first);
      if (moments[i].first < base.at) {
        CHECK_THROWS_AS(session.view(), Error);
      } else {
        REQUIRE(seen_in(session, 12) == moments[i].second);
      }
    }
  });
}

TEST_CASE("[M6] as of: the 360 view is that of then, and nothing can be written there") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id customer = office.customer("before");
    office.put("interaction",
               {{"customer_id", Value(customer)}, {"channel", Value("phone")}, {"at", Value(office.now)}});
    const Instant then = office.now;
    office.now.micros += micros_per_day;
    office.put("customer", {{"name", Value("after")}}, customer);
    for (int i = 0; i < 3; ++i)
      office.put("interaction",
                 {{"customer_id", Value(customer)}, {"channel", Value("email")}, {"at", Value(office.now)}});
    Session& session = office.system();
    const auto touches = [&] { return session.view().count("interaction"); };
    {
      const AsOf past(session, then);
      CHECK(session.view().get("customer", customer)->get("name") == Value("before"));
      CHECK(touches() == 1);
      CHECK(read_profile(session.view(), customer).customer.get("name") == Value("before"));
      ChangeSet set;
      set.put("customer").set("name", "never");
      CHECK_THROWS_AS(session.apply(set), Error);
      const AsOf earlier(session, Instant{then.micros - 1});
      CHECK_FALSE(session.view().get("customer", customer).has_value());
    }
    CHECK(touches() == 4);
  });
}

TEST_CASE("[M5] as of: rights are today's, for the past too") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id bob = office.user("Bob"), cat = office.user("Cat");
    for (const Id user : {bob, cat}) office.allow(user, "read", "own", "", {.hidden = "city"});
    const Id customer = office.customer("handed over", bob);
    office.put("customer", {{"city", Value("Porto")}}, customer);
    const Instant then = office.now;
    office.now.micros += micros_per_day;
    office.put("customer", {{"owner_id", Value(cat)}}, customer);
    const auto seen = [&](Id user) {
      const auto session = office.as(user);
      const AsOf past(*session, then);
      return session->view().select({.entity = "customer"});
    };
    CHECK(seen(bob).empty());
    REQUIRE(seen(cat).size() == 1);
    CHECK(seen(cat).front().get("owner_id").id() == bob);
    CHECK(seen(cat).front().get("city") == Value());
  });
}
