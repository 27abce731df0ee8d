// The host's own store where the other stores have nothing like it: functions that are missing, lie or come back, keys
// that are not ours, values that are damaged, stores of other versions.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "emptor/core/error.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/copy.hpp"
#include "store/host/keys.hpp"
#include "store/host/records.hpp"
#include "store/keyvalue/key_encoding.hpp"
#include "support/child_process.hpp"
#include "support/map_host.hpp"
#include "support/store_ground.hpp"

using namespace emptor;
using namespace emptor::test;
using Ids = std::vector<std::int64_t>;

namespace {

const OpenOptions creating{.create = true};

Problem problem_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.first();
  }
  return {.code = Code::ok};
}
Code code_of(const std::function<void()>& work) { return problem_of(work).code; }

void put_customer(Store& store, std::int64_t id, const Cells& cells, bool insert = true) {
  const auto writer = store.write();
  put_row(*writer, "customer", Id{id}, cells, insert);
  JournalEntry entry = made_entry("put-" + std::to_string(writer->next_version()));
  writer->append(entry);
  writer->commit();
}

// Some of everything that a store keeps.
void fill(MapHost& host) {
  const auto store = open_host(host.functions(), creating);
  Session session(*store);
  session.define_field({.entity = "customer", .name = "x_colour", .type = Type::text, .flags = field_flag::indexed});
  ChangeSet set;
  for (const char* country : {"PT", "DE", "PT"}) set.put("customer").set("name", "n").set("country", country);
  set.put("segment").set("name", "near").set("rule", "country = 'PT'").set("watched", true);
  session.apply(set, {.op_id = "first"});
}

std::string index_mark(const Schema& schema, const std::string& entity, const std::string& field) {
  const Entity& of = schema.entity(entity);
  const std::vector<FieldNumber> fields{of.field(field).number};
  return host::index_key(keyvalue::index_number(of.number, fields));
}

host::Bounds index_entries(const Schema& schema, const std::string& entity, const std::string& field) {
  const Entity& of = schema.entity(entity);
  const std::vector<FieldNumber> fields{of.field(field).number};
  return host::whole_index(keyvalue::index_number(of.number, fields));
}

void erase_between(MapHost& host, const host::Bounds& bounds) {
  host.keys.erase(host.keys.lower_bound(bounds.low), host.keys.lower_bound(bounds.high));
}

const Query in_portugal{.entity = "customer", .where = Where::equal("country", "PT")};

}  // namespace

TEST_CASE("host: each of the five functions must be there") {
  MapHost host;
  for (int missing = 0; missing < 5; ++missing) {
    HostCalls calls = host.functions();
    if (missing == 0) calls.get = nullptr;
    if (missing == 1) calls.put = nullptr;
    if (missing == 2) calls.erase = nullptr;
    if (missing == 3) calls.range = nullptr;
    if (missing == 4) calls.commit = nullptr;
    CHECK(code_of([&] { open_host(calls, creating); }) == Code::misuse);
  }
  CHECK(host.calls == 0);
}

TEST_CASE("host: a store is made only where it is asked for, and where nobody else's keys are") {
  MapHost host;
  CHECK(code_of([&] { open_host(host.functions()); }) == Code::not_found);
  CHECK(code_of([&] { open_host(host.functions(), {.create = true, .read_only = true}); }) == Code::not_found);
  host.keys["\x05theirs"] = "x";
  CHECK(code_of([&] { open_host(host.functions(), creating); }) == Code::corrupt);
  host.keys.clear();
  host.keys["theirs"] = "x";
  fill(host);
  CHECK(host.keys["theirs"] == "x");
  for (const auto& [key, value] : host.keys) {
    if (key == "theirs") continue;
    CHECK(key[0] >= first_host_key);
    CHECK(key[0] < past_host_keys);
    CHECK(key.size() <= host_key_bytes);
    CHECK(!value.empty());
  }
}

TEST_CASE("host: a store of a newer version is refused, one of a newer minor version is only read") {
  MapHost host;
  fill(host);
  host.keys[host::format_key()] = host::write_format({host::format_major + 1, 0});
  CHECK(code_of([&] { open_host(host.functions()); }) == Code::newer);
  host.keys[host::format_key()] = host::write_format({host::format_major, host::format_minor + 1});
  const auto store = open_host(host.functions());
  CHECK(ids_of(*store->read(), in_portugal) == Ids{1, 3});
  CHECK(code_of([&] { store->write(); }) == Code::newer);
}

TEST_CASE("host: a store that is opened read-only writes nothing") {
  MapHost host;
  fill(host);
  const std::uint64_t commits = host.commits;
  const auto store = open_host(host.functions(), {.read_only = true});
  CHECK(ids_of(*store->read(), in_portugal) == Ids{1, 3});
  CHECK(code_of([&] { store->write(); }) == Code::misuse);
  store->sync();
  CHECK(host.commits == commits);
}

TEST_CASE("host: whatever value is damaged, the answer is that it is, or a state of the store") {
  MapHost whole;
  fill(whole);
  std::size_t told = 0, damages = 0;
  for (const auto& [key, value] : whole.keys) {
    const std::vector<std::string> spoilt{"",
                                          "\xff",
                                          value.substr(0, value.size() - 1),
                                          value + '\1',
                                          std::string(value.size(), '\xff'),
                                          std::string(value.size(), '\0')};
    for (const std::string& bytes : spoilt) {
      if (bytes == value) continue;
      MapHost host;
      host.keys = whole.keys;
      host.keys[key] = bytes;
      const Code code = code_of([&] {
        const auto store = open_host(host.functions());
        const auto reader = store->read();
        state_hash(*reader);
        reader->journal(0, 100);
        reader->operation("first");
      });
      CAPTURE(static_cast<int>(key[0]));
      const bool known = code == Code::ok || code == Code::corrupt || code == Code::newer ||
                         code == Code::unsupported || code == Code::invalid;
      if (!known) FAIL_CHECK("damage gave ", name_of(code));
      ++damages;
      told += code != Code::ok;
    }
  }
  CHECK(told > damages / 4);
}

TEST_CASE("host: a damaged row, entry, setting of the store or index entry is Code::corrupt") {
  MapHost whole;
  fill(whole);
  const auto damaged = [&](const std::string& key, const std::string& bytes, const std::function<void(Reader&)>& read) {
    MapHost host;
    host.keys = whole.keys;
    REQUIRE(host.keys.contains(key));
    if (bytes.empty()) host.keys.erase(key);
    if (!bytes.empty()) host.keys[key] = bytes;
    return code_of([&] { read(*open_host(host.functions())->read()); });
  };
  const EntityNumber customer =
      described_entities().empty() ? 0 : open_host(whole.functions())->read()->schema()->entity("customer").number;
  const auto nothing = [](Reader&) {};
  CHECK(damaged(host::info_key(), "x", nothing) == Code::corrupt);
  CHECK(damaged(host::format_key(), "x", nothing) == Code::corrupt);
  CHECK(damaged(host::info_key(), "", nothing) == Code::corrupt);
  CHECK(damaged(host::row_key(customer, Id{1}), "\xff",
                [](Reader& reader) { ids_of(reader, {.entity = "customer"}); }) == Code::corrupt);
  // Its index entry leads nowhere.
  CHECK(damaged(host::row_key(customer, Id{1}), "", [](Reader& reader) { ids_of(reader, in_portugal); }) ==
        Code::corrupt);
  CHECK(damaged(host::entry_key(1), "\xff", [](Reader& reader) { reader.journal(0, 10); }) == Code::corrupt);
  CHECK(damaged(host::entry_key(1), "", [](Reader& reader) { reader.entry(1); }) == Code::corrupt);
}

TEST_CASE("host: keys out of order, beyond their bounds or without an end are Code::corrupt") {
  MapHost host;
  fill(host);
  const auto store = open_host(host.functions());
  const auto reader = store->read();
  const auto answer = [&](std::function<void(const HostVisit&, std::string_view, std::string_view)> instead) {
    host.range_instead = std::move(instead);
    const Code code = code_of([&] { ids_of(*reader, {.entity = "customer"}); });
    host.range_instead = nullptr;
    return code;
  };
  CHECK(answer([](const HostVisit& visit, std::string_view, std::string_view high) { visit(high, "x"); }) ==
        Code::corrupt);
  CHECK(answer([](const HostVisit& visit, std::string_view low, std::string_view) { visit(low.substr(0, 1), "x"); }) ==
        Code::corrupt);
  const std::string first = host::row_key(reader->schema()->entity("customer").number, Id{1});
  const std::string row = host.keys.at(first);
  int visits = 0;
  CHECK(answer([&](const HostVisit& visit, std::string_view, std::string_view) {
          while (visit(first, row)) ++visits;  // for ever, if it were let
        }) == Code::corrupt);
  CHECK(visits == 1);
  // One that does not hear that it should end.
  CHECK(answer([&](const HostVisit& visit, std::string_view, std::string_view high) {
          for (int i = 0; i < 1000; ++i) visit(high, "x");
        }) == Code::corrupt);
  CHECK(ids_of(*reader, in_portugal) == Ids{1, 3});
}

TEST_CASE("host: a function that calls Emptor is refused, and harms nothing") {
  MapHost host;
  fill(host);
  const auto store = open_host(host.functions());
  int refused = 0;
  host.on_call = [&] {
    if (code_of([&] { store->read(); }) == Code::misuse) ++refused;
    if (code_of([&] { store->sync(); }) == Code::misuse) ++refused;
    if (code_of([&] { store->write(); }) == Code::misuse) ++refused;
  };
  CHECK(ids_of(*store->read(), in_portugal) == Ids{1, 3});
  CHECK(refused > 0);
  const int by_reading = refused;
  put_customer(*store, 9, {{"country", Value("PT")}});
  CHECK(refused > by_reading);
  host.on_call = nullptr;
  CHECK(ids_of(*store->read(), in_portugal) == Ids{1, 3, 9});
}

TEST_CASE("host: a forked child is refused its parent's store") {
  MapHost host;
  fill(host);
  const auto store = open_host(host.functions());
  ChildProcess child([&](const ChildProcess::Link& link) {
    const Code codes[] = {code_of([&] { store->read(); }), code_of([&] { store->write(); }),
                          code_of([&] { store->sync(); })};
    link.say(codes, sizeof codes);
  });
  Code codes[3] = {};
  REQUIRE(child.hear(codes, sizeof codes));
  for (const Code code : codes) CHECK(code == Code::misuse);
  CHECK(child.join());
}

TEST_CASE("host: what a function throws comes out, and the commit is taken back") {
  MapHost host;
  fill(host);
  const auto store = open_host(host.functions());
  const auto writer = store->write();
  put_row(*writer, "customer", Id{9}, {{"country", Value("PT")}});
  int puts = 0;
  host.on_put = [&] {
    if (++puts == 2) throw std::runtime_error("theirs");
  };
  CHECK_THROWS_AS(writer->commit(), std::runtime_error);
  host.on_put = nullptr;
  CHECK(host.last == HostCommit::discard);
  CHECK(ids_of(*store->read(), in_portugal) == Ids{1, 3});
}

TEST_CASE("host: texts of any length are indexed, in their order, under keys that are not") {
  // Of one beginning, below and above it, and as long as what a key keeps of them.
  std::vector<std::string> texts{"a",
                                 std::string(220, 'a'),
                                 std::string(221, 'a'),
                                 std::string(221, 'a') + '\0',
                                 std::string(220, 'a') + "b",
                                 std::string(219, 'a') + "b",
                                 std::string(300, '\0'),
                                 std::string(301, '\0'),
                                 std::string(220, '\xff'),
                                 std::string(5000, '\xff')};
  for (int i = 0; i < 40; ++i) texts.push_back(std::string(250, 'a') + std::to_string(i * 7919 % 100) + "z");
  MapHost host;
  const auto in_host = open_host(host.functions(), creating);
  const auto in_memory = open_memory();
  for (Store* store : {in_host.get(), in_memory.get()})
    for (std::size_t i = 0; i < texts.size(); ++i)
      put_customer(*store, static_cast<std::int64_t>(i) + 1, {{"country", Value(texts[i])}});
  const auto found = [](Store& store, const Query& query) { return ids_of(*store.read(), query); };
  const auto both = [&](const Query& query) { CHECK(found(*in_host, query) == found(*in_memory, query)); };
  for (const std::size_t limit : {1, 7, 1000}) {
    both({.entity = "customer", .order = {{"country"}}, .limit = limit});
    both({.entity = "customer", .order = {{"country", true}}, .limit = limit});
    for (const std::string& text : texts)
      for (const Operator op : {Operator::equal, Operator::less, Operator::less_equal, Operator::greater,
                                Operator::greater_equal, Operator::starts_with})
        both({.entity = "customer", .where = Where::compare("country", op, Value(text)), .limit = limit});
  }
  for (const auto& [key, value] : host.keys) CHECK(key.size() <= host_key_bytes);
  // Changed and gone, their entries are too.
  for (std::size_t i = 0; i < texts.size(); ++i)
    put_customer(*in_host, static_cast<std::int64_t>(i) + 1, {{"country", Value("PT")}}, false);
  CHECK(found(*in_host,
              {.entity = "customer", .where = Where::compare("country", Operator::starts_with, Value("a"))}) == Ids{});
  CHECK(code_of([&] { in_host->write()->set_setting(texts.back() + texts.back() + texts.back(), "x"); }) ==
        Code::invalid);
  CHECK(in_host->read()->setting(texts.back() + texts.back() + texts.back()).empty());
}

TEST_CASE("host: a long unique value is taken by itself alone") {
  MapHost host;
  const auto store = open_host(host.functions(), creating);
  const auto put = [&](std::int64_t id, const std::string& external) {
    return code_of([&] {
      const auto writer = store->write();
      put_row(*writer, "identity", Id{id},
              {{"entity", Value("customer")}, {"system", Value("erp")}, {"external_id", Value(external)}});
      writer->commit();
    });
  };
  const std::string text(1000, 'x');
  CHECK(put(1, text) == Code::ok);
  CHECK(put(2, text + "1") == Code::ok);
  CHECK(put(3, text) == Code::duplicate);
}

TEST_CASE("host: indexes that a store lacks are built when it is opened for writing, unknown ones go") {
  MapHost host;
  fill(host);
  const SchemaPtr schema = open_host(host.functions())->read()->schema();
  const std::string mark = index_mark(*schema, "customer", "country");
  const auto entries = index_entries(*schema, "customer", "country");
  const auto before = host.keys;
  REQUIRE(host.keys.erase(mark) == 1);
  erase_between(host, entries);
  host.keys[host::index_key(7)] = "1";
  host.keys[host::index_entry_key(7, "old", Id{1})] = "1";
  CHECK(code_of([&] { open_host(host.functions(), {.read_only = true}); }) == Code::unsupported);
  std::vector<std::string> lines;
  const auto store =
      open_host(host.functions(), {}, [&](LogLevel, std::string_view line) { lines.emplace_back(line); });
  CHECK(lines.size() == 1);
  CHECK(host.keys == before);
  CHECK(ids_of(*store->read(), in_portugal) == Ids{1, 3});
}

TEST_CASE("host: fields that a store lacks are added under a new version of its schema") {
  MapHost host;
  fill(host);
  const SchemaPtr schema = open_host(host.functions())->read()->schema();
  const Entity& customer = schema->entity("customer");
  // As a program wrote it that did not know the entity's last described field.
  const FieldNumber last = customer.field("x_colour").number;
  REQUIRE(last > 0);
  host.keys.erase(host::field_key(customer.number, last));
  host.keys.erase(host::field_key(customer.number, static_cast<FieldNumber>(last - 1)));
  {
    const auto read_only = open_host(host.functions(), {.read_only = true});
    CHECK(read_only->read()->info().schema_version == schema->version());
  }
  const auto store = open_host(host.functions());
  CHECK(store->read()->info().schema_version == schema->version() + 1);
  CHECK(store->read()->schema()->added().empty());
  CHECK(open_host(host.functions())->read()->info().schema_version == schema->version() + 1);
}

TEST_CASE("host: grouped commits say so, and a sync makes them durable") {
  MapHost host;
  const auto store = open_host(host.functions(), creating);
  CHECK(host.last == HostCommit::durable);
  const auto commit = [](std::unique_ptr<Writer> writer) {
    writer->allocate(writer->schema()->entity("customer"), 1);
    writer->commit();
  };
  commit(store->write_grouped());
  CHECK(host.last == HostCommit::grouped);
  store->sync();
  CHECK(host.last == HostCommit::durable);
  commit(open_host(host.functions(), {.durability = Durability::off})->write());
  CHECK(host.last == HostCommit::grouped);
  commit(store->write());
  CHECK(host.last == HostCommit::durable);
}

TEST_CASE("host: a writer without changes says nothing to the host, and a commit reads nothing for nobody") {
  MapHost host;
  fill(host);
  const auto store = open_host(host.functions());
  const std::uint64_t commits = host.commits;
  store->write()->commit();
  CHECK(host.commits == commits);
  const auto calls_of_commit = [&](std::string_view value) {
    const auto writer = store->write();
    writer->set_setting("colour", value);
    const std::uint64_t before = host.calls;
    writer->commit();
    return host.calls - before;
  };
  const std::uint64_t alone = calls_of_commit("red");
  const auto reader = store->read();
  CHECK(calls_of_commit("blue") == alone + 1);  // what it was is kept for the reader
  CHECK(reader->setting("colour") == "red");
}

TEST_CASE("host: a writer whose commit failed can do nothing more") {
  MapHost host;
  fill(host);
  const auto store = open_host(host.functions());
  auto writer = store->write();
  put_row(*writer, "customer", Id{9}, {{"country", Value("PT")}});
  host.fail_at = host.calls + 3;
  const Problem problem = problem_of([&] { writer->commit(); });
  CHECK(problem.code == Code::io);
  CHECK(problem.message.find("77") != std::string::npos);
  host.fail_at = 0;
  CHECK(code_of([&] { writer->commit(); }) == Code::misuse);
  CHECK(code_of([&] { writer->set_setting("colour", "red"); }) == Code::misuse);
  writer.reset();
  put_customer(*store, 9, {{"country", Value("PT")}});
  CHECK(ids_of(*store->read(), in_portugal) == Ids{1, 3, 9});
}

TEST_CASE("host: a commit that cannot be taken back closes the store to everybody until it is opened again") {
  MapHost host;
  fill(host);
  const auto store = open_host(host.functions());
  const auto reader = store->read();
  {
    const auto writer = store->write();
    put_row(*writer, "customer", Id{9}, {{"country", Value("PT")}});
    host.commits_fail = true;
    CHECK(code_of([&] { writer->commit(); }) == Code::io);
  }
  host.commits_fail = false;
  CHECK(code_of([&] { ids_of(*reader, in_portugal); }) == Code::io);
  CHECK(code_of([&] { put_customer(*store, 9, {}); }) == Code::io);
  CHECK(code_of([&] { store->sync(); }) == Code::io);
  CHECK(ids_of(*open_host(host.functions())->read(), in_portugal) == Ids{1, 3});
}

TEST_CASE("host: readers of many commits and a writer side by side each see one state") {
  MapHost host;
  const auto store = open_host(host.functions(), creating);
  constexpr std::int64_t rows = 41;
  const auto write_all = [&](std::int64_t value) {
    const auto writer = store->write();
    // A row comes and goes with every commit, and another moves along the index.
    for (std::int64_t id = 1; id <= rows; ++id) {
      const std::vector<Id> gone{Id{id}};
      if ((id + value) % 5 == 0)
        writer->erase(writer->schema()->entity("customer"), gone);
      else
        put_row(*writer, "customer", Id{id}, {{"employees", Value(value)}, {"country", Value(value % 2 ? "PT" : "DE")}},
                false);
    }
    JournalEntry entry = made_entry();
    writer->append(entry);
    writer->commit();
  };
  write_all(0);
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0, reads = 0;
  const auto check = [&](Reader& reader) {
    const std::int64_t value = reader.info().position - 1;
    const auto expected = [&] {
      Ids ids;
      for (std::int64_t id = 1; id <= rows; ++id)
        if ((id + value) % 5 != 0) ids.push_back(id);
      return ids;
    }();
    const Query by_country{
        .entity = "customer", .where = Where::equal("country", Value(value % 2 ? "PT" : "DE")), .limit = 7};
    const Query whole{.entity = "customer", .limit = 9};
    Batch batch;
    for (const Query& query : {by_country, whole}) {
      Ids found;
      ScanKey key;
      for (bool more = true; more;) {
        more = reader.scan(query, key, batch);
        for (const Id id : batch.ids) found.push_back(id.value);
        std::this_thread::yield();
      }
      wrong += found != expected;
    }
    wrong += reader.next_id(reader.schema()->entity("customer")) != Id{rows + 1};
    ++reads;
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      std::unique_ptr<Reader> old = store->read();
      for (int round = 0; !done; ++round) {
        check(*store->read());
        check(*old);
        if (round % 7 == 0) old = store->read();
      }
    });
  for (std::int64_t value = 1; value <= 100; ++value) write_all(value);
  done = true;
  for (std::thread& thread : threads) thread.join();
  check(*store->read());
  CHECK(wrong == 0);
  CHECK(reads > 3);
}
