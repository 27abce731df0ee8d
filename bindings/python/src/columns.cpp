// Tables between plain Python and Arrow, where no library of frames is at hand.

#include <nanobind/nanobind.h>

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

/// Columns of 64-bit integers; the lowest one stands for a missing value.
struct IntegerTable {
  std::vector<std::string> names;
  std::vector<std::vector<std::int64_t>> columns;
  std::vector<std::vector<std::uint8_t>> marks;  ///< a bit a value: present; empty where all are
};
using IntegerTablePtr = std::shared_ptr<const IntegerTable>;

/// What a schema, an array or a stream of such a table owns.
template <class Node>
struct Part {
  IntegerTablePtr table;
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
Part<Node>& own(Node& node, const IntegerTablePtr& table) {
  auto* const part = new Part<Node>{table, {}, {}, {}};
  node.private_data = part;
  node.release = &release_part<Node>;
  return *part;
}

/// A node with one child a column.
template <class Node>
Part<Node>& own_with_children(Node& node, const IntegerTablePtr& table) {
  Part<Node>& part = own(node, table);
  part.children.resize(table->columns.size());
  for (Node& child : part.children) part.places.push_back(&child);
  node.n_children = static_cast<std::int64_t>(part.children.size());
  node.children = part.places.data();
  return part;
}

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  const IntegerTablePtr& table = static_cast<Part<ArrowArrayStream>*>(stream->private_data)->table;
  *out = {};
  out->format = "+s";
  out->name = "";
  Part<ArrowSchema>& part = own_with_children(*out, table);
  for (std::size_t i = 0; i < part.children.size(); ++i) {
    part.children[i].format = "l";
    part.children[i].name = table->names[i].c_str();
    part.children[i].flags = ARROW_FLAG_NULLABLE;
    own(part.children[i], table);
  }
  return 0;
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  auto& from = *static_cast<Part<ArrowArrayStream>*>(stream->private_data);
  const IntegerTablePtr& table = from.table;
  *out = {};
  if (from.given || table->columns.empty()) return 0;
  from.given = true;
  Part<ArrowArray>& part = own_with_children(*out, table);
  out->length = static_cast<std::int64_t>(table->columns.front().size());
  out->n_buffers = 1;
  part.buffers = {nullptr};
  out->buffers = part.buffers.data();
  for (std::size_t i = 0; i < part.children.size(); ++i) {
    ArrowArray& child = part.children[i];
    Part<ArrowArray>& column = own(child, table);
    const std::vector<std::uint8_t>& marks = table->marks[i];
    column.buffers = {marks.empty() ? nullptr : marks.data(), table->columns[i].data()};
    child.length = out->length;
    child.null_count = marks.empty() ? 0 : -1;
    child.n_buffers = 2;
    child.buffers = column.buffers.data();
  }
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

nb::object integer_stream(const nb::dict& columns) {
  auto table = std::make_shared<IntegerTable>();
  for (const auto& [name, values] : columns) {
    table->names.push_back(nb::cast<nb::str>(name).c_str());
    const Numbers numbers(values, table->names.back().c_str(), 1, "ql");
    numbers.need_whole(table->names.back().c_str());
    const std::int64_t* const first = numbers.data<const std::int64_t>();
    table->columns.emplace_back(first, first + numbers.size());
    table->marks.push_back(marks_of(table->columns.back()));
    if (table->columns.back().size() != table->columns.front().size())
      raise(EMPTOR_INVALID, "the columns have different lengths");
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
  module.def("_integer_stream", integer_stream, "columns"_a,
             "Columns of integers (buffers of int64, the lowest one is missing) as a capsule \"arrow_array_stream\".",
             nb::sig("def _integer_stream(columns: collections.abc.Mapping[str, object]) -> object"));
  module.def("_columns_of", columns_of, "table"_a,
             "A table's columns as lists; lists within are tuples. For tables of patterns.",
             nb::sig("def _columns_of(table: Table) -> dict[str, list[typing.Any]]"));
}

}  // namespace emptor::python
