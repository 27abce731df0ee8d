#include "emptor/session/session.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

#include "emptor/core/error.hpp"
#include "emptor/model/party.hpp"
#include "emptor/model/sales.hpp"
#include "emptor/model/system.hpp"
#include "emptor/store/open.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;

namespace {

struct InMemory {
  std::unique_ptr<Store> open(const OpenOptions& options) { return open_memory(options); }
};

struct InFile {
  test::TempFolder folder;
  std::unique_ptr<Store> open(const OpenOptions& options) { return open_sqlite(folder.file("test.emptor"), options); }
};

const OpenOptions made{.create = true, .durability = Durability::off, .currency = *Currency::parse("EUR")};

// A store, a clock that stands where the test puts it, and keys that are the same every time.
struct Stage {
  std::unique_ptr<Store> store;
  Instant now{1'700'000'000'000'000};
  Session session{*store,
                  {.clock = [this] { return now; },
                   .entropy =
                       [this](std::span<std::byte> out) {
                         for (auto& b : out) b = std::byte(next++);
                       }}};
  unsigned next = 1;

  Id customer(std::string_view name) {
    ChangeSet set;
    set.put("customer").set("name", name);
    return session.apply(set).ids.front();
  }
};

Code code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return Code::ok;
}

}  // namespace

TEST_CASE_TEMPLATE("[B1] session: a record put is read back with its id, version and folded name", Kind, InMemory,
                   InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  const Id id = f.customer("Ängström  AB");
  const auto record = f.session.view().get("customer", id);
  REQUIRE(record);
  CHECK(record->get("name").text() == "Ängström  AB");
  CHECK(record->get("name_key").text() == "angstrom ab");
  CHECK(record->version() == 1);
  CHECK(record->as<Customer>().name == "Ängström  AB");
}

TEST_CASE_TEMPLATE("session: a put with an id changes the named fields and leaves the others", Kind, InMemory, InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  const Id id = f.customer("Ann");
  ChangeSet set;
  set.put("customer", id).set("city", "Bonn");
  const Receipt receipt = f.session.apply(set);
  CHECK(receipt.updated == 1);
  const auto record = f.session.view().get("customer", id);
  CHECK(record->get("name").text() == "Ann");
  CHECK(record->get("city").text() == "Bonn");
  CHECK(record->version() == 2);
}

TEST_CASE_TEMPLATE("session: a put that changes nothing writes nothing", Kind, InMemory, InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  const Id id = f.customer("Ann");
  ChangeSet set;
  set.put("customer", id).set("name", "Ann");
  const Receipt receipt = f.session.apply(set);
  CHECK(receipt.unchanged == 1);
  CHECK(receipt.position == 0);
  CHECK(f.session.view().info().position == 1);
}

TEST_CASE_TEMPLATE("session: records of one set refer to each other by provisional ids", Kind, InMemory, InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  ChangeSet set;
  const Id customer = set.put("customer").set("name", "Ann").id();
  const Id order = set.put("order").set("customer_id", customer).set("ordered_at", Instant{5}).id();
  set.put("order_line").set("order_id", order).set("customer_id", customer).set("amount", Decimal::of(1250, 2));
  const Receipt receipt = f.session.apply(set);
  const View view = f.session.view();
  const auto line = view.get("order_line", receipt.ids[2]);
  REQUIRE(line);
  CHECK(line->get("order_id").id() == receipt.ids[1]);
  CHECK(line->get("origin_id").id() == receipt.ids[0]);
  CHECK(line->get("base_amount").decimal() == Decimal::of(125, 1));
}

TEST_CASE_TEMPLATE("[G8] session: an upsert by identity makes the record once and finds it again", Kind, InMemory,
                   InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  ChangeSet set;
  set.put("customer").by("erp", "C-1").set("name", "Ann");
  set.put("customer").by("erp", "C-2").set("name", "Bo");
  set.put("customer").by("erp", "C-1").set("city", "Bonn");
  const Receipt first = f.session.apply(set);
  CHECK(first.ids[0] == first.ids[2]);
  CHECK(first.inserted == 2);
  const Receipt second = f.session.apply(set);
  CHECK(second.ids == first.ids);
  CHECK(second.unchanged == 2);
  const auto found = f.session.view().find("customer", "erp", "C-1");
  REQUIRE(found);
  CHECK(found->get("city").text() == "Bonn");
  CHECK_FALSE(f.session.view().find("order", "erp", "C-1"));
}

TEST_CASE_TEMPLATE("session: every problem of a set is reported, none of it is written, and no value is quoted", Kind,
                   InMemory, InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  ChangeSet set;
  set.put("customer").set("nmae", "Secret").set("kind", "alien");
  set.put("order_line").set("quantity", "three");
  set.put("order").set("customer_id", Id{77});
  try {
    f.session.apply(set);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.problems().size() == 5);
    CHECK(error.problems()[0].field == "nmae");
    CHECK(error.problems()[0].row == 0);
    const auto has = [&](std::string_view entity, std::string_view field) {
      return std::any_of(error.problems().begin(), error.problems().end(),
                         [&](const Problem& p) { return p.entity == entity && p.field == field; });
    };
    CHECK(has("customer", "kind"));
    CHECK(has("order_line", "quantity"));
    CHECK(has("order_line", "order_id"));
    CHECK(has("order", "customer_id"));
    for (const Problem& problem : error.problems()) {
      CHECK(problem.message.find("Secret") == std::string::npos);
      CHECK_FALSE(problem.hint.empty());
    }
  }
  CHECK(f.session.view().info().position == 0);
  CHECK(f.session.view().count("customer") == 0);
}

TEST_CASE_TEMPLATE("session: unknown entities, foreign ids and kept entities are refused by name", Kind, InMemory,
                   InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  const auto apply = [&](const auto& fill) {
    ChangeSet set;
    fill(set);
    return code_of([&] { f.session.apply(set); });
  };
  CHECK(apply([](ChangeSet& s) { s.put("costumer"); }) == Code::not_found);
  CHECK(apply([](ChangeSet& s) { s.put("customer", Id{99}).set("city", "x"); }) == Code::not_found);
  CHECK(apply([](ChangeSet& s) { s.put("customer_summary").set("orders", 5); }) == Code::invalid);
  CHECK(apply([](ChangeSet& s) { s.put("customer").set("version", 5); }) == Code::invalid);
  CHECK(apply([](ChangeSet& s) { s.put("customer").set("name", "\xff\xfe"); }) == Code::invalid);
  CHECK(apply([](ChangeSet& s) { s.erase("customer", Id{-1}); }) == Code::misuse);
  CHECK(apply([](ChangeSet& s) { s.put("customer", Id{-9}).set("city", "x"); }) == Code::misuse);
}

TEST_CASE_TEMPLATE("session: an expected version that no longer holds is a conflict", Kind, InMemory, InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  const Id id = f.customer("Ann");
  ChangeSet set;
  set.put("customer", id).expect(1).set("city", "Bonn");
  f.session.apply(set);
  CHECK(code_of([&] { f.session.apply(set); }) == Code::conflict);
  CHECK(f.session.view().info().position == 2);
}

TEST_CASE_TEMPLATE("[M9] session: an operation id is applied once and answers with the same receipt", Kind, InMemory,
                   InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  ChangeSet set;
  set.put("customer").set("name", "Ann");
  set.put("customer").by("erp", "1").set("name", "Bo");
  const Receipt first = f.session.apply(set, {.op_id = "call-1"});
  const Receipt again = f.session.apply(set, {.op_id = "call-1"});
  CHECK(again.repeated);
  CHECK(again.ids == first.ids);
  CHECK(again.versions == first.versions);
  CHECK(again.inserted == 2);
  CHECK(f.session.view().count("customer") == 2);
}

TEST_CASE_TEMPLATE("session: a dry run checks everything and writes nothing", Kind, InMemory, InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  ChangeSet set;
  set.put("customer").set("name", "Ann");
  CHECK(f.session.apply(set, {.dry_run = true}).inserted == 1);
  CHECK(f.session.view().count("customer") == 0);
  set.put("customer").set("kind", "alien");
  CHECK(code_of([&] { f.session.apply(set, {.dry_run = true}); }) == Code::invalid);
  CHECK(f.customer("Bo") == Id{1});
}

TEST_CASE_TEMPLATE("session: a deleted record is gone from reads, kept in history, and comes back by its identity",
                   Kind, InMemory, InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  ChangeSet set;
  set.put("customer").by("erp", "1").set("name", "Ann");
  const Id id = f.session.apply(set).ids.front();
  ChangeSet erase;
  erase.erase("customer", id);
  CHECK(f.session.apply(erase).erased == 1);
  CHECK_FALSE(f.session.view().get("customer", id));
  CHECK(f.session.view().get("customer", id, true));
  CHECK(f.session.view().count("customer") == 0);
  CHECK(code_of([&] { f.session.apply(erase); }) == Code::not_found);
  CHECK(f.session.apply(set).updated == 1);
  CHECK(f.session.view().get("customer", id));
  CHECK(f.session.verify().intact);
}

TEST_CASE_TEMPLATE("[M6] session: history and as_of give each version as it was, personal values included", Kind,
                   InMemory, InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  const Id id = f.customer("Ann");
  f.now.micros += 1000;
  ChangeSet second;
  second.put("customer", id).set("name", "Anna").set("tier", "gold");
  f.session.apply(second, {.reason = "spelling"});
  f.now.micros += 1000;
  ChangeSet third;
  third.put("customer", id).set("tier", Value());
  f.session.apply(third);

  const View view = f.session.view();
  const auto versions = view.history("customer", id);
  REQUIRE(versions.size() == 3);
  CHECK(versions[0].kind == ChangeKind::update);
  CHECK(versions[1].reason == "spelling");
  CHECK(versions[1].record.get("tier").text() == "gold");
  CHECK(versions[2].record.get("name").text() == "Ann");
  CHECK(versions[2].record.get("name_key").text() == "ann");
  CHECK(versions[2].kind == ChangeKind::insert);
  CHECK_FALSE(view.as_of("customer", id, Instant{f.now.micros - 2001}));
  CHECK(view.as_of("customer", id, Instant{f.now.micros - 1500})->get("name").text() == "Ann");
  CHECK(view.as_of("customer", id, f.now)->get("tier").present() == false);
}

TEST_CASE_TEMPLATE("session: the journal holds no personal value in the clear", Kind, InMemory, InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  const Id id = f.customer("Zarathustra");
  ChangeSet set;
  set.put("customer", id).set("name", "Ann").set("tier", "gold");
  f.session.apply(set);
  ChangeSet back;
  back.put("customer", id).set("tier", "silver");
  f.session.apply(back);
  std::string all;
  for (const JournalEntry& entry : f.store->read()->journal(0, 10)) all += entry.changes;
  CHECK(all.find("Zarathustra") == std::string::npos);
  CHECK(all.find("zarathustra") == std::string::npos);
  CHECK(all.find("gold") != std::string::npos);
}

TEST_CASE_TEMPLATE("session: the feed tells each change once, in order, from any position", Kind, InMemory, InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  const Id first = f.customer("Ann");
  const Id second = f.customer("Bo");
  Feed feed = f.session.view().feed(0, 100);
  REQUIRE(feed.items.size() == 2);
  CHECK(feed.items[0].id == first);
  CHECK(feed.items[1].id == second);
  CHECK(feed.items[1].entity == "customer");
  feed = f.session.view().feed(1, 100);
  CHECK(feed.items.size() == 1);
  CHECK(feed.position == 2);
  CHECK(f.session.view().feed(2, 100).items.empty());
}

TEST_CASE_TEMPLATE("session: customer_summary follows orders, lines, credit notes and deletions", Kind, InMemory,
                   InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  const Id ann = f.customer("Ann");
  ChangeSet set;
  const Id first = set.put("order").set("customer_id", ann).set("ordered_at", Instant{100}).id();
  const Id second = set.put("order").set("customer_id", ann).set("ordered_at", Instant{300}).id();
  const Id credit =
      set.put("order").set("customer_id", ann).set("ordered_at", Instant{400}).set("kind", "credit_note").id();
  set.put("order_line").set("order_id", first).set("customer_id", ann).set("amount", Decimal(10));
  set.put("order_line").set("order_id", second).set("customer_id", ann).set("amount", Decimal(20));
  set.put("order_line").set("order_id", credit).set("customer_id", ann).set("amount", Decimal(-5));
  const Receipt receipt = f.session.apply(set);
  auto summary = f.session.view().get("customer_summary", ann)->as<CustomerSummary>();
  CHECK(summary.orders == 2);
  CHECK(summary.revenue == Decimal(25));
  CHECK(summary.first_order_at == Instant{100});
  CHECK(summary.last_order_at == Instant{300});

  ChangeSet erase;
  erase.erase("order", receipt.ids[1]);
  erase.erase("order_line", receipt.ids[4]);
  f.session.apply(erase);
  summary = f.session.view().get("customer_summary", ann)->as<CustomerSummary>();
  CHECK(summary.orders == 1);
  CHECK(summary.revenue == Decimal(5));
  CHECK(summary.last_order_at == Instant{100});
  CHECK(f.session.verify().intact);
}

TEST_CASE_TEMPLATE("[M6] verify: a row or entry that was changed past the journal is found", Kind, InMemory, InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  const Id id = f.customer("Ann");
  f.customer("Bo");
  CHECK(f.session.verify().intact);
  CHECK(f.session.verify().records == 2);
  const auto writer = f.store->write();
  const Entity& customer = writer->schema()->entity("customer");
  Batch batch;
  writer->get(customer, std::span(&id, 1), batch);
  std::vector<Value> row;
  for (const Column& column : batch.columns) row.push_back(column.value(0));
  row[customer.field("tier").number] = Value("platinum");
  const Row changed(row);
  writer->put(customer, std::span(&changed, 1), false);
  writer->commit();
  const Verification found = f.session.verify();
  CHECK_FALSE(found.intact);
  REQUIRE(found.faults.size() == 1);
  CHECK(found.faults[0] == "customer 1 was changed without the journal");
  CHECK(f.session.verify(false).intact);
}

TEST_CASE_TEMPLATE("session: the clock may lag a little, but a jump back is refused unless asked for", Kind, InMemory,
                   InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  f.customer("Ann");
  f.now.micros -= 60 * micros_per_second;
  f.customer("Bo");
  const auto entries = f.store->read()->journal(0, 10);
  CHECK(entries[1].at == entries[0].at);
  f.now.micros -= micros_per_day;
  CHECK(code_of([&] { f.customer("Cy"); }) == Code::invalid);
}

TEST_CASE_TEMPLATE("[M11] session: a field declared at run time is written, found and kept like any other", Kind,
                   InMemory, InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  const Id id = f.customer("Ann");
  CHECK(f.session.define_field(
            {.entity = "customer", .name = "shoe_size", .type = Type::integer, .flags = field_flag::indexed}) ==
        "x_shoe_size");
  ChangeSet set;
  set.put("customer", id).set("x_shoe_size", 42);
  f.session.apply(set);
  const View view = f.session.view();
  CHECK(view.get("customer", id)->get("x_shoe_size").integer() == 42);
  CHECK(view.count("customer", Where::equal("x_shoe_size", 42)) == 1);
  CHECK_FALSE(view.history("customer", id)[1].record.get("x_shoe_size").present());
  CHECK(f.session.verify().intact);
}

TEST_CASE_TEMPLATE(
    "session: derived records left behind by an import read true, and are brought up to date by the next write", Kind,
    InMemory, InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  const Id ann = f.customer("Ann");
  ChangeSet set;
  const Id order = set.put("order").set("customer_id", ann).set("ordered_at", Instant{100}).id();
  set.put("order_line").set("order_id", order).set("customer_id", ann).set("amount", Decimal(10));
  constexpr std::string_view loaded[] = {"order", "order_line"};
  f.session.begin_load(loaded);
  f.session.apply(set);
  const Entity entity = f.store->read()->schema()->entity("customer_summary");
  const auto stored = [&] {
    Batch batch;
    f.store->read()->get(entity, std::span(&ann, 1), batch);
    return bool(batch.ids[0]);
  };
  CHECK_FALSE(stored());
  CHECK(f.session.view().get("customer_summary", ann)->as<CustomerSummary>().revenue == Decimal(10));
  CHECK(f.session.verify().intact);
  Session other(*f.store, f.session.options());
  ChangeSet bo;
  bo.put("customer").set("name", "Bo");
  other.apply(bo);
  CHECK(stored());
  CHECK(f.session.verify().intact);
  f.session.apply(set);
  f.session.settle();
  CHECK(f.session.view().get("customer_summary", ann)->as<CustomerSummary>().revenue == Decimal(20));
  CHECK(f.session.verify().intact);
}

TEST_CASE_TEMPLATE("session: every taken unique value is named with its change, in the set and in the store", Kind,
                   InMemory, InFile) {
  Kind kind;
  Stage f{kind.open(made)};
  const auto rate = [](ChangeSet& set, std::string_view currency, Decimal value) {
    set.put("exchange_rate").set("currency", currency).set("valid_from", Date{10}).set("rate", value);
  };
  ChangeSet first;
  rate(first, "USD", Decimal(2));
  f.session.apply(first);
  ChangeSet second;
  rate(second, "GBP", Decimal(1));
  rate(second, "USD", Decimal(3));
  rate(second, "GBP", Decimal(4));
  try {
    f.session.apply(second);
    FAIL("no error");
  } catch (const Error& error) {
    REQUIRE(error.problems().size() == 2);
    CHECK(error.problems()[0].code == Code::duplicate);
    CHECK(error.problems()[0].row == 1);
    CHECK(error.problems()[1].row == 2);
    CHECK(error.problems()[1].field == "currency, valid_from");
  }
  CHECK(f.session.view().count("exchange_rate") == 1);
}
