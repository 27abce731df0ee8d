#include "session/segments/cells.hpp"

#include <algorithm>

#include "emptor/model/sales.hpp"
#include "session/rule/computed.hpp"

namespace emptor::segments {
namespace {

void append(std::string& key, std::string_view part) {
  key += std::to_string(part.size());
  key += ':';
  key += part;
}

void append(std::string& key, std::int64_t number) {
  key += std::to_string(number);
  key += ',';
}

template <class Enum>
void append_kind(std::string& key, Enum kind) {
  append(key, static_cast<std::int64_t>(kind));
}

}  // namespace

std::string key_of(const RuleSubject& subject) {
  std::string key;
  append_kind(key, subject.kind);
  append_kind(key, subject.type);
  append_kind(key, subject.measure);
  for (const std::string* part : {&subject.field, &subject.through, &subject.entity, &subject.name}) append(key, *part);
  append(key, subject.share);
  if (subject.window) {
    append(key, subject.window->oldest);
    append(key, subject.window->newest);
  }
  for (const RuleTerm& term : subject.where) append(key, key_of(term));
  return key;
}

std::string key_of(const RuleTerm& term) {
  std::string key;
  append_kind(key, term.kind);
  append_kind(key, term.op);
  append(key, key_of(term.subject));
  for (const RuleValue& value : term.values) {
    append_kind(key, value.kind);
    append_kind(key, value.type);
    append(key, value.bits);
    append(key, value.text);
  }
  for (const RuleTerm& child : term.children) append(key, key_of(child));
  return key;
}

Cell AskedRecords::related(std::string_view through, std::string_view entity, std::string_view field) const {
  const Entity& other = schema_->entity(entity);
  const Field& asked = other.field(field);
  const FieldNumber reference = through.empty() ? system_field::id : entity_->field(through).number;
  return {Cell::Kind::related, asked.number, reference, other.number, asked.type};
}

std::size_t AskedRecords::add(const Cell& cell) {
  const auto found = std::ranges::find(cells_, cell);
  if (found == cells_.end()) cells_.push_back(cell);
  return static_cast<std::size_t>(std::ranges::find(cells_, cell) - cells_.begin());
}

std::size_t AskedRecords::cell(const RuleSubject& subject) {
  if (subject.kind == RuleSubject::Kind::related) return add(related(subject.through, subject.entity, subject.field));
  return cell(subject.field);
}

std::size_t AskedRecords::cell(std::string_view field) {
  const RuleComputed* computed = entity_->find(field) == nullptr ? computed_field(entity_->name, field) : nullptr;
  if (computed == nullptr) return own_cell(field);
  if (computed->kind == RuleComputed::Kind::taken) return add(related(computed->link, computed->other, computed->from));
  return add({.kind = Cell::Kind::order_total, .type = computed->type});
}

std::size_t AskedRecords::own_cell(std::string_view name) {
  const Field& field = entity_->field(name);
  return add({.field = field.number, .type = field.type});
}

std::size_t AskedRecords::condition(const RuleTerm& term) {
  const auto [found, is_new] = condition_by_key_.try_emplace(key_of(term), conditions_.size());
  if (is_new) conditions_.push_back(bound(term));
  return found->second;
}

CellCondition AskedRecords::bound(const RuleTerm& term) {
  CellCondition condition{.kind = term.kind};
  if (term.kind == RuleTerm::Kind::compare) {
    condition.cell = cell(term.subject);
    condition.term = &term;
  }
  for (const RuleTerm& child : term.children) condition.children.push_back(bound(child));
  return condition;
}

std::size_t AskedRecords::ask_moment() {
  if (!moment_) moment_ = cell(rule_moment(entity_->name));
  return *moment_;
}

EntityNumber AskedRecords::depends_on(std::size_t number) const {
  const Cell& asked = cells_[number];
  if (asked.kind == Cell::Kind::order_total) return OrderLine::entity_number;
  return asked.kind == Cell::Kind::related ? asked.of : entity_->number;
}

}  // namespace emptor::segments
