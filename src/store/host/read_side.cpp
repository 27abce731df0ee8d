#include "store/host/read_side.hpp"

#include <algorithm>

#include "store/host/keys.hpp"
#include "store/host/records.hpp"

namespace emptor::host {

std::vector<JournalEntry> ReadSide::journal(std::int64_t after, std::size_t limit) const {
  std::vector<JournalEntry> entries;
  const std::int64_t first = std::max(after, forgotten());
  if (limit == 0 || first >= info().position) return entries;
  keys_->walk(entries_between(first, info().position), Direction::ascending,
              [&](std::string_view key, std::string_view bytes) {
                entries.push_back(read_entry(position_of(key), bytes));
                return entries.size() < limit;
              });
  return entries;
}

std::optional<JournalEntry> ReadSide::entry(std::int64_t version) const {
  if (version <= forgotten() || version > info().position) return std::nullopt;
  const std::optional<std::string> bytes = keys_->get(entry_key(version));
  if (!bytes) fail_damaged();
  return read_entry(version, *bytes);
}

std::optional<JournalEntry> ReadSide::operation(std::string_view op_id) const {
  if (op_id.empty()) return std::nullopt;
  const std::optional<std::string> position = keys_->get(operation_key(op_id));
  if (!position) return std::nullopt;
  std::optional<JournalEntry> found = entry(read_position(*position));
  if (!found || found->op_id != op_id) fail_damaged();
  return found;
}

std::string ReadSide::setting(std::string_view name) const {
  return keys_->get(setting_key(name)).value_or(std::string());
}

std::vector<std::string> ReadSide::setting_names() const {
  std::vector<std::string> names;
  keys_->walk(keys_of(Kind::setting), Direction::ascending, [&](std::string_view key, std::string_view) {
    names.emplace_back(setting_of(key));
    return true;
  });
  return names;
}

Id ReadSide::next_id(EntityNumber entity) const {
  const std::optional<std::string> state = keys_->get(entity_key(entity));
  return Id{(state ? read_entity_state(*state).last_id : 0) + 1};
}

}  // namespace emptor::host
