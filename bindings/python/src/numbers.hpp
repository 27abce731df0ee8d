/// Numbers of Python objects, where they lie: anything with the buffer protocol (NumPy, array.array, memoryview).
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <optional>

#include "emptor.h"

namespace emptor::python {

/// A buffer for the time of a call. Raises TypeError for what has no buffer, Invalid for one of another shape or kind
/// of number than asked for.
class Numbers {
 public:
  /// `formats` are the struct letters that are taken ("fd").
  Numbers(nanobind::handle of, const char* name, int dimensions, const char* formats, bool written = false);
  ~Numbers() { PyBuffer_Release(&view_); }
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;

  /// Of two dimensions.
  emptor_matrix matrix() const;
  std::size_t size() const noexcept;
  /// Of one dimension without gaps, or of any that lies row by row.
  template <class Number>
  Number* data() const noexcept {
    return static_cast<Number*>(view_.buf);
  }
  void need_whole(const char* name) const;
  void need_size(const char* name, std::size_t size) const;

 private:
  Py_buffer view_{};
  char letter_ = 0;
};

/// One number a row, or nothing.
class RowNumbers {
 public:
  RowNumbers(nanobind::handle of, const char* name, const char* formats, std::size_t rows) {
    if (of.is_none()) return;
    numbers_.emplace(of, name, 1, formats);
    numbers_->need_size(name, rows);
  }
  template <class Number>
  const Number* data() const noexcept {
    return numbers_ ? numbers_->data<const Number>() : nullptr;
  }

 private:
  std::optional<Numbers> numbers_;
};

}  // namespace emptor::python
