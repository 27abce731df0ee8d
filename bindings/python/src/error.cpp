#include "error.hpp"

#include <nanobind/nanobind.h>

#include <cstring>

namespace nb = nanobind;

namespace emptor::python {

void raise(const emptor_error& error) {
  const nb::object exception = nb::module_::import_("emptor.errors")
                                   .attr("of")(emptor_status_name(error.code), error.message, error.entity, error.field,
                                               error.row, error.hint, error.problems);
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
  throw nb::python_error();
}

void raise(emptor_status code, const char* message, const char* hint) {
  emptor_error error = EMPTOR_ERROR_INIT;
  error.code = code;
  error.problems = 1;
  std::strncpy(error.message, message, sizeof(error.message) - 1);
  std::strncpy(error.hint, hint, sizeof(error.hint) - 1);
  raise(error);
}

}  // namespace emptor::python
