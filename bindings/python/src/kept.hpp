/// A whole Arrow stream kept in memory, given out again as often as it is asked for, without a copy of its columns.
#pragma once

#include <memory>
#include <vector>

#include "emptor.h"

namespace emptor::python {

struct Kept {
  ArrowSchema schema{};
  std::vector<ArrowArray> arrays;

  Kept() = default;
  ~Kept();
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;
};
using KeptPtr = std::shared_ptr<const Kept>;

/// Reads a stream to its end and releases it. Raises emptor.Internal where it fails: it is the library's own, and
/// its answer is there already.
KeptPtr keep(ArrowArrayStream& stream);
/// A stream over what is kept.
ArrowArrayStream stream_over(KeptPtr kept);

}  // namespace emptor::python
