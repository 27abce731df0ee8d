#include "value.hpp"

#include <nanobind/stl/string.h>

#include <cstdlib>

#include "error.hpp"
#include "handle.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace emptor::python {
namespace {

constexpr std::int64_t micros_per_day = 86'400'000'000;

/// Things of the standard library that every value needs, looked up once. They are never given back: at the
/// end of the interpreter there is nobody left to give them back to.
struct Library {
  nb::object decimal = nb::module_::import_("decimal").attr("Decimal");
  nb::object date = nb::module_::import_("datetime").attr("date");
  nb::object datetime = nb::module_::import_("datetime").attr("datetime");
  nb::object timedelta = nb::module_::import_("datetime").attr("timedelta");
  nb::object utc = nb::module_::import_("datetime").attr("timezone").attr("utc");
  nb::object epoch = datetime(1970, 1, 1, "tzinfo"_a = utc);
  nb::object dumps = nb::module_::import_("json").attr("dumps");
  nb::object loads = nb::module_::import_("json").attr("loads");
  nb::object fallback = nb::cpp_function([](nb::handle value) { return plain_of(value); });
};

const Library& library() {
  static const Library* const loaded = new Library;
  return *loaded;
}

bool is_a(nb::handle value, const nb::object& type) { return PyObject_IsInstance(value.ptr(), type.ptr()) == 1; }

[[noreturn]] void refuse(const char* message) {
  PyErr_SetString(PyExc_TypeError, message);
  throw nb::python_error();
}

std::string text_of(nb::handle value) { return nb::cast<std::string>(nb::str(value)); }

std::string instant_text(nb::handle value) {
  if (value.attr("tzinfo").is_none())
    raise(EMPTOR_INVALID, "a datetime without a time zone names no instant", "add tzinfo, such as timezone.utc");
  const nb::object in_utc = value.attr("astimezone")(library().utc).attr("replace")("tzinfo"_a = nb::none());
  return text_of(in_utc.attr("isoformat")()) + "Z";
}

nb::object read_text(emptor_record* record, const char* field) {
  emptor_text text{};
  check_call([&](emptor_error* error) { return emptor_record_get_text(record, field, &text, error); });
  return text.size == 0 ? nb::none() : nb::object(nb::str(text.data, text.size));
}

nb::object read_date(emptor_record* record, const char* field) {
  std::int32_t year = 0, month = 0, day = 0, present = 0;
  check_call(
      [&](emptor_error* error) { return emptor_record_get_date(record, field, &year, &month, &day, &present, error); });
  return present != 0 ? library().date(year, month, day) : nb::none();
}

nb::object read_decimal(emptor_record* record, const char* field) {
  std::int64_t units = 0;
  std::int32_t scale = 0, present = 0;
  check_call(
      [&](emptor_error* error) { return emptor_record_get_decimal(record, field, &units, &scale, &present, error); });
  return present != 0 ? make_decimal(units, scale) : nb::none();
}

/// A field whose getter has one number to give.
template <class Number>
nb::object read_number(emptor_record* record, const char* field, nb::object (*make)(Number),
                       emptor_status (*get)(emptor_record*, const char*, Number*, std::int32_t*, emptor_error*)) {
  Number number{};
  std::int32_t present = 0;
  check_call([&](emptor_error* error) { return get(record, field, &number, &present, error); });
  return present != 0 ? make(number) : nb::none();
}

/// The C API shows bytes in JSON only, in hexadecimal digits.
nb::object read_bytes(emptor_record* record, const std::string& field) {
  emptor_text json{};
  check_call([&](emptor_error* error) { return emptor_record_to_json(record, &json, error); });
  const nb::object found = from_json(view_of(json)).attr("get")(field);
  return found.is_none() ? found : nb::borrow(&PyBytes_Type).attr("fromhex")(found);
}

}  // namespace

nb::object make_decimal(std::int64_t units, std::int32_t scale) {
  return library().decimal(std::to_string(units) + "e-" + std::to_string(scale));
}

nb::object make_instant(std::int64_t micros) {
  std::int64_t days = micros / micros_per_day, rest = micros % micros_per_day;
  return library().epoch + library().timedelta("days"_a = days, "microseconds"_a = rest);
}

std::int64_t micros_of(nb::handle instant) {
  const nb::object since = instant - library().epoch;
  return (nb::cast<std::int64_t>(since.attr("days")) * 86'400 + nb::cast<std::int64_t>(since.attr("seconds"))) *
             1'000'000 +
         nb::cast<std::int64_t>(since.attr("microseconds"));
}

nb::object read_value(emptor_record* record, const std::string& field, emptor_type type) {
  const char* const name = field.c_str();
  switch (type) {
    case EMPTOR_TYPE_ID:
      return read_number<std::int64_t>(
          record, name, [](std::int64_t n) -> nb::object { return nb::int_(n); }, emptor_record_get_id);
    case EMPTOR_TYPE_INTEGER:
      return read_number<std::int64_t>(
          record, name, [](std::int64_t n) -> nb::object { return nb::int_(n); }, emptor_record_get_integer);
    case EMPTOR_TYPE_INSTANT:
      return read_number<std::int64_t>(record, name, make_instant, emptor_record_get_instant);
    case EMPTOR_TYPE_REAL:
      return read_number<double>(
          record, name, [](double n) -> nb::object { return nb::float_(n); }, emptor_record_get_real);
    case EMPTOR_TYPE_BOOLEAN:
      return read_number<std::int32_t>(
          record, name, [](std::int32_t n) -> nb::object { return nb::bool_(n != 0); }, emptor_record_get_boolean);
    case EMPTOR_TYPE_DECIMAL:
      return read_decimal(record, name);
    case EMPTOR_TYPE_DATE:
      return read_date(record, name);
    case EMPTOR_TYPE_BYTES:
      return read_bytes(record, field);
    default:
      return read_text(record, name);
  }
}

std::string plain_of(nb::handle value) {
  const Library& of = library();
  if (value.is_none()) return {};
  if (nb::isinstance<nb::str>(value)) return nb::cast<std::string>(value);
  if (nb::isinstance<nb::bool_>(value)) return nb::cast<bool>(value) ? "true" : "false";
  if (nb::isinstance<nb::int_>(value) || nb::isinstance<nb::float_>(value)) return text_of(value);
  if (is_a(value, of.decimal)) return text_of(value.attr("__format__")("f"));
  if (is_a(value, of.datetime)) return instant_text(value);
  if (is_a(value, of.date)) return text_of(value.attr("isoformat")());
  if (nb::isinstance<nb::bytes>(value)) return text_of(value.attr("hex")());
  if (nb::hasattr(value, "item")) return plain_of(value.attr("item")());  // a scalar of NumPy
  refuse("a field holds an int, Decimal, float, bool, str, date, datetime or bytes");
}

std::string json_of(nb::handle value) {
  return nb::cast<std::string>(library().dumps(value, "default"_a = library().fallback));
}

nb::object from_json(std::string_view json) { return library().loads(nb::str(json.data(), json.size())); }

}  // namespace emptor::python
