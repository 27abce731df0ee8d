#include "support/world_plan.hpp"

#include <algorithm>
#include <array>

namespace emptor::test {
namespace {

constexpr std::array<std::string_view, 4> scopes = {"own", "team", "team_and_below", "territory"};

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

// What the scope of a record is told by: were it the world's own, so were who may see the record.
bool tells_scope(const Entity& entity, const Field& field) {
  return entity.customer_field == field.number || entity.responsible_field == field.number ||
         one_of(field.name, {"team_id", "territory_id", "entity", "record_id"});
}

bool can_be_kept(const Entity& entity, const Field& field) {
  return field.number >= system_field::count && !field.has(field_flag::system) && !tells_scope(entity, field);
}

void draw_kept(Random& random, const Entity& entity, WorldPlan& plan) {
  std::vector<const Field*> fields;
  for (const Field& field : entity.fields)
    if (can_be_kept(entity, field)) fields.push_back(&field);
  if (fields.empty()) return;
  const bool own_is_open = plan.scope != "own" && random.below(3) == 0;
  for (std::uint64_t left = 1 + random.below(2); left > 0; --left) {
    // What keys and sums are told by is drawn often.
    const Field* field = fields[random.below(fields.size())];
    if (random.below(2) == 0)
      for (const Field* each : fields)
        if (one_of(each->name, {"name", "value", "amount", "country", "channel", "external_id"}) &&
            random.below(2) == 0)
          field = each;
    const auto way = field->name == "channel" ? KeptField::Way::hidden : static_cast<KeptField::Way>(random.below(3));
    const bool known = std::ranges::any_of(
        plan.kept, [&](const KeptField& kept) { return kept.entity == entity.name && kept.field == field->name; });
    if (!known) plan.kept.push_back({entity.name, field->name, way, own_is_open});
  }
}

std::string draw_scope(Random& random, std::string_view read, std::uint64_t of) {
  if (random.below(of) != 0) return {};
  return random.below(3) == 0 ? "own" : std::string(read);
}

}  // namespace

bool WorldPlan::within(std::string_view scope, Hands hands) {
  if (scope.empty()) return false;
  if (scope == "own") return hands == Hands::own;
  if (scope == "team") return hands == Hands::own || hands == Hands::mate;
  return scope == "all" || hands != Hands::other;
}

bool WorldPlan::custom_is_open(Hands hands) const {
  return hands == Hands::own &&
         std::ranges::any_of(kept, [](const KeptField& each) { return each.entity == "customer" && each.own_is_open; });
}

bool WorldPlan::reads_any(const Entity& entity) const {
  return (reads.contains(entity.name) && reads_sources(entity, Hands::own)) || reads_all.contains(entity.name);
}

// What is derived is read where all that it is derived from is, whole.
bool WorldPlan::reads_sources(const Entity& entity, Hands hands) const {
  const auto whole = [&](std::string_view source) {
    const bool back = std::ranges::any_of(kept, [&](const KeptField& field) {
      return field.entity == source && field.way != KeptField::Way::read_only &&
             !(field.own_is_open && hands == Hands::own);
    });
    return reads.contains(std::string(source)) && !back;
  };
  const bool summary = entity.name == "customer_summary";
  if (summary && !whole("interaction")) return false;
  const bool derived = summary || one_of(entity.name, {"score", "alert", "recommendation"});
  return !derived || (whole("order") && whole("order_line"));
}

bool WorldPlan::reads_record(const Entity& entity, Hands hands, bool of_customer) const {
  if (reads_all.contains(entity.name)) return true;
  if (!reads.contains(entity.name) || !reads_sources(entity, hands)) return false;
  if (of_customer) return in_scope(hands);
  const bool staffed = entity.responsible_field.has_value(), team = entity.find("team_id") != nullptr;
  if (scope == "own") return staffed && hands == Hands::own;
  if (scope == "territory") return entity.find("territory_id") != nullptr && hands != Hands::other;
  return (staffed || team) && in_scope(hands);
}

const KeptField* WorldPlan::kept_field(const Entity& entity, const Field& field, Hands hands) const {
  for (const KeptField& each : kept)
    if (each.entity == entity.name && each.field == field.name && each.way != KeptField::Way::read_only)
      return each.own_is_open && hands == Hands::own ? nullptr : &each;
  return nullptr;
}

WorldPlan WorldPlan::of_nobody() const {
  WorldPlan plan = *this;
  plan.reads.clear();
  plan.reads_all.clear();
  plan.acts = {};
  plan.kept.clear();
  return plan;
}

bool is_made(const Entity& entity) {
  return entity.keeping == Keeping::journalled &&
         !one_of(entity.name, {"user", "role", "permission", "user_role", "team", "territory", "model", "pool_rule",
                               "exchange_rate", "erasure_receipt", "customer"});
}

WorldPlan draw_plan(Random& random, const Schema& schema) {
  WorldPlan plan;
  plan.scope = scopes[random.below(scopes.size())];
  plan.reads = {"customer"};
  for (const std::string_view often : {"order", "order_line", "interaction", "contact_point", "identity"})
    if (random.below(3) != 0) plan.reads.emplace(often);
  for (const std::string_view derived : {"score", "customer_summary", "case", "segment"})
    if (random.below(2) != 0) plan.reads.emplace(derived);
  for (const Entity& entity : schema.entities())
    if (is_made(entity) && random.below(6) == 0) plan.reads.insert(entity.name);
  // What is derived, with all that it is derived from but for one at most.
  constexpr std::string_view sources[] = {"order", "order_line", "interaction"};
  const bool derives = random.below(4) == 0;
  const std::uint64_t without = random.below(4);
  for (std::size_t i = 0; i < std::size(sources) && derives; ++i) {
    plan.reads.emplace(sources[i]);
    if (i == without) plan.reads.erase(std::string(sources[i]));
  }
  if (derives) plan.reads.insert({"customer_summary", "score"});
  // What is derived is kept back by one thing alone: a field of a source (its currency too, which the amount in the
  // store's own currency is told by), or a source.
  const std::uint64_t drawn = random.below(16);
  const bool by_a_field = drawn < 3, by_a_source = drawn == 3 || drawn == 4, alone = by_a_field || by_a_source;
  if (alone) plan.reads.insert({"order", "order_line", "interaction", "customer_summary", "score"});
  if (by_a_source) plan.reads.erase(std::string(sources[random.below(std::size(sources))]));
  if (by_a_field) {
    const auto way = random.below(2) == 0 ? KeptField::Way::hidden : KeptField::Way::masked;
    plan.kept.push_back({"order_line", drawn == 0 ? "currency" : "amount", way, false});
  }
  // What a segment tells is kept back by one thing alone as well: records that its rule asks, the rule itself, or
  // whether it is one.
  const bool by_a_segment = drawn == 5 || drawn == 6;
  if (by_a_segment) {
    plan.reads.insert({"order", "order_line", "interaction", "contact_point"});
    plan.reads_all.emplace("segment");
    for (const std::string_view source : {"order", "interaction"})
      if (random.below(3) == 0) plan.reads.erase(std::string(source));
    const std::string_view decides[] = {"rule", "active"};
    if (random.below(3) == 0)
      plan.kept.push_back({"segment", std::string(decides[random.below(2)]), KeptField::Way::hidden, false});
  }
  plan.everything = !alone && !by_a_segment && random.below(10) == 0;
  for (const Entity& entity : schema.entities())
    if (plan.everything && (is_made(entity) || entity.name == "customer_summary")) plan.reads.insert(entity.name);
  for (const std::string_view whole : {"user", "product", "campaign", "team", "territory", "segment"})
    if (random.below(whole == "user" || whole == "segment" ? 2 : 3) == 0) plan.reads_all.emplace(whole);
  for (const Entity& entity : schema.entities())
    if (!plan.everything && !alone && !by_a_segment &&
        (plan.reads.contains(entity.name) || plan.reads_all.contains(entity.name)) && is_made(entity) &&
        random.below(derives                                              ? 8
                     : one_of(entity.name, {"identity", "contact_point"}) ? 2
                                                                          : 4) == 0)
      draw_kept(random, entity, plan);
  const auto is_identity = [](const KeptField& each) { return each.entity == "identity"; };
  if (!plan.everything && plan.reads.contains("identity") && random.below(4) == 0 &&
      std::ranges::none_of(plan.kept, is_identity))
    plan.kept.push_back({"identity", "external_id", KeptField::Way::hidden, false});
  if (!plan.everything && !by_a_segment && random.below(2) == 0) draw_kept(random, schema.entity("customer"), plan);
  const bool writes = random.below(3) != 0;
  for (std::string* act : {&plan.acts.create, &plan.acts.update, &plan.acts.remove, &plan.acts.assign})
    if (writes) *act = draw_scope(random, plan.scope, 2);
  plan.acts.analyse = draw_scope(random, plan.scope, 2);
  plan.acts.import_records = draw_scope(random, random.below(3) != 0 ? "all" : std::string_view(plan.scope), 3);
  plan.acts.export_records = draw_scope(random, plan.scope, 2);
  plan.acts.know = draw_scope(random, plan.scope, 3);
  plan.custom_field = !plan.everything && random.below(8) == 0;
  plan.configures_names = random.below(8) == 0;
  plan.imports_customers_only = random.below(2) == 0;
  if (random.below(10) == 0) plan.ended = static_cast<Ended>(1 + random.below(5));
  return plan;
}

}  // namespace emptor::test
