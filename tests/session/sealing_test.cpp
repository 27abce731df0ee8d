// Sealed fields: read and written like any other with the key, unreadable without, found by what they are equal to.
#include "emptor/session/sealing.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base64.hpp"
#include "emptor/desk/caller_card.hpp"
#include "emptor/desk/segments.hpp"
#include "emptor/session/forget.hpp"
#include "emptor/session/search.hpp"
#include "emptor/store/copy.hpp"
#include "support/data.hpp"
#include "support/office.hpp"
#include "support/random_records.hpp"
#include "support/store_contents.hpp"
#include "support/store_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

HostKey key_number(std::uint8_t number) {
  HostKey key;
  key.fill(std::byte{number});
  return key;
}

OpenOptions with_keys(std::vector<HostKey> keys) {
  OpenOptions options;
  options.host_keys = std::move(keys);
  return options;
}

constexpr std::string_view sealed_ones[] = {"customer.name", "customer.city", "contact_point.value",
                                            "interaction.body"};
constexpr const char* secrets[] = {"Quirina Zwetschge", "Hohenmemmingen", "+49 7322 5551234",
                                   "quirina@zwetschge.example", "wants a quixotic teapot"};

// A shop with one customer of many personal values.
struct Shop {
  explicit Shop(StoreGround& ground) : ground(ground), session(std::make_unique<Session>(ground.store())) {
    ChangeSet set;
    const Id anna = set.put("customer").set("name", secrets[0]).set("city", secrets[1]).set("country", "DE").id();
    set.put("contact_point").set("customer_id", anna).set("channel", "phone").set("value", secrets[2]);
    set.put("contact_point").set("customer_id", anna).set("channel", "email").set("value", secrets[3]);
    set.put("interaction")
        .set("customer_id", anna)
        .set("channel", "phone")
        .set("body", secrets[4])
        .set("at", Instant{1'700'000'000'000'000});
    set.put("customer").set("name", "Otto");
    customer = session->apply(set).ids.front();
  }

  void seal() { seal_fields(*session, sealed_ones); }
  Record row(const char* entity, Id id) { return *session->view().get(entity, id); }

  StoreGround& ground;
  std::unique_ptr<Session> session;
  Id customer;
};

void on_shops(const std::function<void(Shop&)>& test) {
  on_every_store(
      [&](StoreGround& ground) {
        Shop shop(ground);
        test(shop);
      },
      with_keys({key_number(1)}));
}

// Whether the rows of a store, as they are kept, hold a text in any field.
bool keeps(Store& store, std::string_view text) {
  const auto reader = store.as_kept().read();
  for (const Entity& entity : reader->schema()->entities()) {
    const Batch rows = read_all(*reader, {.entity = entity.name, .with_deleted = true});
    for (const Column& column : rows.columns)
      if (column.bytes.find(text) != std::string::npos) return true;
  }
  for (const JournalEntry& entry : reader->journal(0, 10'000))
    if (entry.changes.find(text) != std::string::npos) return true;
  return false;
}

std::string bytes_of(const std::string& path) {
  std::ostringstream bytes;
  std::ifstream file(path, std::ios::binary);
  bytes << file.rdbuf();
  return bytes.str();
}

}  // namespace

TEST_CASE("sealing: with the key all reads as before, and nothing of it is kept in plain") {
  on_shops([](Shop& shop) {
    const auto before = contents(shop.ground.store());
    for (const char* secret : secrets) CHECK(keeps(shop.ground.store(), secret));
    shop.seal();
    for (const char* secret : secrets) CHECK_FALSE(keeps(shop.ground.store(), secret));
    CHECK(difference(contents(shop.ground.store()), before) == "");
    CHECK(shop.session->verify(true).faults == std::vector<std::string>{});
    shop.session = nullptr;
    shop.ground.reopen();
    CHECK(difference(contents(shop.ground.store()), before) == "");
    CHECK(Session(shop.ground.store()).verify(true).faults == std::vector<std::string>{});
    if (shop.ground.quirks().leaves_traces)
      return skip("sealing: a host's log keeps what was replaced until it is compacted");
    for (const auto& file : std::filesystem::directory_iterator(shop.ground.folder().path())) {
      const std::string bytes = bytes_of(file.path().string());
      for (const char* secret : secrets) CHECK(bytes.find(secret) == std::string::npos);
    }
  });
}

TEST_CASE("sealing: what is written afterwards is sealed too, and history, the past and copies tell it") {
  on_shops([](Shop& shop) {
    shop.seal();
    ChangeSet set;
    set.put("customer", shop.customer).set("city", "Untertuerkheim").set("name", secrets[0]);
    const Id other = set.put("customer").set("name", "Xaver Unbekannt").id();
    set.put("contact_point").set("customer_id", other).set("channel", "phone").set("value", "+49 30 5550000");
    const Receipt receipt = shop.session->apply(set);
    for (const char* secret : {"Untertuerkheim", "Xaver Unbekannt", "5550000"})
      CHECK_FALSE(keeps(shop.ground.store(), secret));
    CHECK(shop.row("customer", shop.customer).get("city") == Value("Untertuerkheim"));
    CHECK(shop.row("customer", receipt.ids[1]).get("name") == Value("Xaver Unbekannt"));
    const auto versions = shop.session->view().history("customer", shop.customer);
    REQUIRE(versions.size() == 2);
    CHECK(versions[1].record.get("city") == Value(secrets[1]));
    CHECK(shop.session->verify(true).faults == std::vector<std::string>{});

    const auto copy = open_memory(options_of_copy(*shop.ground.store().as_kept().read(), with_keys({key_number(1)})));
    copy_store(shop.ground.store(), *copy);
    CHECK_FALSE(keeps(*copy, "Untertuerkheim"));
    CHECK(Session(*copy).view().get("customer", shop.customer)->get("city") == Value("Untertuerkheim"));
  });
}

TEST_CASE("sealing: a sealed field is found by its whole value") {
  on_shops([](Shop& shop) {
    shop.seal();
    const View view = shop.session->view();
    const auto count = [&](Where where) { return view.count("customer", where); };
    CHECK(count(Where::equal("city", secrets[1])) == 1);
    CHECK(count(Where::equal("city", "Ulm")) == 0);
    CHECK(count(Where::compare("city", Operator::not_equal, Value("Ulm"))) == 1);
    CHECK(count(Where::compare("city", Operator::not_equal, Value(secrets[1]))) == 0);
    CHECK(count(Where::in("city", {Value("Ulm"), Value(secrets[1])})) == 1);
    CHECK(count(Where::in("city", {Value("Ulm"), Value("Bonn")})) == 0);
    CHECK(count(Where::missing("city")) == 1);
    CHECK(count(Where::present("city")) == 1);
    CHECK(count(Where::negate(Where::equal("city", secrets[1]))) == 1);
    CHECK(count(Where::all({Where::equal("country", "DE"), Where::equal("city", secrets[1])})) == 1);
    const auto found =
        view.select({.entity = "contact_point", .where = Where::equal("value", secrets[3]), .fields = {"id", "value"}});
    CHECK(found.size() == 1);
    const CallerCard card = caller_card(*shop.session, "+49 7322 5551234");
    CHECK(card.customer == shop.customer);
    CHECK(card.name == secrets[0]);
  });
}

TEST_CASE("sealing: what one value finds comes in the order of ids, in pages of any size") {
  on_shops([](Shop& shop) {
    ChangeSet set;
    constexpr std::int64_t points = 9;
    for (std::int64_t i = 0; i < points; ++i) {
      const Id owner = set.put("customer").set("name", "Shares " + std::to_string(i)).id();
      set.put("contact_point")
          .set("customer_id", owner)
          .set("channel", "phone")
          .set("value", "+49 30 999")
          .set("label", i % 3 == 0 ? "home" : "work");
    }
    shop.session->apply(set);
    shop.seal();
    const auto reader = shop.ground.store().read();
    const auto shared = Where::equal("value_key", "+4930999");
    for (const bool some : {false, true}) {
      const Where where = some ? Where::all({Where::equal("label", "work"), shared}) : shared;
      const std::vector<std::int64_t> all = ids_of(*reader, {.entity = "contact_point", .where = where, .limit = 1000});
      CHECK(all.size() == (some ? 6 : 9));
      CHECK(std::ranges::is_sorted(all));
      for (std::size_t limit = 1; limit <= points + 1; ++limit)
        CHECK(ids_of(*reader, {.entity = "contact_point", .where = where, .limit = limit}) == all);
    }
    const Query query{.entity = "contact_point", .where = shared, .fields = {"value", "id"}};
    const Batch batch = read_all(*reader, query);
    REQUIRE(batch.columns.size() == 2);
    REQUIRE(batch.rows() == points);
    for (std::size_t i = 0; i < points; ++i) {
      CHECK(batch.columns[0].value(i) == Value("+49 30 999"));
      CHECK(batch.columns[1].value(i) == Value(batch.ids[i]));
    }
    ScanKey ended;
    Batch none;
    ended.ended = true;
    CHECK_FALSE(reader->scan(query, ended, none));
    CHECK(none.rows() == 0);
  });
}

TEST_CASE("sealing: what only the plain text could answer is refused by entity and field") {
  on_shops([](Shop& shop) {
    shop.seal();
    const View view = shop.session->view();
    const auto refused = [&](const std::function<void()>& work) {
      try {
        work();
      } catch (const Error& error) {
        return error.code() == Code::unsupported && error.first().entity == "customer" && error.first().field == "city";
      }
      return false;
    };
    for (const Operator op : {Operator::less, Operator::less_equal, Operator::greater, Operator::greater_equal,
                              Operator::starts_with, Operator::contains})
      CHECK(refused([&] { view.count("customer", Where::compare("city", op, Value("Ulm"))); }));
    CHECK(refused([&] { view.select({.entity = "customer", .order = {{"city"}}}); }));
    CHECK(refused([&] { view.aggregate({.entity = "customer", .group_by = {"city"}}); }));
    CHECK(refused([&] { view.aggregate({.entity = "customer", .measures = {{Measure::min, "city"}}}); }));
    CHECK(view.aggregate({.entity = "customer", .measures = {{Measure::count, "city"}}}).groups[0].results[0] ==
          Value(1));
    CHECK(refusal_of([&] { put_segment(*shop.session, {.name = "Ulmer", .rule = "city = 'Ulm'"}); }) != Code::ok);
  });
}

TEST_CASE("sealing: words of sealed texts leave the search index, those of others stay") {
  on_shops([](Shop& shop) {
    const auto hits = [&](const char* words) { return search(*shop.session, {.text = words}).hits.size(); };
    shop.session->settle();
    CHECK(hits("quixotic") == 1);
    CHECK(hits("Zwetschge") == 1);
    shop.seal();
    CHECK(hits("quixotic") == 0);
    CHECK(hits("Zwetschge") == 0);
    ChangeSet set;
    set.put("interaction").set("customer_id", shop.customer).set("channel", "phone").set("subject", "teacups");
    set.put("customer", shop.customer).set("name", "Quirina Teller");
    shop.session->apply(set);
    CHECK(hits("Teller") == 0);
    CHECK(hits("teacups") == 1);
    CHECK_FALSE(keeps(shop.ground.store(), "quixotic"));
    CHECK_FALSE(keeps(shop.ground.store(), "zwetschge"));
  });
}

TEST_CASE("sealing: without the key, or with another, nothing is told and nothing written") {
  on_every_store(
      [](StoreGround& ground) {
        Shop shop(ground);
        shop.seal();
        shop.session = nullptr;
        if (!ground.quirks().persistent) return;
        const auto refused = [&](std::vector<HostKey> keys) {
          const auto store = ground.quirks().open(ground.folder(), with_keys(std::move(keys)));
          const auto read = [&] { Session(*store).view().get("customer", shop.customer); };
          const auto write = [&] {
            ChangeSet set;
            set.put("customer").set("name", "n");
            Session(*store).apply(set);
          };
          CHECK(refusal_of(read) == Code::denied);
          CHECK(refusal_of(write) == Code::denied);
          CHECK(refusal_of([&] { Session(*store).view().count("product"); }) == Code::denied);
        };
        refused({});
        refused({key_number(2)});
      },
      with_keys({key_number(1)}));
}

TEST_CASE("sealing: who has the store open without a key is refused from its next snapshot on") {
  on_every_store(
      [](StoreGround& ground) {
        if (!ground.quirks().multi_process) return;
        const auto plain = ground.quirks().open(ground.folder(), {});
        Session other(*plain);
        Shop shop(ground);
        CHECK(other.view().count("customer") == 2);
        shop.seal();
        CHECK(refusal_of([&] { other.view(); }) == Code::denied);
        ChangeSet set;
        set.put("customer").set("name", "n");
        CHECK(refusal_of([&] { other.apply(set); }) == Code::denied);
      },
      with_keys({key_number(1)}));
}

TEST_CASE("sealing: what cannot be sealed is told, all of it, and then nothing is") {
  on_shops([](Shop& shop) {
    put_segment(*shop.session, {.name = "Ulmer", .rule = "city = 'Ulm'"});
    const std::string_view wrong[] = {"customer.country", "identity.external_id", "customer.city", "customer.name"};
    try {
      seal_fields(*shop.session, wrong);
      FAIL("it was sealed");
    } catch (const Error& error) {
      CHECK(error.problems().size() == 3);
    }
    CHECK(sealed_fields(shop.session->view().schema()).empty());
    const std::string_view unknown[] = {"customer.shoe"};
    CHECK(refusal_of([&] { seal_fields(*shop.session, unknown); }) == Code::not_found);
    const std::string_view name[] = {"customer.name"};
    seal_fields(*shop.session, name);
    seal_fields(*shop.session, name);
    CHECK(sealed_fields(shop.session->view().schema()) ==
          std::vector<std::string>{"customer.name", "customer.name_key"});
  });
  on_every_store([](StoreGround& ground) {
    Shop shop(ground);
    CHECK(refusal_of([&] { shop.seal(); }) == Code::denied);
    CHECK(sealed_fields(shop.session->view().schema()).empty());
  });
}

TEST_CASE("sealing: of a customer who is forgotten nothing opens any more, of others all does") {
  on_shops([](Shop& shop) {
    shop.seal();
    ChangeSet set;
    const Id other = set.put("customer").set("name", "Xaver Unbekannt").id();
    set.put("contact_point").set("customer_id", other).set("channel", "phone").set("value", "+49 30 5550000");
    const Id kept = shop.session->apply(set).ids.front();
    shop.session->forget_customer(shop.customer, {});
    const View view = shop.session->view();
    CHECK_FALSE(view.get("customer", shop.customer)->get("name").present());
    CHECK(view.count("contact_point", Where::equal("customer_id", shop.customer)) == 0);
    CHECK(view.get("customer", kept)->get("name") == Value("Xaver Unbekannt"));
    CHECK(view.count("contact_point", Where::equal("value", "+49 30 5550000")) == 1);
    const auto versions = view.history("customer", shop.customer);
    for (const RecordVersion& version : versions) CHECK_FALSE(version.record.get("name").present());
    CHECK(versions.size() == 2);
    CHECK(shop.session->verify(true).faults == std::vector<std::string>{});
  });
}

TEST_CASE("sealing: only who may have the whole store told seals and rotates") {
  on_shops([](Shop& shop) {
    ChangeSet set;
    set.put("user").set("name", "Ute");
    const Id user = shop.session->apply(set).ids.front();
    shop.session->enforce_rights();
    Session clerk(shop.ground.store(), {.actor = {.user = user}});
    CHECK(refusal_of([&] { seal_fields(clerk, sealed_ones); }) == Code::denied);
    shop.seal();
    CHECK(refusal_of([&] { rotate_keys(clerk); }) == Code::denied);
    CHECK(clerk.view().setting("seal").empty());
  });
}

TEST_CASE("sealing: keys are rotated while others read and write") {
  on_every_store(
      [](StoreGround& ground) {
        if (!ground.quirks().multi_process) return;
        Shop shop(ground);
        RandomRecords records(*shop.session, 3);
        for (int i = 0; i < 4; ++i) records.make_one_of_each();
        shop.seal();
        const auto before = contents(ground.store());
        const auto next = ground.quirks().open(ground.folder(), with_keys({key_number(2), key_number(1)}));
        Session other(*next);
        CHECK(refusal_of([&] { rotate_keys(*shop.session); }) == Code::ok);  // the same key once more
        rotate_keys(other);
        CHECK(difference(contents(*next), before) == "");
        CHECK(refusal_of([&] { contents(ground.store()); }) == Code::denied);  // holds the former key only
        ChangeSet product;
        product.put("product").set("name", "tea");
        CHECK(refusal_of([&] { shop.session->apply(product); }) == Code::denied);
        const auto newest = ground.quirks().open(ground.folder(), with_keys({key_number(2)}));
        CHECK(difference(contents(*newest), before) == "");
        ChangeSet set;
        set.put("customer").set("name", "Nachher").set("city", "Ulm");
        Session after(*newest);
        after.apply(set);
        CHECK(after.view().count("customer", Where::equal("city", "Ulm")) == 1);
        CHECK(after.verify(true).faults == std::vector<std::string>{});
      },
      with_keys({key_number(1)}));
}

TEST_CASE("sealing: random records of every entity read the same sealed and plain") {
  on_every_store(
      [](StoreGround& ground) {
        Session session(ground.store());
        std::vector<std::string> names;
        for (const Entity& entity : session.view().schema().entities())
          for (const Field& field : entity.fields) {
            const bool unique = std::ranges::any_of(entity.indexes, [&](const Index& index) {
              return index.unique && std::ranges::find(index.fields, field.number) != index.fields.end();
            });
            if (field.has(field_flag::personal) && field.type == Type::text && !unique &&
                entity.keeping == Keeping::journalled)
              names.push_back(entity.name + "." + field.name);
          }
        CHECK(names.size() > 10);
        RandomRecords records(session, 11);
        for (int i = 0; i < 3; ++i) records.make_one_of_each();
        const auto before = contents(ground.store());
        const std::vector<std::string_view> all(names.begin(), names.end());
        seal_fields(session, all);
        CHECK(difference(contents(ground.store()), before) == "");
        for (int i = 0; i < 10; ++i) records.change_some();
        records.make_one_of_each();
        records.erase_one();
        CHECK(session.verify(true).faults == std::vector<std::string>{});
      },
      with_keys({key_number(1)}));
}
