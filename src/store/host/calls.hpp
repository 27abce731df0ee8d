// The host's functions, with what they promise checked: a failure is Code::io, keys out of their place are
// Code::corrupt.
#pragma once

#include <string>

#include "emptor/store/host.hpp"

namespace emptor::host {

/// Keys from `low` to before `high`.
struct Bounds {
  std::string low, high;
};

enum class Direction { ascending, descending };

class CheckedCalls {
 public:
  /// Throws Code::misuse where a function is missing.
  explicit CheckedCalls(HostCalls calls);

  std::optional<std::string> get(std::string_view key) const;
  /// Requires a key of at most `host_key_bytes`.
  void put(std::string_view key, std::string_view value) const;
  void erase(std::string_view key) const;
  /// Calls `visit` for each key until it returns false. What it throws comes out here, past the host.
  void range(const Bounds& bounds, Direction direction, const HostVisit& visit) const;
  void commit(HostCommit how) const;

 private:
  HostCalls calls_;
};

}  // namespace emptor::host
