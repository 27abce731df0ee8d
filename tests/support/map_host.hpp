// A host's store in a map, which does as it is told: it counts calls, fails where it should, and hands out what a test
// makes of it.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "emptor/store/host.hpp"

namespace emptor::test {

class MapHost {
 public:
  static constexpr int failure = 77;  ///< what a function returns that fails

  std::map<std::string, std::string> keys;  ///< what is committed
  std::uint64_t calls = 0;
  std::uint64_t fail_at = 0;  ///< the call that fails, counted from 1; 0 for none
  bool fails_on = false;      ///< every later one fails too
  bool commits_fail = false;  ///< those that discard too
  std::uint64_t commits = 0;
  HostCommit last = HostCommit::discard;  ///< how it was committed last
  /// Asked for each pair of a range in the place of what the map holds; nothing: the map's own.
  std::function<void(const HostVisit& visit, std::string_view low, std::string_view high)> range_instead;
  std::function<void()> on_call, on_put;

  /// Functions that refer to this.
  HostCalls functions();

 private:
  int answer();

  std::vector<std::pair<std::string, std::optional<std::string>>> batch_;
  std::string shown_;
};

}  // namespace emptor::test
