/// Rows that Python gives in batches, as the library calls for them.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <exception>
#include <optional>
#include <utility>

#include "emptor.h"
#include "numbers.hpp"

namespace emptor::python {

/// What Python raised while the library called it, until it can be raised again.
class Raised {
 public:
  /// What work returns; -1 where it raised.
  template <class Work>
  int told(Work&& work) noexcept;
  void rethrow() {
    if (raised_) std::rethrow_exception(std::exchange(raised_, nullptr));
  }

 private:
  std::exception_ptr raised_;
};

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

  static int begin(void* batches) noexcept;
  static int give(void* batches, emptor_batch* batch) noexcept;

  std::size_t columns_;
  nanobind::object rewind_, next_;
  std::optional<Held> held_;
  Raised raised_;
};

/// The same for tables: `next()` gives a frame (Arrow's PyCapsule protocol), or None after the last one.
class TableBatches {
 public:
  TableBatches(nanobind::object rewind, nanobind::object next) : rewind_(std::move(rewind)), next_(std::move(next)) {}
  TableBatches(const TableBatches&) = delete;
  TableBatches& operator=(const TableBatches&) = delete;

  /// Good as long as this is, for calls without the GIL.
  emptor_tables view() noexcept;
  void rethrow() { raised_.rethrow(); }

 private:
  static int begin(void* batches) noexcept;
  static int give(void* batches, ArrowArrayStream* batch) noexcept;

  nanobind::object rewind_, next_;
  Raised raised_;
};

}  // namespace emptor::python
