#include "session/segments/places.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "emptor/core/error.hpp"
#include "emptor/model/insight.hpp"
#include "emptor/model/party.hpp"
#include "emptor/model/system.hpp"
#include "session/segments/evaluation.hpp"

namespace emptor::segments {
namespace {

constexpr std::size_t customers_at_once = 4096;
constexpr std::int64_t whole_share = 1'000'000;

struct PlaceRow {
  Id segment;
  std::int64_t bit = 0, since = 0, first = 0;
  std::string thresholds;
};

// The rows of `segment_place`, few and all in memory while they are changed.
class Places {
 public:
  explicit Places(Writer& writer)
      : writer_(writer), schema_(writer.schema()), entity_(schema_->entity(SegmentPlace::entity_name)) {
    Query query;
    query.entity = entity_.name;
    ScanKey key;
    Batch batch;
    for (bool more = true; more;) {
      more = writer.scan(query, key, batch);
      const auto number = [&](const char* name, std::size_t row) {
        return batch.columns[entity_.field(name).number].bits[row];
      };
      for (std::size_t row = 0; row < batch.rows(); ++row)
        rows_.push_back({batch.ids[row], number("bit", row), number("since", row), number("first", row),
                         std::string(batch.columns[entity_.field("thresholds").number].text(row))});
    }
  }

  std::vector<PlaceRow>& rows() noexcept { return rows_; }
  PlaceRow* find(Id segment) {
    const auto found = std::ranges::find(rows_, segment, &PlaceRow::segment);
    return found == rows_.end() ? nullptr : &*found;
  }
  PlaceRow& add(Id segment) { return rows_.emplace_back(PlaceRow{segment, free_bit()}); }
  void remove(Id segment) {
    if (std::erase_if(rows_, [&](const PlaceRow& row) { return row.segment == segment; }) != 0)
      writer_.erase(entity_, std::span(&segment, 1));
  }
  void keep(const PlaceRow& place) {
    std::vector<Value> row(entity_.fields.size());
    row[system_field::id] = Value(place.segment);
    row[entity_.field("bit").number] = Value(place.bit);
    row[entity_.field("since").number] = Value(place.since);
    row[entity_.field("first").number] = Value(place.first);
    row[entity_.field("thresholds").number] = Value::bytes(place.thresholds);
    const Row rows[] = {row};
    writer_.put(entity_, rows, false);
  }

 private:
  std::int64_t free_bit() const {
    std::vector<std::int64_t> taken;
    for (const PlaceRow& row : rows_) taken.push_back(row.bit);
    std::ranges::sort(taken);
    std::int64_t free = 0;
    for (const std::int64_t bit : taken) free += bit == free;
    return free;
  }

  Writer& writer_;
  SchemaPtr schema_;
  const Entity& entity_;
  std::vector<PlaceRow> rows_;
};

std::int64_t next_generation(Writer& writer) {
  const std::int64_t generation = generation_of(writer) + 1;
  writer.set_setting(generation_setting, std::to_string(generation));
  writer.set_setting(behind_setting, "yes");
  return generation;
}

// Every number that customers have by which a term says who is among the greatest.
std::vector<Value> numbers_of(Reader& reader, const Rule& top) {
  std::vector<Source> sources;
  sources.push_back({Id{1}, "top", top});
  const Program program(reader.schema(), std::move(sources));
  Evaluation evaluation(program, Zone());
  Query query;
  query.entity = std::string(Customer::entity_name);
  query.fields = {"id"};
  query.limit = customers_at_once;
  std::vector<Value> numbers;
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = reader.scan(query, key, batch);
    evaluation.begin(reader, batch.ids, Date{});
    for (std::size_t i = 0; i < batch.rows(); ++i)
      if (const Value number = evaluation.observed(0, i); number.present()) numbers.push_back(number);
  }
  return numbers;
}

// The number of the last of the greatest, the share rounded up to whole customers; missing where nobody has a number.
Value threshold(Reader& reader, const Rule& rule, const RuleTerm& top) {
  std::vector<Value> numbers = numbers_of(reader, rule.part(top));
  const auto count = static_cast<std::int64_t>(numbers.size());
  const auto among = (count * top.subject.share + whole_share - 1) / whole_share;
  if (among <= 0) return {};
  const auto last = numbers.begin() + (std::min(among, count) - 1);
  std::ranges::nth_element(numbers, last, [](const Value& a, const Value& b) { return compare(a, b) > 0; });
  return *last;
}

std::string thresholds(Reader& reader, const Rule& rule) {
  std::vector<Value> all;
  for (const RuleTerm* top : tops_of(rule)) all.push_back(threshold(reader, rule, *top));
  return thresholds_text(all);
}

bool names_any(const RuleTerm& term, std::span<const std::string> names) {
  if (term.kind == RuleTerm::Kind::compare)
    return term.subject.kind == RuleSubject::Kind::segment &&
           std::ranges::find(names, term.subject.name) != names.end();
  return std::ranges::any_of(term.children, [&](const RuleTerm& child) { return names_any(child, names); });
}

bool is_true(const Value& value) { return value.present() && value.boolean(); }

struct ReadSegment {
  Id id;
  std::string name;
  std::optional<Rule> rule;
};

std::vector<ReadSegment> read_segments(Reader& reader) {
  const SchemaPtr schema = reader.schema();
  const Entity& entity = schema->entity(Segment::entity_name);
  std::vector<ReadSegment> all;
  each_kept_segment(reader, [&](Id id, Row row) {
    ReadSegment& segment = all.emplace_back();
    segment.id = id;
    segment.name = row[entity.field("name").number].text();
    try {
      segment.rule = Rule::parse_segment(*schema, row[entity.field("rule").number].text());
    } catch (const Error&) {
      // A newer program wrote it: nobody is in it.
    }
  });
  return all;
}

// Those that name one of these, straight or through others.
void add_dependents(const std::vector<ReadSegment>& all, std::vector<std::string>& names, std::vector<Id>& dependents) {
  for (std::size_t before = names.size() + 1; before != names.size();) {
    before = names.size();
    for (const ReadSegment& each : all) {
      if (!each.rule || !names_any(each.rule->root(), names)) continue;
      if (std::ranges::find(dependents, each.id) != dependents.end()) continue;
      dependents.push_back(each.id);
      names.push_back(each.name);
    }
  }
}

}  // namespace

void place_segments(Writer& writer, std::span<const RecordChange> changes) {
  const SchemaPtr schema = writer.schema();
  const Entity& entity = schema->entity(Segment::entity_name);
  const FieldNumber name = entity.field("name").number, rule = entity.field("rule").number,
                    watched = entity.field("watched").number;
  Places places(writer);
  const std::int64_t generation = next_generation(writer);
  std::vector<std::string> names;  // of segments that may have other members from here on
  std::vector<Id> changed;
  for (const RecordChange& change : changes) {
    const bool was = !change.before.empty() && is_kept(entity, change.before);
    const bool is = !change.after.empty() && is_kept(entity, change.after);
    const Id id = (change.after.empty() ? change.before : change.after)[system_field::id].id();
    if (was && !is) places.remove(id);
    if (was) names.emplace_back(change.before[name].text());
    if (!is) continue;
    PlaceRow* place = places.find(id);
    const bool of_other_rule = !was || place == nullptr || change.before[rule] != change.after[rule];
    if (!of_other_rule && change.before[watched] == change.after[watched] && change.before[name] == change.after[name])
      continue;
    if (of_other_rule || change.before[name] != change.after[name]) names.emplace_back(change.after[name].text());
    if (place == nullptr) place = &places.add(id);
    place->since = generation;
    const bool newly_watched = is_true(change.after[watched]) && (!was || !is_true(change.before[watched]));
    if (of_other_rule || newly_watched) place->first = generation;
    changed.push_back(id);
  }
  const std::vector<ReadSegment> all = read_segments(writer);
  std::vector<Id> dependents;
  add_dependents(all, names, dependents);
  for (const ReadSegment& each : all) {
    PlaceRow* place = places.find(each.id);
    const bool depends = std::ranges::find(dependents, each.id) != dependents.end();
    if (place == nullptr && depends) place = &places.add(each.id);
    if (place == nullptr) continue;
    if (depends) place->since = place->first = generation;
    const bool is_changed = std::ranges::find(changed, each.id) != changed.end();
    if (place->first == generation && each.rule) place->thresholds = thresholds(writer, *each.rule);
    if (depends || is_changed) places.keep(*place);
  }
}

void doubt_segments(Writer& writer, std::span<const Id> segments) {
  Places places(writer);
  if (places.rows().empty()) return;
  const std::int64_t generation = next_generation(writer);
  for (PlaceRow& place : places.rows()) {
    if (!segments.empty() && std::ranges::find(segments, place.segment) == segments.end()) continue;
    place.since = generation;
    places.keep(place);
  }
}

bool refresh_thresholds(Writer& writer) {
  Places places(writer);
  std::int64_t generation = 0;
  for (const ReadSegment& each : read_segments(writer)) {
    PlaceRow* place = places.find(each.id);
    if (place == nullptr || !each.rule || tops_of(*each.rule).empty()) continue;
    std::string fresh = thresholds(writer, *each.rule);
    if (fresh == place->thresholds) continue;
    if (generation == 0) generation = next_generation(writer);
    place->thresholds = std::move(fresh);
    place->since = generation;
    places.keep(*place);
  }
  return generation != 0;
}

}  // namespace emptor::segments
