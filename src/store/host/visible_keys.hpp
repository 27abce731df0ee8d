// The host's keys as one reader or the writer sees them.
#pragma once

#include <memory>

#include "store/host/base.hpp"

namespace emptor::host {

using BasePtr = std::shared_ptr<Base>;

class VisibleKeys {
 public:
  virtual ~VisibleKeys() = default;

  virtual std::optional<std::string> get(std::string_view key) const = 0;
  /// A visit must not ask for keys itself.
  virtual void walk(const Bounds& bounds, Direction direction, const HostVisit& visit) const = 0;
};

/// As they were at a commit, for as long as this lives.
class SnapshotKeys final : public VisibleKeys {
 public:
  /// Takes over what `acquire` gave.
  SnapshotKeys(BasePtr base, Commit at) : base_(std::move(base)), at_(at) {}
  ~SnapshotKeys() override { base_->release(at_); }
  SnapshotKeys(const SnapshotKeys&) = delete;
  SnapshotKeys& operator=(const SnapshotKeys&) = delete;

  std::optional<std::string> get(std::string_view key) const override { return base_->get(key, at_); }
  void walk(const Bounds& bounds, Direction direction, const HostVisit& visit) const override {
    base_->walk(bounds, direction, at_, visit);
  }

 private:
  BasePtr base_;
  Commit at_;
};

/// The newest ones under what was put over them. Requires the turn to write.
class PendingKeys final : public VisibleKeys {
 public:
  explicit PendingKeys(BasePtr base) : base_(std::move(base)) {}

  std::optional<std::string> get(std::string_view key) const override {
    const auto found = pending_.find(key);
    return found != pending_.end() ? found->second : base_->get(key);
  }
  void walk(const Bounds& bounds, Direction direction, const HostVisit& visit) const override {
    base_->walk(bounds, direction, pending_, visit);
  }

  /// Throws Code::invalid for a key that is too long for a host.
  void put(std::string key, std::string_view value);
  void erase(std::string key) { pending_.insert_or_assign(std::move(key), std::nullopt); }
  const Pending& pending() const noexcept { return pending_; }

 private:
  BasePtr base_;
  Pending pending_;
};

}  // namespace emptor::host
