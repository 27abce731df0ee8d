#include "store/memory/read_side.hpp"

#include <algorithm>
#include <mutex>

namespace emptor::memory {
namespace {

const SettingVersion* seen(const std::vector<SettingVersion>& versions, Commit at) {
  const auto found = std::find_if(versions.rbegin(), versions.rend(),
                                  [at](const SettingVersion& version) { return version.born <= at; });
  return found == versions.rend() ? nullptr : &*found;
}

}  // namespace

std::vector<JournalEntry> ReadSide::journal(std::int64_t after, std::size_t limit) const {
  std::vector<JournalEntry> entries;
  const std::int64_t first = std::max<std::int64_t>(after, forgotten());
  const std::int64_t left = std::max<std::int64_t>(info().position - first, 0);
  const std::size_t count = std::min(static_cast<std::size_t>(left), limit);
  entries.reserve(count);
  const std::shared_lock lock(base_.mutex);
  for (std::size_t i = 1; i <= count; ++i) entries.push_back(base_.entry(first + static_cast<std::int64_t>(i)));
  return entries;
}

std::optional<JournalEntry> ReadSide::entry(std::int64_t version) const {
  if (version <= forgotten() || version > info().position) return std::nullopt;
  const std::shared_lock lock(base_.mutex);
  return base_.entry(version);
}

std::optional<JournalEntry> ReadSide::operation(std::string_view op_id) const {
  const std::shared_lock lock(base_.mutex);
  const auto found = base_.operations.find(op_id);
  if (op_id.empty() || found == base_.operations.end()) return std::nullopt;
  if (found->second > info().position || found->second <= forgotten()) return std::nullopt;
  return base_.entry(found->second);
}

std::string ReadSide::setting(std::string_view name) const {
  const std::shared_lock lock(base_.mutex);
  const auto found = base_.settings.find(name);
  if (found == base_.settings.end()) return {};
  const SettingVersion* version = seen(found->second, at());
  return version == nullptr ? std::string() : version->value;
}

std::vector<std::string> ReadSide::setting_names() const {
  const std::shared_lock lock(base_.mutex);
  std::vector<std::string> names;
  for (const auto& [name, versions] : base_.settings)
    if (const SettingVersion* version = seen(versions, at()); version != nullptr && !version->value.empty())
      names.push_back(name);
  return names;
}

Id ReadSide::next_id(EntityNumber entity) const {
  const std::shared_lock lock(base_.mutex);
  const auto found = base_.last_ids.find(entity);
  return Id{found == base_.last_ids.end() ? 1 : found->second + 1};
}

}  // namespace emptor::memory
