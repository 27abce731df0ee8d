#include "table.hpp"

#include <nanobind/stl/string.h>

#include <utility>

#include "bind.hpp"
#include "stream.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace emptor::python {

Table::Table(std::string title, std::shared_ptr<Session> session, Source source)
    : title_(std::move(title)), session_(std::move(session)), source_(std::move(source)) {}

Table::Table(std::string title, KeptPtr kept, nb::object summary)
    : title_(std::move(title)), kept_(std::move(kept)), summary_(std::move(summary)) {}

nb::object Table::stream() const {
  if (kept_) {
    ArrowArrayStream out = stream_over(kept_);
    return capsule_of(out, nullptr);
  }
  ArrowArrayStream out{};
  session_->run([&](emptor_session* session, emptor_error* error) { return source_(session, &out, error); });
  return capsule_of(out, session_->shared_host());
}

void bind_table(nb::module_& module) {
  // Consumers may ask for another schema; as the protocol permits, they get the table's own and convert it.
  nb::class_<Table>(
      module, "Table",
      "A table for anything that reads the Arrow PyCapsule protocol: polars.DataFrame(table),\n"
      "pyarrow.table(table), pandas.DataFrame.from_arrow(table), duckdb.from_arrow(table). A table of records is\n"
      "read from the store each time it is asked for.")
      .def(
          "__arrow_c_stream__", [](const Table& self, nb::handle) { return self.stream(); },
          "requested_schema"_a = nb::none(), "A new Arrow stream, as a PyCapsule.",
          nb::sig("def __arrow_c_stream__(self, requested_schema: object | None = None) -> object"))
      .def(
          "to_pandas", [](nb::handle self) { return nb::module_::import_("emptor.frames").attr("to_pandas")(self); },
          "As a pandas.DataFrame (needs pandas and pyarrow).", nb::sig("def to_pandas(self) -> typing.Any"))
      .def(
          "to_polars", [](nb::handle self) { return nb::module_::import_("emptor.frames").attr("to_polars")(self); },
          "As a polars.DataFrame (needs polars).", nb::sig("def to_polars(self) -> typing.Any"))
      .def(
          "to_arrow", [](nb::handle self) { return nb::module_::import_("emptor.frames").attr("to_arrow")(self); },
          "As a pyarrow.Table (needs pyarrow).", nb::sig("def to_arrow(self) -> typing.Any"))
      .def_prop_ro("summary", &Table::summary, "What the operation that made the table says of it; None for records.",
                   nb::sig("def summary(self) -> typing.Any"))
      .def("__repr__", [](const Table& self) { return "<emptor.Table " + self.title() + ">"; })
      .def("_repr_html_", [](nb::handle self) {
        return nb::module_::import_("emptor.report").attr("html_of_table")(self, nb::cast<Table&>(self).title());
      });
}

}  // namespace emptor::python
