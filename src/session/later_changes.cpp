#include "session/later_changes.hpp"

namespace emptor {
namespace {

constexpr std::int64_t most_entries = 10'000;
constexpr std::size_t most_bytes = std::size_t{32} << 20;
constexpr std::size_t entries_at_once = 1'000;

}  // namespace

std::optional<LaterChanges> LaterChanges::after(Reader& reader, std::int64_t position) {
  const std::int64_t newest = reader.info().position;
  if (newest - position > most_entries) return std::nullopt;
  LaterChanges later;
  std::size_t bytes = 0;
  while (position < newest) {
    std::vector<JournalEntry> entries = reader.journal(position, entries_at_once);
    if (entries.empty()) break;
    position = entries.back().position;
    for (JournalEntry& entry : entries) {
      bytes += entry.changes.size();
      if (bytes > most_bytes) return std::nullopt;
      later.take(std::move(entry));
    }
  }
  return later;
}

void LaterChanges::take(JournalEntry&& taken) {
  const JournalEntry& entry = entries_.emplace_back(std::move(taken));
  each_change(entry, [&](const Change& change) {
    if (change.kind != ChangeKind::unchanged)
      steps_[{change.entity, change.id}].push_back({entry.version, change.previous, change.kind, change.difference});
    return true;
  });
}

std::span<const LaterChanges::Step> LaterChanges::of(EntityNumber entity, Id id) const {
  const auto found = steps_.find({entity, id});
  return found == steps_.end() ? std::span<const Step>() : std::span<const Step>(found->second);
}

std::vector<Id> LaterChanges::changed(EntityNumber entity) const {
  std::vector<Id> ids;
  for (auto at = steps_.lower_bound({entity, Id{}}); at != steps_.end() && at->first.first == entity; ++at)
    ids.push_back(at->first.second);
  return ids;
}

}  // namespace emptor
