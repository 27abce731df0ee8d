#include "support/paired_worlds.hpp"

#include <algorithm>

namespace emptor::test {
namespace {

constexpr std::int64_t micros_per_hour = 3'600'000'000;

bool is_place(const Entity& entity, const Field& field) {
  return entity.customer_field == field.number || entity.responsible_field == field.number || field.name == "team_id" ||
         field.name == "territory_id" || field.name == "origin_id";
}

bool is_segment_rule(const Entity& entity, const Field& field) {
  return entity.name == "segment" && field.name == "rule";
}

// Segments have their names alone, though no index says so.
bool is_unique(const Entity& entity, const Field& field) {
  if (entity.name == "segment" && field.name == "name") return true;
  return std::ranges::any_of(entity.indexes, [&](const Index& index) {
    return index.unique && std::ranges::find(index.fields, field.number) != index.fields.end();
  });
}

// What a segment may ask that a user may not read. What others decide, and orders, are drawn often.
constexpr std::string_view segment_rules[] = {"top 50% by employees",
                                              "top 30% by employees",
                                              "top 70% by annual_revenue",
                                              "count of order >= 2",
                                              "count of order >= 1",
                                              "country = 'DE'",
                                              "count of interaction in the last 90 days >= 2",
                                              "sum of order_line.base_amount > 2",
                                              "count of tag >= 1 or has tag 'long text 3'",
                                              "employees > 3",
                                              "summary.orders >= 1",
                                              "top 50% by employees",
                                              "parent.country = 'DE'",
                                              "score 'long text 3' > 1 or not name is missing",
                                              "least of order_line.amount > 1",
                                              "any contact_point where (channel = 'phone')"};

bool is_customer(const Entity& entity) { return entity.name == "customer"; }

std::string joined(const std::vector<KeptField>& kept, std::string_view entity, KeptField::Way way) {
  std::string names;
  for (const KeptField& each : kept)
    if (each.entity == entity && each.way == way) names += (names.empty() ? "" : ",") + each.field;
  return names;
}

constexpr Date today{19'675};  // of the clock at the beginning

// What ends the rights of a user, or of a role.
void end_of(Ended ended, MadeRecord& user, MadeRecord& role) {
  if (ended == Ended::left) user.cells.emplace_back("left_on", Value(today));
  if (ended == Ended::inactive) user.cells.emplace_back("active", Value(false));
  if (ended == Ended::role_over) role.cells.emplace_back("valid_to", Value(Date{today.days - 1}));
  if (ended == Ended::role_to_come) role.cells.emplace_back("valid_from", Value(Date{today.days + 3}));
  if (ended == Ended::role_ends) role.cells.emplace_back("valid_to", Value(today));
}

}  // namespace

PairedWorld::PairedWorld(WorldGround& ground, const SchemaPtr& schema, std::uint64_t seed, std::uint64_t side)
    : ground_(ground), schema_(schema), shared_(seed), own_(~(2 * seed + side)), side_(side) {
  granted_ = plan_ = draw_plan(shared_, *schema_);
  if (plan_.ended != Ended::no && plan_.ended != Ended::role_ends) plan_ = granted_.of_nobody();
  for (const Entity& entity : schema_->entities())
    if (is_made(entity)) (entity.customer_field || entity.name == "identity" ? children_ : loose_).push_back(&entity);
  if (plan_.custom_field) ground_.define_field("customer", "size");
  ground_.enforce_rights();
  make_firm();
}

void PairedWorld::make_firm() {
  const auto text = [&](const std::string& fixed, bool read) {
    return text_.keep(Value(std::string_view(read ? fixed : fixed + " of " + std::to_string(own_.below(3)))));
  };
  const bool users = plan_.reads_all.contains("user"), teams = plan_.reads_all.contains("team"),
             places = plan_.reads_all.contains("territory");
  std::vector<MadeRecord> records = {
      {"team", {}, false, {{"name", text("ours", teams)}}},
      {"team", {}, false, {{"name", text("below", teams)}, {"parent_id", Value(Id{-1})}}},
      {"team", {}, false, {{"name", text("theirs", teams)}}},
      {"territory", {}, false, {{"name", text("here", places)}}},
      {"territory", {}, false, {{"name", text("part", places)}, {"parent_id", Value(Id{-4})}}},
      {"territory", {}, false, {{"name", text("there", places)}}},
  };
  const auto person = [&](const char* name, std::int64_t team, std::int64_t territory) {
    records.push_back(
        {"user",
         {},
         false,
         {{"name", text(name, users)}, {"team_id", Value(Id{team})}, {"territory_id", Value(Id{territory})}}});
  };
  person("Bob", -1, -4);
  person("Ann", -1, -4);
  person("Cat", -2, -5);
  person("Eve", -3, -6);
  records.push_back({"role", {}, false, {{"name", Value("agent")}}});
  records.push_back({"user_role", {}, false, {{"user_id", Value(Id{-7})}, {"role_id", Value(Id{-11})}}});
  end_of(granted_.ended, records[6], records.back());
  std::ranges::move(permissions(Id{-11}), std::back_inserter(records));
  const std::vector<Id> ids = ground_.apply(records, "firm");
  for (std::size_t i = 0; i < records.size(); ++i)
    if (records[i].entity == "permission" && records[i].cells[1].second.text() == "read" &&
        records[i].cells.size() > 3 && records[i].cells[3].first == "entity")
      permissions_.emplace(records[i].cells[3].second.text(), ids[i]);
  teams_.assign(ids.begin(), ids.begin() + 3);
  territories_.assign(ids.begin() + 3, ids.begin() + 6);
  staff_.assign(ids.begin() + 6, ids.begin() + 10);
}

std::vector<MadeRecord> PairedWorld::permissions(Id role) {
  std::vector<MadeRecord> records;
  const WorldPlan& plan = granted_;
  const auto allow = [&](std::string_view action, std::string_view scope, std::string_view entity, bool keeps) {
    MadeRecord record{
        "permission", {}, false, {{"role_id", Value(role)}, {"action", Value(action)}, {"scope", Value(scope)}}};
    if (!entity.empty()) record.cells.emplace_back("entity", Value(entity));
    for (const auto& [name, way] :
         {std::pair{"hidden_fields", KeptField::Way::hidden}, std::pair{"masked_fields", KeptField::Way::masked},
          std::pair{"read_only_fields", KeptField::Way::read_only}}) {
      std::string names = keeps ? joined(plan.kept, entity, way) : "";
      if (keeps && plan.custom_field && entity == "customer" && way == KeptField::Way::hidden)
        names += names.empty() ? "x_size" : ",x_size";
      if (!names.empty()) record.cells.emplace_back(name, text_.keep(Value(std::string_view(names))));
    }
    records.push_back(std::move(record));
  };
  // A rule that no customer can fulfil allows nothing.
  allow("read", "rule", "customer", false);
  records.back().cells.emplace_back("rule", Value("stage = 'new' and stage = 'lost'"));
  if (plan.everything) allow("read", plan.scope, "", false);
  for (const std::string& entity : plan.reads) {
    if (plan.everything) break;
    allow("read", plan.scope, entity, true);
    const auto own_is_open = [&](const KeptField& kept) { return kept.entity == entity && kept.own_is_open; };
    if (std::ranges::any_of(plan.kept, own_is_open)) allow("read", "own", entity, false);
  }
  for (const std::string& entity : plan.reads_all) allow("read", "all", entity, true);
  // What is the library's own is nobody's, whatever a permission says.
  for (const char* secret : {"subject_key", "customer_history", "search_part"})
    if (plan.configures_names) allow("read", "all", secret, false);
  const Acts& acts = plan.acts;
  // What is read-only is said by the permissions to write.
  for (const auto& [action, scope] : {std::pair{"create", &acts.create}, std::pair{"update", &acts.update}}) {
    for (const char* entity : {"role", "user", "permission", "team"})
      if (plan.configures_names) allow(action, "all", entity, false);
    if (scope->empty()) continue;
    for (const std::string& entity : plan.reads) allow(action, *scope, entity, true);
  }
  for (const auto& [action, scope] :
       {std::pair{"delete", &acts.remove}, std::pair{"assign", &acts.assign}, std::pair{"analyse", &acts.analyse},
        std::pair{"export", &acts.export_records}, std::pair{"know", &acts.know}})
    if (!scope->empty()) allow(action, *scope, "", false);
  if (acts.import_records.empty()) return records;
  for (const char* entity : {"customer", "identity"})
    allow("import", acts.import_records, plan.imports_customers_only ? entity : "", false);
  return records;
}

void PairedWorld::fill(int rounds) {
  for (const Hands hands : {Hands::own, Hands::mate, Hands::below, Hands::other}) add_customer(hands, true);
  add_guest();
  commit("begin");
  for (int number = 0; number < rounds; ++number) {
    ground_.now.micros += micros_per_hour;
    round();
    if (number + 1 == rounds) add_unread_sources();
    commit("round " + std::to_string(number));
    // Others write meanwhile: positions are no more the same.
    for (std::uint64_t left = own_.below(3); left > 0; --left) {
      add_own();
      commit("meanwhile");
    }
  }
}

// What is derived differs by what is kept back of its sources.
void PairedWorld::add_unread_sources() {
  if (!plan_.reads.contains("customer_summary")) return;
  const std::vector<Made> customers = common_records_["customer"];
  for (const char* source : {"order", "interaction"})
    for (const Made& customer : customers)
      if (!plan_.reads.contains(source) && !customer.gone && own_.below(2) == 0)
        add_child(customer, schema_->entity(source), false);
}

void PairedWorld::round() {
  for (int step = 0; step < 5; ++step) {
    for (std::uint64_t left = own_.below(2); left > 0; --left) add_own();
    switch (shared_.below(8)) {
      case 0:
        add_customer(static_cast<Hands>(shared_.below(4)), true);
        break;
      case 1: {
        const Entity& entity = *loose_[shared_.below(loose_.size())];
        const Hands hands = static_cast<Hands>(shared_.below(4));
        if (plan_.reads_record(entity, hands, false)) add_loose(entity, hands, true);
        break;
      }
      case 2:
        add_given();
        break;
      case 3:
        change_common();
        break;
      default: {
        // What the user may read is made more often than what they may not.
        const Made* customer = pick(common_records_, "customer", shared_);
        const Entity* entity = children_[shared_.below(children_.size())];
        for (int tries = 0; tries < 4 && !plan_.reads_any(*entity); ++tries)
          entity = children_[shared_.below(children_.size())];
        if (customer == nullptr) break;
        const Made of = *customer;
        if (plan_.reads_record(*entity, of.hands, true))
          add_child(of, *entity, true);
        else if (own_.below(2) == 0)
          add_child(of, *entity, false);
      }
    }
  }
}

void PairedWorld::add_own() {
  if (own_.below(3) == 0)
    return add_customer(own_.below(2) == 0 && plan_.scope == "own" ? Hands::below : Hands::other, false);
  if (own_.below(5) == 0) {
    const Entity& entity = *loose_[own_.below(loose_.size())];
    const bool hidden = !plan_.reads_record(entity, Hands::other, false);
    if (hidden) add_loose(entity, Hands::other, false);
    return;
  }
  const Made* customer = pick(own_records_, "customer", own_);
  if (customer == nullptr) return;
  const Made of = *customer;
  if (own_.below(6) == 0 && of.id.value > 0) {
    pending_.push_back({"customer", of.id, true, {}});
    for (Made& made : own_records_["customer"])
      if (made.id == of.id) made.gone = true;
    return;
  }
  const Entity& entity = *children_[own_.below(children_.size())];
  if (!plan_.reads_record(entity, of.hands, true)) add_child(of, entity, false);
}

void PairedWorld::add(MadeRecord record, const Entity& entity, Made made, bool common) {
  pending_.push_back(std::move(record));
  made.id = Id{-static_cast<std::int64_t>(pending_.size())};
  (common ? common_records_ : own_records_)[entity.name].push_back(made);
}

void PairedWorld::commit(const std::string& reason) {
  if (pending_.empty()) return;
  const std::vector<Id> ids = ground_.apply(pending_, reason);
  pending_.clear();
  for (Records* records : {&common_records_, &own_records_})
    for (auto& [entity, made] : *records)
      for (Made& each : made)
        if (each.id.value < 0) each.id = ids.at(static_cast<std::size_t>(-each.id.value - 1));
  if (guest_ && guest_->value < 0) guest_ = ids.at(static_cast<std::size_t>(-guest_->value - 1));
}

void PairedWorld::add_customer(Hands hands, bool common) {
  const Entity& entity = schema_->entity("customer");
  const bool read = common && plan_.reads_record(entity, hands, true);
  MadeRecord record{"customer"};
  place(record, entity, hands, common ? shared_ : own_, true);
  fill_in(record, entity, hands, read);
  add(std::move(record), entity, {{}, hands, read}, common);
  // By which they are found.
  const Made made = (common ? common_records_ : own_records_)["customer"].back();
  for (const char* name : {"identity", "contact_point"}) {
    const Entity& way = schema_->entity(name);
    const bool told = common && plan_.reads_record(way, hands, true);
    if (told ? shared_.below(2) == 0 : own_.below(2) == 0) add_child(made, way, told);
  }
}

// Somebody else's customer now and the user's later: the same in both worlds from the first.
void PairedWorld::add_guest() {
  const Entity& entity = schema_->entity("customer");
  MadeRecord record{"customer"};
  place(record, entity, Hands::other, shared_, true);
  fill_in(record, entity, Hands::own, true);
  add(std::move(record), entity, {{}, Hands::own, true}, true);
  const Made guest = common_records_["customer"].back();
  common_records_["customer"].pop_back();
  guest_ = guest.id;
  for (int child = 0; child < 2; ++child) {
    const Entity& of = *children_[shared_.below(children_.size())];
    if (plan_.reads_record(of, Hands::own, true)) add_child({*guest_, Hands::own, true}, of, true);
  }
}

void PairedWorld::add_child(const Made& customer, const Entity& entity, bool common) {
  const bool read = common && plan_.reads_record(entity, customer.hands, true);
  if (common) need(customer, entity);
  MadeRecord record{entity.name};
  if (entity.name == "identity") {
    record.cells = {{"entity", Value("customer")}, {"record_id", Value(customer.id)}};
  } else {
    record.cells = {{entity.fields[*entity.customer_field].name, Value(customer.id)}};
    const bool guest = guest_ == customer.id;
    place(record, entity, guest ? Hands::other : customer.hands, read ? shared_ : own_, false);
  }
  if (!fill_in(record, entity, customer.hands, read)) return;
  add(std::move(record), entity, {{}, customer.hands, read}, common);
  const Made made = (common ? common_records_ : own_records_)[entity.name].back();
  if (entity.name != "order") return;
  add_order_identity(made, common);
  const Entity& line = schema_->entity("order_line");
  const bool told = plan_.reads_record(line, customer.hands, true);
  if (told && !common) return;
  if ((told ? shared_ : own_).below(2) == 0) add_child(customer, line, told);
}

// The identity of an order: told with the order, to whom identities may be told at all.
void PairedWorld::add_order_identity(const Made& order, bool common) {
  const Entity& identity = schema_->entity("identity");
  const bool told = common && order.read && plan_.reads.contains("identity");
  if ((told ? shared_ : own_).below(2) == 0) return;
  MadeRecord record{"identity", {}, false, {{"entity", Value("order")}, {"record_id", Value(order.id)}}};
  fill_in(record, identity, order.hands, told);
  pending_.push_back(std::move(record));
}

void PairedWorld::add_loose(const Entity& entity, Hands hands, bool common) {
  const bool read = common && plan_.reads_record(entity, hands, false);
  if (common) need({}, entity);
  MadeRecord record{entity.name};
  place(record, entity, hands, read ? shared_ : own_, true);
  if (fill_in(record, entity, hands, read)) add(std::move(record), entity, {{}, hands, read}, common);
}

void PairedWorld::add_given() {
  const Entity* entity = children_[shared_.below(children_.size())];
  for (int tries = 0; tries < 8 && !(entity->responsible_field && plan_.reads_any(*entity)); ++tries)
    entity = children_[shared_.below(children_.size())];
  const bool derived = entity->name == "alert" || entity->name == "recommendation";
  if (derived || !plan_.reads_record(*entity, Hands::own, false)) return;
  if (!entity->responsible_field) return;
  std::vector<Made> strangers;
  for (const Made& made : common_records_["customer"])
    if (!made.gone && made.hands == Hands::other) strangers.push_back(made);
  if (strangers.empty()) return;
  MadeRecord record{entity->name};
  record.cells = {{entity->fields[*entity->customer_field].name, Value(strangers[shared_.below(strangers.size())].id)},
                  {entity->fields[*entity->responsible_field].name, Value(user())}};
  need({}, *entity);
  // A permission for the user's own reaches what they are responsible for.
  if (fill_in(record, *entity, Hands::own, true)) add(std::move(record), *entity, {{}, Hands::own, true}, true);
}

// A change that shows, with others of what is kept back; or a deletion.
void PairedWorld::change_common() {
  std::vector<std::pair<const Entity*, Made*>> read;
  for (auto& [name, records] : common_records_)
    for (Made& made : records)
      if (made.read && !made.gone && made.id.value > 0) read.emplace_back(&schema_->entity(name), &made);
  if (read.empty()) return;
  const auto [entity, made] = read[shared_.below(read.size())];
  if (shared_.below(4) == 0 && !is_customer(*entity)) {
    made->gone = true;
    pending_.push_back({entity->name, made->id, true, {}});
    return;
  }
  const Field* shown = open_text(*entity);
  if (shown == nullptr) return;
  MadeRecord record{entity->name, made->id};
  record.cells.emplace_back(shown->name, text_.keep(Value(std::string_view("changed " + std::to_string(++counter_)))));
  for (const Field& field : entity->fields)
    if (plan_.kept_field(*entity, field, made->hands) != nullptr && field.type != Type::text &&
        !field.has(field_flag::required))
      record.cells.emplace_back(field.name, value_for(*entity, field, own_, true));
  pending_.push_back(std::move(record));
}

void PairedWorld::move_customers() {
  ground_.now.micros += micros_per_hour;
  const auto give = [&](Id customer, Hands hands) {
    pending_.push_back({"customer",
                        customer,
                        false,
                        {{"owner_id", Value(staff(hands))},
                         {"team_id", Value(team(hands))},
                         {"territory_id", Value(territory(hands))}}});
  };
  give(*guest_, Hands::own);
  common_records_["customer"].push_back({*guest_, Hands::own, true});
  for (Made& made : common_records_["customer"]) {
    if (made.hands != Hands::own || made.gone || made.id == *guest_) continue;
    give(made.id, Hands::other);
    made.hands = Hands::other;
    made.read = false;
    break;
  }
  lose_rights();
  commit("customers change hands");
  ground_.now.micros += micros_per_hour;
  change_all_own();
  for (int step = 0; step < 2; ++step) add_own();
  commit("afterwards");
}

// A permission is taken away, or the role's last day is over.
void PairedWorld::lose_rights() {
  if (plan_.ended == Ended::role_ends) {
    ground_.now.micros += 48 * micros_per_hour;
    plan_ = granted_.of_nobody();
    for (auto& [name, records] : common_records_)
      for (Made& made : records) made.read = false;
    return;
  }
  if (shared_.below(3) != 0 || plan_.reads.size() < 2 || plan_.everything) return;
  const auto which = std::next(plan_.reads.begin(), static_cast<std::ptrdiff_t>(shared_.below(plan_.reads.size())));
  const std::string entity = *which;
  const bool own_too =
      std::ranges::any_of(plan_.kept, [&](const KeptField& kept) { return kept.entity == entity && kept.own_is_open; });
  if (entity == "customer" || own_too || !permissions_.contains(entity)) return;
  pending_.push_back({"permission", permissions_[entity], true, {}});
  plan_.reads.erase(which);
  for (Made& made : common_records_[entity]) made.read = plan_.reads_all.contains(entity);
}

// What the user does not see any more changes in each world by itself.
void PairedWorld::change_all_own() {
  for (auto& [name, records] : common_records_) {
    const Entity& entity = schema_->entity(name);
    const Field* shown = open_text(entity);
    if (shown == nullptr) continue;
    for (const Made& made : records)
      if (!made.read && !made.gone)
        pending_.push_back(
            {name,
             made.id,
             false,
             {{shown->name, text_.keep(Value(std::string_view("own " + std::to_string(own_.below(1'000)))))}}});
  }
}

void PairedWorld::place(MadeRecord& record, const Entity& entity, Hands hands, Random& random, bool always) const {
  const std::uint64_t coins = random.next();
  const auto set = [&](const std::string& field, Id id, int coin) {
    if (always || (coins >> coin & 1) != 0) record.cells.emplace_back(field, Value(id));
  };
  // Customers of a colleague may be in the pool.
  const bool pooled = is_customer(entity) && (hands == Hands::mate || hands == Hands::below) && (coins >> 8 & 3) == 0;
  if (entity.responsible_field && !pooled) set(entity.fields[*entity.responsible_field].name, staff(hands), 0);
  if (entity.find("team_id") != nullptr) set("team_id", team(hands), 1);
  if (entity.find("territory_id") != nullptr) set("territory_id", territory(hands), 2);
}

bool PairedWorld::fill_in(MadeRecord& record, const Entity& entity, Hands hands, bool read) {
  const std::uint64_t coins = read ? shared_.next() : own_.next();
  int coin = 0;
  for (const Field& field : entity.fields) {
    if (field.number < system_field::count || field.has(field_flag::system) || is_place(entity, field)) continue;
    if (field.name == "live" || (entity.name == "identity" && (field.name == "entity" || field.name == "record_id")))
      continue;
    const KeptField* kept = plan_.kept_field(entity, field, hands);
    // Of a choice the mask shows the end: it says which.
    if (kept != nullptr && kept->way == KeptField::Way::masked && !field.choices.empty()) kept = nullptr;
    const bool own = !read || kept != nullptr;
    Random& random = own ? own_ : shared_;
    const bool often = field.name == "name" || field.name == "city" ||
                       (field.name == "country" && is_customer(entity)) || field.name == "amount" ||
                       field.number == entity.moment_field;
    const bool chance = (coins >> (2 * coin++ % 62) & 3) == 0;
    bool present = field.has(field_flag::required) || often || chance;
    // Where a text is masked, whether there is one is told; where a field is hidden it is not.
    if (kept != nullptr && read && kept->way == KeptField::Way::hidden && !field.has(field_flag::required))
      present = own_.below(4) != 0;
    if (kept != nullptr && kept->way == KeptField::Way::masked) present = true;
    if (!present) continue;
    const bool masked = kept != nullptr && read && kept->way == KeptField::Way::masked && field.type == Type::text;
    const Value value = masked ? masked_text(entity, field) : value_for(entity, field, random, own);
    if (value.present()) {
      record.cells.emplace_back(field.name, value);
    } else if (field.has(field_flag::required)) {
      return false;
    }
  }
  if (is_customer(entity) && plan_.custom_field)
    record.cells.emplace_back(
        "x_size", Value(static_cast<std::int64_t>((read && plan_.custom_is_open(hands) ? shared_ : own_).below(5))));
  return true;
}

void PairedWorld::need(const Made& customer, const Entity& entity) {
  for (const Field& field : entity.fields) {
    if (!field.has(field_flag::required) || field.type != Type::id || is_place(entity, field)) continue;
    const Entity* target = schema_->find(field.reference);
    if (target == nullptr || !is_made(*target) || pick(common_records_, target->name, shared_) != nullptr) continue;
    if (!target->customer_field) {
      add_loose(*target, Hands::other, true);
    } else if (customer.id) {
      add_child(customer, *target, true);
    }
  }
}

Value PairedWorld::value_for(const Entity& entity, const Field& field, Random& random, bool own) {
  switch (field.type) {
    case Type::id: {
      const Id id = any_of(field.reference == "*" ? "customer" : field.reference, random, own);
      return id ? Value(id) : Value();
    }
    case Type::integer:
      return Value(static_cast<std::int64_t>(1 + random.below(20)));
    case Type::decimal:
      return Value(Decimal(static_cast<std::int64_t>(1 + random.below(500))));
    case Type::real:
      return Value(static_cast<double>(random.below(100)) / 4);
    case Type::boolean:
      return Value(random.below(2) == 0);
    case Type::date:
      return Value(Date{19'400 + static_cast<std::int32_t>(random.below(600))});
    case Type::instant:
      return Value(
          Instant{1'699'000'000'000'000 - static_cast<std::int64_t>(random.below(400 * 24)) * micros_per_hour});
    case Type::bytes:
      return {};
    case Type::text:
      return text_for(entity, field, random, own);
  }
  return {};
}

Value PairedWorld::text_for(const Entity& entity, const Field& field, Random& random, bool own) {
  const std::uint64_t number = random.below(12);
  std::string text = "t" + std::to_string(number);
  if (!field.choices.empty()) {
    text = field.choices[random.below(field.choices.size())];
    if (entity.name == "contact_point" && number < 9) text = number < 6 ? "phone" : "email";
  } else if (is_segment_rule(entity, field)) {
    text = std::string(segment_rules[random.below(std::size(segment_rules))]);
  } else if (field.name == "system") {
    text = "erp";
  } else if (own && entity.name == "segment" && field.name == "name") {
    text = "o" + std::to_string(side_) + "-" + std::to_string(++own_segments_);
  } else if (entity.name == "segment" && field.name == "name") {
    text = "s" + std::to_string(++shared_segments_);
  } else if (is_unique(entity, field)) {
    text = own ? "o" + std::to_string(side_) + "-" + std::to_string(++own_counter_) : "e" + std::to_string(++counter_);
  } else if (field.name == "entity") {
    text = "customer";
  } else if (field.name == "currency") {
    text = number < 6 ? "EUR" : "USD";
  } else if (field.name == "country") {
    text = number < 6 ? "DE" : "PT";
  } else if (field.name == "value") {
    text = number < 6   ? "030 90182" + std::to_string(number % 4)
           : number < 8 ? "+49 30 90182" + std::to_string(number % 4)
                        : "t" + std::to_string(number - 8) + "@example.org";
  } else if (field.name == "name" || number % 2 == 0) {
    text = "long text " + std::to_string(number);
  }
  return text_.keep(Value(std::string_view(text)));
}

// What a mask leaves of a text is the same in both worlds.
Value PairedWorld::masked_text(const Entity& entity, const Field& field) {
  const bool shows = is_unique(entity, field) || is_segment_rule(entity, field) || shared_.below(2) == 0;
  std::string text = is_unique(entity, field) ? "o" + std::to_string(side_) + std::to_string(++own_counter_) + "-" : "";
  if (shows) {
    const std::string end = std::to_string(1000 + shared_.below(100));
    const bool first = own_.below(2) == 0;
    if (is_segment_rule(entity, field))
      text += first ? "employees > 1" : "founded_year > 2";
    else
      text += first ? "north of here " : "far to the south ";
    text += std::to_string(own_.below(9)) + end;
  } else {
    text += "m" + std::to_string(own_.below(50));
  }
  return text_.keep(Value(std::string_view(text)));
}

const PairedWorld::Made* PairedWorld::pick(const Records& records, std::string_view entity, Random& random) const {
  const auto found = records.find(entity);
  if (found == records.end()) return nullptr;
  std::vector<const Made*> there;
  for (const Made& made : found->second)
    if (!made.gone) there.push_back(&made);
  return there.empty() ? nullptr : there[random.below(there.size())];
}

Id PairedWorld::any_of(std::string_view entity, Random& random, bool own) const {
  if (entity == "user") return staff_[random.below(staff_.size())];
  if (entity == "team") return teams_[random.below(teams_.size())];
  if (entity == "territory") return territories_[random.below(territories_.size())];
  const Made* made = own && random.below(2) == 0 ? pick(own_records_, entity, random) : nullptr;
  if (made == nullptr) made = pick(common_records_, entity, random);
  return made == nullptr ? no_id : made->id;
}

Id PairedWorld::shared(std::string_view entity, std::uint64_t draw) const {
  const auto found = common_records_.find(entity);
  if (found == common_records_.end() || found->second.empty()) return no_id;
  return found->second[draw % found->second.size()].id;
}

Id PairedWorld::customer(Hands hands, std::uint64_t draw) const {
  std::vector<Id> theirs;
  for (const Made& made : common_records_.at("customer"))
    if (made.hands == hands && !made.gone) theirs.push_back(made.id);
  return theirs.empty() ? no_id : theirs[draw % theirs.size()];
}

std::optional<Hands> PairedWorld::hands_of(std::string_view entity, Id record) const {
  for (const Records* records : {&common_records_, &own_records_})
    if (const auto found = records->find(entity); found != records->end())
      for (const Made& made : found->second)
        if (made.id == record) return made.hands;
  return std::nullopt;
}

void PairedWorld::was_given(Id customer, Hands hands) {
  for (Made& made : common_records_["customer"])
    if (made.id == customer) made.hands = hands, made.read = false;
}

std::size_t PairedWorld::customers_in(std::string_view scope) const {
  std::size_t count = 0;
  for (const Made& made : common_records_.at("customer")) count += !made.gone && WorldPlan::within(scope, made.hands);
  return count;
}

Id PairedWorld::unseen(std::string_view entity, std::uint64_t draw) const {
  const auto found = own_records_.find(entity);
  if (found == own_records_.end() || found->second.empty() || draw % 3 == 0)
    return Id{static_cast<std::int64_t>(100'000 + draw % 50)};
  const Made& made = found->second[draw % found->second.size()];
  return made.id;
}

const Field* PairedWorld::open_text(const Entity& entity) const {
  for (const Field& field : entity.fields)
    if (field.number >= system_field::count && field.type == Type::text && field.choices.empty() &&
        !field.has(field_flag::system) && !is_unique(entity, field) && !is_segment_rule(entity, field) &&
        field.name != "entity" && field.name != "country" && field.name != "currency" && field.name != "value" &&
        std::ranges::none_of(
            plan_.kept, [&](const KeptField& kept) { return kept.entity == entity.name && kept.field == field.name; }))
      return &field;
  return nullptr;
}

}  // namespace emptor::test
