#include "desk/belongings.hpp"

#include <algorithm>

#include "desk/profile_sections.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/access.hpp"
#include "emptor/model/insight.hpp"
#include "emptor/model/party.hpp"

namespace emptor::desk {
namespace {

constexpr std::size_t rows_at_once = 1'000;
constexpr std::size_t ids_at_once = 500;
constexpr int most_depth = 8;  // of references

// What was worked out about a customer is not what they gave.
bool is_computed(const Entity& entity) {
  constexpr EntityNumber computed[] = {Score::entity_number, SegmentChange::entity_number, Alert::entity_number,
                                       Recommendation::entity_number};
  return std::ranges::find(computed, entity.number) != std::end(computed);
}

bool is_theirs(const Entity& entity) {
  return entity.keeping == Keeping::journalled && is_of_customer(entity) && !is_computed(entity);
}

Where whose(const Entity& entity, Id customer) {
  if (entity.number == Customer::entity_number) return Where::equal("id", customer);
  return Where::equal(entity.fields[*entity.customer_field].name, customer);
}

}  // namespace

bool is_carried(const Entity& entity) {
  constexpr EntityNumber left[] = {Customer::entity_number,   User::entity_number,     Role::entity_number,
                                   Permission::entity_number, UserRole::entity_number, Team::entity_number,
                                   Territory::entity_number,  Model::entity_number,    Segment::entity_number};
  return entity.keeping == Keeping::journalled && !entity.customer_field &&
         std::ranges::find(left, entity.number) == std::end(left);
}

bool is_given(const Field& field) { return field.number >= system_field::count && !field.has(field_flag::system); }

Belongings::Belongings(const View& view, Id customer) : view_(view) {
  const ViewPurpose purpose(view, Action::export_records, Customer::entity_name);
  if (!view.get(Customer::entity_name, customer))
    throw Error(Problem{Code::not_found, "there is no such record", std::string(Customer::entity_name), "id", {}, {}});
  const Entity& entity = view.schema().entity(Customer::entity_name);
  add(entity, whose(entity, customer), records);
  for (const Entity& each : view.schema().entities())
    if (is_theirs(each)) add(each, whose(each, customer), records);
  add_identities(std::vector(records), records);
  add_referred();
  add_identities(std::vector(referred), referred);
}

void Belongings::add(const Entity& entity, Where where, std::vector<Record>& into) {
  const Query query{entity.name, std::move(where), {}, {}, rows_at_once, true};
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = view_.scan(query, key, batch);
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      std::vector<Value> values;
      batch.copy_row(row, values);
      Record record(view_.schema_pointer(), entity.number, values);
      if (known_.emplace(entity.number, record.id()).second)
        (record.deleted() ? deleted : into).push_back(std::move(record));
    }
  }
}

void Belongings::add_identities(const std::vector<Record>& of, std::vector<Record>& into) {
  std::map<EntityNumber, std::vector<Value>> ids;
  for (const Record& record : of) ids[record.entity().number].emplace_back(record.id());
  const Entity& identity = view_.schema().entity(Identity::entity_name);
  for (const auto& [number, all] : ids)
    for (std::size_t begin = 0; begin < all.size(); begin += ids_at_once) {
      const auto part = std::span(all).subspan(begin, std::min(ids_at_once, all.size() - begin));
      add(identity,
          Where::all({Where::equal("entity", std::string_view(view_.schema().entity(number).name)),
                      Where::in("record_id", {part.begin(), part.end()})}),
          into);
    }
}

// And what that refers to in turn.
void Belongings::add_referred() {
  std::vector<Record> from = records;
  for (int depth = 0; depth < most_depth && !from.empty(); ++depth) {
    std::map<EntityNumber, std::set<Id>> wanted;
    for (const Record& record : from) want_references(record, wanted);
    from.clear();
    for (const auto& [number, ids] : wanted)
      for (const Id id : ids)
        if (std::optional<Record> found = view_.get(view_.schema().entity(number).name, id)) from.push_back(*found);
    referred.insert(referred.end(), from.begin(), from.end());
  }
}

void Belongings::want_references(const Record& record, std::map<EntityNumber, std::set<Id>>& wanted) {
  for (const Field& field : record.entity().fields) {
    const Entity* target = view_.schema().find(field.reference);
    if (target == nullptr || !record[field.number].present() || !is_carried(*target)) continue;
    const Id id = record[field.number].id();
    if (known_.emplace(target->number, id).second) wanted[target->number].insert(id);
  }
}

}  // namespace emptor::desk
