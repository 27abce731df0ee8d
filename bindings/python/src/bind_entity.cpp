#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include "bind.hpp"
#include "entity.hpp"

namespace nb = nanobind;

namespace emptor::python {

void bind_entity(nb::module_& module) {
  const auto flag = [](std::uint32_t which) { return [which](const Field& field) { return field.has(which); }; };
  nb::class_<Field>(module, "Field", "A described field of an entity.")
      .def_ro("name", &Field::name, "Name of the field.")
      .def_ro("doc", &Field::doc, "What it means.")
      .def_ro("reference", &Field::reference, "Entity that an id points to; empty where none.")
      .def_prop_ro(
          "type", [](const Field& field) { return type_name(field.type); },
          "id, integer, decimal, real, boolean, text, date, instant or bytes.")
      .def_prop_ro("required", flag(EMPTOR_FIELD_REQUIRED), "May not be missing.")
      .def_prop_ro("indexed", flag(EMPTOR_FIELD_INDEXED), "Found and ordered without a scan.")
      .def_prop_ro("unique", flag(EMPTOR_FIELD_UNIQUE), "Shared by no two records.")
      .def_prop_ro("personal", flag(EMPTOR_FIELD_PERSONAL), "Personal data.")
      .def_prop_ro("custom", flag(EMPTOR_FIELD_CUSTOM), "Declared at run time.")
      .def_prop_ro("system", flag(EMPTOR_FIELD_SYSTEM), "Set by the library.")
      .def("__repr__",
           [](const Field& field) { return "<emptor.Field " + field.name + ": " + type_name(field.type) + ">"; });
}

}  // namespace emptor::python
