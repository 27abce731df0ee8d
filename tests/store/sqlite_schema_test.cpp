#include <doctest/doctest.h>
#include <sqlite3.h>

#include <chrono>

#include "store/sqlite_place.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

void run(const std::string& path, const std::string& text) {
  sqlite3* connection = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &connection) == SQLITE_OK);
  CHECK(sqlite3_exec(connection, text.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(connection);
}

bool has_index(const std::string& path, const std::string& name) {
  sqlite3* connection = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &connection) == SQLITE_OK);
  const std::string text = "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = '" + name + "'";
  bool found = false;
  sqlite3_exec(
      connection, text.c_str(), [](void* to, int, char**, char**) { return *static_cast<bool*>(to) = true, 0; }, &found,
      nullptr);
  sqlite3_close(connection);
  return found;
}

void add_field(Store& store, const CustomField& field) {
  const auto writer = store.write();
  writer->add_field(writer->schema()->custom(field));
  writer->commit();
}

// Makes the file look as a program wrote it that knew neither `notes` of customers nor surveys.
void make_older(const std::string& path) {
  run(path,
      "DELETE FROM emptor_field WHERE name = 'notes' AND entity = 10;"
      "ALTER TABLE customer DROP COLUMN notes;"
      "DELETE FROM emptor_field WHERE entity = 32; DROP TABLE IF EXISTS survey");
}

std::string notes_of(Reader& reader, std::int64_t id) {
  const Entity& entity = reader.schema()->entity("customer");
  Batch batch;
  const Id ids[] = {Id{id}};
  reader.get(entity, ids, batch);
  return std::string(batch.columns[entity.field("notes").number].value(0).text());
}

}  // namespace

TEST_CASE("sqlite: a field declared at run time is a column, at once, in every open store and after reopening") {
  const Place place;
  const auto store = place.open();
  const auto other = place.open();
  other->write()->commit();
  {
    const auto writer = store->write();
    put_one(*writer, "customer", 1, {{"name", Value("a")}});
    writer->add_field(writer->schema()->custom({.entity = "customer",
                                                .name = "shoe_size",
                                                .type = Type::integer,
                                                .flags = field_flag::indexed,
                                                .doc = "EU size"}));
    put_one(*writer, "customer", 2, {{"name", Value("b")}, {"x_shoe_size", Value(44)}});
    writer->commit();
  }
  const Query query{.entity = "customer", .where = Where::equal("x_shoe_size", 44)};
  CHECK(ids_of(*store->read(), query) == std::vector<std::int64_t>{2});
  CHECK(ids_of(*other->read(), query) == std::vector<std::int64_t>{2});
  CHECK(other->read()->info().schema_version == store->read()->info().schema_version);
  {
    const auto writer = other->write();
    put_one(*writer, "customer", 1, {{"x_shoe_size", Value(44)}}, false);
    writer->commit();
  }
  const auto reader = place.open({})->read();
  CHECK(ids_of(*reader, query) == std::vector<std::int64_t>{1, 2});
  CHECK(reader->schema()->entity("customer").field("x_shoe_size").doc == "EU size");
}

TEST_CASE("sqlite: a field that was added but not committed does not exist") {
  const Place place;
  const auto store = place.open();
  const std::uint64_t before = store->read()->info().schema_version;
  {
    const auto writer = store->write();
    writer->add_field(writer->schema()->custom({.entity = "team", .name = "colour"}));
    CHECK(writer->info().schema_version == before + 1);
  }
  CHECK(store->read()->info().schema_version == before);
  CHECK(store->read()->schema()->entity("team").find("x_colour") == nullptr);
  add_field(*store, {.entity = "team", .name = "colour"});
}

TEST_CASE("sqlite: fields past the first thousand stand in satellite tables and behave like any other") {
  const Place place;
  const auto store = place.open();
  constexpr int fields = 1100;
  {
    const auto writer = store->write();
    put_one(*writer, "team", 1, {{"name", Value("before")}});
    for (int i = 0; i < fields; ++i) {
      const std::uint32_t flags = i % 100 == 0 ? field_flag::indexed : 0;
      writer->add_field(writer->schema()->custom(
          {.entity = "team", .name = "f" + std::to_string(i), .type = Type::integer, .flags = flags}));
    }
    put_one(*writer, "team", 2, {{"x_f1099", Value(5)}, {"x_f3", Value(7)}});
    put_one(*writer, "team", 3, {{"x_f3", Value(7)}});
    put_one(*writer, "team", 4, {{"x_f1000", Value(1)}});
    put_one(*writer, "team", 4, {{"x_f3", Value(8)}}, false);
    put_one(*writer, "team", 3, {{"x_f1099", Value(6)}}, false);
    put_one(*writer, "team", 5, {{"x_f1000", Value(2)}, {"x_f1001", Value(3)}});
    replace_one(*writer, "team", 5, {{"x_f1000", Value(2)}, {"x_f1001", Value(3)}}, {{"x_f1002", Value(4)}});
    put_one(*writer, "team", 6, {{"x_f3", Value(9)}, {"x_f1000", Value(9)}});
    replace_one(*writer, "team", 6, {{"x_f3", Value(9)}, {"x_f1000", Value(9)}}, {{"x_f1000", Value(9)}});
    const std::vector<Id> gone{Id{5}, Id{6}};
    const Entity& teams = writer->schema()->entity("team");
    Batch replaced;
    writer->get(teams, gone, replaced);
    const auto cell = [&](const char* field, std::size_t row) {
      return replaced.columns[teams.field(field).number].value(row);
    };
    CHECK(!cell("x_f1001", 0).present());
    CHECK(cell("x_f1002", 0) == Value(4));
    CHECK(!cell("x_f3", 1).present());
    CHECK(cell("x_f1000", 1) == Value(9));
    CHECK(ids_of(*writer, {.entity = "team", .where = Where::equal("x_f1000", 9)}) == std::vector<std::int64_t>{6});
    CHECK(ids_of(*writer, {.entity = "team", .where = Where::equal("x_f1000", 2)}).empty());
    writer->erase(teams, gone);
    writer->commit();
  }
  const auto reader = place.open({})->read();
  CHECK(ids_of(*reader, {.entity = "team", .where = Where::missing("x_f1099")}) == std::vector<std::int64_t>{1, 4});
  CHECK(ids_of(*reader, {.entity = "team", .order = {{"x_f1099", true}}, .limit = 1}) ==
        std::vector<std::int64_t>{3, 2, 1, 4});
  CHECK(ids_of(*reader, {.entity = "team", .where = Where::equal("x_f1000", 1)}).empty());
  CHECK(reader->aggregate({.entity = "team", .measures = {{Measure::sum, "x_f1099"}}}).groups[0].results[0] ==
        Value(11));
  Batch batch;
  const Entity& entity = reader->schema()->entity("team");
  const Id ids[] = {Id{2}, Id{1}};
  reader->get(entity, ids, batch);
  CHECK(batch.columns[entity.field("x_f1099").number].value(0) == Value(5));
  CHECK(batch.columns[entity.field("x_f3").number].value(0) == Value(7));
  CHECK_FALSE(batch.columns[entity.field("x_f1099").number].value(1).present());
}

TEST_CASE("sqlite: a file of an older program gains what that one did not know") {
  const Place place;
  {
    const auto store = place.open();
    const auto writer = store->write();
    put_one(*writer, "customer", 1, {{"name", Value("a")}});
    writer->commit();
  }
  make_older(place.path());
  {
    const auto reader = place.open({.read_only = true})->read();
    CHECK(notes_of(*reader, 1).empty());
    CHECK(ids_of(*reader, {.entity = "customer", .where = Where::missing("notes"), .order = {{"notes"}}}).size() == 1);
    CHECK(ids_of(*reader, {.entity = "survey"}).empty());
    CHECK(reader->aggregate({.entity = "survey", .measures = {{Measure::count, ""}}}).groups[0].results[0] == Value(0));
  }
  const auto store = place.open({});
  {
    const auto writer = store->write();
    put_one(*writer, "customer", 1, {{"notes", Value("found")}}, false);
    put_one(*writer, "survey", 1, {});
    writer->commit();
  }
  CHECK(notes_of(*store->read(), 1) == "found");
  CHECK(ids_of(*store->read(), {.entity = "survey"}).size() == 1);
}

TEST_CASE("sqlite: a file that keeps children by customer alone gets the index in time instead") {
  const Place place;
  place.open();
  run(place.path(),
      "DROP INDEX order__customer_id_ordered_at;"
      "CREATE INDEX order__customer_id ON \"order\"(customer_id) WHERE customer_id IS NOT NULL");
  place.open();
  CHECK(has_index(place.path(), "order__customer_id_ordered_at"));
  CHECK_FALSE(has_index(place.path(), "order__customer_id"));
}

TEST_CASE("sqlite: dropped indexes change no answer and come back, at the latest when the store is opened") {
  const Place place;
  const Query query{.entity = "team", .where = Where::equal("parent_id", Value(Id{3}))};
  {
    const auto store = place.open();
    const auto writer = store->write();
    writer->drop_indexes(writer->schema()->entity("team"));
    for (int id = 1; id <= 9; ++id) put_one(*writer, "team", id, {{"parent_id", Value(Id{id % 4})}});
    CHECK(ids_of(*writer, query) == std::vector<std::int64_t>{3, 7});
    writer->commit();
  }
  const auto store = place.open({});
  const auto writer = store->write();
  CHECK_FALSE(writer->restore_index());
  CHECK(ids_of(*writer, query) == std::vector<std::int64_t>{3, 7});
}
