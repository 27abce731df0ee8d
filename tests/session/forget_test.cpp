// Legal erasure: nothing personal is left in any file, everything else is as it was, and the journal still proves
// itself.
//
// EMPTOR_RUNS is the number of people who are erased in the raw search.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "emptor/core/error.hpp"
#include "emptor/desk/contact_allowed.hpp"
#include "emptor/desk/export.hpp"
#include "emptor/desk/segments.hpp"
#include "emptor/insight/facts.hpp"
#include "emptor/model/party.hpp"
#include "emptor/session/audit.hpp"
#include "emptor/session/forget.hpp"
#include "emptor/session/search.hpp"
#include "session/batch_row.hpp"
#include "session/forget/subject.hpp"
#include "session/search/index.hpp"
#include "support/data.hpp"
#include "support/office.hpp"
#include "support/raw_search.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

std::size_t people_to_erase() {
  const char* text = std::getenv("EMPTOR_RUNS");
  return text == nullptr ? 6 : static_cast<std::size_t>(std::strtoull(text, nullptr, 10));
}

// A word that nobody else has, of lower-case letters: what is folded or cut into words is still it.
std::string marker(std::uint64_t number) {
  std::string word = "zq";
  Random random(number);
  for (int i = 0; i < 10; ++i) word += static_cast<char>('a' + random.below(26));
  return word;
}

/// Customers with records of every entity, each personal text a word of their own.
class People {
 public:
  explicit People(Store& store) : store_(store), session_(store, {.clock = [this] { return now; }}) {
    store.kept<seek::SearchMemory>()->set_segment_docs(16);
    for (const char* entity : {"customer", "interaction", "order"})
      session_.define_field({entity, "secret", Type::text, field_flag::personal, "of theirs"});
    schema_ = session_.view().schema_pointer();
    ChangeSet set;
    for (const Entity& entity : schema_->entities())
      if (entity.keeping == Keeping::journalled && !entity.customer_field && entity.name != "customer" &&
          entity.name != "identity" && entity.name != "permission")
        common_[entity.name] = set.put(entity.name).id();
    for (const auto& [name, id] : common_) {
      ChangeSet::Put put = set.put(name, id);
      fill(put, schema_->entity(name), no_id, [](const Field&) { return std::string("common text"); });
    }
    const Receipt receipt = session_.apply(set);
    std::size_t at = 0;
    for (auto& [name, id] : common_) id = receipt.ids[at++];
  }

  Id add(std::uint64_t number) {
    words_.clear();
    counter_ = number * 1'000;
    ChangeSet set;
    std::map<std::string, Id> own;
    own["customer"] = set.put("customer").by("shop", word()).id();
    for (const Entity& entity : schema_->entities())
      if (entity.keeping == Keeping::journalled && entity.customer_field)
        own[entity.name] = set.put(entity.name).by("shop", word()).id();
    own_ = own;
    for (const auto& [name, id] : own) {
      ChangeSet::Put put = set.put(name, id);
      fill(put, schema_->entity(name), own["customer"], [&](const Field&) { return word() + " " + word(); });
    }
    const Receipt receipt = session_.apply(set);
    own_.clear();
    const Id customer = receipt.ids[0];
    change(customer);
    values_[customer] = words_;
    now.micros += micros_per_second;
    return customer;
  }

  /// Every personal text becomes another.
  void change(Id customer) {
    ChangeSet set;
    const View view = session_.view();
    for (const Entity& entity : schema_->entities()) {
      if (entity.keeping != Keeping::journalled || (!entity.customer_field && entity.name != "customer")) continue;
      const std::string whose = entity.name == "customer" ? "id" : "customer_id";
      for (const Record& record : view.select({.entity = entity.name, .where = Where::equal(whose, customer)})) {
        ChangeSet::Put put = set.put(entity.name, record.id());
        for (const Field& field : entity.fields)
          if (is_marked(field)) put.set(field.name, word() + " " + word());
      }
    }
    session_.apply(set);
  }

  void relate(Id customer, Id other) {
    ChangeSet set;
    set.put("relationship").set("customer_id", other).set("related_id", customer).set("kind", "family");
    set.put("interaction").set("customer_id", other).set("contact_id", customer).set("subject", "about another");
    session_.apply(set);
  }

  const std::vector<std::string>& words_of(Id customer) const { return values_.at(customer); }
  Session& session() noexcept { return session_; }
  Store& store() noexcept { return store_; }
  Instant now{1'700'000'000'000'000};

 private:
  static bool is_marked(const Field& field) {
    return field.has(field_flag::personal) && field.type == Type::text && field.choices.empty() &&
           !field.has(field_flag::system);
  }
  std::string word() {
    words_.push_back(marker(++counter_));
    return words_.back();
  }

  template <class Text>
  void fill(ChangeSet::Put& put, const Entity& entity, Id customer, const Text& text) {
    for (const Field& field : entity.fields) {
      if (field.number < system_field::count || field.has(field_flag::system)) continue;
      if (field.has(field_flag::unique)) continue;
      if (field.type == Type::id) {
        fill_reference(put, entity, field, customer);
      } else if (is_marked(field)) {
        put.set(field.name, text(field));
      } else if (field.type == Type::text) {
        put.set(field.name, field.name == "entity" ? "customer" : plain_text(entity, field));
      } else {
        put.set(field.name, field.name == "live" ? Value(false) : plain_value(field));
      }
    }
  }

  void fill_reference(ChangeSet::Put& put, const Entity& entity, const Field& field, Id customer) {
    if (field.name == "origin_id" || field.name == "related_origin_id") return;
    if (field.reference == "customer") {
      if (customer && field.has(field_flag::owner)) put.set(field.name, customer);
      if (field.name == "related_id") put.set(field.name, customer);
      return;
    }
    if (field.reference == entity.name) return;
    const auto own = own_.find(field.reference);
    const auto common = common_.find(field.reference);
    if (own != own_.end())
      put.set(field.name, own->second);
    else if (common != common_.end())
      put.set(field.name, common->second);
  }

  static std::string_view plain_text(const Entity& entity, const Field& field) {
    if (!field.choices.empty()) return field.choices.front();
    if (field.name == "currency") return "EUR";
    if (entity.name == "segment" && field.name == "rule") return "name is present";
    if (field.name == "zone") return "UTC";
    return "plain";
  }
  static Value plain_value(const Field& field) {
    switch (field.type) {
      case Type::integer:
        return std::int64_t{7};
      case Type::decimal:
        return Value::of_bits(Type::decimal, 12'500'000);
      case Type::real:
        return 0.5;
      case Type::boolean:
        return true;
      case Type::date:
        return Value(Date{19'000});
      case Type::bytes:
        return Value::bytes("plain");
      default:
        return Value(Instant{1'690'000'000'000'000});
    }
  }

  Store& store_;
  Session session_;
  SchemaPtr schema_;
  std::map<std::string, Id> common_, own_;
  std::map<Id, std::vector<std::string>> values_;
  std::vector<std::string> words_;
  std::uint64_t counter_ = 0;
};

// What must not change, told as one text.
std::string totals(Session& session) {
  const View view = session.view();
  std::string text;
  for (const char* entity :
       {"customer", "order", "order_line", "payment", "interaction", "case", "opportunity", "contract"})
    text += std::string(entity) + " " + std::to_string(view.count(entity)) + "\n";
  for (const auto& [entity, field] : std::vector<std::pair<std::string, std::string>>{{"order_line", "base_amount"},
                                                                                      {"payment", "base_amount"},
                                                                                      {"contract", "amount"},
                                                                                      {"repair_order", "cost"},
                                                                                      {"customer_summary", "revenue"},
                                                                                      {"customer_summary", "orders"}}) {
    const Groups groups = view.aggregate({.entity = entity, .measures = {{Measure::sum, field}}});
    text += entity + "." + field + " " + std::to_string(groups.groups.front().results.front().bits()) + "\n";
  }
  const Facts facts = read_facts(session);
  std::int64_t amount = 0;
  for (std::size_t i = 0; i < facts.customers.size(); ++i)
    for (const std::int64_t each : facts.of(i).amount) amount += each;
  return text + "facts " + std::to_string(facts.rows) + " " + std::to_string(amount);
}

std::size_t words_found(Session& session, const std::vector<std::string>& words) {
  return static_cast<std::size_t>(std::ranges::count_if(
      words, [&](const std::string& word) { return !search(session, {.text = word}).hits.empty(); }));
}

// References of any record, deleted ones too, to what is not there.
std::vector<std::string> broken_references(Store& store) {
  std::vector<std::string> broken;
  const std::unique_ptr<Reader> reader = store.read();
  const SchemaPtr schema = reader->schema();
  for (const Entity& entity : schema->entities()) {
    if (entity.keeping != Keeping::journalled) continue;
    Query query{.entity = entity.name, .with_deleted = true};
    ScanKey key;
    Batch batch;
    for (bool more = true; more;) {
      more = reader->scan(query, key, batch);
      for (std::size_t i = 0; i < batch.rows(); ++i)
        for (const Field& field : entity.fields) {
          const Value value = batch.columns[field.number].value(i);
          if (field.reference.empty() || !value.present()) continue;
          const Entity* target = field.reference != "*"
                                     ? schema->find(field.reference)
                                     : schema->find(batch.columns[entity.field("entity").number].text(i));
          const Id id = value.id();
          Batch found;
          if (target != nullptr) reader->get(*target, std::span(&id, 1), found);
          if (target == nullptr || !found.ids[0]) broken.push_back(entity.name + "." + field.name);
        }
    }
  }
  return broken;
}

void write_file(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

void export_all(Session& session, const std::string& folder) {
  std::filesystem::create_directories(folder);
  const View view = session.view();
  for (const Entity& entity : view.schema().entities()) {
    if (entity.keeping == Keeping::system) continue;
    std::string csv, lines;
    export_csv(view, entity.name, [&](std::string_view text) { csv += text; }, {.with_deleted = true});
    export_json_lines(view, entity.name, [&](std::string_view text) { lines += text; }, {.with_deleted = true});
    write_file(folder + "/" + entity.name + ".csv", csv);
    write_file(folder + "/" + entity.name + ".jsonl", lines);
  }
  std::string journal;
  export_journal(view, {}, [&](std::string_view text) { journal += text; });
  write_file(folder + "/journal.jsonl", journal);
  write_file(folder + "/receipts.json", receipts_json(session));
}

// How much was found, and the first of it.
std::string told(const std::set<std::string>& found) {
  std::string text = std::to_string(found.size()) + " found";
  for (const std::string& one : found) {
    if (text.size() > 2'000) break;
    text += "\n" + one;
  }
  return text;
}
constexpr const char* nothing = "0 found";

std::set<std::string> found_in(const RawSearch& search, const std::filesystem::path& folder) {
  std::set<std::string> found;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
    if (file.is_regular_file())
      for (const std::string& one : search.in_file(file.path().string()))
        found.insert(file.path().filename().string() + ": " + one);
  return found;
}

}  // namespace

TEST_CASE("raw search: a value is found in each of its forms") {
  const std::string value = "Grüße 王小明 zq";
  RawSearch search;
  search.add(value);
  for (const auto& [form, bytes] : forms_of(value)) CHECK(search.in("\x01\x02" + bytes + "\xff").size() >= 1);
  CHECK(search.in("something else altogether").empty());
}

TEST_CASE("[A6] forget: nothing personal of the erased is left in any file, totals and references are as they were") {
  on_every_store([](StoreGround& ground) {
    const std::size_t count = people_to_erase();
    People people(ground.store());
    std::vector<Id> erased, others;
    for (std::size_t i = 0; i < 2 * count; ++i) (i % 2 == 0 ? erased : others).push_back(people.add(i + 1));
    for (std::size_t i = 0; i < count; ++i) people.relate(erased[i], others[i]);
    Session& session = people.session();
    RawSearch search, kept;
    for (const Id id : erased)
      for (const std::string& word : people.words_of(id)) search.add(word);
    for (const std::string& word : people.words_of(others.front())) kept.add(word);
    const std::string before = totals(session), folder = ground.folder().path().string();
    CHECK(words_found(session, people.words_of(erased.front())) > 20);

    std::filesystem::create_directories(folder + "/old");
    export_all(session, folder + "/old");
    ground.store().backup(folder + "/old/backup.emptor", {});
    // Every value is there before: each word in what was exported, most in the store's own bytes.
    CHECK(found_in(search, folder + "/old").size() >= search.size());
    if (!ground.store().path().empty())
      CHECK(search.in_file(ground.store().path()).size() + search.in_file(ground.store().path() + "-wal").size() >
            search.size() / 2);
    std::filesystem::remove_all(folder + "/old");

    for (const Id id : erased) {
      const Forgotten forgotten = session.forget_customer(id, {});
      CHECK(forgotten.clean);
      CHECK(forgotten.receipts.size() == 1);
      CHECK(forgotten.receipts.front().cleaned_at);
      CHECK(forgotten.emptied.at("identity") > 20);
      CHECK(forgotten.kept.at("order") == 1);
    }
    CHECK(totals(session) == before);
    CHECK(broken_references(ground.store()) == std::vector<std::string>());
    const Verification found = session.verify();
    CHECK(found.faults == std::vector<std::string>());
    CHECK(found.erasures == static_cast<std::int64_t>(count));
    CHECK(found.erased > static_cast<std::int64_t>(count) * 20);
    for (const Id id : erased) CHECK(words_found(session, people.words_of(id)) == 0);
    CHECK(words_found(session, people.words_of(others.front())) > 20);

    export_all(session, folder + "/new");
    ground.store().backup(folder + "/new/backup.emptor", {});
    const bool all = !ground.quirks().leaves_traces;
    if (!all) skip("forget: a host's log keeps what was replaced until it is compacted");
    const std::string looked_through = all ? folder : folder + "/new";
    CHECK(told(found_in(search, looked_through)) == nothing);
    CHECK_FALSE(found_in(kept, looked_through).empty());
    ground.reopen();
    CHECK(told(found_in(search, looked_through)) == nothing);
    Session again(ground.store());
    CHECK(again.verify().intact);
  });
}

TEST_CASE(
    "[A6] forget: what was before is missing in histories, journals and the past; what comes after is told again") {
  on_every_store([](StoreGround& ground) {
    People people(ground.store());
    Session& session = people.session();
    const Id gone = people.add(1), other = people.add(2);
    const Instant then = people.now;
    people.now.micros += micros_per_day;
    Session late(ground.store(), {.clock = [&] { return people.now; }});
    ChangeSet touch;
    touch.put("customer", gone).set("city", "Lisbon");
    late.apply(touch);  // it has the key at hand
    const Forgotten forgotten = session.forget_customer(gone, {.ground = "withdrawn"});
    people.now.micros += micros_per_day;

    for (const RecordVersion& version : session.view().history("customer", gone))
      for (const char* field : {"name", "city", "notes", "x_secret"}) CHECK_FALSE(version.record.get(field).present());
    CHECK(session.view().history("customer", gone).front().reason == "customer forgotten: withdrawn");
    {
      const AsOf past(session, then);
      const View view = session.view();
      CHECK_FALSE(view.get("customer", gone)->get("name").present());
      CHECK(view.get("customer", other)->get("name").present());
      CHECK(view.count("contact_point", Where::equal("customer_id", gone)) == 1);
      CHECK(view.count("order", Where::equal("customer_id", gone)) == 1);
    }
    std::string journal;
    export_journal(session.view(), {.customer = gone}, [&](std::string_view text) { journal += text; });
    CHECK(journal.find("zq") == std::string::npos);
    CHECK(session.view().as_of("customer", gone, then)->get("country").text() == "plain");

    ChangeSet back;
    back.put("customer", gone).set("name", "Ada Again");
    late.apply(back);
    back.clear();
    back.put("customer", gone).set("name", "Ada Once More");
    late.apply(back);
    const std::vector<RecordVersion> versions = session.view().history("customer", gone);
    CHECK(versions[0].record.get("name").text() == "Ada Once More");
    CHECK(versions[1].record.get("name").text() == "Ada Again");
    CHECK_FALSE(versions[2].record.get("name").present());
    CHECK(session.verify().faults == std::vector<std::string>());
    CHECK(forgotten.receipts.front().ground == "withdrawn");
  });
}

TEST_CASE("[A6] forget: a session that had the key at hand uses it no more, whatever it does first") {
  on_every_store([](StoreGround& ground) {
    Instant now{1'700'000'000'000'000};
    Session session(ground.store(), {.clock = [&] { return now; }});
    for (const bool settles : {false, true}) {
      ChangeSet set;
      set.put("customer").set("name", "Ada Lovelace");
      Session late(ground.store(), {.clock = [&] { return now; }});
      const Id gone = late.apply(set).ids.front();
      session.forget_customer(gone, {});
      if (settles) late.settle();
      set.clear();
      set.put("customer", gone).set("name", "Back Again");
      late.apply(set);
      CHECK(session.verify().faults == std::vector<std::string>());
    }
  });
}

TEST_CASE("[A6] forget: while somebody reads what was, the receipt says that the files still hold it") {
  TempFolder folder;
  const auto store = open_sqlite(folder.file("s.emptor"), {.create = true});
  People people(*store);
  Session& session = people.session();
  const Id gone = people.add(1);
  RawSearch search;
  for (const std::string& word : people.words_of(gone)) search.add(word);
  std::unique_ptr<Reader> reader = store->read();
  const std::size_t entities = reader->info().position > 0 ? 1 : 0;
  CHECK(entities == 1);
  const Forgotten forgotten = session.forget_customer(gone, {.wait = std::chrono::milliseconds(50)});
  CHECK_FALSE(forgotten.clean);
  CHECK_FALSE(erasure_receipts(session).front().cleaned_at);
  CHECK_FALSE(found_in(search, folder.path()).empty());
  CHECK(session.finish_forgetting(std::chrono::milliseconds(0)) == 1);
  reader.reset();
  CHECK(session.finish_forgetting(std::chrono::milliseconds(1000)) == 0);
  CHECK(erasure_receipts(session).front().cleaned_at);
  CHECK(told(found_in(search, folder.path())) == nothing);
  CHECK(session.finish_forgetting(std::chrono::milliseconds(0)) == 0);
}

TEST_CASE("[A6] forget: receipts are applied again to a restored backup, to the same people only") {
  on_every_store([](StoreGround& ground) {
    People people(ground.store());
    Session& session = people.session();
    const Id one = people.add(1), two = people.add(2);
    const std::string backup = ground.folder().file("older");
    ground.store().backup(backup, {});
    const Id late = people.add(3);
    for (const Id id : {one, late}) session.forget_customer(id, {});
    const std::string receipts = receipts_json(session);
    CHECK(to_json(forget_again(session, receipts)).find("\"forgotten\":[]") != std::string::npos);

    const std::unique_ptr<Store> restored = ground.quirks().open_backup(backup);
    Session old(*restored, {.clock = [&] { return people.now; }});
    ChangeSet set;
    set.put("customer").set("name", "Somebody Else");  // who has the number of the late one here
    CHECK(old.apply(set).ids.front() == late);
    const ForgottenAgain again = forget_again(old, receipts);
    CHECK(again.forgotten == std::vector<Id>{one});
    CHECK(again.unknown == std::vector<Id>{late});
    CHECK(again.clean);
    CHECK(erasure_receipts(old).front().cleaned_at);
    CHECK_FALSE(old.view().get("customer", one)->get("name").present());
    CHECK(old.view().get("customer", two)->get("name").present());
    CHECK(old.view().get("customer", late)->get("name").text() == "Somebody Else");
    CHECK(forget_again(old, receipts).before == std::vector<Id>{one});
    CHECK(old.verify().intact);
    CHECK(refusal_of([&] { forget_again(old, "{}"); }) == Code::invalid);
    StoreGround stranger(every_store().front());
    Session foreign(stranger.store());
    CHECK(refusal_of([&] { forget_again(foreign, receipts); }) == Code::invalid);
  });
}

TEST_CASE("[A6] forget: who was merged into the customer is forgotten with them, and a third one's records stay") {
  on_every_store([](StoreGround& ground) {
    Session session(ground.store());
    ChangeSet set;
    const Id first = set.put("customer").set("name", "Ada Lovelace").id();
    const Id second = set.put("customer").set("name", "A. Lovelace").id();
    const Id third = set.put("customer").set("name", "Third Person").id();
    const Id call = set.put("interaction").set("customer_id", second).set("body", "first words").id();
    const Id moved = set.put("interaction").set("customer_id", first).set("body", "of the third").id();
    const Receipt made = session.apply(set);
    const auto real = [&](Id id) { return made.ids[static_cast<std::size_t>(-id.value - 1)]; };
    set.clear();
    set.put("interaction", real(call)).set("customer_id", real(first)).set("body", "second words");
    set.put("interaction", real(moved)).set("customer_id", real(third));
    set.erase("customer", real(second));
    session.apply(set);
    const Forgotten forgotten = session.forget_customer(real(first), {});
    CHECK(forgotten.receipts.size() == 2);
    CHECK(forgotten.receipts.back().subject_id == real(second));
    const View view = session.view();
    CHECK_FALSE(view.get("interaction", real(call))->get("body").present());
    CHECK(view.get("interaction", real(moved))->get("body").text() == "of the third");
    for (const RecordVersion& version : view.history("interaction", real(call)))
      CHECK_FALSE(version.record.get("body").present());
    CHECK(session.verify().intact);
  });
}

TEST_CASE("[A6] forget: only the system and who may erase everything, and nothing is counted that they may not see") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id customer = office.customer("Ada Lovelace");
    office.put("interaction", {{"customer_id", Value(customer)}, {"body", Value("hidden words")}});
    const Id agent = office.user("Agent"), officer = office.user("Officer");
    office.allow(agent, "read", "all");
    office.allow(agent, "erase", "all", "customer");
    office.allow(officer, "erase", "all", "erasure_receipt");
    office.allow(officer, "read", "all", "customer");
    const auto refused = office.as(agent);
    CHECK(refusal_of([&] { refused->forget_customer(customer, {}); }) == Code::denied);
    CHECK(refusal_of([&] { refused->forget_customer(customer, {.dry_run = true}); }) == Code::denied);
    CHECK(refusal_of([&] { erasure_receipts(*refused); }) == Code::denied);
    CHECK(refusal_of([&] { refused->finish_forgetting(std::chrono::milliseconds(0)); }) == Code::denied);
    CHECK(refusal_of([&] { due_to_forget(*refused); }) == Code::denied);
    CHECK(refused->view().get("customer", customer)->get("name").present());

    const auto allowed = office.as(officer);
    CHECK(refusal_of([&] { allowed->forget_customer(Id{99}, {}); }) == Code::not_found);
    CHECK(refusal_of([&] { allowed->forget_customer(customer, {.ground = "because"}); }) == Code::invalid);
    const Forgotten planned = allowed->forget_customer(customer, {.dry_run = true});
    CHECK(planned.receipts.empty());
    CHECK(planned.kept == std::map<std::string, std::int64_t>{{"customer", 1}});
    CHECK(office.system().view().get("customer", customer)->get("name").present());
    const Forgotten forgotten = allowed->forget_customer(customer, {});
    CHECK(forgotten.receipts.front().user_id == officer);
    CHECK(forgotten.receipts.front().counts.empty());
    CHECK_FALSE(office.system().view().get("customer", customer)->get("name").present());
    CHECK(erasure_receipts(office.system()).front().counts == R"({"customer":"1","interaction":"1"})");
  });
}

TEST_CASE("[A6] forget: retention is a segment that forgets, on the store's clock and by a call only") {
  on_every_store([](StoreGround& ground) {
    Instant now{1'700'000'000'000'000};
    Session session(ground.store(), {.clock = [&] { return now; }});
    put_segment(session, {.name = "Long ago", .rule = "since < today - 730 days", .watched = true, .forgets = true});
    ChangeSet set;
    set.put("customer").set("name", "Old Friend").set("since", Value(Instant{now.micros - 700 * micros_per_day}));
    set.put("customer").set("name", "New Friend").set("since", Value(now));
    const Receipt made = session.apply(set);
    CHECK(due_to_forget(session).empty());
    now.micros += 60 * micros_per_day;
    set.clear();
    set.put("customer").set("name", "Passer By");
    session.apply(set);
    const std::vector<DueToForget> due = due_to_forget(session);
    REQUIRE(due.size() == 1);
    CHECK(due.front().customer == made.ids[0]);
    CHECK(due.front().since);
    CHECK(session.view().get("customer", made.ids[0])->get("name").text() == "Old Friend");
    CHECK(forget_due(session, 10, {.dry_run = true}).front().receipts.empty());
    const std::vector<Forgotten> forgotten = forget_due(session);
    REQUIRE(forgotten.size() == 1);
    CHECK(forgotten.front().clean);
    CHECK(forgotten.front().receipts.front().cleaned_at);
    CHECK(forgotten.front().receipts.front().ground == "expired");
    CHECK_FALSE(session.view().get("customer", made.ids[0])->get("name").present());
    CHECK(session.view().get("customer", made.ids[1])->get("name").present());
    CHECK(due_to_forget(session).empty());  // still in the segment, with nothing left to forget
    set.clear();
    set.put("customer", made.ids[0]).set("name", "Back Again");
    session.apply(set);
    CHECK(due_to_forget(session).size() == 1);
  });
}

TEST_CASE("[A6] forget: no entity of which rows stay needs something personal") {
  const Schema schema(described_entities(), std::span<const CatalogField>(), 1);
  for (const Entity& entity : schema.entities())
    for (const Field& field : entity.fields)
      if (!is_wholly_personal(entity) && entity.customer_field)
        CHECK_MESSAGE(!(field.has(field_flag::personal) && field.has(field_flag::required)), entity.name, ".",
                      field.name);
}

TEST_CASE("[A6] forget: a receipt that was made up is found by verify") {
  on_every_store([](StoreGround& ground) {
    People people(ground.store());
    const Id gone = people.add(1);
    people.session().forget_customer(gone, {});
    CHECK(people.session().verify().intact);
    ground.write([&](Writer& writer) {
      put_row(writer, "erasure_receipt", Id{77}, {{"subject_id", Value(gone)}, {"position", Value(std::int64_t{1})}});
      JournalEntry entry = made_entry();
      writer.append(entry);
    });
    CHECK_FALSE(people.session().verify().intact);
  });
}
