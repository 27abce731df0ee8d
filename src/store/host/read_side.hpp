// What readers and the writer of a host's store have in common: what stands beside rows, at one commit.
#pragma once

#include "store/host/source.hpp"
#include "store/keyvalue/read_side.hpp"

namespace emptor::host {

class ReadSide : public keyvalue::ReadSide<Source> {
 public:
  ReadSide(std::shared_ptr<const VisibleKeys> keys, Snapshot snapshot)
      : keyvalue::ReadSide<Source>(std::move(snapshot), Source(*keys)), keys_(std::move(keys)) {}

  std::vector<JournalEntry> journal(std::int64_t after, std::size_t limit) const;
  std::optional<JournalEntry> entry(std::int64_t version) const;
  std::optional<JournalEntry> operation(std::string_view op_id) const;
  std::string setting(std::string_view name) const;
  std::vector<std::string> setting_names() const;
  Id next_id(EntityNumber entity) const;

 private:
  std::shared_ptr<const VisibleKeys> keys_;
};

}  // namespace emptor::host
