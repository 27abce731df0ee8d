#include "stream.hpp"

#include <memory>
#include <utility>

namespace nb = nanobind;

namespace emptor::python {
namespace {

constexpr const char* capsule_name = "arrow_array_stream";

void end(ArrowArrayStream& stream) noexcept {
  if (stream.release != nullptr) stream.release(&stream);
}

/// A stream of the library, with the host that its callbacks go to. What they raise cannot pass through Arrow.
struct Hosted {
  ArrowArrayStream inner;
  HostPtr host;

  static Hosted& of(ArrowArrayStream* stream) noexcept { return *static_cast<Hosted*>(stream->private_data); }
  static int get_schema(ArrowArrayStream* stream, ArrowSchema* out) noexcept {
    return of(stream).inner.get_schema(&of(stream).inner, out);
  }
  static int get_next(ArrowArrayStream* stream, ArrowArray* out) noexcept {
    Hosted& self = of(stream);
    const int status = self.inner.get_next(&self.inner, out);
    if (status != 0 && self.host) self.host->rethrow_later();
    return status;
  }
  static const char* get_last_error(ArrowArrayStream* stream) noexcept {
    return of(stream).inner.get_last_error(&of(stream).inner);
  }
  static void release(ArrowArrayStream* stream) noexcept {
    end(of(stream).inner);
    delete &of(stream);
    stream->release = nullptr;
  }
};

void free_capsule(PyObject* capsule) {
  auto* const stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, capsule_name));
  end(*stream);
  delete stream;
}

}  // namespace

bool is_frame(nb::handle what) { return nb::hasattr(what, "__arrow_c_stream__"); }

StreamIn::StreamIn(nb::handle frame)
    : capsule_(nb::module_::import_("emptor.frames").attr("stream_of")(frame)),
      stream_(static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule_.ptr(), capsule_name))) {
  if (stream_ == nullptr) throw nb::python_error();
}

nb::object capsule_of(ArrowArrayStream& stream, HostPtr host) {
  auto hosted = std::make_unique<Hosted>(Hosted{std::exchange(stream, {}), std::move(host)});
  auto out = std::make_unique<ArrowArrayStream>(ArrowArrayStream{
      &Hosted::get_schema, &Hosted::get_next, &Hosted::get_last_error, &Hosted::release, hosted.get()});
  hosted.release();
  PyObject* const capsule = PyCapsule_New(out.get(), capsule_name, free_capsule);
  if (capsule == nullptr) {
    end(*out);
    throw nb::python_error();
  }
  out.release();
  return nb::steal(capsule);
}

}  // namespace emptor::python
