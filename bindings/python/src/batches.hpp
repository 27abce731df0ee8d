/// Rows that Python gives in batches, as the library calls for them.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <exception>
#include <optional>

#include "emptor.h"
#include "numbers.hpp"

namespace emptor::python {

/// `rewind()` begins again; `next()` gives a tuple of buffers (x, y, weights, ids), all but x perhaps None, or None
/// after the last one. What they raise ends the call, and is raised again by `rethrow`.
class Batches {
 public:
  Batches(std::size_t columns, nanobind::object rewind, nanobind::object next)
      : columns_(columns), rewind_(std::move(rewind)), next_(std::move(next)) {}
  Batches(const Batches&) = delete;
  Batches& operator=(const Batches&) = delete;

  /// Good as long as this is, for calls without the GIL.
  emptor_batches view() noexcept;
  void rethrow();

 private:
  /// One batch, held while it is read.
  struct Held {
    Held(nanobind::handle x, nanobind::handle y, nanobind::handle weights, nanobind::handle ids);
    void fill(emptor_batch& batch) const;

    Numbers x;
    emptor_matrix rows;
    RowNumbers y, weights, ids;
  };

  template <class Work>
  int told(Work&& work) noexcept;
  static int begin(void* batches) noexcept;
  static int give(void* batches, emptor_batch* batch) noexcept;

  std::size_t columns_;
  nanobind::object rewind_, next_;
  std::optional<Held> held_;
  std::exception_ptr raised_;
};

}  // namespace emptor::python
