#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "batches.hpp"
#include "bind.hpp"
#include "document.hpp"
#include "error.hpp"
#include "query.hpp"
#include "session.hpp"
#include "stream.hpp"
#include "table.hpp"
#include "value.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace emptor::python {
namespace {

using Name = std::optional<std::string>;
using SessionPtr = std::shared_ptr<Session>;

nb::object list_of(emptor_status (*list)(emptor_document**, emptor_error*)) {
  emptor_document* document = nullptr;
  check_call([&](emptor_error* error) { return list(&document, error); });
  return report_of(document);
}

std::string joined(const std::optional<std::vector<std::string>>& fields) {
  std::string all;
  for (const std::string& field : *fields) all += (all.empty() ? "" : ",") + field;
  return all;
}

Table records(const SessionPtr& session, const std::string& entity, nb::handle where,
              const std::optional<std::vector<std::string>>& fields, const Name& order_by, bool descending,
              bool with_deleted, std::uint64_t limit) {
  const Query query(where, order_by, descending, with_deleted, limit);
  const Name chosen = fields ? Name(joined(fields)) : Name();
  return {entity, session, [=](emptor_session* in, ArrowArrayStream* out, emptor_error* error) {
            const emptor_query view = query.view();
            return emptor_select_arrow(in, entity.c_str(), &view, name_or_null(chosen), out, error);
          }};
}

Answer run(Session& session, const std::string& operation, nb::kwargs options) {
  const std::string json = json_of(options);
  return document_of(session, [&](auto* in, auto** answer, auto* error) {
    return emptor_run(in, operation.c_str(), json.data(), json.size(), answer, error);
  });
}

Table run_table(const SessionPtr& session, const std::string& operation, nb::kwargs options) {
  const std::string json = json_of(options);
  ArrowArrayStream out{};
  session->run([&](auto* in, auto* error) {
    return emptor_run_arrow(in, operation.c_str(), json.data(), json.size(), &out, error);
  });
  return {operation, keep(out), nb::none()};
}

Answer phone(const std::string& number, const Name& region) {
  emptor_document* document = nullptr;
  check_call([&](emptor_error* error) {
    return emptor_phone_format(number.data(), number.size(), name_or_null(region), &document, error);
  });
  return nb::cast<Answer>(report_of(document));
}

Table compute(const std::string& operation, nb::handle table, std::size_t threads, nb::object progress,
              nb::kwargs options) {
  const std::string json = json_of(options);
  const StreamIn in(table);
  ArrowArrayStream out{};
  emptor_document* summary = nullptr;
  HostCall host(std::move(progress), threads);
  host.run([&](const emptor_host* asked, emptor_error* error) {
    return emptor_compute(operation.c_str(), json.data(), json.size(), in.get(), asked, &out, &summary, error);
  });
  KeptPtr kept = keep(out);
  return {operation, std::move(kept), report_of(summary)};
}

Table compute_batches(const std::string& operation, nb::object rewind, nb::object next, std::size_t threads,
                      nb::object progress, nb::kwargs options) {
  const std::string json = json_of(options);
  TableBatches batches(std::move(rewind), std::move(next));
  const emptor_tables view = batches.view();
  ArrowArrayStream out{};
  emptor_document* summary = nullptr;
  HostCall host(std::move(progress), threads);
  try {
    host.run([&](const emptor_host* asked, emptor_error* error) {
      return emptor_compute_batches(operation.c_str(), json.data(), json.size(), &view, asked, &out, &summary, error);
    });
  } catch (...) {
    batches.rethrow();  // what Python raised says more than that it failed
    throw;
  }
  KeptPtr kept = keep(out);
  return {operation, std::move(kept), report_of(summary)};
}

}  // namespace

void bind_tables(nb::class_<Session>& session) {
  session
      .def("table", records, "entity"_a, "where"_a = nb::none(), nb::kw_only(), "fields"_a = nb::none(),
           "order_by"_a = nb::none(), "descending"_a = false, "with_deleted"_a = false, "limit"_a = 0,
           "The records of a query as a table, read batch by batch from one snapshot when it is asked for. `fields` "
           "are\n"
           "the columns (all unless given); `limit` 0 means all; the rest is as in select().",
           nb::sig("def table(self, entity: str, where: collections.abc.Mapping[str, object] | str | None = None, *, "
                   "fields: collections.abc.Sequence[str] | None = None, order_by: str | None = None, "
                   "descending: bool = False, with_deleted: bool = False, limit: int = 0) -> Table"))
      .def(
          "facts", [](const SessionPtr& self) { return Table("facts", self, emptor_facts_arrow); },
          "The purchases that insights start from, a line item a row, without a copy: the columns are the facts' own\n"
          "memory. Amounts and quantities are integers, in millionths.")
      .def("run", run, "operation"_a, "options"_a,
           "Runs an operation by name (emptor.operations() tells them, with their options). Returns its answer.")
      .def("run_table", run_table, "operation"_a, "options"_a, "The same, for an operation whose answer is a table.");
}

void bind_operations(nb::module_& module) {
  module.def(
      "insights", [] { return list_of(emptor_insights); },
      "The insights: name, sentence, and JSON Schema of the options of each.",
      nb::sig("def insights() -> list[dict[str, typing.Any]]"));
  module.def(
      "operations", [] { return list_of(emptor_operations); },
      "All operations: name, sentence, JSON Schema of the options, and whether they take and give a table.",
      nb::sig("def operations() -> list[dict[str, typing.Any]]"));
  module.def("compute", compute, "operation"_a, "table"_a, nb::kw_only(), "threads"_a = 1, "progress"_a = nb::none(),
             "options"_a,
             "Runs an operation on plain data, without a store: `table` is a frame with the Arrow PyCapsule protocol.",
             nb::sig("def compute(operation: str, table: typing.Any, *, threads: int = 1, "
                     "progress: collections.abc.Callable[[str, int, int], object] | None = None, "
                     "**options: typing.Any) -> Table"));
  module.def("compute_batches", compute_batches, "operation"_a, "rewind"_a, "next"_a, nb::kw_only(), "threads"_a = 1,
             "progress"_a = nb::none(), "options"_a,
             "Runs an operation on a table in batches: rewind() begins again, next() gives a frame or None.\n"
             "emptor.itemsets() takes iterables.",
             nb::sig("def compute_batches(operation: str, rewind: collections.abc.Callable[[], object], "
                     "next: collections.abc.Callable[[], object], *, threads: int = 1, "
                     "progress: collections.abc.Callable[[str, int, int], object] | None = None, "
                     "**options: typing.Any) -> Table"));
  module.def(
      "phone", phone, "number"_a, nb::kw_only(), "region"_a = nb::none(),
      "A telephone number in any notation, as it is understood: 'state' (none, withheld, local, unplanned, valid),\n"
      "and what is known of 'e164', 'calling_code', 'region', 'national', 'extension' and 'kind'. `region` (ISO 3166)\n"
      "is where numbers without a country are at home.");
  module.def(
      "has", [](const std::string& module) { return emptor_has(module.c_str()) != 0; }, "module"_a,
      "Whether this build has a module: 'sqlite', 'memory', 'arrow', ...");
}

}  // namespace emptor::python
