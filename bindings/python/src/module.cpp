#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include "bind.hpp"
#include "emptor.h"

namespace nb = nanobind;

namespace emptor::python {

std::string path_of(nb::handle path) { return nb::cast<std::string>(nb::module_::import_("os").attr("fspath")(path)); }

}  // namespace emptor::python

NB_MODULE(_emptor, module) {
  using namespace emptor::python;
  module.doc() = "The customer engine that other software embeds: the C API, for Python.";
  module.attr("__version__") = emptor_version();
  bind_store(module);
  bind_entity(module);
  bind_record(module);
  bind_changes(module);
  bind_table(module);
  bind_session(module);
  bind_operations(module);
  bind_model(module);
  bind_columns(module);
}
