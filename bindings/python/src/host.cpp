#include "host.hpp"

#include <nanobind/stl/string.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <limits>
#include <utility>

#include "error.hpp"
#include "value.hpp"

namespace nb = nanobind;

namespace emptor::python {
namespace {

/// How long the GIL is left alone: taking it costs little, waiting for it may not.
constexpr std::int64_t pause_ms = 20;

constexpr const char* level_names[] = {"debug", "info", "warning", "error"};

std::int64_t milliseconds() noexcept {
  using namespace std::chrono;
  return duration_cast<std::chrono::milliseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

void Host::join(emptor_session_options& options) {
  options.progress = &Host::ask;
  options.progress_context = this;
  if (!clock.is_none()) {
    options.clock = &Host::now;
    options.clock_context = this;
  }
  if (!random.is_none()) {
    options.random = &Host::fill;
    options.random_context = this;
  }
  if (!log.is_none()) {
    options.log = &Host::tell;
    options.log_context = this;
  }
}

void Host::join(emptor_store_options& options) {
  if (log.is_none()) return;
  options.log = &Host::tell;
  options.log_context = this;
}

bool Host::is_due() noexcept {
  const std::int64_t now = milliseconds();
  if (now < next_.load(std::memory_order_relaxed)) return false;
  next_.store(now + pause_ms, std::memory_order_relaxed);
  return true;
}

int Host::ask(void* host, const char* stage, std::uint64_t done, std::uint64_t total) noexcept {
  auto& self = *static_cast<Host*>(host);
  if (self.has_raised_) return 0;
  if (!self.is_due()) return 1;
  const nb::gil_scoped_acquire held;
  try {
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    return self.progress.is_none() || !self.progress(stage, done, total).is(nb::handle(Py_False)) ? 1 : 0;
  } catch (...) {
    self.keep();
    return 0;
  }
}

std::int64_t Host::now(void* host) noexcept {
  auto& self = *static_cast<Host*>(host);
  const nb::gil_scoped_acquire held;
  try {
    return micros_of(self.clock());
  } catch (...) {
    self.keep();
    return std::numeric_limits<std::int64_t>::min();
  }
}

int Host::fill(void* host, void* bytes, std::size_t size) noexcept {
  auto& self = *static_cast<Host*>(host);
  const nb::gil_scoped_acquire held;
  try {
    const auto given = nb::cast<nb::bytes>(self.random(size));
    if (given.size() != size) raise(EMPTOR_INVALID, "random(n) gave another number of bytes");
    std::memcpy(bytes, given.data(), size);
    return 1;
  } catch (...) {
    self.keep();
    return 0;
  }
}

void Host::tell(void* host, emptor_log_level level, const char* line, std::size_t size) noexcept {
  auto& self = *static_cast<Host*>(host);
  const nb::gil_scoped_acquire held;
  try {
    self.log(level_names[level], nb::str(line, size));
  } catch (nb::python_error& raised) {
    raised.discard_as_unraisable("emptor: log");
  }
}

void Host::keep() noexcept {
  if (!raised_) raised_ = std::current_exception();
  has_raised_ = true;
}

void Host::rethrow() {
  if (!has_raised_.exchange(false)) return;
  std::rethrow_exception(std::exchange(raised_, nullptr));
}

void Host::rethrow_later() noexcept {
  if (!has_raised_) return;
  const nb::gil_scoped_acquire held;
  try {
    rethrow();
  } catch (nb::python_error& raised) {
    if (raised.matches(PyExc_KeyboardInterrupt))
      PyErr_SetInterruptEx(SIGINT);
    else
      raised.discard_as_unraisable("emptor: a callback of a stream");
  } catch (...) {
  }
}

HostPtr make_host() {
  return HostPtr(new Host, [](Host* host) {
    if (!nb::is_alive()) return;  // the interpreter has ended, and took the callables along
    const nb::gil_scoped_acquire held;
    delete host;
  });
}

}  // namespace emptor::python
