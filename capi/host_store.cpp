#include "host_store.hpp"

#include "argument.hpp"

namespace emptor::capi {
namespace {

std::string_view bytes_of(const void* data, std::size_t size) { return {static_cast<const char*>(data), size}; }

// The store hands out visits that throw nothing (what goes wrong comes out when the host has returned).
int visit_one(void* visit, const void* key, std::size_t key_size, const void* value, std::size_t value_size) noexcept {
  return (*static_cast<const HostVisit*>(visit))(bytes_of(key, key_size), bytes_of(value, value_size)) ? 1 : 0;
}

}  // namespace

HostCalls host_calls_in(const emptor_host_calls* given) {
  if (given == nullptr) throw Error(Code::misuse, "the calls are NULL", "pass a pointer to an emptor_host_calls");
  const auto calls = options_in(given, emptor_host_calls EMPTOR_HOST_CALLS_INIT);
  if (calls.get == nullptr || calls.put == nullptr || calls.erase == nullptr || calls.range == nullptr ||
      calls.commit == nullptr)
    throw Error(Code::misuse, "a function of the host's store is NULL", "give all five");
  return {
      [calls](std::string_view key, std::optional<std::string_view>& value) {
        const void* data = nullptr;
        std::size_t size = 0;
        const int answer = calls.get(calls.context, key.data(), key.size(), &data, &size);
        if (answer == 0 && data != nullptr) value = bytes_of(data, size);
        return answer;
      },
      [calls](std::string_view key, std::string_view value) {
        return calls.put(calls.context, key.data(), key.size(), value.data(), value.size());
      },
      [calls](std::string_view key) { return calls.erase(calls.context, key.data(), key.size()); },
      [calls](std::string_view low, std::string_view high, bool descending, const HostVisit& visit) {
        return calls.range(calls.context, low.data(), low.size(), high.data(), high.size(), descending ? 1 : 0,
                           visit_one, const_cast<HostVisit*>(&visit));
      },
      [calls](HostCommit how) { return calls.commit(calls.context, static_cast<emptor_host_commit>(how)); },
  };
}

}  // namespace emptor::capi
