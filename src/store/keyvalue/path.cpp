#include "store/keyvalue/path.hpp"

#include <algorithm>

#include "core/sort_stably.hpp"
#include "store/keyvalue/key_encoding.hpp"

namespace emptor::keyvalue {
namespace {

using Comparison = Condition::Comparison;

std::string key_of(const Value& value) {
  std::string key;
  append_key(key, value, false);
  return key;
}

// A missing operand (no value) matches nothing, except under operators that take none.
std::optional<KeyRange> range_of(const Comparison& comparison, const Value& value) {
  std::string key = key_of(value);
  switch (comparison.op) {
    case Operator::equal:
    case Operator::in:
      return KeyRange{key, just_above(key), {}};
    case Operator::less:
      return KeyRange{{}, std::move(key), {}};
    case Operator::less_equal:
      return KeyRange{{}, just_above(std::move(key)), {}};
    case Operator::greater:
      return KeyRange{just_above(std::move(key)), {}, {}};
    case Operator::greater_equal:
      return KeyRange{std::move(key), {}, {}};
    case Operator::starts_with:
      return KeyRange{key, after_prefix(key), {}};
    default:
      return std::nullopt;
  }
}

bool narrows(const Comparison& comparison) {
  return comparison.op != Operator::missing && comparison.op != Operator::not_equal &&
         comparison.op != Operator::contains && comparison.op != Operator::present && comparison.op != Operator::among;
}

bool pins(const Comparison& comparison) { return comparison.op == Operator::equal || comparison.op == Operator::in; }

void intersect(KeyRange& range, const KeyRange& other) {
  range.low = std::max(range.low, other.low);
  if (other.high && (!range.high || *other.high < *range.high)) range.high = other.high;
}

bool empty(const KeyRange& range) { return range.high && *range.high <= range.low; }

std::vector<KeyRange> ranges_of_values(const Comparison& comparison) {
  std::vector<KeyRange> ranges;
  for (const Value& value : comparison.values)
    if (auto range = range_of(comparison, value)) ranges.push_back(std::move(*range));
  return ranges;
}

std::vector<KeyRange> cross(const std::vector<KeyRange>& some, const std::vector<KeyRange>& others) {
  std::vector<KeyRange> result;
  for (const KeyRange& one : some)
    for (const KeyRange& other : others) {
      KeyRange both = one;
      intersect(both, other);
      if (!empty(both)) result.push_back(std::move(both));
    }
  return result;
}

const Comparison* equality_on(const Condition& condition, FieldNumber field) {
  for (const Comparison* comparison : condition.required())
    if (comparison->field == field && comparison->op == Operator::equal && !comparison->values.empty())
      return comparison;
  return nullptr;
}

const Comparison* pin_on(const Condition& condition, FieldNumber field) {
  if (const Comparison* equality = equality_on(condition, field)) return equality;
  for (const Comparison* comparison : condition.required())
    if (comparison->field == field && comparison->op == Operator::in) return comparison;
  return nullptr;
}

// What the keys of an index may begin with where every field that it needs is pinned to one value or to one of a
// list; nothing where one is not, or where the lists make too many.
std::optional<std::vector<std::string>> pinned_keys(const Index& index, const Condition& condition) {
  constexpr std::size_t most = 4096;
  std::vector<std::string> keys(1);
  for (std::size_t i = 0; i < index.needed(); ++i) {
    const Comparison* pin = pin_on(condition, index.fields[i]);
    if (pin == nullptr || keys.size() * pin->values.size() > most) return std::nullopt;
    std::vector<std::string> longer;
    for (const std::string& key : keys)
      for (const Value& value : pin->values) append_key(longer.emplace_back(key), value, i + 1 < index.fields.size());
    keys = std::move(longer);
  }
  return keys;
}

// A key of several fields helps where each of those that it needs is pinned.
std::optional<Path> compound_path(const Index& index, const Condition& condition) {
  const auto keys = pinned_keys(index, condition);
  if (!keys) return std::nullopt;
  Path path{&index, {}, {}, false, keys->size() == 1 && !index.open_end};
  for (const std::string& key : *keys)
    path.ranges.push_back({key, index.open_end ? after_prefix(key) : just_above(key), {}});
  return path;
}

std::optional<Path> field_path(const Index& index, const Condition& condition) {
  const FieldNumber field = index.fields.front();
  const bool narrowed = std::any_of(condition.required().begin(), condition.required().end(),
                                    [field](const Comparison* c) { return c->field == field && narrows(*c); });
  if (!narrowed) return std::nullopt;
  Path path{&index, ranges_of(index, condition), {}, false, false};
  path.single_key = path.ranges.empty() || equality_on(condition, field) != nullptr;
  return path;
}

std::optional<Path> id_path(const Condition& condition) {
  for (const Comparison* comparison : condition.required()) {
    if (comparison->field != system_field::id || !pins(*comparison)) continue;
    Path path;
    path.named = true;
    for (const Value& value : comparison->values) path.ids.push_back(value.id());
    return path;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> pinned_prefix(const Index& index, const Condition& condition) {
  std::string key;
  for (std::size_t i = 0; i < index.needed(); ++i) {
    const Comparison* comparison = equality_on(condition, index.fields[i]);
    if (comparison == nullptr) return std::nullopt;
    append_key(key, comparison->values.front(), i + 1 < index.fields.size());
  }
  return key;
}

std::vector<KeyRange> ranges_of(const Index& index, const Condition& condition) {
  std::vector<KeyRange> ranges(1);
  for (const Comparison* comparison : condition.required())
    if (comparison->field == index.fields.front() && narrows(*comparison))
      ranges = cross(ranges, ranges_of_values(*comparison));
  return ranges;
}

std::vector<Path> paths(const Entity& entity, const Condition& condition) {
  std::vector<Path> found;
  if (auto path = id_path(condition)) found.push_back(std::move(*path));
  for (const Index& index : entity.indexes) {
    auto path = index.fields.size() > 1 ? compound_path(index, condition) : field_path(index, condition);
    if (path) found.push_back(std::move(*path));
  }
  sort_stably(found, [](const Path& a, const Path& b) {
    const auto rank = [](const Path& path) { return path.named ? 0 : path.single_key ? 1 : 2; };
    return rank(a) < rank(b);
  });
  return found;
}

std::size_t size_of(const RowSource& source, const Entity& entity, const Path& path, std::size_t most) {
  if (path.named) return std::min(path.ids.size(), most);
  std::size_t rows = 0;
  for (const KeyRange& range : path.ranges) {
    if (rows >= most) break;
    rows += source.count(entity, *path.index, range, most - rows);
  }
  return rows;
}

const Index* index_of(const Entity& entity, FieldNumber field) noexcept {
  for (const Index& index : entity.indexes)
    if (index.fields.size() == 1 && index.fields.front() == field) return &index;
  return nullptr;
}

}  // namespace emptor::keyvalue
