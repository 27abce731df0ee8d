// Tables between plain Python and Arrow, where no library of frames is at hand.

#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "bind.hpp"
#include "error.hpp"
#include "numbers.hpp"
#include "stream.hpp"
#include "table.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace emptor::python {
namespace {

/// A column of 64-bit integers (the lowest one stands for a missing value), of floats, or of lists of integers.
struct PlainColumn {
  std::string name;
  const char* format = "l";
  std::vector<std::int64_t> bits;    ///< of the numbers; of lists, of all that are in them
  std::vector<std::uint8_t> marks;   ///< a bit a value: present; empty where all are
  std::vector<std::int64_t> starts;  ///< of lists: rows + 1

  bool lists() const noexcept { return !starts.empty(); }
  std::size_t rows() const noexcept { return lists() ? starts.size() - 1 : bits.size(); }
};
using PlainTable = std::vector<PlainColumn>;
using PlainTablePtr = std::shared_ptr<const PlainTable>;

/// What a schema, an array or a stream of such a table owns.
template <class Node>
struct Part {
  PlainTablePtr table;
  std::vector<Node> children;
  std::vector<Node*> places;
  std::vector<const void*> buffers;
  bool given = false;
};

template <class Node>
void release_part(Node* node) {
  auto* const part = static_cast<Part<Node>*>(node->private_data);
  if constexpr (requires { node->children; })
    for (Node& child : part->children)
      if (child.release != nullptr) child.release(&child);
  delete part;
  node->release = nullptr;
}

template <class Node>
Part<Node>& own(Node& node, const PlainTablePtr& table) {
  auto* const part = new Part<Node>{table, {}, {}, {}};
  node.private_data = part;
  node.release = &release_part<Node>;
  return *part;
}

template <class Node>
Part<Node>& own_with_children(Node& node, const PlainTablePtr& table, std::size_t count) {
  Part<Node>& part = own(node, table);
  part.children.resize(count);
  for (Node& child : part.children) part.places.push_back(&child);
  node.n_children = static_cast<std::int64_t>(part.children.size());
  node.children = part.places.data();
  return part;
}

void fill_schema(ArrowSchema& out, const PlainTablePtr& table, const char* format, const char* name, bool list) {
  out.format = list ? "+L" : format;
  out.name = name;
  out.flags = ARROW_FLAG_NULLABLE;
  Part<ArrowSchema>& part = own_with_children(out, table, list ? 1 : 0);
  if (list) fill_schema(part.children[0], table, format, "item", false);
}

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  const PlainTablePtr& table = static_cast<Part<ArrowArrayStream>*>(stream->private_data)->table;
  *out = {};
  out->format = "+s";
  out->name = "";
  Part<ArrowSchema>& part = own_with_children(*out, table, table->size());
  for (std::size_t i = 0; i < part.children.size(); ++i) {
    const PlainColumn& column = (*table)[i];
    fill_schema(part.children[i], table, column.format, column.name.c_str(), column.lists());
  }
  return 0;
}

void fill_array(ArrowArray& out, const PlainTablePtr& table, const PlainColumn& column, bool list) {
  Part<ArrowArray>& part = own_with_children(out, table, list ? 1 : 0);
  const std::vector<std::uint8_t>& marks = column.marks;
  const bool marked = !list && !marks.empty();
  part.buffers = {marked ? marks.data() : nullptr, list ? column.starts.data() : column.bits.data()};
  out.length = static_cast<std::int64_t>(list ? column.rows() : column.bits.size());
  out.null_count = marked ? -1 : 0;
  out.n_buffers = 2;
  out.buffers = part.buffers.data();
  if (list) fill_array(part.children[0], table, column, false);
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  auto& from = *static_cast<Part<ArrowArrayStream>*>(stream->private_data);
  const PlainTablePtr& table = from.table;
  *out = {};
  if (from.given || table->empty()) return 0;
  from.given = true;
  Part<ArrowArray>& part = own_with_children(*out, table, table->size());
  out->length = static_cast<std::int64_t>(table->front().rows());
  out->n_buffers = 1;
  part.buffers = {nullptr};
  out->buffers = part.buffers.data();
  for (std::size_t i = 0; i < part.children.size(); ++i)
    fill_array(part.children[i], table, (*table)[i], (*table)[i].lists());
  return 0;
}

const char* get_last_error(ArrowArrayStream*) { return nullptr; }

std::vector<std::uint8_t> marks_of(const std::vector<std::int64_t>& column) {
  bool missing = false;
  std::vector<std::uint8_t> marks((column.size() + 7) / 8);
  for (std::size_t i = 0; i < column.size(); ++i) {
    const bool present = column[i] != INT64_MIN;
    missing = missing || !present;
    marks[i / 8] = static_cast<std::uint8_t>(marks[i / 8] | (present ? 1U << (i % 8) : 0U));
  }
  return missing ? marks : std::vector<std::uint8_t>();
}

/// Integers, or floats by their bits.
std::vector<std::int64_t> bits_of(nb::handle values, const char* name, const char* formats) {
  const Numbers numbers(values, name, 1, formats);
  numbers.need_whole(name);
  std::vector<std::int64_t> bits(numbers.size());
  if (!bits.empty()) std::memcpy(bits.data(), numbers.data<const char>(), bits.size() * sizeof(std::int64_t));
  return bits;
}

bool ascending_to(const std::vector<std::int64_t>& starts, std::size_t size) {
  return !starts.empty() && starts.front() == 0 && std::is_sorted(starts.begin(), starts.end()) &&
         static_cast<std::size_t>(starts.back()) == size;
}

PlainColumn plain_column(std::string name, nb::handle values) {
  PlainColumn column{.name = std::move(name)};
  if (nb::isinstance<nb::tuple>(values)) {
    const auto [starts, items] = nb::cast<std::pair<nb::object, nb::object>>(values);
    column.starts = bits_of(starts, column.name.c_str(), "ql");
    column.bits = bits_of(items, column.name.c_str(), "ql");
    if (!ascending_to(column.starts, column.bits.size()))
      raise(EMPTOR_INVALID, "the lists begin where they cannot", "give where each begins, and the end of the last");
    return column;
  }
  if (nb::hasattr(values, "typecode") && nb::cast<std::string>(values.attr("typecode")) == "d") {
    column.format = "g";
    column.bits = bits_of(values, column.name.c_str(), "d");
    return column;
  }
  column.bits = bits_of(values, column.name.c_str(), "ql");
  column.marks = marks_of(column.bits);
  return column;
}

nb::object plain_stream(const nb::dict& columns) {
  auto table = std::make_shared<PlainTable>();
  for (const auto& [name, values] : columns) {
    table->push_back(plain_column(nb::cast<std::string>(name), values));
    if (table->back().rows() != table->front().rows()) raise(EMPTOR_INVALID, "the columns have different lengths");
  }
  ArrowArrayStream stream{};
  stream.get_schema = get_schema;
  stream.get_next = get_next;
  stream.get_last_error = get_last_error;
  own(stream, table);
  return capsule_of(stream, nullptr);
}

// ---- and back

template <class Number>
Number number_at(const ArrowArray& array, int buffer, std::int64_t at) {
  Number number;
  std::memcpy(&number, static_cast<const char*>(array.buffers[buffer]) + at * static_cast<std::int64_t>(sizeof number),
              sizeof number);
  return number;
}

bool is_missing(const ArrowArray& array, std::int64_t at) {
  const auto* const marks = static_cast<const std::uint8_t*>(array.buffers[0]);
  return marks != nullptr && (marks[at / 8] >> (at % 8) & 1) == 0;
}

nb::object value_at(const ArrowSchema& schema, const ArrowArray& array, std::int64_t row);

nb::object list_at(const ArrowSchema& schema, const ArrowArray& array, std::int64_t at) {
  nb::list values;
  const auto end = number_at<std::int64_t>(array, 1, at + 1);
  for (auto i = number_at<std::int64_t>(array, 1, at); i < end; ++i)
    values.append(value_at(*schema.children[0], *array.children[0], i));
  return nb::tuple(values);
}

/// Of the types that tables of patterns have.
nb::object value_at(const ArrowSchema& schema, const ArrowArray& array, std::int64_t row) {
  const std::int64_t at = array.offset + row;
  if (is_missing(array, at)) return nb::none();
  const std::string_view format = schema.format;
  if (format == "l") return nb::int_(number_at<std::int64_t>(array, 1, at));
  if (format == "g") return nb::float_(number_at<double>(array, 1, at));
  if (format == "+L") return list_at(schema, array, at);
  if (format == "u") {
    const auto first = number_at<std::int32_t>(array, 1, at), end = number_at<std::int32_t>(array, 1, at + 1);
    return nb::str(static_cast<const char*>(array.buffers[2]) + first, static_cast<std::size_t>(end - first));
  }
  raise(EMPTOR_UNSUPPORTED, "a column of this type is not read without a library of frames", "call to_arrow()");
}

nb::dict columns_of(const Table& table) {
  const nb::object capsule = table.stream();
  auto* const stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream"));
  if (stream == nullptr) throw nb::python_error();
  const KeptPtr kept = keep(*stream);
  nb::dict columns;
  for (std::int64_t column = 0; column < kept->schema.n_children; ++column) {
    const ArrowSchema& schema = *kept->schema.children[column];
    nb::list values;
    for (const ArrowArray& batch : kept->arrays)
      for (std::int64_t row = 0; row < batch.length; ++row)
        values.append(value_at(schema, *batch.children[column], batch.offset + row));
    columns[schema.name] = values;
  }
  return columns;
}

}  // namespace

void bind_columns(nb::module_& module) {
  module.def(
      "_plain_stream", plain_stream, "columns"_a,
      "Columns of integers (buffers of int64, the lowest one is missing), floats (arrays \"d\") and lists of integers\n"
      "(tuples of where each begins, and all that are in them) as a capsule \"arrow_array_stream\".",
      nb::sig("def _plain_stream(columns: collections.abc.Mapping[str, object]) -> object"));
  module.def("_columns_of", columns_of, "table"_a,
             "A table's columns as lists; lists within are tuples. For tables of patterns.",
             nb::sig("def _columns_of(table: Table) -> dict[str, list[typing.Any]]"));
}

}  // namespace emptor::python
