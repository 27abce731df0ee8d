#include "support/log_host.hpp"

#include <stdexcept>

#include "host_store.hpp"

namespace emptor::test {

LogFile open_log(const std::string& path) {
  log_store* store = nullptr;
  const int answer = log_store_open(path.c_str(), &store);
  if (answer != LOG_STORE_OK) throw std::runtime_error("the log file cannot be opened: " + std::to_string(answer));
  return {store, log_store_close};
}

HostCalls calls_of(const LogFile& file) {
  const emptor_host_calls calls = log_store_calls(file.get());
  HostCalls host = capi::host_calls_in(&calls);
  host.get = [file, get = std::move(host.get)](std::string_view key, std::optional<std::string_view>& value) {
    return get(key, value);
  };
  return host;
}

std::unique_ptr<Store> open_log_host(const std::string& path, const OpenOptions& options) {
  return open_host(calls_of(open_log(path)), options);
}

}  // namespace emptor::test
