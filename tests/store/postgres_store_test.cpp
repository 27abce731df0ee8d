// What only a store on a PostgreSQL server has: its name, its tenants, its server that goes away.
#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <set>
#include <thread>

#include "emptor/core/error.hpp"
#include "store/postgres/location.hpp"
#include "store/sql/compiler.hpp"
#include "store/sql/layout.hpp"
#include "support/child_process.hpp"
#include "support/postgres_tenant.hpp"
#include "support/store_ground.hpp"

using namespace emptor;
using namespace emptor::test;
using Ids = std::vector<std::int64_t>;

namespace {

// A schema of its own, gone in the end.
class Place {
 public:
  explicit Place(const std::string& name) : schema_("place_" + name + "_" + std::to_string(getpid())) {}
  ~Place() {
    if (*this) drop_tenant(schema_);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  explicit operator bool() const { return !postgres_server().empty(); }
  const std::string& schema() const noexcept { return schema_; }
  std::string url() const { return tenant_url(schema_); }
  std::unique_ptr<Store> open(OpenOptions options = {}) const {
    options.create = !options.read_only;
    return open_postgres(url(), options);
  }
  void run(const std::string& script) const { run_on_server("SET search_path = \"" + schema_ + "\";" + script); }

 private:
  std::string schema_;
};

Problem problem_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.first();
  }
  return {Code::ok, {}, {}, {}, {}, {}};
}

void put_customer(Store& store, Id id, const Cells& cells, bool insert = true) {
  const auto writer = store.write();
  put_row(*writer, "customer", id, cells, insert);
  writer->commit();
}

Ids customers(Store& store) { return ids_of(*store.read(), {.entity = "customer"}); }

}  // namespace

TEST_CASE("postgresql: a URL names a server and a schema, and the server is not told of the schema") {
  using postgres::Location;
  const Location shop =
      Location::parse("postgres://ann:pw@host:5432/db?sslmode=require&schema=sh%6Fp&connect_timeout=3");
  CHECK(shop.server == "postgres://ann:pw@host:5432/db?sslmode=require&connect_timeout=3");
  CHECK(shop.schema == "shop");
  CHECK(Location::parse("postgresql://host/db").schema == "emptor");
  CHECK(Location::parse("postgresql://host/db").server == "postgresql://host/db");
  CHECK(Location::parse("postgres:///db?schema=a").server == "postgres:///db");
  CHECK(Location::parse("postgres:///db?schema=a%2").schema == "a%2");
  CHECK(Location::parse("postgres:///x?schema=a").lock() == Location::parse("postgres:///y?schema=a").lock());
  CHECK(Location::parse("postgres:///x?schema=a").lock() != Location::parse("postgres:///x?schema=b").lock());
  for (const char* bad : {"?schema=", "?schema=pg_shop", "?schema=%ff", "?schema=%00"})
    CHECK(problem_of([&] { Location::parse("postgres://host/db" + std::string(bad)); }).code == Code::invalid);
  CHECK(problem_of([] { Location::parse("postgres://h/d?schema=" + std::string(64, 'a')); }).code == Code::invalid);
  CHECK(store_name("postgres://ann:pw@host/db?schema=shop") == "shop");
  CHECK(store_name("folder/shop.emptor") == "folder/shop.emptor");
}

TEST_CASE("postgresql: a build without such stores says so") {
  if (!has_postgres()) CHECK(problem_of([] { open_store("postgres://localhost/crm"); }).code == Code::unsupported);
}

TEST_CASE("postgresql: no index has a name that the server would cut, and long ones stay apart") {
  const Schema schema(described_entities(), {}, 1);
  std::set<std::string> names;
  std::size_t count = 0;
  for (const Entity& entity : schema.entities())
    for (const Index& index : entity.indexes) {
      const std::string name = sql::index_name(sql::postgres_dialect, entity, index);
      CHECK(name.size() <= 63);
      // A taken value is told by the names of the fields, which are read from the index's.
      if (index.unique) CHECK(name == sql::index_name(sql::sqlite_dialect, entity, index));
      names.insert(name);
      ++count;
    }
  CHECK(names.size() == count);
  Entity entity = schema.entity("customer_summary");
  const std::string same(60, 'x');
  entity.fields[3].name = same + "1";
  entity.fields[4].name = same + "2";
  const std::string one = sql::index_name(sql::postgres_dialect, entity, {{3}});
  CHECK(one.size() == 63);
  CHECK(one != sql::index_name(sql::postgres_dialect, entity, {{4}}));
}

TEST_CASE("postgresql: nothing of a URL is in what is told when no server answers or it lets nobody in") {
  if (postgres_server().empty()) return;
  const auto told = [](const std::string& url) {
    const Problem problem = problem_of([&] { open_store(url); });
    CHECK(problem.code != Code::ok);
    for (const char* part : {"sekret", "nobody", "10.255"})
      CHECK((problem.message + problem.hint).find(part) == std::string::npos);
    return problem.code;
  };
  CHECK(told("postgres://nobody:sekret@127.0.0.1:1/x") == Code::io);
  told("postgres://nobody:sek@ret:sekret@127.0.0.1:1/x");
  told("postgres://nobody:sekret@127.0.0.1:sekret/x");
  const std::string server = postgres_server();
  const std::string host = server.substr(server.find('@') + 1);
  const std::string place = host.substr(0, host.find('/'));
  CHECK(told("postgres://nobody:sekret@" + place + "/postgres") == Code::denied);
  CHECK(told("postgres://postgres:sekret@" + place + "/nobody_has_this") == Code::not_found);
}

TEST_CASE("postgresql: a schema is a store; one that is absent, foreign or of a newer format is told so") {
  const Place place("kinds"), other("other");
  if (!place) return;
  CHECK(problem_of([&] { open_postgres(place.url()); }).code == Code::not_found);
  CHECK(problem_of([&] { open_postgres(place.url(), {.create = true, .read_only = true}); }).code == Code::not_found);
  const auto store = place.open({.currency = *Currency::parse("EUR")});
  put_customer(*store, Id{1}, {{"name", Value("Ana")}});
  const auto second = other.open();
  CHECK(customers(*second).empty());
  CHECK(second->read()->info().store_id != store->read()->info().store_id);
  CHECK(customers(*place.open()) == Ids{1});

  place.run("UPDATE emptor_setting SET value = '1001' WHERE name = 'format'");
  const auto newer = open_postgres(place.url());
  CHECK(customers(*newer) == Ids{1});
  CHECK(problem_of([&] { newer->write(); }).code == Code::newer);
  place.run("UPDATE emptor_setting SET value = '2000' WHERE name = 'format'");
  CHECK(problem_of([&] { open_postgres(place.url()); }).code == Code::newer);
  const auto upgraded = other.open();
  other.run(
      "UPDATE emptor_setting SET value = '1001' WHERE name = 'format'; UPDATE emptor_setting SET value = '2'"
      " WHERE name = 'schema_version'");
  CHECK(problem_of([&] { upgraded->write(); }).code == Code::newer);
  CHECK(customers(*upgraded).empty());
  other.run(
      "UPDATE emptor_setting SET value = '2000' WHERE name = 'format'; UPDATE emptor_setting SET value = '3'"
      " WHERE name = 'schema_version'");
  CHECK(problem_of([&] { upgraded->read(); }).code == Code::newer);
  other.run("DROP TABLE emptor_setting");
  CHECK(problem_of([&] { other.open(); }).code == Code::corrupt);
  CHECK(problem_of([&] { open_postgres(other.url(), {.read_only = true}); }).code == Code::corrupt);
}

TEST_CASE("postgresql: a store of an older program is read as it is, and brought up to date by who may write") {
  const Place place("older");
  if (!place) return;
  std::string last, customer, coupon;
  {
    const auto store = place.open();
    const SchemaPtr schema = store->read()->schema();
    const Field& field = schema->entity("customer").fields.back();
    REQUIRE(field.type == Type::text);
    last = field.name;
    customer = std::to_string(schema->entity("customer").number);
    coupon = std::to_string(schema->entity("coupon").number);
    put_customer(*store, Id{1}, {{"country", Value("PT")}, {last, Value("Faro")}});
  }
  place.run("DELETE FROM emptor_field WHERE name = '" + last + "' AND entity = " + customer + " OR entity = " + coupon +
            "; ALTER TABLE customer DROP COLUMN " + last + "; DROP TABLE coupon; DROP INDEX customer__country;");
  {
    const auto old = open_postgres(place.url(), {.read_only = true});
    const auto reader = old->read();
    CHECK(read_row(*reader, "customer", Id{1}).get("country") == Value("PT"));
    CHECK(read_row(*reader, "customer", Id{1}).get(last) == Value());
    CHECK(ids_of(*reader, {.entity = "customer", .where = Where::missing(last), .order = {{last}}}) == Ids{1});
    CHECK(ids_of(*reader, {.entity = "customer", .where = Where::equal(last, "Faro")}).empty());
    CHECK(ids_of(*reader, {.entity = "coupon", .order = {{"code"}}}).empty());
    const Groups groups = reader->aggregate(
        {.entity = "customer", .group_by = {last}, .measures = {{Measure::count, ""}, {Measure::max, last}}});
    REQUIRE(groups.groups.size() == 1);
    CHECK(groups.groups[0].results == std::vector<Value>{Value(1), Value()});
    CHECK(problem_of([&] { old->write(); }).code == Code::misuse);
  }
  const auto store = place.open();
  put_customer(*store, Id{2}, {{last, Value("Porto")}});
  const auto reader = store->read();
  CHECK(ids_of(*reader, {.entity = "customer", .where = Where::equal(last, "Porto")}) == Ids{2});
  CHECK(ids_of(*reader, {.entity = "customer", .where = Where::equal("country", "PT")}) == Ids{1});
  CHECK(ids_of(*reader, {.entity = "coupon"}).empty());
}

TEST_CASE("postgresql: a record may have more fields than a page of the server holds") {
  const Place place("wide");
  if (!place) return;
  constexpr int fields = 650;
  const auto store = place.open();
  {
    const auto writer = store->write();
    for (int i = 0; i < fields; ++i)
      writer->add_field(writer->schema()->custom({.entity = "customer", .name = "f" + std::to_string(i)}));
    writer->commit();
  }
  std::vector<std::string> names, texts;
  for (int i = 0; i < fields; ++i) {
    names.push_back("x_f" + std::to_string(i));
    texts.push_back(std::string(300, static_cast<char>('a' + i % 26)) + std::to_string(i));
  }
  Cells all;
  for (int i = 0; i < fields; ++i) all.emplace_back(names[i], Value(texts[i]));
  put_customer(*store, Id{1}, all);
  put_customer(*store, Id{2}, {{"name", Value("nothing else")}});
  put_customer(*store, Id{3}, {{names[649], Value("z")}});
  const auto check = [&] {
    const auto reader = store->read();
    const Record found = read_row(*reader, "customer", Id{1});
    for (int i = 0; i < fields; ++i) CHECK(found.get(names[i]) == Value(texts[i]));
    CHECK(ids_of(*reader, {.entity = "customer", .order = {{names[649]}, {names[1]}}}) == Ids{2, 3, 1});
    CHECK(ids_of(*reader, {.entity = "customer",
                           .where = Where::all({Where::present(names[2]), Where::present(names[640])})}) == Ids{1});
  };
  check();
  put_customer(*store, Id{1}, all, false);
  check();
  put_customer(*store, Id{1}, {{"name", Value("now poor")}}, false);
  CHECK(ids_of(*store->read(), {.entity = "customer", .where = Where::present(names[640])}).empty());
}

TEST_CASE("postgresql: a query is stopped on the server, and its snapshot goes on") {
  const Place place("stopped");
  if (!place) return;
  const auto store = place.open();
  put_customer(*store, Id{1}, {{"country", Value("PT")}});
  const auto reader = store->read();
  const auto holder = place.open();  // a table that is locked makes any query long
  std::thread locker([&] { place.run("BEGIN; LOCK TABLE customer; SELECT pg_sleep(1); COMMIT"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const auto begin = std::chrono::steady_clock::now();
  reader->stop_at(begin + std::chrono::milliseconds(100));
  CHECK(problem_of([&] { ids_of(*reader, {.entity = "customer"}); }).code == Code::cancelled);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(600));
  CHECK(problem_of([&] { reader->aggregate({.entity = "customer", .measures = {{}}}); }).code == Code::cancelled);
  locker.join();
  put_customer(*store, Id{2}, {});
  reader->stop_at({});
  CHECK(ids_of(*reader, {.entity = "customer"}) == Ids{1});
  CHECK(read_row(*reader, "customer", Id{1}).get("country") == Value("PT"));
}

TEST_CASE("postgresql: a connection that is lost fails what is under way, and nothing after") {
  const Place place("lost");
  if (!place) return;
  const auto store = place.open();
  put_customer(*store, Id{1}, {});
  for (int round = 0; round < 3; ++round) {
    auto reader = store->read();
    auto writer = store->write();
    put_row(*writer, "customer", Id{2}, {});
    const auto idle = store->read();
    place.run(
        "SELECT pg_terminate_backend(l.pid) FROM pg_locks AS l WHERE l.pid <> pg_backend_pid()"
        " AND l.relation IN (SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE n.nspname = current_schema())");
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK(problem_of([&] { customers(*store); }).code == Code::ok);
    CHECK(problem_of([&] { ids_of(*reader, {.entity = "customer"}); }).code == Code::io);
    const Problem told = problem_of([&] { writer->commit(); });
    CHECK(told.code == Code::io);
    CHECK(told.hint.find("operation id") != std::string::npos);
    reader.reset();
    writer.reset();
    CHECK(customers(*store) == Ids{1});
    put_customer(*store, Id{1}, {{"city", Value("Faro")}}, false);
    CHECK(customers(*store) == Ids{1});
  }
}

TEST_CASE("postgresql: a process that has seen what a server then lost is told to open the store again") {
  const Place place("forgot");
  if (!place) return;
  const auto append = [](Store& store, const std::string& op_id) {
    const auto writer = store.write();
    JournalEntry entry = made_entry(op_id);
    writer->append(entry);
    writer->commit();
  };
  const auto store = place.open(), trimmed = place.open();
  for (int i = 1; i <= 3; ++i) append(*store, "op-" + std::to_string(i));
  CHECK(trimmed->read()->info().position == 3);
  append(*store, "op-4");
  {
    const auto writer = store->write();
    writer->forget_entries(3);
    writer->commit();
  }
  CHECK(store->read()->info().position == 4);
  const auto lose_connections = [&](Store& from) {
    const auto reader = from.read();
    place.run(
        "SELECT pg_terminate_backend(l.pid) FROM pg_locks AS l WHERE l.pid <> pg_backend_pid() AND l.relation IN"
        " (SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname ="
        " current_schema())");
  };
  lose_connections(*trimmed);
  CHECK(trimmed->read()->info().position == 4);  // what was trimmed was not lost
  place.run("DELETE FROM emptor_journal WHERE position = 4");
  lose_connections(*store);
  CHECK(problem_of([&] { store->read(); }).code == Code::io);
  CHECK(problem_of([&] { store->write(); }).hint.find("open the store again") != std::string::npos);
  CHECK(place.open()->read()->info().position == 0);
}

TEST_CASE("postgresql: writers of different processes take turns, and one that waits too long is told so") {
  const Place place("turns");
  if (!place) return;
  const auto store = place.open();
  const auto impatient = place.open({.wait = std::chrono::milliseconds(50)});
  auto holder = store->write();
  CHECK(problem_of([&] { impatient->write(); }).code == Code::busy);
  CHECK(problem_of([&] { impatient->write(); }).code == Code::busy);
  put_row(*holder, "customer", Id{1}, {});
  holder->commit();
  put_customer(*impatient, Id{2}, {});
  CHECK(customers(*store) == Ids{1, 2});
}

TEST_CASE("postgresql: who reads a table keeps its indexes; a new field waits for them, and not for ever") {
  const Place place("indexes");
  if (!place) return;
  const auto store = place.open({.wait = std::chrono::milliseconds(300)});
  put_customer(*store, Id{1}, {{"country", Value("PT")}});
  auto reader = store->read();
  const Query query{.entity = "customer", .where = Where::equal("country", "PT")};
  CHECK(ids_of(*reader, query) == Ids{1});
  const auto drop = [&] {
    const auto writer = store->write();
    writer->drop_indexes(writer->schema()->entity("customer"));
    writer->drop_indexes(writer->schema()->entity("order"));
    writer->commit();
  };
  const auto restore = [&] {
    std::size_t restored = 0;
    for (bool more = true; more; restored += more) {
      const auto writer = store->write();
      more = writer->restore_index();
      writer->commit();
    }
    return restored;
  };
  drop();
  const std::size_t of_order = restore();
  CHECK(of_order > 0);
  const auto add_field = [&] {
    const auto writer = store->write();
    writer->add_field(writer->schema()->custom({.entity = "customer", .name = "late"}));
    writer->commit();
  };
  CHECK(problem_of(add_field).code == Code::busy);
  CHECK(ids_of(*reader, query) == Ids{1});
  reader.reset();
  add_field();
  drop();
  CHECK(ids_of(*store->read(), query) == Ids{1});
  CHECK(restore() > of_order);
  CHECK(ids_of(*store->read(), query) == Ids{1});
}

TEST_CASE("postgresql: a forked child leaves the store alone") {
  const Place place("forked");
  if (!place) return;
  const auto store = place.open();
  put_customer(*store, Id{1}, {});
  const auto reader = store->read();
  ChildProcess child([&](const ChildProcess::Link& link) {
    const Code codes[] = {problem_of([&] { store->read(); }).code, problem_of([&] { store->write(); }).code,
                          problem_of([&] { reader->setting("x"); }).code};
    link.say(codes, sizeof codes);
    std::exit(0);  // with every destructor that a process runs
  });
  Code codes[3];
  REQUIRE(child.hear(codes, sizeof codes));
  for (const Code code : codes) CHECK(code == Code::misuse);
  child.join();
  CHECK(ids_of(*reader, {.entity = "customer"}) == Ids{1});
  put_customer(*store, Id{2}, {});
  CHECK(customers(*store) == Ids{1, 2});
}

TEST_CASE("postgresql: malformed texts are equal to nothing, begin nothing by halves, and are not stored") {
  const Place place("malformed");
  if (!place) return;
  const auto store = place.open();
  const auto memory = open_memory();
  const std::string half = "\xe6\xb7", nul("a\0b", 3), wild = "\xff";
  for (Store* each : {store.get(), memory.get()}) {
    put_customer(*each, Id{1}, {{"city", Value("深圳")}, {"country", Value("CN")}});
    put_customer(*each, Id{2}, {{"city", Value("ab")}});
    put_customer(*each, Id{3}, {});
  }
  std::size_t found = 0;
  for (const Operator op : {Operator::equal, Operator::not_equal, Operator::less, Operator::less_equal,
                            Operator::greater, Operator::greater_equal, Operator::starts_with, Operator::contains})
    for (const std::string& text : {half, nul, wild, std::string("\xb7"), std::string("\xe6")})
      for (const bool negated : {false, true}) {
        Where where = Where::compare("city", op, Value(text));
        if (negated) where = Where::negate(where);
        const Query query{.entity = "customer", .where = where};
        const Ids expected = ids_of(*memory->read(), query);
        CHECK(ids_of(*store->read(), query) == expected);
        found += expected.size();
      }
  CHECK(found > 50);
  const Query in{.entity = "customer", .where = Where::in("city", {Value(wild), Value("ab"), Value(nul)})};
  CHECK(ids_of(*store->read(), in) == Ids{2});
  for (const std::string& text : {half, nul})
    CHECK(problem_of([&] { put_customer(*store, Id{4}, {{"city", Value(text)}}); }).code == Code::invalid);
  CHECK(customers(*store) == Ids{1, 2, 3});
}

// Otherwise an import into an empty store reads, for each of its batches, all that the earlier ones wrote.
TEST_CASE("postgresql: a list of keys is a list of lookups, whatever the server knows of the table") {
  const Schema schema(described_entities(), {}, 1);
  const Entity& identity = schema.entity("identity");
  const sql::Layout layout(sql::postgres_dialect, std::make_shared<const Schema>(schema), true);
  const auto looks_up = [&](Where where) {
    const Query query{.entity = "identity", .where = std::move(where)};
    return sql::compile_scan(sql::postgres_dialect, layout, identity, query, sql::plan_scan(identity, query),
                             sql::Part::whole, nullptr, 10)
               .text.find("LATERAL") != std::string::npos;
  };
  const Where entity = Where::equal("entity", "order"), system = Where::equal("system", "shop"),
              keys = Where::in("external_id", {"a", "b"});
  CHECK(looks_up(Where::all({entity, system, keys})));
  CHECK(looks_up(Where::all({Where::in("entity", {"order", "product"}), system, Where::equal("external_id", "a")})));
  CHECK_FALSE(looks_up(Where::all({entity, keys})));
  CHECK_FALSE(looks_up(Where::all({Where::in("entity", {"order", "product"}), system, keys})));
  CHECK_FALSE(looks_up(Where::all({entity, Where::equal("system", "\xff"), keys})));
  CHECK_FALSE(looks_up(Where::any({entity, system, keys})));
  CHECK_FALSE(looks_up(Where::negate(Where::all({entity, system, keys}))));
}
