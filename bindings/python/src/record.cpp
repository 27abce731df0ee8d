#include "record.hpp"

#include <nanobind/stl/string.h>

#include "bind.hpp"
#include "error.hpp"
#include "value.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace emptor::python {
namespace {

nb::object value_of(const Record& record, const Field& field) {
  return read_value(record.handle(), field.name, field.type);
}

nb::object attribute(const Record& record, const std::string& name) {
  if (const Field* field = record.entity().find(name)) return value_of(record, *field);
  throw nb::attribute_error(("a record of " + record.entity().name + " has no field " + name).c_str());
}

nb::list names(const Record& record) {
  nb::list all;
  for (const Field& field : record.entity().fields) all.append(field.name);
  return all;
}

nb::list values(const Record& record) {
  nb::list all;
  for (const Field& field : record.entity().fields) all.append(value_of(record, field));
  return all;
}

nb::list items(const Record& record) {
  nb::list all;
  for (const Field& field : record.entity().fields) all.append(nb::make_tuple(field.name, value_of(record, field)));
  return all;
}

nb::object value_or(const Record& record, const std::string& name, nb::handle otherwise) {
  const Field* const field = record.entity().find(name);
  const nb::object value = field != nullptr ? value_of(record, *field) : nb::none();
  return value.is_none() ? nb::borrow(otherwise) : value;
}

nb::dict present(const Record& record) {
  nb::dict all;
  for (const Field& field : record.entity().fields) {
    const nb::object value = value_of(record, field);
    if (!value.is_none()) all[field.name.c_str()] = value;
  }
  return all;
}

/// Names the record and holds no personal data: it ends up in logs.
std::string describe(const Record& record) {
  const nb::object id = record.get("id");
  return "<emptor.Record " + record.entity().name +
         (id.is_none() ? " new>" : " " + std::string(nb::str(id).c_str()) + ">");
}

nb::object show(const Record& record) {
  return nb::module_::import_("emptor.report").attr("html_of")(present(record), record.entity().name);
}

}  // namespace

nb::object Record::get(const std::string& field) const {
  const Field* const known = entity_->find(field);
  return read_value(handle(), field, known != nullptr ? known->type : EMPTOR_TYPE_TEXT);
}

void Record::set(const std::string& field, nb::handle value) {
  if (value.is_none()) {
    check_call([&](emptor_error* error) { return emptor_record_clear(handle(), field.c_str(), error); });
    return;
  }
  nb::dict one;
  one[field.c_str()] = value;
  update(one);
}

void Record::update(nb::handle values) {
  const std::string json = json_of(values);
  check_call([&](emptor_error* error) { return emptor_record_from_json(handle(), json.data(), json.size(), error); });
}

std::string Record::json() const {
  emptor_text text{};
  check_call([&](emptor_error* error) { return emptor_record_to_json(handle(), &text, error); });
  return string_of(text);
}

Record new_record(emptor_session* session, EntityPtr entity) {
  emptor_record* handle = nullptr;
  check_call([&](emptor_error* error) { return emptor_record_new(session, entity->name.c_str(), &handle, error); });
  return {RecordHandle(handle), std::move(entity)};
}

void bind_record(nb::module_& module) {
  nb::class_<Record>(
      module, "Record",
      "A record: a mapping of all fields of its entity, None where one is missing, with the fields as\n"
      "attributes too (record['name'] or record.name). It is a copy of what was read: changes are stored\n"
      "when it is put and applied, and fail with Conflict if somebody changed it since.\n\n"
      "Types: id and integer are int, decimal is decimal.Decimal, real float, boolean bool, text str, date\n"
      "datetime.date, instant datetime.datetime in UTC, bytes bytes.")
      .def("__getitem__", &Record::get, "field"_a)
      .def("__setitem__", &Record::set, "field"_a, "value"_a.none())
      .def(
          "__delitem__", [](Record& self, const std::string& field) { self.set(field, nb::none()); }, "field"_a)
      .def("__getattr__", attribute, "field"_a)
      .def("__setattr__", &Record::set, "field"_a, "value"_a.none())
      .def("__len__", [](const Record& self) { return self.entity().fields.size(); })
      .def("__iter__", [](const Record& self) { return nb::iter(names(self)); })
      .def(
          "__contains__",
          [](const Record& self, nb::handle field) {
            return nb::isinstance<nb::str>(field) && self.entity().find(nb::cast<std::string>(field)) != nullptr;
          },
          "field"_a)
      .def("__repr__", describe)
      .def("_repr_html_", show)
      .def("keys", names, "Names of all fields.")
      .def("values", values, "Values of all fields, in the order of keys().")
      .def("items", items, "Pairs of name and value.")
      .def("get", value_or, "field"_a, "default"_a = nb::none(), "The field's value; the default where it is missing.")
      .def("update", &Record::update, "values"_a, "Sets the fields that a mapping names, all or none; None clears one.")
      .def("to_dict", present, "The fields that have a value.")
      .def("to_json", &Record::json,
           "The fields that have a value, as a JSON object: ids, integers and decimals are strings.")
      .def_prop_ro(
          "entity_name", [](const Record& self) { return self.entity().name; }, "Name of its entity.");
}

}  // namespace emptor::python
