/// The host's own store: Emptor keeps everything in an ordered key-value store that the host has already.
///
/// Keys and values are bytes, never empty; keys are at most `host_key_bytes` long and ordered by memcmp. A function
/// returns 0, or a number of the host's where it failed, which ends the call of Emptor's with Code::io and that
/// number. Emptor calls from whatever thread uses the store, one call at a time; a function must not use Emptor, nor
/// keep a view that it was given. The same in C, word by word: capi/emptor.h and docs/host-store.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "emptor/core/log.hpp"
#include "emptor/store/store.hpp"

namespace emptor {

inline constexpr std::size_t host_key_bytes = 511;
/// The keys of Emptor begin with a byte from 1 to 31: the host may keep others of its own beside them.
inline constexpr char first_host_key = 1, past_host_keys = 32;

enum class HostCommit {
  discard = 0,  ///< nothing of what was put and erased since the last commit may stay
  durable = 1,  ///< all of it is kept, also through loss of power, or none
  grouped = 2,  ///< the same, but loss of power may undo it until the next durable one
};

/// Takes one key with its value, which need be good until it returns; false asks the range to end.
using HostVisit = std::function<bool(std::string_view key, std::string_view value)>;

struct HostCalls {
  /// The value of a key, good until the next call; nothing where there is none.
  std::function<int(std::string_view key, std::optional<std::string_view>& value)> get;
  /// Sets the value of a key. Between the first put or erase and the commit nothing is read.
  std::function<int(std::string_view key, std::string_view value)> put;
  /// Removes a key; none where there is none.
  std::function<int(std::string_view key)> erase;
  /// Visits the keys from `low` to before `high`, ascending or descending, until they or the visits end.
  std::function<int(std::string_view low, std::string_view high, bool descending, const HostVisit& visit)> range;
  /// Ends what the puts and erases before it began. May come without any (a durable one after grouped ones).
  std::function<int(HostCommit how)> commit;
};

/// Opens the store that the host keeps, or makes one there. One process at a time, and one Store at a time. Throws
/// Code::not_found (none there and not `create`), Code::misuse (a function is missing), Code::corrupt, Code::newer,
/// Code::io. The calls must stay good until the store, its readers and its writers are gone.
std::unique_ptr<Store> open_host(HostCalls calls, const OpenOptions& options = {}, const Log& log = {});

}  // namespace emptor
