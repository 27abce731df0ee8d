#include "session/search/search_view.hpp"

#include <algorithm>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "session/batch_row.hpp"
#include "session/read_log.hpp"

namespace emptor {
namespace {

constexpr std::size_t few_customers = 300;
constexpr std::size_t rows_at_once = 1000;

}  // namespace

void SearchView::refuse_past() const {
  if (view_.partial_)
    throw Error(Code::unsupported, "the past cannot be searched: the index is of the present",
                "search in the present, and ask for what the records were then");
}

bool SearchView::may_read(const Entity& entity) const {
  return !view_.rights_ || view_.rights_->may(entity, Action::read);
}

std::optional<FieldNumber> SearchView::moment(const Entity& entity) const {
  if (!view_.rights_ || !entity.moment_field) return entity.moment_field;
  for (const FieldRule& rule : view_.rights_->field_rules(entity))
    if (rule.field == *entity.moment_field && rule.open.kind != Where::Kind::always) return std::nullopt;
  return entity.moment_field;
}

bool SearchView::sees_few() const {
  if (!view_.rights_) return false;
  const auto count = view_.rights_->count_customers(Action::read);
  return count && *count <= few_customers;
}

// The one place where search asks what the actor may see.
bool SearchView::show(const Entity& entity, std::vector<Value>& row) const {
  if (row[system_field::deleted_at].present()) return false;
  const Rights* const rights = view_.rights_.get();
  if (rights == nullptr) return true;
  if (!rights->allows(entity, Action::read, row) || !rights->allows(entity, view_.purpose_, row)) return false;
  std::vector<FieldNumber> kept_back;
  for (const FieldRule& rule : rights->field_rules(entity))
    if (!rights->holds(entity, rule, Rights::Part::open, row)) kept_back.push_back(rule.field);
  for (const FieldNumber field : kept_back) row[field] = Value();
  return true;
}

void SearchView::each_of(const Entity& entity, std::span<const Id> ids, const Take& take) const {
  Batch batch;
  std::vector<Value> row;
  for (std::size_t begin = 0; begin < ids.size(); begin += rows_at_once) {
    reader().get(entity, ids.subspan(begin, std::min(rows_at_once, ids.size() - begin)), batch);
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      if (!batch.ids[i]) continue;
      row.clear();
      batch.copy_row(i, row);
      if (show(entity, row)) take(begin + i, row);
    }
  }
}

void SearchView::each_where(const Entity& entity, const Where& where, const std::function<void(Row)>& take) const {
  Query query;
  query.entity = entity.name;
  query.where = view_.visible(entity, where);
  ScanKey key;
  Batch batch;
  std::vector<Value> row;
  for (bool more = true; more;) {
    beat("search");
    more = reader().scan(query, key, batch);
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      row.clear();
      batch.copy_row(i, row);
      if (show(entity, row)) take(row);
    }
  }
}

void SearchView::note(const Entity& entity, Row row) const {
  if (view_.log_) view_.log_->note(entity, row, view_.purpose_);
}

}  // namespace emptor
