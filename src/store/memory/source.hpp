// The rows and index entries of the memory store as they are at one commit.
#pragma once

#include "store/keyvalue/deadline.hpp"
#include "store/keyvalue/source.hpp"
#include "store/memory/base.hpp"

namespace emptor::memory {

class Source final : public keyvalue::RowSource {
 public:
  Source(const Base& base, Commit at) : base_(base), at_(at) {}

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
  keyvalue::Deadline deadline_;
  const Base& base_;
  Commit at_;
};

/// The row version alive at a commit; null where there is none. Requires the lock.
const RowVersion* alive_row(const Rows& rows, EntityNumber entity, Id id, Commit at);

}  // namespace emptor::memory
