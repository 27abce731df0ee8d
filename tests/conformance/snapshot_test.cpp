// Conformance: snapshots, aggregates, copies and reopening on every store.
#include <doctest/doctest.h>

#include "emptor/core/error.hpp"
#include "support/seeded_entropy.hpp"
#include "support/store_ground.hpp"

using namespace emptor;
using namespace emptor::test;
using Ids = std::vector<std::int64_t>;

namespace {

using Item = AggregateQuery::Item;

void five_lines(StoreGround& ground) {
  ground.write([](Writer& writer) {
    const auto line = [&](std::int64_t id, const char* category, Value amount, Value quantity) {
      put_row(writer, "order_line", Id{id},
              {{"category", Value(category)}, {"amount", amount}, {"quantity", quantity}});
    };
    line(1, "tea", Value(Decimal::of(1001, 2)), Value(Decimal(1)));
    line(2, "tea", Value(Decimal::of(-5, 1)), Value(Decimal(2)));
    line(3, "", Value(Decimal(3)), Value());
    line(4, "coffee", Value(), Value(Decimal(4)));
    line(5, "tea", Value(Decimal::of(1, 6)), Value(Decimal(5)));
  });
}

Code code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.code();
  }
  return Code::ok;
}

}  // namespace

TEST_CASE("conformance: a reader keeps seeing what it first saw, and the same thread may write meanwhile") {
  on_every_store([](StoreGround& ground) {
    for (std::int64_t id = 1; id <= 3; ++id)
      ground.put("customer", Id{id}, {{"country", Value("PT")}, {"employees", Value(id)}});
    const auto old = ground.store().read();
    const Query by_country{.entity = "customer", .where = Where::equal("country", "PT")};
    const Query ordered{.entity = "customer", .order = {{"country", true}}, .limit = 1};
    CHECK(ids_of(*old, by_country) == Ids{1, 2, 3});
    for (int round = 0; round < 5; ++round) {
      ground.write([&](Writer& writer) {
        put_row(writer, "customer", Id{1}, {{"country", Value("DE")}, {"employees", Value(100 + round)}}, false);
        put_row(writer, "customer", Id{10 + round}, {{"country", Value("PT")}});
        const std::vector<Id> gone{Id{2}};
        writer.erase(writer.schema()->entity("customer"), gone);
        JournalEntry entry = made_entry("op-" + std::to_string(round));
        writer.append(entry);
      });
      const auto passing = ground.store().read();
      CHECK(passing->info().position == round + 1);
      CHECK(ids_of(*old, by_country) == Ids{1, 2, 3});
      CHECK(ids_of(*old, ordered) == Ids{1, 2, 3});
      CHECK(read_row(*old, "customer", Id{1}).get("employees") == Value(1));
      CHECK(read_row(*old, "customer", Id{2}).get("employees") == Value(2));
      CHECK(old->info().position == 0);
      CHECK(old->journal(0, 10).empty());
      CHECK(!old->operation("op-0"));
      CHECK(old->aggregate({.entity = "customer", .measures = {Item{}}}).groups[0].results[0] == Value(3));
    }
    CHECK(ids_of(*ground.store().read(), by_country) == Ids{3, 10, 11, 12, 13, 14});
  });
}

TEST_CASE("conformance: aggregates count, add exactly and find extremes; missing values do not count") {
  on_every_store([](StoreGround& ground) {
    five_lines(ground);
    const auto reader = ground.store().read();
    const Groups groups = reader->aggregate(
        {.entity = "order_line",
         .group_by = {"category"},
         .measures = {Item{Measure::count, ""}, Item{Measure::count, "amount"}, Item{Measure::sum, "amount"},
                      Item{Measure::min, "amount"}, Item{Measure::max, "id"}, Item{Measure::max, "category"}}});
    REQUIRE(groups.groups.size() == 3);
    CHECK(groups.groups[0].keys == std::vector<Value>{Value()});
    CHECK(groups.groups[1].keys == std::vector<Value>{Value("coffee")});
    CHECK(groups.groups[2].keys == std::vector<Value>{Value("tea")});
    CHECK(groups.groups[0].results ==
          std::vector<Value>{Value(1), Value(1), Value(Decimal(3)), Value(Decimal(3)), Value(Id{3}), Value()});
    CHECK(groups.groups[1].results ==
          std::vector<Value>{Value(1), Value(0), Value(), Value(), Value(Id{4}), Value("coffee")});
    CHECK(groups.groups[2].results == std::vector<Value>{Value(3), Value(3), Value(Decimal::of(9'510'001, 6)),
                                                         Value(Decimal::of(-5, 1)), Value(Id{5}), Value("tea")});
  });
}

TEST_CASE("conformance: without groups there is one answer, also over nothing; with groups there is none") {
  on_every_store([](StoreGround& ground) {
    five_lines(ground);
    const auto reader = ground.store().read();
    const Where nobody = Where::equal("category", "beer");
    const std::vector<Item> measures{Item{Measure::count, ""}, Item{Measure::sum, "amount"}, Item{Measure::min, "id"}};
    const Groups one = reader->aggregate({.entity = "order_line", .where = nobody, .measures = measures});
    REQUIRE(one.groups.size() == 1);
    CHECK(one.groups[0].keys.empty());
    CHECK(one.groups[0].results == std::vector<Value>{Value(0), Value(), Value()});
    CHECK(reader->aggregate({"order_line", nobody, {"category"}, measures}).groups.empty());
    const Groups some = reader->aggregate(
        {"order_line", Where::compare("id", Operator::greater, Value(Id{3})), {}, {Item{Measure::sum, "quantity"}}});
    CHECK(some.groups[0].results[0] == Value(Decimal(9)));
  });
}

TEST_CASE("conformance: a sum passes 64 bits on its way, but may not end beyond them") {
  on_every_store([](StoreGround& ground) {
    const Value most = Value::of_bits(Type::decimal, std::numeric_limits<std::int64_t>::max());
    const Value least = Value::of_bits(Type::decimal, std::numeric_limits<std::int64_t>::min());
    ground.put("order_line", Id{1}, {{"amount", most}});
    ground.put("order_line", Id{2}, {{"amount", most}});
    const AggregateQuery query{.entity = "order_line", .measures = {Item{Measure::sum, "amount"}}};
    CHECK(code_of([&] { ground.store().read()->aggregate(query); }) == Code::invalid);
    ground.put("order_line", Id{3}, {{"amount", least}});
    CHECK(ground.store().read()->aggregate(query).groups[0].results[0].micros() == most.micros() - 1);
    CHECK(code_of([&] {
            ground.store().read()->aggregate({.entity = "order_line", .measures = {Item{Measure::sum, "category"}}});
          }) == Code::invalid);
  });
}

TEST_CASE("conformance: octets have a least and a greatest, by their bytes") {
  on_every_store([](StoreGround& ground) {
    for (const auto& [id, secret] :
         std::vector<std::pair<std::int64_t, std::string>>{{1, "\xff"}, {2, std::string("\0\1", 2)}, {3, "b"}})
      ground.put("subject_key", Id{id}, {{"secret", Value::bytes(secret)}});
    ground.put("subject_key", Id{4}, {});
    const Groups groups = ground.store().read()->aggregate(
        {.entity = "subject_key", .measures = {Item{Measure::min, "secret"}, Item{Measure::max, "secret"}}});
    CHECK(groups.groups[0].results[0] == Value::bytes(std::string_view("\0\1", 2)));
    CHECK(groups.groups[0].results[1] == Value::bytes("\xff"));
  });
}

TEST_CASE("conformance: groups of several fields come in the order of their values") {
  on_every_store([](StoreGround& ground) {
    ground.write([](Writer& writer) {
      std::int64_t id = 0;
      for (const char* country : {"PT", "", "DE"})
        for (const std::int64_t size : {7, -7, 0})
          put_row(writer, "customer", Id{++id}, {{"country", Value(country)}, {"employees", Value(size)}});
    });
    const Groups groups = ground.store().read()->aggregate(
        {.entity = "customer", .group_by = {"country", "employees"}, .measures = {Item{Measure::max, "id"}}});
    Ids order;
    for (const auto& group : groups.groups) order.push_back(group.results[0].id().value);
    CHECK(order == Ids{5, 6, 4, 8, 9, 7, 2, 3, 1});
  });
}

TEST_CASE("conformance: a backup is the store as it was, opens as a store and can be written") {
  on_every_store([](StoreGround& ground) {
    five_lines(ground);
    ground.write([](Writer& writer) {
      writer.add_field(writer.schema()->custom({"customer", "motto", Type::text, field_flag::indexed, "doc"}));
      put_row(writer, "customer", Id{7}, {{"x_motto", Value("go")}, {"name", Value("王")}});
      writer.set_setting("colour", "blue");
      JournalEntry entry = made_entry("op");
      writer.append(entry);
      writer.allocate(writer.schema()->entity("order"), 10);
    });
    const std::string path = ground.folder().file("copy");
    std::uint64_t calls = 0;
    ground.store().backup(path, [&](std::string_view, std::uint64_t, std::uint64_t) { return ++calls > 0; });
    CHECK(code_of([&] { ground.store().backup(path, {}); }) == Code::invalid);
    ground.put("customer", Id{8}, {});
    const auto copy = ground.quirks().open_backup(path);
    const auto reader = copy->read();
    const auto original = ground.store().read();
    CHECK(ids_of(*reader, {.entity = "order_line", .order = {{"amount", true}}}) == Ids{1, 3, 5, 2, 4});
    CHECK(ids_of(*reader, {.entity = "customer"}) == Ids{7});
    CHECK(ids_of(*reader, {.entity = "customer", .where = Where::equal("x_motto", "go")}) == Ids{7});
    CHECK(reader->setting("colour") == "blue");
    CHECK(reader->info().position == 1);
    CHECK(reader->info().head == original->info().head);
    CHECK(reader->info().store_id == original->info().store_id);
    REQUIRE(reader->operation("op"));
    const auto writer = copy->write();
    CHECK(writer->allocate(writer->schema()->entity("order"), 1) == Id{11});
    put_row(*writer, "customer", Id{9}, {});
    writer->commit();
    CHECK(ids_of(*copy->read(), {.entity = "customer"}) == Ids{7, 9});
  });
}

TEST_CASE("conformance: a backup that is stopped leaves no file") {
  on_every_store([](StoreGround& ground) {
    five_lines(ground);
    const std::string path = ground.folder().file("copy");
    const auto stop = [](std::string_view, std::uint64_t, std::uint64_t) { return false; };
    CHECK(code_of([&] { ground.store().backup(path, stop); }) == Code::cancelled);
    CHECK(!std::filesystem::exists(path));
  });
}

TEST_CASE("conformance: base currency, zone and the store's id are fixed when it is made") {
  OpenOptions options{.currency = *Currency::parse("EUR"), .zone = "Europe/Lisbon"};
  options.entropy = seeded_entropy(1);
  on_every_store(
      [](StoreGround& ground) {
        const StoreInfo made = ground.store().read()->info();
        CHECK(made.currency.code() == "EUR");
        CHECK(made.zone == "Europe/Lisbon");
        CHECK(made.store_id.size() == 32);
        CHECK(made.store_id.find_first_not_of("0123456789abcdef") == std::string::npos);
        CHECK(made.position == 0);
        CHECK(made.head == Hash{});
        ground.put("customer", Id{1}, {});
        ground.reopen();
        const StoreInfo again = ground.store().read()->info();
        CHECK(again.currency == made.currency);
        CHECK(again.zone == made.zone);
        CHECK(again.store_id == made.store_id);
        CHECK(again.schema_version == made.schema_version);
      },
      options);
}
