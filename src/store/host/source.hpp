// The rows and index entries of a host's store, as one reader or the writer sees them.
#pragma once

#include "store/host/visible_keys.hpp"
#include "store/keyvalue/deadline.hpp"
#include "store/keyvalue/source.hpp"

namespace emptor::host {

class Source final : public keyvalue::RowSource {
 public:
  /// The keys must outlive it.
  explicit Source(const VisibleKeys& keys) : keys_(keys) {}

  keyvalue::StoredRow row(EntityNumber entity, Id id) const override;
  void rows(EntityNumber entity, Id after, std::size_t count, std::vector<keyvalue::StoredRow>& out) const override;
  void range(const Entity& entity, const Index& index, const keyvalue::KeyRange& range, std::size_t count,
             std::vector<keyvalue::StoredRow>& out) const override;
  std::optional<std::string> last_key(const Entity& entity, const Index& index,
                                      const keyvalue::KeyRange& range) const override;
  std::size_t count(const Entity& entity, const Index& index, const keyvalue::KeyRange& range,
                    std::size_t most) const override;
  std::size_t size_hint(EntityNumber entity) const override;

  /// Rows and ranges asked for past this moment end with Code::cancelled; nothing ends none.
  void stop_at(std::optional<std::chrono::steady_clock::time_point> moment) noexcept { deadline_.set(moment); }

 private:
  const VisibleKeys& keys_;
  keyvalue::Deadline deadline_;
};

}  // namespace emptor::host
