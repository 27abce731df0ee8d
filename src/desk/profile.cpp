#include "emptor/desk/profile.hpp"

#include <algorithm>
#include <unordered_map>

#include "core/sort_stably.hpp"
#include "desk/profile_sections.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/deal.hpp"
#include "emptor/model/party.hpp"
#include "emptor/model/touch.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_relations = 1000;
constexpr std::size_t most_page_size = 10'000;

void check(const View& view, const ProfileOptions& options) {
  if (options.page_size < 1 || options.page_size > most_page_size)
    throw Error(Code::invalid, "the page size of a profile is not from 1 to 10,000");
  if (!options.after.empty() && options.entities.size() != 1)
    throw Error(Code::invalid, "a profile is continued in one section at a time", "name that section's entity");
  for (const std::string& name : options.entities)
    if (!desk::is_of_customer(view.schema().entity(name)))
      throw Error(Problem{Code::invalid, "records of this entity do not belong to customers", name, {}, {}, {}});
}

std::optional<Record> credit_of(const View& view, Id customer, Date today) {
  const Where in_force =
      Where::any({Where::missing("valid_from"), Where::compare("valid_from", Operator::less_equal, Value(today))});
  auto found = desk::newest(view, view.schema().entity(Credit::entity_name), customer, 1, in_force);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Record> select(const View& view, std::string_view entity, Where where, std::size_t limit) {
  Query query;
  query.entity = entity;
  query.where = std::move(where);
  query.limit = limit;
  return view.select(query);
}

// ---- next step

std::optional<NextStep> open_task(const View& view, Id customer) {
  Query query;
  query.entity = Task::entity_name;
  query.where = Where::all({Where::equal("customer_id", customer), Where::missing("done_at"),
                            Where::compare("status", Operator::not_equal, "done"),
                            Where::compare("status", Operator::not_equal, "cancelled")});
  // First those that are due some day, the earliest first; else any.
  for (Where due : {Where::present("due_at"), Where{}}) {
    Query one = query;
    one.where.children.push_back(std::move(due));
    one.order = {{"due_at", false}};
    one.limit = 1;
    const std::vector<Record> found = view.select(one);
    if (found.empty()) continue;
    const Task task = found.front().as<Task>();
    return NextStep{"task", task.id, task.subject, task.due_at, task.user_id};
  }
  return std::nullopt;
}

std::optional<NextStep> agreed_step(const View& view, Id customer) {
  const auto found =
      desk::newest(view, view.schema().entity(Interaction::entity_name), customer, 1, Where::present("next_step"));
  if (found.empty()) return std::nullopt;
  const Interaction touch = found.front().as<Interaction>();
  return NextStep{"interaction", touch.id, touch.next_step, std::nullopt, touch.user_id};
}

std::optional<NextStep> planned_sale(const View& view, Id customer) {
  const auto found =
      desk::newest(view, view.schema().entity(Opportunity::entity_name), customer, 1, Where::missing("outcome"));
  if (found.empty()) return std::nullopt;
  const Opportunity sale = found.front().as<Opportunity>();
  NextStep step{"opportunity", sale.id, sale.next_step.empty() ? sale.name : sale.next_step, std::nullopt,
                sale.owner_id};
  if (sale.expected_close) step.at = Instant{sale.expected_close->days * micros_per_day};
  return step;
}

std::optional<NextStep> next_step_of(const View& view, Id customer) {
  if (auto step = open_task(view, customer)) return step;
  if (auto step = agreed_step(view, customer)) return step;
  return planned_sale(view, customer);
}

// ---- relations

ProfileRelation relation_of(const Record& record, bool of_other) {
  const Relationship from = record.as<Relationship>();
  ProfileRelation relation;
  relation.customer = of_other ? from.customer_id : from.related_id;
  relation.kind = from.kind;
  relation.of_other = of_other;
  relation.position = from.position;
  relation.influence = from.influence;
  relation.key_contact = from.key_contact.value_or(false);
  return relation;
}

void name_them(const View& view, std::vector<ProfileRelation>& relations) {
  std::vector<Value> ids;
  for (const ProfileRelation& relation : relations) ids.emplace_back(relation.customer);
  std::unordered_map<Id, std::string> names;
  for (const Record& other : select(view, Customer::entity_name, Where::in("id", ids), ids.size()))
    names.emplace(other.id(), other.get("name").text());
  std::erase_if(relations, [&](ProfileRelation& relation) {
    const auto found = names.find(relation.customer);
    if (found != names.end()) relation.name = found->second;
    return found == names.end();
  });
}

std::vector<ProfileRelation> relations_of(const View& view, const Customer& customer, Date today) {
  std::vector<ProfileRelation> relations;
  if (customer.parent_id) relations.push_back({customer.parent_id, {}, "parent"});
  for (const Record& branch :
       select(view, Customer::entity_name, Where::equal("parent_id", customer.id), most_relations))
    relations.push_back({branch.id(), {}, "branch"});
  for (const bool of_other : {false, true}) {
    const Where lasts =
        Where::any({Where::missing("valid_to"), Where::compare("valid_to", Operator::greater_equal, Value(today))});
    const Where side = Where::equal(of_other ? "related_id" : "customer_id", customer.id);
    for (const Record& record : select(view, Relationship::entity_name, Where::all({side, lasts}), most_relations))
      relations.push_back(relation_of(record, of_other));
  }
  if (relations.size() > most_relations) relations.resize(most_relations);
  if (!relations.empty()) name_them(view, relations);
  sort_stably(relations,
              [](const ProfileRelation& a, const ProfileRelation& b) { return a.key_contact && !b.key_contact; });
  return relations;
}

}  // namespace

Profile read_profile(const View& view, Id customer, const ProfileOptions& options) {
  check(view, options);
  std::optional<Record> found = view.get(Customer::entity_name, customer);
  if (!found) throw Error(Problem{Code::not_found, "there is no such record", "customer", "id", {}, {}});
  Profile profile;
  profile.position = view.info().position;
  profile.customer = std::move(*found);
  profile.sections = desk::read_sections(view, customer, options);
  if (!options.after.empty()) return profile;  // the next page of one section; the rest was told before
  profile.summary = view.get(CustomerSummary::entity_name, customer);
  const Date today = Zone::of(view.info().zone).date_of(options.now ? *options.now : system_clock()());
  profile.credit = credit_of(view, customer, today);
  profile.next_step = next_step_of(view, customer);
  profile.relations = relations_of(view, profile.customer.as<Customer>(), today);
  profile.identities = select(
      view, Identity::entity_name,
      Where::all({Where::equal("entity", Customer::entity_name), Where::equal("record_id", customer)}), most_relations);
  return profile;
}

}  // namespace emptor
