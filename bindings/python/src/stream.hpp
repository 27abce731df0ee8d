/// Arrow streams through Python: the PyCapsule protocol (docs of Apache Arrow, "The Arrow PyCapsule Interface").
#pragma once

#include <nanobind/nanobind.h>

#include "emptor.h"
#include "host.hpp"

namespace emptor::python {

/// Whether it gives a stream: has __arrow_c_stream__.
bool is_frame(nanobind::handle what);

/// The stream of a frame, for one call that takes it over. Releases with its capsule what is not taken.
class StreamIn {
 public:
  explicit StreamIn(nanobind::handle frame);
  ArrowArrayStream* get() const noexcept { return stream_; }

 private:
  nanobind::object capsule_;
  ArrowArrayStream* stream_;
};

/// Puts a stream of the library into a capsule; `stream` is moved from. The host lives as long as it does.
nanobind::object capsule_of(ArrowArrayStream& stream, HostPtr host);

}  // namespace emptor::python
