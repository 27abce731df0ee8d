// Random histories: change sets and questions through sessions on the memory and the SQLite store side by
// side, and on a model of a few maps; reopened every 100 steps. EMPTOR_STEPS sets the number of steps (the
// full run is 100000), EMPTOR_SEED the seed. The idea is that of LevelDB's db_test.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "emptor/core/error.hpp"
#include "emptor/store/copy.hpp"
#include "support/history_model.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_entropy.hpp"
#include "support/store_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

struct FieldUse {
  std::string name;
  Type type;
  std::vector<std::string> choices;  ///< of texts; any where empty
  std::string refers_to;             ///< of ids
};

struct EntityUse {
  std::string name;
  std::vector<FieldUse> fields;
  std::vector<std::string> required;
};

const std::vector<EntityUse>& uses() {
  static const std::vector<EntityUse> entities{{"customer",
                                                {{"kind", Type::text, {"person", "organisation"}, ""},
                                                 {"name", Type::text, {}, ""},
                                                 {"country", Type::text, {"PT", "DE", "CN", "BR", "中国", "ß"}, ""},
                                                 {"city", Type::text, {}, ""},
                                                 {"employees", Type::integer, {}, ""},
                                                 {"annual_revenue", Type::decimal, {}, ""},
                                                 {"birth_date", Type::date, {}, ""},
                                                 {"since", Type::instant, {}, ""},
                                                 {"parent_id", Type::id, {}, "customer"}},
                                                {}},
                                               {"product",
                                                {{"name", Type::text, {}, ""},
                                                 {"category", Type::text, {"tea", "coffee", "cups"}, ""},
                                                 {"price", Type::decimal, {}, ""},
                                                 {"active", Type::boolean, {}, ""}},
                                                {"name"}},
                                               {"order",
                                                {{"customer_id", Type::id, {}, "customer"},
                                                 {"number", Type::text, {}, ""},
                                                 {"kind", Type::text, {"sale", "credit_note"}, ""},
                                                 {"ordered_at", Type::instant, {}, ""},
                                                 {"freight", Type::decimal, {}, ""}},
                                                {}},
                                               {"order_line",
                                                {{"order_id", Type::id, {}, "order"},
                                                 {"customer_id", Type::id, {}, "customer"},
                                                 {"product_id", Type::id, {}, "product"},
                                                 {"quantity", Type::decimal, {}, ""},
                                                 {"amount", Type::decimal, {}, ""},
                                                 {"currency", Type::text, {"EUR", "USD"}, ""},
                                                 {"source_key", Type::integer, {}, ""}},
                                                {"order_id"}},
                                               {"interaction",
                                                {{"customer_id", Type::id, {}, "customer"},
                                                 {"channel", Type::text, {"phone", "email", "visit"}, ""},
                                                 {"at", Type::instant, {}, ""},
                                                 {"subject", Type::text, {}, ""}},
                                                {}},
                                               {"coupon",
                                                {{"promotion_id", Type::id, {}, "promotion"},
                                                 {"code", Type::text, {"A1", "B2", "C3", "D4", "E5", "F6"}, ""},
                                                 {"amount", Type::decimal, {}, ""}},
                                                {"promotion_id"}},
                                               {"promotion", {{"name", Type::text, {}, ""}}, {"name"}}};
  return entities;
}

// One store with the sessions that write to it in turn.
class Side {
 public:
  Side(const Quirks& quirks, std::uint64_t seed, const ManualClock& clock)
      : entropy_(seeded_entropy(seed)), clock_(clock), ground_(quirks, options(seed)) {
    open_sessions();
  }

  Session& session(std::size_t which) { return *sessions_[which % sessions_.size()]; }
  Store& store() { return ground_.store(); }
  const std::string& name() const { return ground_.quirks().name; }
  void reopen() {
    sessions_.clear();
    ground_.reopen();
    open_sessions();
  }

 private:
  static OpenOptions options(std::uint64_t seed) {
    OpenOptions options{.durability = Durability::off, .currency = *Currency::parse("EUR")};
    options.entropy = seeded_entropy(seed + 1);
    return options;
  }
  void open_sessions() {
    for (std::int64_t user = 1; user <= 2; ++user)
      sessions_.push_back(std::make_unique<Session>(
          ground_.store(), SessionOptions{.actor = {.user = Id{user}}, .clock = clock_.clock(), .entropy = entropy_}));
  }

  Entropy entropy_;
  const ManualClock& clock_;
  StoreGround ground_;
  std::vector<std::unique_ptr<Session>> sessions_;
};

// What became of one change set on one side.
struct Outcome {
  std::optional<Receipt> receipt;
  std::vector<Code> codes;
  std::string told;  ///< in words, for failures of the test

  bool has(Code code) const { return std::find(codes.begin(), codes.end(), code) != codes.end(); }
};

struct Mix {
  std::uint64_t steps = 0, writes = 0, written = 0, refused = 0, repeated = 0, revived = 0, changes = 0;
  std::uint64_t gets = 0, queries = 0, queries_with_rows = 0, rows = 0, histories = 0, reopenings = 0, compared = 0;

  void print(std::uint64_t seed) const {
    std::printf(
        "history: seed %llu, %llu steps: %llu writes (%llu done with %llu changes, %llu refused as they should be, "
        "%llu repeated, %llu deleted records revived), %llu gets, %llu queries (%llu with rows, %llu rows), "
        "%llu histories, %llu reopenings, %llu records compared field by field\n",
        u(seed), u(steps), u(writes), u(written), u(changes), u(refused), u(repeated), u(revived), u(gets), u(queries),
        u(queries_with_rows), u(rows), u(histories), u(reopenings), u(compared));
  }
  static unsigned long long u(std::uint64_t value) { return value; }
};

class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed) {
    for (const Quirks& quirks : every_store()) sides_.push_back(std::make_unique<Side>(quirks, seed, clock_));
    for (const EntityUse& entity : uses())
      if (entity.name == "promotion") write({insert(entity)}, {}, Code::ok);
  }

  void step() {
    ++mix_.steps;
    clock_.advance_seconds(static_cast<std::int64_t>(random_.below(3000)));
    switch (random_.below(9)) {
      case 0:
      case 1:
        return write_step();
      case 2:
      case 3:
        return get_step();
      case 4:
        return history_step();
      case 5:
        return aggregate_step();
      default:
        return query_step();
    }
  }

  void reopen() {
    ++mix_.reopenings;
    for (const auto& side : sides_) side->reopen();
  }

  void compare_everything() {
    for (const EntityUse& entity : uses()) compare_entity(entity.name);
    compare_derived();
    for (const auto& side : sides_) {
      CAPTURE(side->name());
      const View view = side->session(0).view();
      CHECK(view.info().position == model_.position());
      CHECK(view.info().head == sides_[0]->session(0).view().info().head);
      CHECK(state_hash(*side->store().read()) == state_hash(*sides_[0]->store().read()));
      CHECK(view.count("identity") == static_cast<std::int64_t>(model_.identities()));
    }
  }

  void verify() {
    for (const auto& side : sides_) {
      CAPTURE(side->name());
      const Verification found = side->session(0).verify(true);
      CHECK(found.faults == std::vector<std::string>{});
      CHECK(found.intact);
      CHECK(found.entries == model_.position());
    }
  }

  const Mix& mix() const { return mix_; }

 private:
  bool chance(std::uint64_t one_in) { return random_.below(one_in) == 0; }
  template <class Items>
  const auto& any_of(const Items& items) {
    return items[random_.below(items.size())];
  }

  // ---- change sets

  Cell make_cell(const FieldUse& field) {
    switch (field.type) {
      case Type::id:
        return {Type::id, live(field.refers_to), {}};
      case Type::text:
        return {Type::text, 0, field.choices.empty() ? make_text() : any_of(field.choices)};
      case Type::boolean:
        return {Type::boolean, static_cast<std::int64_t>(random_.below(2)), {}};
      case Type::decimal:
        return {Type::decimal, static_cast<std::int64_t>(random_.below(2'000'000'000)) - 500'000'000, {}};
      case Type::date:
        return {Type::date, static_cast<std::int64_t>(random_.below(20'000)) - 3000, {}};
      case Type::instant:
        return {Type::instant, static_cast<std::int64_t>(random_.below(1'700'000'000)) * 1'000'000, {}};
      default:
        return {Type::integer, static_cast<std::int64_t>(random_.below(2000)) - 200, {}};
    }
  }

  std::string make_text() {
    static const std::vector<std::string> parts{"Ana",  "Öz", "王", " ", "o'Neil", "\"q\"",
                                                "100%", "_",  "é",  "z", "\n",     "Ana"};
    std::string text = any_of(parts);
    for (std::uint64_t more = random_.below(4); more > 0; --more) text += any_of(parts);
    return chance(500) ? std::string(5000, 'x') + text : text;
  }

  // The id of a record that is not deleted; 0 where there is none.
  std::int64_t live(const std::string& entity) {
    const HistoryModel::Records& records = model_.of(entity);
    if (records.empty()) return 0;
    for (int tries = 0; tries < 8; ++tries) {
      auto at = records.lower_bound(
          1 + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(records.rbegin()->first))));
      if (!at->second.deleted) return at->first;
    }
    return 0;
  }

  MeantChange insert(const EntityUse& entity) {
    MeantChange change{.entity = entity.name};
    fill(change, entity, 2);
    for (const std::string& name : entity.required) {
      const auto field = std::find_if(entity.fields.begin(), entity.fields.end(),
                                      [&](const FieldUse& use) { return use.name == name; });
      change.cells.emplace_back(name, make_cell(*field));
    }
    return change;
  }

  // Sets each field with a chance of one in `one_in`; now and then it is cleared.
  void fill(MeantChange& change, const EntityUse& entity, std::uint64_t one_in) {
    for (const FieldUse& field : entity.fields) {
      if (!chance(one_in)) continue;
      const bool needed =
          std::find(entity.required.begin(), entity.required.end(), field.name) != entity.required.end();
      const bool clear = !needed && field.type == Type::text && chance(8);
      change.cells.emplace_back(field.name, clear ? Cell{Type::text, 0, {}} : make_cell(field));
    }
  }

  MeantChange make_change() {
    static const std::vector<std::size_t> often{0, 0, 0, 1, 2, 2, 3, 3, 3, 4, 5};
    const EntityUse& entity = uses()[any_of(often)];
    const std::int64_t id = live(entity.name);
    if (id == 0 || chance(3)) {
      MeantChange change = insert(entity);
      if (chance(4)) {
        change.system = chance(2) ? "erp" : "shop";
        change.external_id = std::to_string(random_.below(400));
      }
      return change;
    }
    MeantChange change{.entity = entity.name, .id = Id{id}};
    const bool lasting = entity.name == "customer" || entity.name == "order" || entity.name == "product";
    if (chance(lasting ? 40 : 12)) {
      change.erase = true;
    } else {
      fill(change, entity, 3);
    }
    if (chance(2)) change.expected = model_.of(entity.name).at(id).version;
    return change;
  }

  // The record that a change is about: known, or new (negative).
  std::int64_t target(const MeantChange& change) const {
    if (change.system.empty()) return change.id.value;
    return model_.identified(change.entity, change.system, change.external_id);
  }

  // Leaves out what would meet another change of the same set in a way that has no one answer.
  std::vector<MeantChange> make_changes() {
    std::vector<MeantChange> changes;
    std::set<std::pair<std::string, std::int64_t>> met;
    bool coupon = false, erasing = false;
    for (std::uint64_t left = 1 + random_.below(chance(10) ? 40 : 4); left > 0; --left) {
      MeantChange change = make_change();
      const std::int64_t record = target(change);
      if (record != 0 && !met.insert({change.entity, record}).second) continue;
      if (change.entity == "coupon" && std::exchange(coupon, true)) continue;
      if (change.erase && (erasing || !changes.empty())) continue;
      erasing = erasing || change.erase;
      changes.push_back(std::move(change));
      if (erasing) break;
    }
    give_provisional_references(changes);
    return changes;
  }

  // Lines may belong to an order, and orders to a customer, that the same set makes.
  void give_provisional_references(std::vector<MeantChange>& changes) {
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (changes[i].id) continue;
      changes[i].id = Id{-static_cast<std::int64_t>(i) - 1};
      for (auto& [field, cell] : changes[i].cells) {
        if (field != "customer_id" && field != "order_id") continue;
        for (std::size_t other = 0; other < i; ++other)
          if (changes[other].id.value < 0 && changes[other].entity + "_id" == field && chance(2))
            cell.bits = changes[other].id.value;
      }
    }
  }

  // Spoils a change set, and says which code must come of it.
  Code spoil(std::vector<MeantChange>& changes) {
    MeantChange& change = changes[random_.below(changes.size())];
    switch (change.erase ? 2 + random_.below(4) : random_.below(6)) {
      case 0:
        change.cells.emplace_back("no_such_field", Cell{Type::text, 0, "x"});
        return Code::not_found;
      case 1:
        change.cells.emplace_back("version", Cell{Type::integer, 5, {}});
        return Code::invalid;
      case 2:
        changes.push_back({.entity = "customer", .id = Id{9'000'000}});
        return Code::not_found;
      case 3:
        changes.push_back({.entity = "customer",
                           .id = Id{-static_cast<std::int64_t>(changes.size()) - 1},
                           .cells = {{"kind", Cell{Type::text, 0, "robot"}}}});
        return Code::invalid;
      case 4:
        changes.push_back({.entity = "order",
                           .id = Id{-static_cast<std::int64_t>(changes.size()) - 1},
                           .cells = {{"customer_id", Cell{Type::id, 9'000'000, {}}}}});
        return Code::invalid;
      default:
        return expect_wrongly(changes);
    }
  }

  Code expect_wrongly(std::vector<MeantChange>& changes) {
    const std::int64_t id = live("customer");
    if (id == 0) return Code::ok;
    changes.push_back({.entity = "customer", .id = Id{id}, .expected = model_.of("customer").at(id).version + 1});
    return Code::conflict;
  }

  // A coupon's code that another coupon holds. One that is deleted gives way to a new coupon, by taking its place.
  bool takes_a_code(const std::vector<MeantChange>& changes) const {
    for (const MeantChange& change : changes) {
      if (change.entity != "coupon" || change.erase) continue;
      std::string code;
      for (const auto& [field, cell] : change.cells)
        if (field == "code") code = cell.text;
      for (const auto& [id, record] : model_.of("coupon")) {
        const Cell* held = record.find("code");
        const bool gives_way = record.deleted && target(change) <= 0;
        if (!code.empty() && held != nullptr && held->text == code && id != target(change) && !gives_way) return true;
      }
    }
    return false;
  }

  // A required reference that no record could be found for.
  static bool lacks_a_reference(const std::vector<MeantChange>& changes) {
    for (const MeantChange& change : changes)
      for (const auto& [field, cell] : change.cells)
        if ((field == "order_id" || field == "promotion_id") && cell.bits == 0) return true;
    return false;
  }

  static ChangeSet to_set(const std::vector<MeantChange>& changes) {
    ChangeSet set;
    for (const MeantChange& change : changes) {
      if (change.erase) {
        set.erase(change.entity, change.id, change.expected);
        continue;
      }
      ChangeSet::Put put = set.put(change.entity, change.id.value < 0 ? no_id : change.id);
      if (!change.system.empty()) put.by(change.system, change.external_id);
      if (change.expected != 0) put.expect(change.expected);
      for (const auto& [field, cell] : change.cells) put.set(field, cell.view());
    }
    return set;
  }

  static Outcome apply(Session& session, const ChangeSet& set, const ApplyOptions& options) {
    Outcome outcome;
    try {
      outcome.receipt = session.apply(set, options);
    } catch (const Error& error) {
      for (const Problem& problem : error.problems()) outcome.codes.push_back(problem.code);
      outcome.told = error.what();
    }
    return outcome;
  }

  void write_step() {
    if (!operations_.empty() && chance(25)) return repeat_step();
    std::vector<MeantChange> changes = make_changes();
    if (changes.empty() || lacks_a_reference(changes)) return get_step();
    Code expected = takes_a_code(changes) ? Code::duplicate : Code::ok;
    if (expected == Code::ok && chance(6)) expected = spoil(changes);
    write(changes, chance(5) ? "op-" + std::to_string(mix_.steps) : std::string(), expected);
  }

  void write(const std::vector<MeantChange>& changes, const std::string& op_id, Code expected) {
    ++mix_.writes;
    const ChangeSet set = to_set(changes);
    const std::uint64_t which = random_.below(2);
    std::optional<Receipt> meant;
    for (const auto& side : sides_) {
      CAPTURE(side->name());
      CAPTURE(mix_.steps);
      CAPTURE(name_of(expected));
      const Outcome outcome = apply(side->session(which), set, {.op_id = op_id, .reason = "random"});
      CAPTURE(outcome.told);
      REQUIRE(outcome.receipt.has_value() == (expected == Code::ok));
      if (expected != Code::ok) {
        CHECK(outcome.has(expected));
        continue;
      }
      if (!meant) meant = model_.apply(changes, *outcome.receipt, op_id);
      compare_receipts(*outcome.receipt, *meant);
    }
    if (meant && !op_id.empty()) operations_.push_back({op_id, changes, *meant});
    ++(expected == Code::ok ? mix_.written : mix_.refused);
    if (expected == Code::ok) mix_.changes += changes.size();
    mix_.revived = model_.revived();
  }

  static void compare_receipts(const Receipt& receipt, const Receipt& meant) {
    CHECK(receipt.position == meant.position);
    CHECK(receipt.ids == meant.ids);
    CHECK(receipt.versions == meant.versions);
    CHECK(receipt.inserted == meant.inserted);
    CHECK(receipt.updated == meant.updated);
    CHECK(receipt.erased == meant.erased);
    CHECK(receipt.unchanged == meant.unchanged);
  }

  void repeat_step() {
    ++mix_.writes;
    ++mix_.repeated;
    const Done& done = any_of(operations_);
    for (const auto& side : sides_) {
      CAPTURE(side->name());
      const Outcome outcome = apply(side->session(random_.below(2)), to_set(done.changes), {.op_id = done.op_id});
      REQUIRE(outcome.receipt);
      CHECK(outcome.receipt->repeated);
      CHECK(outcome.receipt->position == done.receipt.position);
      CHECK(outcome.receipt->ids == done.receipt.ids);
      CHECK(outcome.receipt->versions == done.receipt.versions);
    }
  }

  // ---- questions

  const EntityUse& entity_to_read() {
    for (;;)
      if (const EntityUse& entity = any_of(uses()); !model_.of(entity.name).empty()) return entity;
  }

  void check_record(const Record& record, std::int64_t id, const ModelRecord& meant) {
    ++mix_.compared;
    CHECK(record.id().value == id);
    CHECK(record.version() == meant.version);
    CHECK(record.deleted() == meant.deleted);
    for (const Field& field : record.entity().fields) {
      if (field.number < system_field::count) continue;
      const Cell* cell = meant.find(field.name);
      const Value expected = cell == nullptr ? Value() : cell->view();
      if (!(record[field.number] == expected)) FAIL_CHECK("record ", id, " differs in ", field.name);
    }
  }

  void get_step() {
    ++mix_.gets;
    const EntityUse& entity = entity_to_read();
    const HistoryModel::Records& records = model_.of(entity.name);
    const auto most = static_cast<std::uint64_t>(records.rbegin()->first);
    const auto id = static_cast<std::int64_t>(1 + random_.below(most + most / 8 + 1));
    const auto meant = records.find(id);
    for (const auto& side : sides_) {
      CAPTURE(side->name());
      const auto record = side->session(0).view().get(entity.name, Id{id}, true);
      REQUIRE(record.has_value() == (meant != records.end()));
      if (record) check_record(*record, id, meant->second);
    }
  }

  // A condition that some record meets: its value is taken from one.
  Where make_condition(const EntityUse& entity) {
    static const std::vector<Operator> ordering{Operator::equal,        Operator::equal,      Operator::not_equal,
                                                Operator::less,         Operator::less_equal, Operator::greater,
                                                Operator::greater_equal};
    if (chance(12)) return make_membership("id");
    const FieldUse& field = any_of(entity.fields);
    if (field.type == Type::id && chance(4)) return make_membership(field.name);
    if (chance(10)) return chance(2) ? Where::missing(field.name) : Where::present(field.name);
    const auto& record = model_.of(entity.name).lower_bound(std::max<std::int64_t>(live(entity.name), 1))->second;
    const Cell* held = record.find(field.name);
    kept_.push_back(held != nullptr ? *held : make_cell(field));
    const Cell& cell = kept_.back();
    if (field.type == Type::text && chance(3)) {
      kept_.push_back({Type::text, 0, cell.text.substr(0, utf8_cut(cell.text))});
      return Where::compare(field.name, chance(2) ? Operator::starts_with : Operator::contains, kept_.back().view());
    }
    if (chance(6)) {
      kept_.push_back(make_cell(field));
      return Where::in(field.name, {cell.view(), kept_.back().view()});
    }
    return Where::compare(field.name, any_of(ordering), cell.view());
  }

  // Some of the numbers around, in the id itself or a reference.
  Where make_membership(const std::string& field) {
    IdSet ids;
    for (std::uint64_t left = random_.below(40); left > 0; --left)
      ids.insert(Id{static_cast<std::int64_t>(1 + random_.below(200))});
    return Where::among(field, std::make_shared<const IdSet>(std::move(ids)));
  }

  static std::size_t utf8_cut(const std::string& text) {
    std::size_t cut = std::min<std::size_t>(text.size(), 3);
    while (cut < text.size() && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) ++cut;
    return cut;
  }

  Where make_where(const EntityUse& entity, int depth = 2) {
    if (depth == 0 || chance(2)) return make_condition(entity);
    std::vector<Where> children;
    for (std::uint64_t left = 1 + random_.below(3); left > 0; --left) children.push_back(make_where(entity, depth - 1));
    switch (random_.below(5)) {
      case 0:
        return Where::negate(Where::all(std::move(children)));
      case 1:
        return Where::all(std::move(children));
      default:
        return Where::any(std::move(children));
    }
  }

  Query make_query() {
    kept_.clear();
    const EntityUse& entity = entity_to_read();
    Query query{.entity = entity.name};
    if (!chance(6)) query.where = make_where(entity);
    for (std::uint64_t left = random_.below(3); left > 0; --left)
      query.order.push_back({chance(8) ? "id" : any_of(entity.fields).name, chance(2)});
    query.limit = 1 + random_.below(chance(3) ? 10 : 300);
    query.fields = {"id"};
    query.with_deleted = chance(5);
    return query;
  }

  void query_step() {
    const Query query = make_query();
    const std::vector<std::int64_t> meant = model_.select(query);
    for (const auto& side : sides_) {
      CAPTURE(side->name());
      CAPTURE(mix_.steps);
      const auto reader = side->store().read();
      if (ids_of(*reader, query) != meant) FAIL_CHECK("a query about ", query.entity, " gives other records");
    }
    ++mix_.queries;
    mix_.queries_with_rows += !meant.empty();
    mix_.rows += meant.size();
  }

  void aggregate_step() {
    kept_.clear();
    const EntityUse& entity = entity_to_read();
    AggregateQuery query{.entity = entity.name, .measures = {{}, {Measure::max, "id"}}};
    if (chance(2)) query.where = make_where(entity);
    if (chance(2)) query.group_by = {any_of(entity.fields).name};
    for (const FieldUse& field : entity.fields)
      if (field.type == Type::decimal || field.type == Type::integer)
        query.measures.push_back({Measure::sum, field.name});
    std::vector<Groups> answers;
    for (const auto& side : sides_) answers.push_back(side->session(0).view().aggregate(query));
    const std::vector<std::int64_t> meant = model_.select({.entity = entity.name, .where = query.where});
    for (const Groups& groups : answers) {
      std::int64_t counted = 0;
      for (const auto& group : groups.groups) counted += group.results[0].integer();
      CHECK(counted == static_cast<std::int64_t>(meant.size()));
      REQUIRE(groups.groups.size() == answers[0].groups.size());
      for (std::size_t i = 0; i < groups.groups.size(); ++i) {
        CHECK(groups.groups[i].keys == answers[0].groups[i].keys);
        CHECK(groups.groups[i].results == answers[0].groups[i].results);
      }
    }
    compare_sums(query, meant, answers[0]);
    ++mix_.queries;
    mix_.queries_with_rows += !meant.empty();
  }

  void compare_sums(const AggregateQuery& query, const std::vector<std::int64_t>& ids, const Groups& groups) {
    if (!query.group_by.empty()) return;
    for (std::size_t i = 2; i < query.measures.size(); ++i) {
      std::int64_t sum = 0;
      for (const std::int64_t id : ids)
        if (const Cell* cell = model_.of(query.entity).at(id).find(query.measures[i].field)) sum += cell->bits;
      const Value& answered = groups.groups[0].results[i];
      CHECK((answered.present() ? answered.bits() : 0) == sum);
    }
  }

  void history_step() {
    ++mix_.histories;
    const EntityUse& entity = entity_to_read();
    const std::int64_t id = live(entity.name);
    if (id == 0) return;
    std::vector<std::vector<RecordVersion>> answers;
    for (const auto& side : sides_) answers.push_back(side->session(0).view().history(entity.name, Id{id}));
    const ModelRecord& meant = model_.of(entity.name).at(id);
    for (const auto& versions : answers) {
      REQUIRE(versions.size() == answers[0].size());
      REQUIRE(!versions.empty());
      CHECK(versions.front().version == meant.version);
      CHECK(versions.back().kind == ChangeKind::insert);
      check_record(versions.front().record, id, meant);
      for (std::size_t i = 0; i < versions.size(); ++i) {
        CHECK(versions[i].version == answers[0][i].version);
        CHECK(versions[i].at == answers[0][i].at);
        CHECK(std::ranges::equal(versions[i].record.row(), answers[0][i].record.row()));
      }
    }
  }

  // ---- everything

  void compare_entity(const std::string& entity) {
    for (const auto& side : sides_) {
      CAPTURE(side->name());
      CAPTURE(entity);
      const auto records =
          side->session(0).view().select({.entity = entity, .limit = 10'000'000, .with_deleted = true});
      REQUIRE(records.size() == model_.of(entity).size());
      auto meant = model_.of(entity).begin();
      for (const Record& record : records) {
        check_record(record, meant->first, meant->second);
        ++meant;
      }
    }
  }

  void compare_derived() {
    std::vector<std::vector<Record>> answers;
    for (const auto& side : sides_)
      answers.push_back(side->session(0).view().select({.entity = "customer_summary", .limit = 10'000'000}));
    for (const auto& records : answers) {
      REQUIRE(records.size() == answers[0].size());
      for (std::size_t i = 0; i < records.size(); ++i) CHECK(std::ranges::equal(records[i].row(), answers[0][i].row()));
    }
  }

  struct Done {
    std::string op_id;
    std::vector<MeantChange> changes;
    Receipt receipt;
  };

  Random random_;
  ManualClock clock_;
  std::vector<std::unique_ptr<Side>> sides_;
  HistoryModel model_;
  std::vector<Done> operations_;
  std::deque<Cell> kept_;  // owns the texts of the question being asked
  Mix mix_;
};

}  // namespace

TEST_CASE("history: stores answer alike and as a model of maps does, through random changes and reopenings") {
  const std::uint64_t steps = number_from("EMPTOR_STEPS", 8000);
  const std::uint64_t seed = number_from("EMPTOR_SEED", 20'240'101);
  CAPTURE(seed);
  History history(seed);
  // Everything is compared often at first, and then less, since it takes ever longer.
  std::uint64_t next_comparison = 100;
  for (std::uint64_t step = 1; step <= steps; ++step) {
    history.step();
    if (step % 100 == 0) history.reopen();
    if (step < next_comparison) continue;
    history.compare_everything();
    next_comparison += std::max<std::uint64_t>(200, step / 4);
  }
  history.compare_everything();
  history.verify();
  const Mix& mix = history.mix();
  mix.print(seed);
  CHECK(mix.written * 2 >= mix.writes);
  CHECK(mix.writes * 5 >= mix.steps);
  CHECK(mix.queries_with_rows * 2 > mix.queries);
}
