#include "numbers.hpp"

#include <cstring>
#include <string>

#include "error.hpp"

namespace nb = nanobind;

namespace emptor::python {
namespace {

[[noreturn]] void refuse(const char* name, const char* what, const char* hint) {
  emptor_error error = EMPTOR_ERROR_INIT;
  error.code = EMPTOR_INVALID;
  error.problems = 1;
  std::strncpy(error.message, what, sizeof(error.message) - 1);
  std::strncpy(error.field, name, sizeof(error.field) - 1);
  std::strncpy(error.hint, hint, sizeof(error.hint) - 1);
  raise(error);
}

/// The letter of a format that is one number of this machine's own byte order; 0 for any other.
char letter_of(const char* format) noexcept {
  if (format == nullptr) return 'B';
  if (*format == '@' || *format == '=' || *format == '<') ++format;
  return std::strlen(format) == 1 ? *format : '\0';
}

std::size_t stride_of(Py_ssize_t bytes, Py_ssize_t item, const char* name) {
  if (bytes < 0 || bytes % item != 0)
    refuse(name, "the numbers lie backwards or unevenly in memory", "pass a copy, as numpy.ascontiguousarray makes it");
  return static_cast<std::size_t>(bytes / item);
}

}  // namespace

Numbers::Numbers(nb::handle of, const char* name, int dimensions, const char* formats, bool written) {
  const int flags = PyBUF_STRIDES | PyBUF_FORMAT | (written ? PyBUF_WRITABLE : 0);
  if (PyObject_GetBuffer(of.ptr(), &view_, flags) != 0) throw nb::python_error();
  letter_ = letter_of(view_.format);
  const bool taken = letter_ != '\0' && std::strchr(formats, letter_) != nullptr;
  if (taken && view_.ndim == dimensions) return;
  PyBuffer_Release(&view_);
  if (!taken) refuse(name, "the numbers are of another kind than this takes", "convert them, as with numpy.asarray");
  refuse(name, "the numbers have another count of dimensions than this takes", "reshape them");
}

emptor_matrix Numbers::matrix() const {
  emptor_matrix matrix = EMPTOR_MATRIX_INIT;
  matrix.data = view_.buf;
  matrix.type = letter_ == 'f' ? EMPTOR_FLOAT32 : EMPTOR_FLOAT64;
  matrix.rows = static_cast<std::size_t>(view_.shape[0]);
  matrix.columns = static_cast<std::size_t>(view_.shape[1]);
  matrix.row_stride = stride_of(view_.strides[0], view_.itemsize, "x");
  matrix.column_stride = stride_of(view_.strides[1], view_.itemsize, "x");
  if (matrix.row_stride == 0 && matrix.column_stride == 0 && matrix.rows * matrix.columns > 1)
    refuse("x", "all numbers are one and the same place in memory", "pass a copy");
  return matrix;
}

std::size_t Numbers::size() const noexcept {
  std::size_t size = 1;
  for (int i = 0; i < view_.ndim; ++i) size *= static_cast<std::size_t>(view_.shape[i]);
  return size;
}

void Numbers::need_whole(const char* name) const {
  if (PyBuffer_IsContiguous(&view_, 'C') == 0)
    refuse(name, "the numbers have gaps between them", "pass a copy, as numpy.ascontiguousarray makes it");
}

void Numbers::need_size(const char* name, std::size_t size) const {
  need_whole(name);
  if (this->size() != size) refuse(name, "there is another number of them than of rows", "give one for each row of x");
}

}  // namespace emptor::python
