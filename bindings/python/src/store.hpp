/// An open store, shared by its sessions.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "host.hpp"

namespace emptor::python {

class Store {
 public:
  Store(const std::string& path, HostPtr host, emptor_store_options options);
  ~Store() { emptor_store_close(handle_, nullptr); }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// Raises Misuse once the store is closed.
  emptor_store* handle() const;
  /// Raises Misuse while a session is open. Does nothing the second time.
  void close();
  bool is_open() const noexcept { return handle_ != nullptr; }
  emptor_store_state state() const;
  void backup(const std::string& path) const;
  void sync() const;
  Host& host() noexcept { return *host_; }
  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
  HostPtr host_;
  emptor_store* handle_ = nullptr;
};
using StorePtr = std::shared_ptr<Store>;

}  // namespace emptor::python
