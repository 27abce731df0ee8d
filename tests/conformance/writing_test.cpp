// Conformance: what every store does with puts, erasures, numbers, keys, settings and the journal.
#include <doctest/doctest.h>

#include <thread>

#include "emptor/core/error.hpp"
#include "support/store_ground.hpp"

using namespace emptor;
using namespace emptor::test;
using Ids = std::vector<std::int64_t>;

namespace {

Query all(const std::string& entity) { return {.entity = entity}; }

// The first problem of what `work` throws; Code::ok where it does not throw.
Problem problem_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.first();
  }
  return {Code::ok, {}, {}, {}, {}, {}};
}

}  // namespace

TEST_CASE("conformance: a put replaces the whole row and its index entries") {
  on_every_store([](StoreGround& ground) {
    ground.put("customer", Id{1}, {{"country", Value("PT")}, {"city", Value("Porto")}});
    ground.put("customer", Id{1}, {{"country", Value("DE")}}, false);
    const auto reader = ground.store().read();
    CHECK(read_row(*reader, "customer", Id{1}).get("city") == Value());
    CHECK(ids_of(*reader, {.entity = "customer", .where = Where::equal("country", "PT")}).empty());
    CHECK(ids_of(*reader, {.entity = "customer", .where = Where::equal("country", "DE")}) == Ids{1});
  });
}

TEST_CASE("conformance: a row replaced over the one that stands is found by its new values only") {
  on_every_store([](StoreGround& ground) {
    const Cells before{{"country", Value("PT")}, {"city", Value("Porto")}, {"name", Value("Ana")}};
    ground.put("customer", Id{1}, before);
    ground.put("customer", Id{2}, before);
    const auto replace = [&](Id id, const Cells& from, const Cells& to) {
      ground.write([&](Writer& writer) {
        const Record old = make_row(writer.schema(), "customer", id, from);
        const Record now = make_row(writer.schema(), "customer", id, to);
        const Row before[] = {old.row()}, after[] = {now.row()};
        writer.replace(writer.schema()->entity("customer"), before, after);
      });
    };
    const Cells moved{{"country", Value("DE")}, {"city", Value("Bonn")}, {"name", Value("Ana")}};
    replace(Id{1}, before, moved);
    replace(Id{2}, before, {{"country", Value("PT")}});  // no index, or some, may be touched
    replace(Id{1}, moved, {{"country", Value("DE")}, {"city", Value("Kiel")}, {"name", Value("Ana")}});
    const auto reader = ground.store().read();
    CHECK(ids_of(*reader, {.entity = "customer", .where = Where::equal("country", "PT")}) == Ids{2});
    CHECK(ids_of(*reader, {.entity = "customer", .where = Where::equal("country", "DE")}) == Ids{1});
    CHECK(read_row(*reader, "customer", Id{1}).get("city") == Value("Kiel"));
    CHECK(read_row(*reader, "customer", Id{1}).get("name") == Value("Ana"));
    CHECK(read_row(*reader, "customer", Id{2}).get("name") == Value());
  });
}

TEST_CASE("conformance: erase removes rows for good; unknown ids do no harm") {
  on_every_store([](StoreGround& ground) {
    for (std::int64_t id = 1; id <= 3; ++id) ground.put("customer", Id{id}, {{"country", Value("PT")}});
    ground.write([](Writer& writer) {
      const std::vector<Id> ids{Id{2}, Id{9}};
      writer.erase(writer.schema()->entity("customer"), ids);
    });
    const auto reader = ground.store().read();
    CHECK(ids_of(*reader, all("customer")) == Ids{1, 3});
    CHECK(ids_of(*reader, {.entity = "customer", .where = Where::equal("country", "PT")}) == Ids{1, 3});
    CHECK(read_row(*reader, "customer", Id{2}).id() == no_id);
  });
}

TEST_CASE("conformance: a writer sees its own changes before anybody else does") {
  on_every_store([](StoreGround& ground) {
    ground.put("customer", Id{1}, {{"country", Value("PT")}});
    const auto writer = ground.store().write();
    put_row(*writer, "customer", Id{1}, {{"country", Value("DE")}}, false);
    put_row(*writer, "customer", Id{1}, {{"country", Value("FR")}}, false);
    put_row(*writer, "customer", Id{2}, {{"country", Value("FR")}});
    CHECK(ids_of(*writer, {.entity = "customer", .where = Where::equal("country", "FR")}) == Ids{1, 2});
    CHECK(ids_of(*writer, {.entity = "customer", .where = Where::in("country", {Value("PT"), Value("DE")})}).empty());
    CHECK(ids_of(*writer, {.entity = "customer", .order = {{"country"}}}) == Ids{1, 2});
    CHECK(ids_of(*ground.store().read(), {.entity = "customer", .where = Where::equal("country", "PT")}) == Ids{1});
    writer->commit();
    CHECK(ids_of(*ground.store().read(), {.entity = "customer", .where = Where::equal("country", "FR")}) == Ids{1, 2});
  });
}

TEST_CASE("conformance: a value may go and come back within one write") {
  on_every_store([](StoreGround& ground) {
    ground.put("customer", Id{1}, {{"country", Value("PT")}});
    ground.write([](Writer& writer) {
      const Entity& customer = writer.schema()->entity("customer");
      const std::vector<Id> one{Id{1}};
      for (const char* country : {"DE", "PT", "DE", "PT"})
        put_row(writer, "customer", Id{1}, {{"country", Value(country)}}, false);
      writer.erase(customer, one);
      CHECK(ids_of(writer, all("customer")).empty());
      put_row(writer, "customer", Id{1}, {{"country", Value("DE")}});
      writer.erase(customer, one);
      put_row(writer, "customer", Id{1}, {{"country", Value("PT")}, {"city", Value("Faro")}});
    });
    for (int round = 0; round < 2; ++round) {
      if (round == 1) ground.reopen();
      const auto reader = ground.store().read();
      CHECK(ids_of(*reader, {.entity = "customer", .where = Where::equal("country", "PT")}) == Ids{1});
      CHECK(ids_of(*reader, {.entity = "customer", .where = Where::equal("country", "DE")}).empty());
      CHECK(read_row(*reader, "customer", Id{1}).get("city") == Value("Faro"));
      ground.write([&](Writer& writer) { put_row(writer, "customer", Id{2 + round}, {}); });
    }
  });
}

TEST_CASE("conformance: a writer that ends without a commit has done nothing") {
  on_every_store([](StoreGround& ground) {
    ground.write([](Writer& writer) {
      put_row(writer, "customer", Id{1}, {{"country", Value("PT")}});
      writer.set_setting("colour", "blue");
      JournalEntry entry = made_entry("first");
      writer.append(entry);
    });
    const Id next = [&] {
      const auto writer = ground.store().write();
      put_row(*writer, "customer", Id{1}, {{"country", Value("DE")}}, false);
      put_row(*writer, "customer", Id{2}, {{"country", Value("DE")}});
      put_row(*writer, "coupon", Id{1}, {{"code", Value("X")}});
      const std::vector<Id> gone{Id{1}};
      writer->erase(writer->schema()->entity("customer"), gone);
      writer->set_setting("colour", "red");
      writer->set_setting("shape", "round");
      JournalEntry entry = made_entry("second");
      writer->append(entry);
      CatalogField field{10,
                         static_cast<FieldNumber>(writer->schema()->entity("customer").fields.size()),
                         "x_new",
                         Type::text,
                         field_flag::custom | field_flag::indexed,
                         {}};
      writer->add_field(field);
      return writer->allocate(writer->schema()->entity("order"), 5);
    }();
    for (int round = 0; round < 2; ++round) {
      if (round == 1) ground.reopen();
      const auto reader = ground.store().read();
      CHECK(ids_of(*reader, all("customer")) == Ids{1});
      CHECK(ids_of(*reader, {.entity = "customer", .where = Where::equal("country", "PT")}) == Ids{1});
      CHECK(ids_of(*reader, {.entity = "customer", .where = Where::equal("country", "DE")}).empty());
      CHECK(reader->setting("colour") == "blue");
      CHECK(reader->setting("shape").empty());
      CHECK(reader->info().position == 1);
      CHECK(!reader->operation("second"));
      CHECK(!reader->entry(2));
      CHECK(reader->schema()->entity("customer").find("x_new") == nullptr);
    }
    ground.write([&](Writer& writer) {
      CHECK(writer.allocate(writer.schema()->entity("order"), 1) == next);
      put_row(writer, "coupon", Id{9}, {{"code", Value("X")}});
    });
  });
}

TEST_CASE("conformance: a taken unique value is refused, naming entity and field but not the value") {
  on_every_store([](StoreGround& ground) {
    ground.put("coupon", Id{1}, {{"code", Value("SECRET")}});
    ground.put("coupon", Id{2}, {});
    ground.put("coupon", Id{3}, {});  // a missing value is taken by nobody
    const Problem insert = problem_of([&] { ground.put("coupon", Id{4}, {{"code", Value("SECRET")}}); });
    const Problem update = problem_of([&] { ground.put("coupon", Id{2}, {{"code", Value("SECRET")}}, false); });
    for (const Problem& problem : {insert, update}) {
      CHECK(problem.code == Code::duplicate);
      CHECK(problem.entity == "coupon");
      CHECK(problem.field == "code");
      CHECK((problem.message + problem.hint).find("SECRET") == std::string::npos);
    }
    ground.put("coupon", Id{1}, {{"code", Value("SECRET")}}, false);
    ground.put("coupon", Id{1}, {{"code", Value("OTHER")}}, false);
    ground.put("coupon", Id{2}, {{"code", Value("SECRET")}}, false);
    CHECK(ids_of(*ground.store().read(), all("coupon")) == Ids{1, 2, 3});
  });
}

TEST_CASE("conformance: a compound key is taken only where all of its fields agree") {
  on_every_store([](StoreGround& ground) {
    const auto identity = [](const char* entity, const char* system, const char* external_id) {
      return Cells{{"entity", Value(entity)}, {"system", Value(system)}, {"external_id", Value(external_id)}};
    };
    ground.put("identity", Id{1}, identity("customer", "erp", "7"));
    ground.put("identity", Id{2}, identity("customer", "erp", "8"));
    ground.put("identity", Id{3}, identity("customer", "er", "p7"));
    ground.put("identity", Id{4}, identity("order", "erp", "7"));
    ground.put("identity", Id{5}, identity("customer", "erp", ""));
    ground.put("identity", Id{6}, identity("customer", "erp", ""));
    const Problem problem = problem_of([&] { ground.put("identity", Id{7}, identity("customer", "erp", "7")); });
    CHECK(problem.code == Code::duplicate);
    CHECK(problem.entity == "identity");
    CHECK(!problem.field.empty());
    const Where where = Where::all({Where::equal("entity", "customer"), Where::equal("system", "erp"),
                                    Where::in("external_id", {Value("7"), Value("8")})});
    CHECK(ids_of(*ground.store().read(), {.entity = "identity", .where = where}) == Ids{1, 2});
  });
}

TEST_CASE("conformance: numbers are given once, ascending, an entity at a time") {
  on_every_store([](StoreGround& ground) {
    std::vector<std::int64_t> given;
    for (int round = 0; round < 3; ++round) {
      ground.write([&](Writer& writer) {
        const Id first = writer.allocate(writer.schema()->entity("customer"), 3);
        const Id next = writer.allocate(writer.schema()->entity("customer"), 1);
        CHECK(next.value == first.value + 3);
        for (std::int64_t i = 0; i < 4; ++i) given.push_back(first.value + i);
        put_row(writer, "customer", next, {});
        CHECK(writer.allocate(writer.schema()->entity("order"), 1).value == round + 1);
      });
      if (round == 1) ground.reopen();
    }
    CHECK(given.front() > 0);
    CHECK(std::is_sorted(given.begin(), given.end()));
    CHECK(std::adjacent_find(given.begin(), given.end()) == given.end());
    ground.write([&](Writer& writer) {
      const std::vector<Id> newest{Id{given.back()}};
      writer.erase(writer.schema()->entity("customer"), newest);
    });
    ground.reopen();
    ground.write(
        [&](Writer& writer) { CHECK(writer.allocate(writer.schema()->entity("customer"), 1).value > given.back()); });
  });
}

TEST_CASE("conformance: settings are kept, replaced and seen as of the snapshot") {
  on_every_store([](StoreGround& ground) {
    const auto before = ground.store().read();
    ground.write([](Writer& writer) {
      writer.set_setting("colour", "red");
      writer.set_setting("colour", "blue");
      CHECK(writer.setting("colour") == "blue");
    });
    const auto between = ground.store().read();
    ground.write([](Writer& writer) { writer.set_setting("colour", std::string("a\0b", 3)); });
    CHECK(before->setting("colour").empty());
    CHECK(between->setting("colour") == "blue");
    CHECK(ground.store().read()->setting("colour") == std::string("a\0b", 3));
    CHECK(ground.store().read()->setting("unset").empty());
    ground.write([](Writer& writer) { writer.set_setting("colour", ""); });
    CHECK(ground.store().read()->setting("colour").empty());
  });
}

TEST_CASE("conformance: journal entries are numbered, chained and found by position, version and operation") {
  on_every_store([](StoreGround& ground) {
    std::vector<JournalEntry> written;
    for (int i = 1; i <= 5; ++i) {
      ground.write([&](Writer& writer) {
        JournalEntry entry = made_entry(i % 2 == 0 ? "op-" + std::to_string(i) : "");
        entry.reason = "round " + std::to_string(i);
        entry.actor = Id{i};
        const std::int64_t promised = writer.next_version();
        writer.append(entry);
        CHECK(entry.position == i);
        CHECK(entry.version == promised);
        CHECK(entry.hash == chain_hash(entry, written.empty() ? Hash{} : written.back().hash));
        CHECK(writer.info().position == i);
        CHECK(writer.info().head == entry.hash);
        written.push_back(entry);
      });
    }
    ground.reopen();
    const auto reader = ground.store().read();
    CHECK(reader->info().position == 5);
    CHECK(reader->info().head == written.back().hash);
    const std::vector<JournalEntry> some = reader->journal(1, 3);
    REQUIRE(some.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      const JournalEntry& expected = written[i + 1];
      CHECK(some[i].position == expected.position);
      CHECK(some[i].version == expected.version);
      CHECK(some[i].at == expected.at);
      CHECK(some[i].actor == expected.actor);
      CHECK(some[i].op_id == expected.op_id);
      CHECK(some[i].reason == expected.reason);
      CHECK(some[i].count == 1);
      CHECK(some[i].changes == expected.changes);
      CHECK(some[i].root == expected.root);
      CHECK(some[i].hash == expected.hash);
    }
    CHECK(reader->journal(5, 10).empty());
    CHECK(reader->journal(0, 100).size() == 5);
    REQUIRE(reader->operation("op-4"));
    CHECK(reader->operation("op-4")->position == 4);
    CHECK(!reader->operation("op-5"));
    CHECK(!reader->operation(""));
    REQUIRE(reader->entry(written[2].version));
    CHECK(reader->entry(written[2].version)->position == 3);
    CHECK(!reader->entry(6));
    CHECK(!reader->entry(0));
    CHECK(problem_of([&] {
            ground.write([](Writer& writer) {
              JournalEntry entry = made_entry("op-2");
              writer.append(entry);
            });
          }).code == Code::duplicate);
  });
}

TEST_CASE("conformance: forgotten entries are gone with their operation ids, for snapshots that come after") {
  on_every_store([](StoreGround& ground) {
    for (int i = 1; i <= 6; ++i)
      ground.write([&](Writer& writer) {
        JournalEntry entry = made_entry("op-" + std::to_string(i));
        writer.append(entry);
      });
    const auto before = ground.store().read();
    const Hash head = before->info().head;
    const auto positions = [](Reader& reader, std::int64_t after) {
      Ids found;
      for (const JournalEntry& entry : reader.journal(after, 100)) found.push_back(entry.position);
      return found;
    };
    {
      const auto writer = ground.store().write();
      writer->forget_entries(2);  // undone with its writer
      CHECK(positions(*writer, 0) == Ids{3, 4, 5, 6});
      CHECK(!writer->operation("op-2"));
    }
    CHECK(ground.store().read()->operation("op-2")->position == 2);
    ground.write([&](Writer& writer) {
      CHECK(problem_of([&] { writer.forget_entries(6); }).code == Code::misuse);
      writer.forget_entries(4);
      writer.forget_entries(3);
    });
    CHECK(positions(*before, 0) == Ids{1, 2, 3, 4, 5, 6});
    CHECK(before->entry(2)->op_id == "op-2");
    for (int round = 0; round < 2; ++round) {
      const auto reader = ground.store().read();
      CHECK(positions(*reader, 0) == Ids{5, 6});
      CHECK(positions(*reader, 5) == Ids{6});
      CHECK(!reader->entry(4));
      CHECK(reader->entry(5)->position == 5);
      CHECK(!reader->operation("op-4"));
      CHECK(reader->operation("op-5")->position == 5);
      CHECK(reader->info().position == 6);
      CHECK(reader->info().head == head);
      if (round == 0) {
        const auto undone = ground.store().write();
        JournalEntry entry = made_entry("op-4");
        undone->append(entry);
        CHECK(undone->operation("op-4")->position == 7);
      }
    }
    ground.write([](Writer& writer) {
      JournalEntry entry = made_entry("op-4");
      writer.append(entry);
    });
    CHECK(problem_of([&] {
            ground.write([](Writer& writer) {
              JournalEntry entry = made_entry("op-4");
              writer.append(entry);
            });
          }).code == Code::duplicate);
  });
}

TEST_CASE("conformance: a journal without its beginning is there again when the store is opened again") {
  on_every_store([](StoreGround& ground) {
    for (int i = 1; i <= 5; ++i)
      ground.write([&](Writer& writer) {
        JournalEntry entry = made_entry("op-" + std::to_string(i));
        writer.append(entry);
        if (i == 4) writer.forget_entries(3);
      });
    ground.reopen();
    const auto reader = ground.store().read();
    CHECK(reader->journal(0, 10).front().position == 4);
    CHECK(reader->info().position == 5);
    CHECK(!reader->operation("op-3"));
    CHECK(reader->operation("op-5")->position == 5);
  });
}

TEST_CASE("conformance: a field added at run time is there at once, and in other snapshots only later") {
  on_every_store([](StoreGround& ground) {
    ground.put("customer", Id{1}, {{"country", Value("PT")}});
    auto before = ground.store().read();
    const std::uint64_t version = before->info().schema_version;
    ground.write([&](Writer& writer) {
      const SchemaPtr old = writer.schema();
      writer.add_field(old->custom({"customer", "shoe_size", Type::decimal, field_flag::indexed, "in cm"}));
      writer.add_field(writer.schema()->custom({"customer", "motto", Type::text, 0, ""}));
      CHECK(writer.schema()->entity("customer").fields.size() == old->entity("customer").fields.size() + 2);
      put_row(writer, "customer", Id{2}, {{"x_shoe_size", Value(Decimal::of(245, 1))}, {"x_motto", Value("go")}});
      put_row(writer, "customer", Id{3}, {{"x_shoe_size", Value(Decimal(23))}});
      CHECK(ids_of(writer, {.entity = "customer", .where = Where::equal("x_shoe_size", Value(Decimal(23)))}) == Ids{3});
    });
    CHECK(before->schema()->entity("customer").find("x_shoe_size") == nullptr);
    CHECK(ids_of(*before, all("customer")) == Ids{1});
    CHECK(read_row(*before, "customer", Id{1}).get("country") == Value("PT"));
    before.reset();
    for (int round = 0; round < 2; ++round) {
      if (round == 1) ground.reopen();
      const auto reader = ground.store().read();
      CHECK(reader->info().schema_version > version);
      CHECK(reader->schema()->version() == reader->info().schema_version);
      const Field* field = reader->schema()->entity("customer").find("x_shoe_size");
      REQUIRE(field != nullptr);
      CHECK(field->type == Type::decimal);
      CHECK(field->doc == "in cm");
      CHECK(read_row(*reader, "customer", Id{1}).get("x_shoe_size") == Value());
      CHECK(read_row(*reader, "customer", Id{2}).get("x_motto") == Value("go"));
      CHECK(ids_of(*reader, {.entity = "customer", .order = {{"x_shoe_size", true}}}) == Ids{2, 3, 1});
      CHECK(ids_of(*reader, {.entity = "customer", .order = {{"x_shoe_size"}}, .limit = 1}) == Ids{1, 3, 2});
    }
  });
}

TEST_CASE("conformance: writers take turns, and one that waits too long is told so") {
  const OpenOptions impatient{.wait = std::chrono::milliseconds(50)};
  on_every_store(
      [](StoreGround& ground) {
        auto holder = ground.store().write();
        CHECK(problem_of([&] {
                std::thread([&] { CHECK(problem_of([&] { ground.store().write(); }).code == Code::busy); }).join();
              }).code == Code::ok);
        put_row(*holder, "customer", Id{1}, {});
        holder->commit();
        holder.reset();
        ground.put("customer", Id{2}, {});
        CHECK(ids_of(*ground.store().read(), all("customer")) == Ids{1, 2});
      },
      impatient);
}

TEST_CASE("conformance: threads that count up together lose nothing") {
  on_every_store([](StoreGround& ground) {
    ground.put("customer", Id{1}, {{"employees", Value(0)}});
    const auto count_up = [&] {
      for (int i = 0; i < 100; ++i) {
        ground.write([](Writer& writer) {
          const Value before = read_row(writer, "customer", Id{1}).get("employees");
          put_row(writer, "customer", Id{1}, {{"employees", Value(before.integer() + 1)}}, false);
        });
        const auto reader = ground.store().read();
        CHECK(read_row(*reader, "customer", Id{1}).get("employees").integer() > i);
      }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(count_up);
    for (std::thread& thread : threads) thread.join();
    CHECK(read_row(*ground.store().read(), "customer", Id{1}).get("employees") == Value(400));
  });
}
