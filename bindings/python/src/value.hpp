/// Values between Python and the library: int, decimal.Decimal, float, bool, str, datetime.date,
/// datetime.datetime (aware) and bytes on one side, the C API's types on the other.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "emptor.h"

namespace emptor::python {

/// The value of a record's field, None where it is missing.
nanobind::object read_value(emptor_record* record, const std::string& field, emptor_type type);

nanobind::object make_decimal(std::int64_t units, std::int32_t scale);
nanobind::object make_instant(std::int64_t micros);
std::int64_t micros_of(nanobind::handle instant);

/// A value in plain notation, as queries take it; empty for None.
std::string plain_of(nanobind::handle value);
/// JSON of a mapping or of any value that JSON knows; dates, instants and decimals as texts.
std::string json_of(nanobind::handle value);
nanobind::object from_json(std::string_view json);

}  // namespace emptor::python
