#include "store/keyvalue/aggregate.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>

#include "emptor/core/error.hpp"
#include "emptor/core/exact_sum.hpp"
#include "store/keyvalue/condition.hpp"
#include "store/keyvalue/decoded_row.hpp"
#include "store/keyvalue/key_encoding.hpp"
#include "store/keyvalue/walk.hpp"

namespace emptor::keyvalue {
namespace {

using Item = AggregateQuery::Item;

struct BoundMeasure {
  Measure measure = Measure::count;
  const Field* field = nullptr;  ///< null: records are counted
};

// What one measure has come to in one group.
struct State {
  std::int64_t count = 0;
  IntegerSum sum;
  Value extreme;
};

struct GroupState {
  std::vector<Value> keys;
  std::vector<State> states;
};

BoundMeasure bind(const Entity& entity, const Item& item) {
  if (item.field.empty()) {
    if (item.measure == Measure::count) return {};
    throw Error(Problem{Code::invalid, "a measure needs a field", entity.name, {}, {}, {}});
  }
  const Field& field = entity.field(item.field);
  if (item.measure == Measure::sum && field.type != Type::integer && field.type != Type::decimal)
    throw Error(Problem{Code::invalid, "only integers and decimals have a sum", entity.name, field.name, {}, {}});
  return {item.measure, &field};
}

// Every key is marked present or missing, so that missing ones come first and texts cannot run together.
void append_group_key(std::string& key, const Value& value) {
  key.push_back(value.present() ? '\1' : '\0');
  if (value.present()) append_key(key, value, true);
}

class Aggregation {
 public:
  Aggregation(const RowSource& source, const Entity& entity, const AggregateQuery& query)
      : source_(source), entity_(entity), query_(query), condition_(entity, query.where), decode_(entity) {
    for (const std::string& name : query.group_by) group_fields_.push_back(entity.field(name).number);
    for (const Item& item : query.measures) measures_.push_back(bind(entity, item));
    if (group_fields_.empty()) group(Row{});
  }

  Groups run() {
    const std::size_t most = std::max<std::size_t>(4096, source_.size_hint(entity_.number) / 16);
    const Path path = choose_path(source_, entity_, condition_, most);
    walk_path(source_, entity_, path, [this](const StoredRow& stored) {
      const Row row = decode_(stored.row);
      if ((query_.with_deleted || !row[system_field::deleted_at].present()) && condition_.holds(row)) add(row);
      return true;
    });
    return finish();
  }

 private:
  GroupState& group(Row row) {
    key_.clear();
    for (const FieldNumber field : group_fields_) append_group_key(key_, row[field]);
    const auto [found, is_new] = groups_.try_emplace(key_);
    if (is_new) {
      for (const FieldNumber field : group_fields_) found->second.keys.push_back(groups_out_.text.keep(row[field]));
      found->second.states.resize(measures_.size());
    }
    return found->second;
  }

  void add(Row row) {
    GroupState& state = group(row);
    for (std::size_t i = 0; i < measures_.size(); ++i) add(measures_[i], row, state.states[i]);
  }

  void add(const BoundMeasure& measure, Row row, State& state) {
    if (measure.field == nullptr) {
      ++state.count;
      return;
    }
    const Value& value = row[measure.field->number];
    if (!value.present()) return;
    ++state.count;
    if (measure.measure == Measure::sum) state.sum.add(value.bits());
    if (measure.measure == Measure::min || measure.measure == Measure::max) take_extreme(measure, value, state);
  }

  void take_extreme(const BoundMeasure& measure, const Value& value, State& state) {
    const int order = state.extreme.present() ? compare(value, state.extreme) : 0;
    const bool better = measure.measure == Measure::min ? order < 0 : order > 0;
    if (better || !state.extreme.present()) state.extreme = groups_out_.text.keep(value);
  }

  Value result(const BoundMeasure& measure, const State& state) const {
    if (measure.measure == Measure::count) return Value(state.count);
    if (measure.measure != Measure::sum || state.count == 0) return state.extreme;
    const auto whole = static_cast<std::int64_t>(state.sum.value());
    if (whole != state.sum.value())
      throw Error(Problem{Code::invalid, "a sum is beyond 64 bits", entity_.name, measure.field->name, {}, {}});
    return Value::of_bits(measure.field->type, whole);
  }

  Groups finish() {
    std::vector<const std::pair<const std::string, GroupState>*> sorted;
    for (const auto& group : groups_) sorted.push_back(&group);
    std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
    for (const auto* group : sorted) {
      Groups::Group out{group->second.keys, {}};
      for (std::size_t i = 0; i < measures_.size(); ++i)
        out.results.push_back(result(measures_[i], group->second.states[i]));
      groups_out_.groups.push_back(std::move(out));
    }
    return std::move(groups_out_);
  }

  const RowSource& source_;
  const Entity& entity_;
  const AggregateQuery& query_;
  Condition condition_;
  DecodedRow decode_;
  std::vector<FieldNumber> group_fields_;
  std::vector<BoundMeasure> measures_;
  std::string key_;
  boost::unordered_flat_map<std::string, GroupState> groups_;
  Groups groups_out_;
};

}  // namespace

Groups aggregate(const RowSource& source, const Entity& entity, const AggregateQuery& query) {
  return Aggregation(source, entity, query).run();
}

}  // namespace emptor::keyvalue
