#include "session/rule/segment_rules.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "emptor/core/text.hpp"
#include "emptor/model/insight.hpp"
#include "emptor/session/rule.hpp"
#include "session/rule/needs.hpp"
#include "session/rule/reading.hpp"

namespace emptor {
namespace {

constexpr std::size_t shown = 60;  // bytes of a name

std::string quoted(std::string_view name) { return "'" + std::string(truncate(name, shown)) + "'"; }

class Segments {
 public:
  Segments(Reader& reader, std::span<const SavedSegment> changes, const std::function<bool(Row)>& may_read,
           std::vector<Problem>& problems)
      : schema_(reader.schema()),
        entity_(schema_->entity(Segment::entity_name)),
        name_(entity_.field("name").number),
        rule_(entity_.field("rule").number),
        problems_(problems) {
    take(reader, may_read);
    for (const SavedSegment& change : changes) take(change);
    for (auto& [id, segment] : segments_)
      if (segment.lives && !segment.name.empty()) add_name(segment);
  }

  void check() {
    for (auto& [id, segment] : segments_) read(segment);
    for (const auto& [id, segment] : segments_)
      if (segment.change && segment.lives) check_named(segment);
    for (const auto& [id, segment] : segments_)
      if (!segment.change && segment.lives && segment.active) check_left(segment);
  }

 private:
  struct Kept {
    std::string name, rule;
    std::string name_before = {}, rule_before = {};  ///< before the change
    bool lives = true, active = true, readable = true;
    std::optional<std::int64_t> change = {};
    RuleNeeds::Fields named = {};
  };

  void take(Reader& reader, const std::function<bool(Row)>& may_read) {
    each_segment(reader, [&](Id id, Row row) {
      Kept& segment = segments_[id.value];
      segment.name = segment.name_before = row[name_].text();
      segment.rule = segment.rule_before = row[rule_].text();
      segment.active = is_active(entity_, row);
      segment.readable = may_read(row);
    });
  }

  void take(const SavedSegment& change) {
    Kept& segment = segments_[change.id.value];
    segment.name = change.after[name_].text();
    segment.rule = change.after[rule_].text();
    segment.active = is_active(entity_, change.after);
    segment.lives = !change.after[system_field::deleted_at].present();
    segment.change = change.change;
    if (!segment.lives || !segment.active || segment.name_before != segment.name)
      left_.emplace(segment.name_before, change.change);
  }

  // Of two with one name the one that is changed is told.
  void add_name(const Kept& segment) {
    const auto [found, added] = by_name_.emplace(segment.name, &segment);
    const auto& change = segment.change ? segment.change : found->second->change;
    if (!added && change)
      fail(Code::duplicate, *change, "name", "another segment has this name already", "take another name");
  }

  void read(Kept& segment) {
    if (!segment.lives || segment.rule.empty()) return;
    try {
      segment.named = needs_of(Rule::parse_segment(*schema_, segment.rule)).segments;
    } catch (const Error& error) {
      if (!segment.change) return;
      for (const Problem& problem : error.problems())
        fail(Code::invalid, *segment.change, "rule",
             problem.message + (problem.field.empty() ? "" : " (" + problem.field + ")"), problem.hint);
    }
  }

  void check_named(const Kept& segment) {
    for (const std::string& name : segment.named) {
      const auto found = by_name_.find(name);
      const bool told = found != by_name_.end() && (found->second->readable || segment.rule == segment.rule_before);
      if (!told)
        fail(Code::not_found, *segment.change, "rule", "there is no segment " + quoted(name), nearest(name));
      else if (segment.active && !found->second->active)
        fail(Code::invalid, *segment.change, "rule", "the segment " + quoted(name) + " is not active",
             "make that one active first, or in the same change set");
    }
    std::vector<std::string> way;
    std::set<std::string, std::less<>> met;
    if (!leads_to(segment, segment.name, way, met)) return;
    std::string through;
    const auto is_told = [&](const std::string& name) { return by_name_.find(name)->second->readable; };
    if (std::ranges::all_of(way, is_told))
      for (const std::string& name : way) through += (through.empty() ? ", through " : ", ") + quoted(name);
    fail(Code::invalid, *segment.change, "rule", "the segment asks itself" + through,
         "write out in one of them what it asks of the other");
  }

  // The names between, where one way is found; each segment is gone through once.
  bool leads_to(const Kept& from, const std::string& name, std::vector<std::string>& way,
                std::set<std::string, std::less<>>& met) const {
    if (from.named.contains(name)) return true;
    for (const std::string& next : from.named) {
      const auto found = by_name_.find(next);
      if (found == by_name_.end() || !met.insert(next).second) continue;
      way.push_back(next);
      if (leads_to(*found->second, name, way, met)) return true;
      way.pop_back();
    }
    return false;
  }

  // A segment that is not changed asks for one that goes, rests, or goes by another name.
  void check_left(const Kept& segment) {
    for (const std::string& name : segment.named) {
      const auto gone = left_.find(name);
      const auto found = by_name_.find(name);
      if (gone == left_.end() || (found != by_name_.end() && found->second->active)) continue;
      fail(Code::conflict, gone->second, found == by_name_.end() ? "name" : "active",
           (segment.readable ? "the segment " + quoted(segment.name) : std::string("another segment")) +
               " asks for this one by its name",
           "change the rule of that one first, or in the same change set");
    }
  }

  std::string nearest(const std::string& name) const {
    std::vector<std::string> known;
    for (const auto& [each, segment] : by_name_)
      if (segment->readable) known.push_back(each);
    const std::string meant = rule_hint(name, known);
    return meant.empty() ? "make that one first, or in the same change set" : meant;
  }

  void fail(Code code, std::int64_t change, std::string field, std::string message, std::string hint) {
    problems_.push_back({code, std::move(message), entity_.name, std::move(field), change, std::move(hint)});
  }

  SchemaPtr schema_;
  const Entity& entity_;
  FieldNumber name_, rule_;
  std::map<std::int64_t, Kept> segments_;
  std::map<std::string, const Kept*, std::less<>> by_name_;
  std::map<std::string, std::int64_t, std::less<>> left_;  // names that are given up, and by which change
  std::vector<Problem>& problems_;
};

}  // namespace

void each_segment(Reader& reader, const std::function<void(Id, Row)>& take) {
  Query query;
  query.entity = std::string(Segment::entity_name);
  ScanKey key;
  Batch batch;
  std::vector<Value> row;
  for (bool more = true; more;) {
    more = reader.scan(query, key, batch);
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      row.clear();
      batch.copy_row(i, row);
      take(batch.ids[i], row);
    }
  }
}

bool is_active(const Entity& segment, Row row) {
  const Value& active = row[segment.field("active").number];
  return !active.present() || active.boolean();
}

void check_segment_rules(Reader& reader, std::span<const SavedSegment> changes,
                         const std::function<bool(Row)>& may_read, std::vector<Problem>& problems) {
  if (!changes.empty()) Segments(reader, changes, may_read, problems).check();
}

}  // namespace emptor
