#include "changes.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include "bind.hpp"
#include "error.hpp"
#include "session.hpp"
#include "value.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace emptor::python {

Changes::Changes(std::shared_ptr<Session> session) : session_(std::move(session)) {
  emptor_changes* handle = nullptr;
  session_->run([&](emptor_session* in, emptor_error* error) { return emptor_changes_new(in, &handle, error); });
  handle_.reset(handle);
}

std::int64_t Changes::put(const Record& record, const ExternalId& by) {
  std::int64_t id = 0;
  check_call([&](emptor_error* error) {
    return by ? emptor_changes_put_by(handle(), record.handle(), by->first.c_str(), by->second.data(),
                                      by->second.size(), &id, error)
              : emptor_changes_put(handle(), record.handle(), &id, error);
  });
  return id;
}

std::int64_t Changes::put(const std::string& entity, nb::handle values, const ExternalId& by) {
  if (by) {
    Record record = session_->make(entity);
    record.update(values);
    return put(record, by);
  }
  const std::string json = json_of(values);
  std::int64_t id = 0;
  check_call([&](emptor_error* error) {
    return emptor_changes_put_json(handle(), entity.c_str(), json.data(), json.size(), &id, error);
  });
  return id;
}

void Changes::erase(const Record& record) {
  const auto number = [&](const char* field) {
    const nb::object value = record.get(field);
    return value.is_none() ? 0 : nb::cast<std::int64_t>(value);
  };
  erase(record.entity().name, number("id"), number("version"));
}

void Changes::erase(const std::string& entity, std::int64_t id, std::int64_t version) {
  check_call([&](emptor_error* error) { return emptor_changes_erase(handle(), entity.c_str(), id, version, error); });
}

std::size_t Changes::count() const {
  std::size_t count = 0;
  check_call([&](emptor_error* error) { return emptor_changes_count(handle(), &count, error); });
  return count;
}

Receipt::Receipt(ReceiptHandle handle) : handle_(std::move(handle)) {
  check_call([&](emptor_error* error) { return emptor_receipt_read(handle_.get(), &summary_, error); });
}

std::pair<std::int64_t, std::int64_t> Receipt::change(std::size_t index) const {
  std::pair<std::int64_t, std::int64_t> change;
  check_call([&](emptor_error* error) {
    return emptor_receipt_change(handle_.get(), index, &change.first, &change.second, error);
  });
  return change;
}

namespace {

template <auto member>
nb::list each_change(const Receipt& receipt) {
  nb::list all;
  for (std::size_t i = 0; i < receipt.summary().count; ++i) all.append(receipt.change(i).*member);
  return all;
}

template <auto member>
auto total(const Receipt& receipt) {
  return receipt.summary().*member;
}

std::string describe(const Receipt& receipt) {
  const emptor_receipt_summary& of = receipt.summary();
  return "<emptor.Receipt at " + std::to_string(of.position) + ": " + std::to_string(of.inserted) + " inserted, " +
         std::to_string(of.updated) + " updated, " + std::to_string(of.erased) + " erased, " +
         std::to_string(of.unchanged) + " unchanged>";
}

void bind_receipt(nb::module_& module) {
  using Summary = emptor_receipt_summary;
  nb::class_<Receipt>(module, "Receipt", "What became of a set of changes.")
      .def_prop_ro("position", total<&Summary::position>, "In the journal; 0 where nothing was written.")
      .def_prop_ro("inserted", total<&Summary::inserted>, "Number of new records.")
      .def_prop_ro("updated", total<&Summary::updated>, "Number of changed records.")
      .def_prop_ro("erased", total<&Summary::erased>, "Number of records softly deleted.")
      .def_prop_ro("unchanged", total<&Summary::unchanged>, "Number of records that were as they were to be.")
      .def_prop_ro(
          "repeated", [](const Receipt& self) { return self.summary().repeated != 0; },
          "Whether the op_id was applied before; this is the receipt of then.")
      .def_prop_ro("ids", each_change<&std::pair<std::int64_t, std::int64_t>::first>,
                   "Ids of the records, in the order of the changes.", nb::sig("def ids(self) -> list[int]"))
      .def_prop_ro("versions", each_change<&std::pair<std::int64_t, std::int64_t>::second>,
                   "Versions of the records, in the order of the changes.", nb::sig("def versions(self) -> list[int]"))
      .def("__repr__", describe);
}

}  // namespace

void bind_changes(nb::module_& module) {
  using Text = const std::string&;
  bind_receipt(module);
  nb::class_<Changes>(module, "Changes",
                      "Changes that are applied whole or not at all (Session.apply), made by Session.changes().")
      .def("put", nb::overload_cast<const Record&, const ExternalId&>(&Changes::put), "record"_a, nb::kw_only(),
           "by"_a = nb::none(),
           "Puts the fields that were set or cleared in a record since it was made or read. Returns its id, as below.")
      .def("put", nb::overload_cast<Text, nb::handle, const ExternalId&>(&Changes::put), "entity"_a, "values"_a,
           nb::kw_only(), "by"_a = nb::none(),
           "Puts a mapping of values. `by` is the pair (system, id there): the record that this system knows by it is\n"
           "changed, or made. Without it, the mapping may name 'id' and 'version' of an existing record. Returns the\n"
           "record's id: negative for a new one, and good as a reference from later puts into the same changes.",
           nb::sig("def put(self, entity: str, values: collections.abc.Mapping[str, object], *, "
                   "by: tuple[str, str] | None = None) -> int"))
      .def("erase", nb::overload_cast<const Record&>(&Changes::erase), "record"_a,
           "Deletes a record that was read, softly, if it is unchanged since.")
      .def("erase", nb::overload_cast<Text, std::int64_t, std::int64_t>(&Changes::erase), "entity"_a, "id"_a,
           "version"_a = 0, "Deletes a record softly. With a version, only if it is unchanged since.")
      .def("__len__", &Changes::count);
}

}  // namespace emptor::python
