/// Who acts on a store: the calls of one session, one at a time.
#pragma once

#include <nanobind/nanobind.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "entity.hpp"
#include "error.hpp"
#include "host.hpp"
#include "record.hpp"
#include "store.hpp"

namespace emptor::python {

class Session {
 public:
  Session(StorePtr store, HostPtr host, emptor_session_options options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void close();
  bool is_open() const noexcept { return handle_ != nullptr; }

  /// Runs one call of the C API without the GIL: call(session, &error) gives its status. A session that another
  /// thread used before becomes this thread's; raises Misuse while another thread, or a callback of this very call,
  /// is using it.
  template <class Call>
  void run(Call&& call);

  Host& host() noexcept { return *host_; }
  const HostPtr& shared_host() const noexcept { return host_; }
  /// Reads the description of an entity; raises NotFound.
  EntityPtr entity(const std::string& name);
  Record make(const std::string& entity);

 private:
  /// The session in use by this thread until the end of the scope. Made and ended with the GIL held.
  class Turn {
   public:
    explicit Turn(Session& session);
    ~Turn() { session_.busy_ = false; }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Session& session_;
  };

  StorePtr store_;
  HostPtr host_;
  emptor_session* handle_ = nullptr;
  std::thread::id owner_ = std::this_thread::get_id();
  bool busy_ = false;
  Entities entities_;
};

template <class Call>
void Session::run(Call&& call) {
  const Turn turn(*this);
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_status status = EMPTOR_OK;
  {
    const nanobind::gil_scoped_release free;
    status = call(handle_, &error);
  }
  host_->rethrow();
  check(status, error);
}

}  // namespace emptor::python
