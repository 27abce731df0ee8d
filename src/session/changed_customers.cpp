#include "session/changed_customers.hpp"

#include <algorithm>

#include "emptor/model/party.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_changes = 20'000;  // beyond, reading everything anew is as quick
constexpr std::size_t entries_at_once = 256;

}  // namespace

std::optional<std::vector<Id>> customers_changed(Reader& reader, std::int64_t after,
                                                 const std::function<bool(const Entity&)>& ends) {
  std::vector<Id> changed;
  std::size_t seen = 0;
  bool told = true;
  const auto take = [&](const Change& change) {
    const Entity* entity = reader.schema()->find(change.entity);
    told = ++seen <= most_changes && entity != nullptr && !(ends && ends(*entity));
    if (told && change.kind != ChangeKind::unchanged && entity->number == Customer::entity_number)
      changed.push_back(change.id);
    return told;
  };
  while (told && after < reader.info().position) {
    const std::vector<JournalEntry> entries = reader.journal(after, entries_at_once);
    told = !entries.empty() && entries.front().position == after + 1;  // else some were forgotten
    if (!told) break;
    for (const JournalEntry& entry : entries)
      if (told) each_change(entry, take);
    after = entries.back().position;
  }
  if (!told) return std::nullopt;
  std::ranges::sort(changed);
  changed.erase(std::ranges::unique(changed).begin(), changed.end());
  return changed;
}

}  // namespace emptor
