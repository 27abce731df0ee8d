#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "store/sqlite_place.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

// What SQLite itself finds in a file: the first column of the first row, as text.
std::string ask(const std::string& path, const char* text) {
  sqlite3* connection = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &connection, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK);
  std::string answer;
  const auto take = [](void* out, int, char** values, char**) {
    *static_cast<std::string*>(out) = values[0] ? values[0] : "";
    return 0;
  };
  CHECK(sqlite3_exec(connection, text, take, &answer, nullptr) == SQLITE_OK);
  sqlite3_close(connection);
  return answer;
}

Batch get(Reader& reader, const char* entity, std::vector<Id> ids) {
  Batch batch;
  reader.get(reader.schema()->entity(entity), ids, batch);
  return batch;
}

Value cell(Reader& reader, const Batch& batch, const char* entity, const char* field, std::size_t row = 0) {
  return batch.columns[reader.schema()->entity(entity).field(field).number].value(row);
}

}  // namespace

TEST_CASE("sqlite: a store that is not there is not found, and a foreign file is no store") {
  const Place place;
  CHECK(code_of([&] { place.open({}); }) == Code::not_found);
  std::ofstream(place.path("text")) << std::string(5000, 'x');
  CHECK(code_of([&] { open_sqlite(place.path("text")); }) == Code::corrupt);
  ask((std::ofstream(place.path("foreign")), place.path("foreign")), "CREATE TABLE t(a)");
  CHECK(code_of([&] { open_sqlite(place.path("foreign"), {.create = true}); }) == Code::corrupt);
}

TEST_CASE("sqlite: a new store remembers its identity, currency and zone") {
  const Place place;
  const OpenOptions options{
      .create = true, .durability = Durability::off, .currency = *Currency::parse("EUR"), .zone = "Europe/Berlin"};
  const StoreInfo made = place.open(options)->read()->info();
  CHECK(made.store_id.size() == 32);
  const StoreInfo info = place.open({})->read()->info();
  CHECK(info.store_id == made.store_id);
  CHECK(info.currency.code() == "EUR");
  CHECK(info.zone == "Europe/Berlin");
  CHECK(info.position == 0);
  CHECK(info.schema_version > 0);
  CHECK(ask(place.path(), "PRAGMA application_id") == "1164800116");  // "Empt"
  CHECK(ask(place.path(), "PRAGMA journal_mode") == "wal");
}

TEST_CASE("sqlite: every type comes back as it was put, also after reopening") {
  const Place place;
  const std::string secret("\0\xff\1", 3);
  {
    const auto store = place.open();
    const auto writer = store->write();
    put_one(*writer, "customer", 7,
            {{"name", Value("王小明")},
             {"birth_date", Value(Date{-5})},
             {"age", Value(0)},
             {"annual_revenue", Value(*Decimal::parse("-12.345678"))},
             {"since", Value(Instant{-1})},
             {"owner_id", Value(Id{9})}});
    put_one(*writer, "product", 3, {{"active", Value(false)}});
    put_one(*writer, "subject_key", 7, {{"secret", Value::bytes(secret)}});
    put_one(*writer, "score", 1, {{"value", Value(0.0)}});
    writer->commit();
  }
  const auto reader = place.open({})->read();
  const Batch customer = get(*reader, "customer", {Id{7}});
  CHECK(cell(*reader, customer, "customer", "name") == Value("王小明"));
  CHECK(cell(*reader, customer, "customer", "birth_date") == Value(Date{-5}));
  CHECK(cell(*reader, customer, "customer", "age") == Value(0));
  CHECK(cell(*reader, customer, "customer", "annual_revenue") == Value(*Decimal::parse("-12.345678")));
  CHECK(cell(*reader, customer, "customer", "since") == Value(Instant{-1}));
  CHECK(cell(*reader, customer, "customer", "owner_id") == Value(Id{9}));
  CHECK_FALSE(cell(*reader, customer, "customer", "notes").present());
  CHECK_FALSE(cell(*reader, customer, "customer", "employees").present());
  CHECK(cell(*reader, get(*reader, "product", {Id{3}}), "product", "active") == Value(false));
  CHECK(cell(*reader, get(*reader, "subject_key", {Id{7}}), "subject_key", "secret") == Value::bytes(secret));
  CHECK(cell(*reader, get(*reader, "score", {Id{1}}), "score", "value") == Value(0.0));
}

TEST_CASE("sqlite: get keeps the order asked for and marks unknown ids") {
  const Place place;
  const auto store = place.open();
  const auto writer = store->write();
  put_one(*writer, "team", 1, {{"name", Value("a")}});
  put_one(*writer, "team", 2, {{"name", Value("b")}});
  const Batch batch = get(*writer, "team", {Id{2}, Id{5}, Id{1}, Id{2}});
  CHECK(batch.ids == std::vector<Id>{Id{2}, no_id, Id{1}, Id{2}});
  CHECK(cell(*writer, batch, "team", "name", 0) == Value("b"));
  CHECK_FALSE(cell(*writer, batch, "team", "name", 1).present());
  CHECK(cell(*writer, batch, "team", "name", 3) == Value("b"));
}

TEST_CASE("sqlite: a replaced row keeps nothing of the old one, and an erased one is gone") {
  const Place place;
  const auto store = place.open();
  const auto writer = store->write();
  put_one(*writer, "team", 1, {{"name", Value("a")}, {"parent_id", Value(Id{4})}});
  put_one(*writer, "team", 1, {{"name", Value("b")}}, false);
  put_one(*writer, "team", 2, {{"name", Value("new")}}, false);
  const Batch batch = get(*writer, "team", {Id{1}, Id{2}});
  CHECK(cell(*writer, batch, "team", "name", 0) == Value("b"));
  CHECK_FALSE(cell(*writer, batch, "team", "parent_id", 0).present());
  CHECK(cell(*writer, batch, "team", "name", 1) == Value("new"));
  const Id gone[] = {Id{1}, Id{77}};
  writer->erase(writer->schema()->entity("team"), gone);
  CHECK(ids_of(*writer, {.entity = "team"}) == std::vector<std::int64_t>{2});
}

TEST_CASE("sqlite: a reader keeps its snapshot, and a writer that does not commit has done nothing") {
  const Place place;
  const auto store = place.open();
  const auto before = store->read();
  {
    const auto writer = store->write();
    put_one(*writer, "team", 1, {{"name", Value("a")}});
    JournalEntry entry = entry_of("op-1");
    writer->append(entry);
    CHECK(entry.position == 1);
    writer->commit();
  }
  { put_one(*store->write(), "team", 2, {{"name", Value("b")}}); }
  CHECK(before->info().position == 0);
  CHECK(ids_of(*before, {.entity = "team"}).empty());
  const auto after = store->read();
  CHECK(after->info().position == 1);
  CHECK(ids_of(*after, {.entity = "team"}) == std::vector<std::int64_t>{1});
  CHECK(after->operation("op-1")->position == 1);
  CHECK_FALSE(after->operation("op-2"));
}

TEST_CASE("sqlite: entries are numbered, chained and read back byte by byte") {
  const Place place;
  const auto store = place.open();
  JournalEntry first = entry_of("a");
  JournalEntry second = entry_of();
  second.reason = "because";
  second.actor = Id{4};
  const auto writer = store->write();
  CHECK(writer->next_version() == 1);
  writer->append(first);
  CHECK(writer->next_version() == 2);
  writer->append(second);
  writer->commit();
  const auto reader = store->read();
  CHECK(reader->info().head == second.hash);
  CHECK(chain_hash(second, first.hash) == second.hash);
  const std::vector<JournalEntry> read = reader->journal(0, 10);
  REQUIRE(read.size() == 2);
  CHECK(read[1].changes == second.changes);
  CHECK(read[1].reason == "because");
  CHECK(read[1].actor == Id{4});
  CHECK(read[1].root == second.root);
  CHECK(reader->journal(1, 10).size() == 1);
  CHECK(reader->journal(0, 1).front().op_id == "a");
  CHECK(reader->entry(2)->hash == second.hash);
  CHECK_FALSE(reader->entry(3));
}

TEST_CASE("sqlite: numbers are never given twice, whatever became of the writer") {
  const Place place;
  const auto store = place.open();
  const auto team = [](Writer& writer) -> const Entity& { return writer.schema()->entity("team"); };
  {
    const auto writer = store->write();
    CHECK(writer->allocate(team(*writer), 3) == Id{1});
    CHECK(writer->allocate(team(*writer), 1) == Id{4});
    put_one(*writer, "team", 90, {});
    writer->commit();
  }
  const auto writer = place.open({})->write();
  CHECK(writer->allocate(team(*writer), 1) == Id{91});
}

TEST_CASE("sqlite: a taken unique value names entity and fields but not the value, and the store goes on") {
  const Place place;
  const auto store = place.open();
  const auto identity = [](Writer& writer, std::int64_t id, const char* external_id) {
    put_one(writer, "identity", id,
            {{"entity", Value("customer")}, {"system", Value("erp")}, {"external_id", Value(external_id)}});
  };
  {
    const auto writer = store->write();
    identity(*writer, 1, "secret-1");
    bool thrown = false;
    try {
      identity(*writer, 2, "secret-1");
    } catch (const Error& error) {
      thrown = true;
      CHECK(error.code() == Code::duplicate);
      CHECK(error.first().entity == "identity");
      CHECK(error.problems().size() == 3);
      CHECK(error.problems().back().field == "external_id");
      CHECK(std::string(error.what()).find("secret-1") == std::string::npos);
    }
    CHECK(thrown);
    CHECK(code_of([&] { writer->commit(); }) == Code::misuse);
  }
  const auto writer = store->write();
  identity(*writer, 1, "secret-1");
  identity(*writer, 2, "secret-2");
  put_one(*writer, "identity", 3, {{"entity", Value("customer")}});
  put_one(*writer, "identity", 4, {{"entity", Value("customer")}});
  writer->commit();
  CHECK(ids_of(*store->read(), {.entity = "identity"}).size() == 4);
}

TEST_CASE("sqlite: settings are kept, replaced and unset") {
  const Place place;
  const auto store = place.open();
  {
    const auto writer = store->write();
    writer->set_setting("mark", "one");
    writer->set_setting("other", std::string_view("a\0b", 3));
    writer->set_setting("mark", "two");
    writer->commit();
  }
  CHECK(store->read()->setting("mark") == "two");
  CHECK(store->read()->setting("other") == std::string("a\0b", 3));
  const auto writer = store->write();
  writer->set_setting("mark", "");
  CHECK(writer->setting("mark").empty());
}

TEST_CASE("sqlite: a committed writer refuses further calls") {
  const Place place;
  const auto store = place.open();
  const auto writer = store->write();
  writer->commit();
  CHECK(code_of([&] { writer->set_setting("a", "b"); }) == Code::misuse);
  CHECK(code_of([&] { writer->info(); }) == Code::misuse);
  store->write()->commit();
}

TEST_CASE("sqlite: a read-only store reads and refuses to write") {
  const Place place;
  {
    const auto store = place.open();
    const auto writer = store->write();
    put_one(*writer, "team", 1, {});
    writer->commit();
  }
  const auto store = place.open({.read_only = true});
  CHECK(ids_of(*store->read(), {.entity = "team"}).size() == 1);
  CHECK(code_of([&] { store->write(); }) == Code::misuse);
}

TEST_CASE("sqlite: a forked child is refused, and its parent's store is untouched") {
  const Place place;
  const auto store = place.open();
  auto writer = store->write();
  put_one(*writer, "team", 1, {});
  const auto reader = store->read();
  const pid_t child = fork();
  if (child == 0) {
    int refused = code_of([&] { store->read(); }) == Code::misuse;
    refused += code_of([&] { store->write(); }) == Code::misuse;
    refused += code_of([&] { reader->info(); }) == Code::misuse;
    refused += code_of([&] { writer->commit(); }) == Code::misuse;
    writer.reset();
    _exit(refused);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 4);
  CHECK(code_of([&] { place.open({.wait = std::chrono::milliseconds(20)})->write(); }) == Code::busy);
  writer->commit();
  CHECK(ids_of(*store->read(), {.entity = "team"}).size() == 1);
}

TEST_CASE("sqlite: who has a file open while a newer program brings it to its format is refused at the next begin") {
  const Place place;
  const auto store = place.open();
  store->write()->commit();
  const auto upgrade = [&](const char* format) {
    ask(place.path(), format);
    ask(place.path(), "UPDATE emptor_setting SET value = value + 1 WHERE name = 'schema_version'");
  };
  const auto before = store->read();
  before->info();
  upgrade("PRAGMA user_version=1001");
  CHECK(code_of([&] { store->write(); }) == Code::newer);
  CHECK(store->read()->info().position == 0);
  CHECK(code_of([&] { store->write(); }) == Code::newer);
  upgrade("PRAGMA user_version=2000");
  CHECK(code_of([&] { store->read(); }) == Code::newer);
  CHECK(before->info().position == 0);
}

TEST_CASE("sqlite: a file of a newer format is refused, one of a newer minor version only read") {
  const Place place;
  place.open();
  ask(place.path(), "PRAGMA user_version=1001");
  const auto store = place.open({});
  CHECK(store->read()->info().position == 0);
  CHECK(code_of([&] { store->write(); }) == Code::newer);
  ask(place.path(), "PRAGMA user_version=2000");
  CHECK(code_of([&] { place.open({}); }) == Code::newer);
}

TEST_CASE("sqlite: a backup is a store as of its start, tells its progress and can be stopped") {
  const Place place;
  const auto store = place.open();
  {
    const auto writer = store->write();
    for (int i = 1; i <= 30'000; ++i) put_one(*writer, "customer", i, {{"name", Value("somebody with a long name")}});
    JournalEntry entry = entry_of();
    writer->append(entry);
    writer->commit();
  }
  std::uint64_t last = 0;
  store->backup(place.path("copy.emptor"), [&](std::string_view, std::uint64_t done, std::uint64_t total) {
    CHECK(done <= total);
    if (last == 0) {  // a write meanwhile changes nothing in the copy
      const auto writer = store->write();
      put_one(*writer, "team", 1, {});
      writer->commit();
    }
    last = done;
    return true;
  });
  CHECK(last > 256);
  const auto copy = open_sqlite(place.path("copy.emptor"));
  CHECK(copy->read()->info().head == store->read()->info().head);
  CHECK(copy->read()->info().store_id == store->read()->info().store_id);
  CHECK(ids_of(*copy->read(), {.entity = "team"}).empty());
  CHECK(ids_of(*copy->read(), {.entity = "customer"}).size() == 30'000);
  copy->write()->commit();
  CHECK(code_of([&] { store->backup(place.path("copy.emptor"), {}); }) == Code::invalid);
  const auto stop = [](std::string_view, std::uint64_t, std::uint64_t) { return false; };
  CHECK(code_of([&] { store->backup(place.path("other.emptor"), stop); }) == Code::cancelled);
  CHECK_FALSE(std::filesystem::exists(place.path("other.emptor")));
  CHECK_FALSE(std::filesystem::exists(place.path("other.emptor-part")));
}

TEST_CASE("sqlite: a replaced row is found by its new values and no longer by its old ones") {
  const Place place;
  const auto store = place.open();
  const auto writer = store->write();
  const auto by_stage = [&](const char* stage) {
    return ids_of(*writer, {.entity = "customer", .where = Where::equal("stage", stage)}).size();
  };
  put_one(*writer, "customer", 1, {{"stage", Value("new")}, {"name", Value("a")}});
  put_one(*writer, "customer", 1, {{"stage", Value("new")}, {"name", Value("b")}}, false);
  CHECK(by_stage("new") == 1);
  CHECK(cell(*writer, get(*writer, "customer", {Id{1}}), "customer", "name") == Value("b"));
  put_one(*writer, "customer", 1, {{"stage", Value("lost")}, {"name", Value("b")}}, false);
  CHECK(by_stage("new") == 0);
  CHECK(by_stage("lost") == 1);
  put_one(*writer, "customer", 1, {{"name", Value("b")}}, false);
  CHECK(by_stage("lost") == 0);
  writer->commit();
  CHECK(ask(place.path(), "PRAGMA integrity_check") == "ok");
}
