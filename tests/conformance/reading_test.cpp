// Conformance: what every store answers to get and scan. Expected values are written out by hand here;
// query_oracle_test.cpp compares with a brute force.
#include <doctest/doctest.h>

#include "emptor/core/error.hpp"
#include "support/store_ground.hpp"

using namespace emptor;
using namespace emptor::test;
using Ids = std::vector<std::int64_t>;

namespace {

Query of_customers(Where where = {}, std::vector<OrderBy> order = {}, std::size_t limit = 2) {
  return {"customer", std::move(where), std::move(order), {}, limit, false};
}

// Six customers; 5 is softly deleted, 3 and 6 have no country.
void six_customers(StoreGround& ground) {
  ground.write([](Writer& writer) {
    put_row(writer, "customer", Id{1}, {{"country", Value("PT")}, {"employees", Value(20)}, {"city", Value("Lisboa")}});
    put_row(writer, "customer", Id{2}, {{"country", Value("DE")}, {"employees", Value(-3)}, {"city", Value("Köln")}});
    put_row(writer, "customer", Id{3}, {{"employees", Value(7)}, {"city", Value("深圳")}});
    put_row(writer, "customer", Id{4}, {{"country", Value("PT")}, {"city", Value("Porto")}});
    put_row(writer, "customer", Id{5}, {{"country", Value("DE")}, {"deleted_at", Value(Instant{1})}});
    put_row(writer, "customer", Id{6}, {{"employees", Value(20)}});
  });
}

Ids matching(StoreGround& ground, Where where) {
  return ids_of(*ground.store().read(), of_customers(std::move(where)));
}

}  // namespace

TEST_CASE("conformance: get answers in the order asked, with unknown and deleted records") {
  on_every_store([](StoreGround& ground) {
    six_customers(ground);
    const auto reader = ground.store().read();
    const Entity& customer = reader->schema()->entity("customer");
    Batch batch;
    const std::vector<Id> asked{Id{4}, Id{99}, Id{1}, Id{5}, Id{4}};
    reader->get(customer, asked, batch);
    CHECK(batch.ids == std::vector<Id>{Id{4}, no_id, Id{1}, Id{5}, Id{4}});
    REQUIRE(batch.columns.size() == customer.fields.size());
    const Column& city = batch.columns[customer.field("city").number];
    CHECK(city.value(0) == Value("Porto"));
    CHECK(city.value(1) == Value());
    CHECK(city.value(2) == Value("Lisboa"));
    CHECK(batch.columns[system_field::id].value(1) == Value());
    CHECK(batch.columns[system_field::deleted_at].value(3) == Value(Instant{1}));
    reader->get(customer, {}, batch);
    CHECK(batch.rows() == 0);
  });
}

TEST_CASE("conformance: every type comes back as it was put, after reopening too") {
  const std::string octets("\0\xff\x01", 3);
  const Cells customer{{"name", Value("Ana Ōe 王")},
                       {"parent_id", Value(Id{77})},
                       {"birth_date", Value(Date{-9000})},
                       {"founded_year", Value(std::int64_t{-1})},
                       {"annual_revenue", Value(Decimal::of(-12'345'678, 6))},
                       {"since", Value(Instant{-1})}};
  on_every_store([&](StoreGround& ground) {
    ground.write([&](Writer& writer) {
      put_row(writer, "customer", Id{1}, customer);
      put_row(writer, "product", Id{2}, {{"active", Value(false)}, {"name", Value("x")}});
      put_row(writer, "score", Id{3}, {{"value", Value(-0.1)}});
      put_row(writer, "subject_key", Id{4}, {{"secret", Value::bytes(octets)}});
      put_row(writer, "order_line", Id{5},
              {{"source_key", Value(std::numeric_limits<std::int64_t>::min())},
               {"amount", Value::of_bits(Type::decimal, std::numeric_limits<std::int64_t>::max())}});
    });
    for (int round = 0; round < 2; ++round) {
      if (round == 1) ground.reopen();
      const auto reader = ground.store().read();
      const Record found = read_row(*reader, "customer", Id{1});
      for (const auto& [field, value] : customer) CHECK(found.get(field) == value);
      CHECK(found.get("city") == Value());
      CHECK(read_row(*reader, "product", Id{2}).get("active") == Value(false));
      CHECK(read_row(*reader, "score", Id{3}).get("value") == Value(-0.1));
      CHECK(read_row(*reader, "subject_key", Id{4}).get("secret") == Value::bytes(octets));
      CHECK(read_row(*reader, "order_line", Id{5}).get("source_key").integer() ==
            std::numeric_limits<std::int64_t>::min());
      CHECK(read_row(*reader, "order_line", Id{5}).get("amount").micros() == std::numeric_limits<std::int64_t>::max());
    }
  });
}

TEST_CASE("conformance: large batches are the small ones, joined") {
  constexpr std::int64_t rows = 2'600;
  on_every_store([](StoreGround& ground) {
    ground.write([](Writer& writer) {
      for (std::int64_t id = 1; id <= rows; ++id) {
        Cells cells{{"customer_id", Value(Id{rows - id})}};
        if (id % 2 == 0) cells.push_back({"value", Value(static_cast<double>(id % 5) - 2)});
        const std::string label = "Stufe " + std::to_string(id % 7);
        if (id % 3 == 0) cells.push_back({"label", Value(label)});
        if (id % 13 == 1) cells.push_back({"deleted_at", Value(Instant{id})});
        put_row(writer, "score", Id{3 * id}, cells);
      }
    });
    const auto reader = ground.store().read();
    for (const bool with_deleted : {false, true})
      for (const std::vector<std::string>& fields : {std::vector<std::string>(), {"label", "value", "customer_id"}}) {
        const auto rows_by = [&](std::size_t limit) {
          std::vector<std::vector<Value>> found;
          Arena text;
          const Query query{.entity = "score", .fields = fields, .limit = limit, .with_deleted = with_deleted};
          ScanKey key;
          Batch batch;
          for (bool more = true; more;) {
            more = reader->scan(query, key, batch);
            CHECK(batch.rows() <= limit);
            for (std::size_t i = 0; i < batch.rows(); ++i) {
              found.push_back({Value(batch.ids[i])});
              for (const Column& column : batch.columns) found.back().push_back(text.keep(column.value(i)));
            }
          }
          return std::pair(std::move(found), std::move(text));
        };
        const auto expected = rows_by(99);
        CHECK(expected.first.size() == (with_deleted ? rows : rows - (rows + 12) / 13));
        for (const std::size_t limit : {1000, 1299, 1300, 2399, 2400, 2401, 2600, 9000})
          CHECK(rows_by(limit).first == expected.first);
      }
  });
}

TEST_CASE("conformance: every operator, on fields with and without an index") {
  on_every_store([](StoreGround& ground) {
    six_customers(ground);
    const auto is = [&](const char* field, Operator op, Value value) {
      return matching(ground, Where::compare(field, op, value));
    };
    CHECK(matching(ground, {}) == Ids{1, 2, 3, 4, 6});
    CHECK(is("country", Operator::equal, "PT") == Ids{1, 4});
    CHECK(is("country", Operator::not_equal, "PT") == Ids{2, 3, 6});
    CHECK(is("country", Operator::less, "PT") == Ids{2});
    CHECK(is("country", Operator::less_equal, "PT") == Ids{1, 2, 4});
    CHECK(is("country", Operator::greater, "DE") == Ids{1, 4});
    CHECK(is("country", Operator::greater_equal, "DE") == Ids{1, 2, 4});
    CHECK(is("country", Operator::starts_with, "P") == Ids{1, 4});
    CHECK(is("country", Operator::contains, "T") == Ids{1, 4});
    CHECK(matching(ground, Where::missing("country")) == Ids{3, 6});
    CHECK(matching(ground, Where::present("country")) == Ids{1, 2, 4});
    CHECK(matching(ground, Where::in("country", {Value("DE"), Value("FR"), Value("DE")})) == Ids{2});
    CHECK(matching(ground, Where::in("country", {})) == Ids{});
    CHECK(is("employees", Operator::less, Value(20)) == Ids{2, 3});
    CHECK(is("employees", Operator::greater_equal, Value(7)) == Ids{1, 3, 6});
    CHECK(matching(ground, Where::in("employees", {Value(20), Value(-3)})) == Ids{1, 2, 6});
    CHECK(is("city", Operator::starts_with, "深") == Ids{3});
    CHECK(is("city", Operator::contains, "ö") == Ids{2});
    CHECK(is("city", Operator::starts_with, "Porto!") == Ids{});
    CHECK(is("id", Operator::equal, Value(Id{3})) == Ids{3});
    CHECK(matching(ground, Where::in("id", {Value(Id{6}), Value(Id{2}), Value(Id{50})})) == Ids{2, 6});
    IdSet some;
    for (const std::int64_t id : {6, 2, 5, 50}) some.insert(Id{id});
    const auto ids = std::make_shared<const IdSet>(std::move(some));
    CHECK(matching(ground, Where::among("id", ids)) == Ids{2, 6});
    CHECK(matching(ground, Where::negate(Where::among("id", ids))) == Ids{1, 3, 4});
    CHECK(matching(ground, Where::among("parent_id", ids)) == Ids{});
    CHECK(matching(ground, Where::negate(Where::among("parent_id", ids))) == Ids{1, 2, 3, 4, 6});
    CHECK(matching(ground, Where::all({Where::among("id", ids), Where::equal("employees", Value(20))})) == Ids{6});
    CHECK_THROWS_WITH_AS(matching(ground, Where::among("country", ids)), doctest::Contains("id"), Error);
    CHECK(is("id", Operator::greater, Value(Id{3})) == Ids{4, 6});
  });
}

TEST_CASE("conformance: long lists and large sets are asked like short ones") {
  on_every_store([](StoreGround& ground) {
    six_customers(ground);
    std::vector<std::string> texts{"P\"or\\to", "Porto", "{", "}", ",", "NULL", "深圳", "a'b", "\x01", "Faro"};
    std::vector<Value> cities(texts.begin(), texts.end()), sizes;
    for (std::int64_t i = 20; i < 60; ++i) sizes.emplace_back(i);
    CHECK(matching(ground, Where::in("city", cities)) == Ids{3, 4});
    CHECK(matching(ground, Where::negate(Where::in("city", cities))) == Ids{1, 2, 6});
    CHECK(matching(ground, Where::in("employees", sizes)) == Ids{1, 6});
    CHECK(matching(ground, Where::negate(Where::in("employees", sizes))) == Ids{2, 3, 4});
    ground.put("customer", Id{9}, {{"city", Value(texts[0])}, {"parent_id", Value(Id{4'000})}});
    CHECK(matching(ground, Where::in("city", cities)) == Ids{3, 4, 9});
    IdSet many;
    for (std::int64_t id = 4; id <= 4'000; ++id) many.insert(Id{id});
    const auto ids = std::make_shared<const IdSet>(std::move(many));
    CHECK(matching(ground, Where::among("id", ids)) == Ids{4, 6, 9});
    CHECK(matching(ground, Where::negate(Where::among("id", ids))) == Ids{1, 2, 3});
    CHECK(matching(ground, Where::among("parent_id", ids)) == Ids{9});
    CHECK(matching(ground, Where::negate(Where::among("parent_id", ids))) == Ids{1, 2, 3, 4, 6});
    ground.put("customer", Id{10'000}, {{"parent_id", Value(Id{-7})}});
    CHECK(matching(ground, Where::among("id", ids)) == Ids{4, 6, 9});
    CHECK(matching(ground, Where::among("parent_id", ids)) == Ids{9});
    CHECK(matching(ground, Where::among("id", std::make_shared<const IdSet>())).empty());
  });
}

TEST_CASE("conformance: a beginning ends where its last character does, also the last ones of all") {
  on_every_store([](StoreGround& ground) {
    const std::vector<std::string> texts{"a\x7f",        "a\x7fz",           "a\xc2\x80",         "\xed\x9f\xbf",
                                         "\xee\x80\x80", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbfz", "b\xf4\x8f\xbf\xbf"};
    ground.write([&](Writer& writer) {
      for (std::size_t i = 0; i < texts.size(); ++i)
        put_row(writer, "customer", Id{static_cast<std::int64_t>(i) + 1}, {{"city", Value(texts[i])}});
    });
    const auto begun = [&](const std::string& text) {
      return matching(ground, Where::compare("city", Operator::starts_with, Value(text)));
    };
    CHECK(begun("a\x7f") == Ids{1, 2});
    CHECK(begun("a") == Ids{1, 2, 3});
    CHECK(begun("\xed\x9f\xbf") == Ids{4});
    CHECK(begun("\xf4\x8f\xbf\xbf") == Ids{6, 7});
    CHECK(begun("b\xf4\x8f\xbf\xbf") == Ids{8});
    CHECK(matching(ground, Where::negate(Where::compare("city", Operator::starts_with, "a"))) == Ids{4, 5, 6, 7, 8});
  });
}

TEST_CASE("conformance: two truth values, also under negation and with missing operands") {
  on_every_store([](StoreGround& ground) {
    six_customers(ground);
    const auto negated = [&](Where where) { return matching(ground, Where::negate(std::move(where))); };
    CHECK(negated(Where::equal("country", "PT")) == Ids{2, 3, 6});
    CHECK(negated(Where::compare("country", Operator::less, "PT")) == Ids{1, 3, 4, 6});
    CHECK(negated(Where::in("country", {Value("PT")})) == Ids{2, 3, 6});
    CHECK(negated(Where::compare("city", Operator::contains, "o")) == Ids{2, 3, 6});
    CHECK(matching(ground, Where::equal("country", Value())) == Ids{});
    CHECK(matching(ground, Where::equal("country", "")) == Ids{});
    CHECK(matching(ground, Where::compare("country", Operator::not_equal, Value())) == Ids{1, 2, 3, 4, 6});
    CHECK(matching(ground, Where::all({})) == Ids{1, 2, 3, 4, 6});
    CHECK(matching(ground, Where::any({})) == Ids{});
    CHECK(matching(ground, Where::any({Where::equal("country", "DE"), Where::missing("city")})) == Ids{2, 6});
    CHECK(matching(ground, Where::all({Where::equal("country", "PT"), Where::present("employees")})) == Ids{1});
    CHECK(matching(ground, Where::all({Where::compare("country", Operator::greater, "PT"),
                                       Where::compare("country", Operator::less, "DE")})) == Ids{});
  });
}

TEST_CASE("conformance: missing values come first, last when descending; ties are broken by id") {
  on_every_store([](StoreGround& ground) {
    six_customers(ground);
    const auto reader = ground.store().read();
    const auto sorted = [&](std::vector<OrderBy> order, Where where = {}) {
      return ids_of(*reader, of_customers(std::move(where), std::move(order)));
    };
    CHECK(sorted({{"country"}}) == Ids{3, 6, 2, 1, 4});
    CHECK(sorted({{"country", true}}) == Ids{1, 4, 2, 3, 6});
    CHECK(sorted({{"employees"}}) == Ids{4, 2, 3, 1, 6});
    CHECK(sorted({{"employees", true}}) == Ids{1, 6, 3, 2, 4});
    CHECK(sorted({{"country"}, {"employees", true}}) == Ids{6, 3, 2, 1, 4});
    CHECK(sorted({{"country", true}, {"id", true}}) == Ids{4, 1, 2, 6, 3});
    CHECK(sorted({{"id", true}}) == Ids{6, 4, 3, 2, 1});
    CHECK(sorted({{"country"}}, Where::present("country")) == Ids{2, 1, 4});
    CHECK(sorted({{"country", true}}, Where::compare("country", Operator::less, "PT")) == Ids{2});
    CHECK(sorted({{"country"}}, Where::present("employees")) == Ids{3, 6, 2, 1});
  });
}

TEST_CASE("conformance: text is ordered by bytes, whatever the language") {
  on_every_store([](StoreGround& ground) {
    ground.write([](Writer& writer) {
      std::int64_t id = 0;
      for (const char* country : {"ä", "a", "Z", "中", "b", "ab", "é", "A"})
        put_row(writer, "customer", Id{++id}, {{"country", Value(country)}});
    });
    const auto reader = ground.store().read();
    CHECK(ids_of(*reader, of_customers({}, {{"country"}})) == Ids{8, 3, 2, 6, 5, 1, 7, 4});
    CHECK(ids_of(*reader, of_customers({}, {{"country", true}})) == Ids{4, 7, 1, 5, 6, 2, 3, 8});
  });
}

TEST_CASE("conformance: a scan gives the fields asked for, in their order, and deleted records if asked") {
  on_every_store([](StoreGround& ground) {
    six_customers(ground);
    const auto reader = ground.store().read();
    Query query = of_customers(Where::equal("country", "DE"));
    query.fields = {"employees", "id", "country"};
    query.with_deleted = true;
    const Batch batch = read_all(*reader, query);
    REQUIRE(batch.rows() == 2);
    REQUIRE(batch.columns.size() == 3);
    CHECK(batch.columns[0].value(0) == Value(-3));
    CHECK(batch.columns[0].value(1) == Value());
    CHECK(batch.columns[1].value(1) == Value(Id{5}));
    CHECK(batch.columns[2].value(0) == Value("DE"));
  });
}

TEST_CASE("conformance: a list of values of a key of several fields finds its rows, each once") {
  on_every_store([](StoreGround& ground) {
    ground.write([](Writer& writer) {
      const auto put = [&](std::int64_t id, const char* entity, const char* system, const char* key) {
        put_row(writer, "identity", Id{id},
                {{"entity", Value(entity)},
                 {"system", Value(system)},
                 {"external_id", Value(key)},
                 {"record_id", Value(Id{id % 2})},
                 {"deleted_at", id == 5 ? Value(Instant{1}) : Value()}});
      };
      put(7, "customer", "shop", "a");
      put(2, "customer", "shop", "b");
      put(3, "customer", "shop", "é");
      put(4, "customer", "till", "a");
      put(5, "customer", "shop", "gone");
      put(6, "product", "shop", "b");
      put(8, "customer", "shop", "z");
    });
    const auto reader = ground.store().read();
    const auto keys = [](std::vector<Value> values) { return Where::in("external_id", std::move(values)); };
    const auto key = [&](std::vector<Value> values) {
      return Where::all(
          {Where::equal("entity", "customer"), Where::all({Where::equal("system", "shop"), keys(std::move(values))})});
    };
    const auto found = [&](Where where, bool with_deleted = false, std::vector<OrderBy> order = {}) {
      return ids_of(*reader, {.entity = "identity",
                              .where = std::move(where),
                              .order = std::move(order),
                              .limit = 2,
                              .with_deleted = with_deleted});
    };
    CHECK(found(key({"b", "a", "a", "none", "b"})) == Ids{2, 7});
    CHECK(found(key({"é", "gone", "\xff", Value(), "a"})) == Ids{3, 7});
    CHECK(found(key({"é", "gone", "b"}), true) == Ids{2, 3, 5});
    CHECK(found(key({"a", "b", "é", "z"}), false, {{"external_id", true}}) == Ids{3, 8, 2, 7});
    CHECK(found(key({Value(), "\xff"})).empty());
    CHECK(found(Where::all({key({"a", "b", "z"}), keys({"b", "é", "z"})})) == Ids{2, 8});
    CHECK(found(Where::all({key({"a", "b"}), Where::equal("entity", "product")})).empty());
    CHECK(found(Where::all({key({"a", "b", "é"}), Where::equal("record_id", Value(Id{1}))})) == Ids{3, 7});
    CHECK(found(Where::negate(key({"a", "b"}))) == Ids{3, 4, 6, 8});
    CHECK(found(Where::any({key({"a", "b"}), Where::equal("system", "till")})) == Ids{2, 4, 7});
    std::vector<Value> many;
    std::vector<std::string> texts;
    for (int i = 0; i < 2000; ++i) texts.push_back("none " + std::to_string(i));
    for (const std::string& text : texts) many.emplace_back(text);
    many.insert(many.end(), {"z", "a"});
    CHECK(found(key(many)) == Ids{7, 8});
    const Groups groups = reader->aggregate(
        {.entity = "identity", .where = key(many), .group_by = {"record_id"}, .measures = {{Measure::count, ""}}});
    REQUIRE(groups.groups.size() == 2);
    CHECK(groups.groups[0].results == std::vector<Value>{Value(1)});
  });
}

TEST_CASE("conformance: a scan goes on by key in later snapshots, whatever was written between") {
  for (const bool descending : {false, true}) {
    on_every_store([&](StoreGround& ground) {
      ground.write([](Writer& writer) {
        for (std::int64_t id = 1; id <= 9; ++id)
          put_row(writer, "customer", Id{id}, {{"country", Value(id % 2 == 0 ? "B" : "D")}});
      });
      const Query query = of_customers({}, {{"country", descending}}, 3);
      Batch batch;
      ScanKey key;
      REQUIRE(ground.store().read()->scan(query, key, batch));
      CHECK(batch.ids == (descending ? std::vector<Id>{Id{1}, Id{3}, Id{5}} : std::vector<Id>{Id{2}, Id{4}, Id{6}}));
      ground.write([&](Writer& writer) {
        const Entity& customer = writer.schema()->entity("customer");
        const std::vector<Id> gone{descending ? Id{5} : Id{6}};
        writer.erase(customer, gone);
        put_row(writer, "customer", Id{20}, {{"country", Value("C")}});
        put_row(writer, "customer", Id{21}, {{"country", Value(descending ? "E" : "A")}});
      });
      Ids rest;
      for (bool more = true; more;) {
        more = ground.store().read()->scan(query, key, batch);
        for (const Id id : batch.ids) rest.push_back(id.value);
      }
      CHECK(rest == (descending ? Ids{7, 9, 20, 2, 4, 6, 8} : Ids{8, 20, 1, 3, 5, 7, 9}));
    });
  }
}

TEST_CASE("conformance: a question about an unknown field or of the wrong type is refused") {
  on_every_store([](StoreGround& ground) {
    six_customers(ground);
    const auto reader = ground.store().read();
    const auto code_of = [&](Where where, std::vector<OrderBy> order = {}) {
      try {
        ids_of(*reader, of_customers(std::move(where), std::move(order)));
      } catch (const Error& error) {
        return error.code();
      }
      return Code::ok;
    };
    CHECK(code_of(Where::equal("colour", "red")) == Code::not_found);
    CHECK(code_of({}, {{"colour"}}) == Code::not_found);
    CHECK(code_of(Where::equal("country", Value(5))) == Code::invalid);
    CHECK(code_of(Where::equal("employees", "five")) == Code::invalid);
    CHECK(code_of(Where::compare("employees", Operator::starts_with, Value(5))) == Code::invalid);
    CHECK(code_of(Where::equal("annual_revenue", Value(5))) == Code::ok);
    CHECK(code_of(Where::equal("country", "PT")) == Code::ok);
  });
}
