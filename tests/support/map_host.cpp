#include "support/map_host.hpp"

namespace emptor::test {

int MapHost::answer() {
  if (on_call) on_call();
  ++calls;
  const bool fails = fail_at != 0 && (calls == fail_at || (fails_on && calls > fail_at));
  return fails ? failure : 0;
}

HostCalls MapHost::functions() {
  HostCalls functions;
  functions.get = [this](std::string_view key, std::optional<std::string_view>& value) {
    if (const int failed = answer()) return failed;
    const auto found = keys.find(std::string(key));
    if (found != keys.end()) value = shown_ = found->second;
    return 0;
  };
  functions.put = [this](std::string_view key, std::string_view value) {
    if (const int failed = answer()) return failed;
    if (on_put) on_put();
    batch_.emplace_back(key, value);
    return 0;
  };
  functions.erase = [this](std::string_view key) {
    if (const int failed = answer()) return failed;
    batch_.emplace_back(key, std::nullopt);
    return 0;
  };
  functions.range = [this](std::string_view low, std::string_view high, bool descending, const HostVisit& visit) {
    if (const int failed = answer()) return failed;
    if (range_instead) return range_instead(visit, low, high), 0;
    auto begin = keys.lower_bound(std::string(low)), end = keys.lower_bound(std::string(high));
    while (begin != end) {
      const auto& [key, value] = descending ? *--end : *begin++;
      shown_ = value;
      if (!visit(key, shown_)) break;
    }
    return 0;
  };
  functions.commit = [this](HostCommit how) {
    if (const int failed = answer()) return failed;
    if (commits_fail) return failure;
    if (how != HostCommit::discard) {
      for (const auto& [key, value] : batch_) value ? void(keys[key] = *value) : void(keys.erase(key));
      ++commits;
    }
    last = how;
    batch_.clear();
    return 0;
  };
  return functions;
}

}  // namespace emptor::test
