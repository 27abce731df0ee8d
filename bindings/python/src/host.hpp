/// What a session asks of Python: whether to go on, the time, random bytes, and who hears of its work.
#pragma once

#include <nanobind/nanobind.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>

#include "emptor.h"
#include "error.hpp"

namespace emptor::python {

/// The callables of a session, None where there is none. The library calls without the GIL; each callback takes it.
/// What a callable raises ends the call and is raised again when it has ended (what the log raises is only told).
class Host {
 public:
  /// Called as progress(stage, done, total), now and then; False stops the call.
  nanobind::object progress = nanobind::none();
  nanobind::object clock = nanobind::none();   ///< clock() is the time, an aware datetime
  nanobind::object random = nanobind::none();  ///< random(n) is n bytes that nobody can guess
  nanobind::object log = nanobind::none();     ///< log(level, line)

  /// The host is to outlive the session and its streams, or the store.
  void join(emptor_session_options& options);
  void join(emptor_store_options& options);
  static int ask(void* host, const char* stage, std::uint64_t done, std::uint64_t total) noexcept;

  /// Raises what a callable raised during a call.
  void rethrow();
  /// The same for a stream, whose consumer cannot take an exception: Ctrl-C is pressed again, anything else is told
  /// to sys.unraisablehook.
  void rethrow_later() noexcept;

 private:
  friend struct Collected;
  std::array<nanobind::object*, 4> callables() noexcept { return {&progress, &clock, &random, &log}; }

  static std::int64_t now(void* host) noexcept;
  static int fill(void* host, void* bytes, std::size_t size) noexcept;
  static void tell(void* host, emptor_log_level level, const char* line, std::size_t size) noexcept;

  bool is_due() noexcept;
  /// Keeps the exception in flight; the first one stands.
  void keep() noexcept;

  std::exception_ptr raised_;  ///< guarded by the GIL
  std::atomic<bool> has_raised_ = false;
  std::atomic<std::int64_t> next_ = 0;
};
using HostPtr = std::shared_ptr<Host>;

/// A call that no session makes: it may start threads of the library's own, and Ctrl-C or a progress stops it.
class HostCall {
 public:
  HostCall(nanobind::object progress, std::size_t threads) {
    host_.progress = std::move(progress);
    asked_.threads = threads;
    asked_.progress = &Host::ask;
    asked_.progress_context = &host_;
  }
  /// Runs call(host, &error) without the GIL; raises what a callable raised, then what went wrong.
  template <class Call>
  void run(Call&& call) {
    emptor_error error = EMPTOR_ERROR_INIT;
    emptor_status status = EMPTOR_OK;
    {
      const nanobind::gil_scoped_release free;
      status = call(&asked_, &error);
    }
    host_.rethrow();
    check(status, error);
  }

 private:
  Host host_;
  emptor_host asked_ = EMPTOR_HOST_INIT;
};

/// Tells the garbage collector of the callables of a class T with a host(): they may refer to what calls them.
struct Collected {
  template <class T>
  static int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    if (!nanobind::inst_ready(self)) return 0;
    for (const nanobind::object* one : nanobind::inst_ptr<T>(self)->host().callables()) Py_VISIT(one->ptr());
    return 0;
  }
  template <class T>
  static int clear(PyObject* self) {
    for (nanobind::object* one : nanobind::inst_ptr<T>(self)->host().callables()) *one = nanobind::none();
    return 0;
  }
  template <class T>
  static inline PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(traverse<T>)},
                                       {Py_tp_clear, reinterpret_cast<void*>(clear<T>)},
                                       {0, nullptr}};
};

/// Held by sessions and streams, whose last one may go without the GIL.
HostPtr make_host();

}  // namespace emptor::python
