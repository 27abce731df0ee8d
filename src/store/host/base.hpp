// What all readers and the writer of a host's store share.
//
// The host has one state only, the newest. A writer's changes wait in memory until its commit hands them over; and of
// each key that a commit changes, what it was before is kept for as long as a reader stands on an older one. One lock
// lets one call at a time through to the host; a reader holds it for a chunk of rows, a commit until it is done.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "store/host/calls.hpp"
#include "store/keyvalue/snapshot.hpp"
#include "store/turnstile.hpp"

namespace emptor::host {

using keyvalue::Commit;
using keyvalue::Snapshot;

/// What a writer has put so far, by key; nothing where it erased.
using Pending = std::map<std::string, std::optional<std::string>, std::less<>>;

class Base {
 public:
  Base(HostCalls calls, const OpenOptions& options);

  /// The store as it is from now on, before anybody reads.
  void begin(Snapshot newest) { newest_ = std::move(newest); }
  /// The newest commit, whose state stays readable until `release`.
  Snapshot acquire();
  void release(Commit at) noexcept;
  Snapshot newest() const;

  /// The value of a key at a commit; the newest one.
  std::optional<std::string> get(std::string_view key, Commit at) const;
  std::optional<std::string> get(std::string_view key) const;
  /// Visits keys and values at a commit; the newest ones, under what a writer has put over them. A visit must not come
  /// back here.
  void walk(const Bounds& bounds, Direction direction, Commit at, const HostVisit& visit) const;
  void walk(const Bounds& bounds, Direction direction, const Pending& over, const HostVisit& visit) const;

  /// Hands the changes over, all or none; `next` is the store as it is from then on (but for the number of the commit).
  /// Requires the turn to write.
  void commit(const Pending& changes, Snapshot next, HostCommit how);
  void sync();

  /// Throws Code::misuse in a forked child, and from inside a function of the host's.
  void check_call() const;
  const OpenOptions& options() const noexcept { return options_; }
  Turnstile& turnstile() noexcept { return turnstile_; }

 private:
  // What a key was until a commit; of one key in the order of commits.
  struct Former {
    Commit died = 0;
    std::optional<std::string> value;
  };
  using Formers = std::map<std::string, std::vector<Former>, std::less<>>;
  // The keys that a commit changed while readers stood on older ones.
  struct Kept {
    Commit died = 0;
    std::vector<Formers::iterator> keys;
  };
  class Inside;

  static const std::optional<std::string>* former_at(const std::vector<Former>& formers, Commit at) noexcept;
  void keep_formers(const Pending& changes, Commit commit);
  void drop_formers(const Kept& kept) noexcept;
  void collect() noexcept;
  void hand_over(const Pending& changes, HostCommit how);
  void discard() noexcept;

  const OpenOptions options_;
  const std::int64_t process_;
  CheckedCalls calls_;
  mutable std::mutex mutex_;
  mutable std::atomic<std::thread::id> inside_;
  bool broken_ = false;  // a commit failed and could not be undone
  Snapshot newest_;
  keyvalue::OpenReaders readers_;
  Formers formers_;
  std::deque<Kept> kept_;
  Turnstile turnstile_;
};

}  // namespace emptor::host
