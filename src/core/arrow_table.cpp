#include "core/arrow_table.hpp"

#include <algorithm>

#include "core/arrow_value.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"

namespace emptor {
namespace {

constexpr std::int64_t max_text = 16 << 20;
constexpr std::int64_t most_rows = std::int64_t{1} << 48;
constexpr std::int64_t most_columns = 100'000;
constexpr std::int64_t rows_a_beat = 1024;

[[noreturn]] void refuse(std::string what, const std::string& column = {}, std::int64_t row = -1,
                         Code code = Code::invalid) {
  Problem problem{.code = code,
                  .message = column.empty() ? "the Arrow table " + what : "the column '" + column + "' " + what,
                  .field = column};
  if (row >= 0) problem.row = row;
  throw Error(std::move(problem));
}

/// What a stream's error number means, with its own words for it.
void check_answer(ArrowArrayStream& stream, int number) {
  if (number == 0) return;
  const char* words = stream.get_last_error == nullptr ? nullptr : stream.get_last_error(&stream);
  std::string text = words == nullptr ? std::string() : std::string(truncate(words, 200));
  if (!is_utf8(text)) text.clear();
  throw Error(Code::io, "the Arrow stream failed with error " + std::to_string(number), std::move(text));
}

/// Releases what the interface hands over, once.
template <class T>
class Released {
 public:
  explicit Released(T object = {}) : object_(object) {}
  ~Released() {
    if (object_.release != nullptr) object_.release(&object_);
  }
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;
  T& operator*() noexcept { return object_; }
  T* operator->() noexcept { return &object_; }
  T take() noexcept {
    T taken = object_;
    object_.release = nullptr;
    return taken;
  }

 private:
  T object_;
};

/// Checks one array before anything is read out of it. What it cannot see is how large the buffers are.
class ArrayCheck {
 public:
  ArrayCheck(const std::string& name, std::uint64_t first_row) : name_(name), first_row_(first_row) {}

  /// `need` values, from the array's own beginning on.
  void check(const ArrowType& type, const ArrowArray* array, std::int64_t need) {
    if (array == nullptr || array->release == nullptr) refuse("has no array, or a released one", name_);
    const bool sound = array->length >= 0 && array->offset >= 0 && array->length < most_rows &&
                       array->offset < most_rows && array->length >= need;
    if (!sound) refuse("has a length or an offset that makes no sense", name_);
    check_buffers(type, *array);
    if (type.kind == ArrowType::Kind::text || type.kind == ArrowType::Kind::text_view) check_texts(type, *array);
  }

  /// Where lists begin and end, and then the values in them.
  void check_lists(const ArrowType& list, const ArrowType& values, const ArrowArray& array) {
    if (array.n_children != 1 || array.children == nullptr) refuse("has lists without their values", name_);
    std::int64_t last = 0;
    for (std::int64_t i = array.offset; i < array.offset + array.length; ++i) {
      if (i % rows_a_beat == 0) beat("read");
      const ArrowSpan span = list_at(list, array, i);
      if (span.begin < last || span.size < 0 || span.begin >= most_rows || span.size >= most_rows)
        refuse("has lists that begin or end where they cannot", name_, row_of(array, i));
      last = span.begin + span.size;
    }
    ArrayCheck(name_, first_row_).check(values, array.children[0], last);
  }

  void check_indices(const ArrowType& index, const ArrowArray& array) {
    const std::int64_t size = array.dictionary->length;
    for (std::int64_t i = array.offset; i < array.offset + array.length; ++i) {
      if (i % rows_a_beat == 0) beat("read");
      if (!present(array, i)) continue;
      const Wide at = integer_at(index, array, i);
      if (at < 0 || at >= size) refuse("points beyond its dictionary", name_, row_of(array, i));
    }
  }

  std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  std::int64_t row_of(const ArrowArray& array, std::int64_t at) const noexcept {
    return static_cast<std::int64_t>(first_row_) + at - array.offset + 1;
  }

  void check_buffers(const ArrowType& type, const ArrowArray& array) {
    const bool view = type.kind == ArrowType::Kind::text_view;
    if (view ? array.n_buffers < type.buffers() : array.n_buffers != type.buffers())
      refuse("has another number of buffers than its type", name_);
    bytes_ += static_cast<std::uint64_t>(array.length * std::max(type.width, 1));
    if (array.n_buffers == 0) return;
    if (array.buffers == nullptr) refuse("has no buffers", name_);
    const bool values = array.length > 0;
    if (values && array.buffers[1] == nullptr) refuse("has a buffer of values that is NULL", name_);
    if (array.null_count > 0 && array.buffers[0] == nullptr) refuse("has missing values but does not mark them", name_);
    if (view && array.n_buffers > 3 && array.buffers[array.n_buffers - 1] == nullptr)
      refuse("does not tell the sizes of its buffers", name_);
  }

  void check_texts(const ArrowType& type, const ArrowArray& array) {
    for (std::int64_t i = array.offset; i < array.offset + array.length; ++i) {
      if (i % rows_a_beat == 0) beat("read");
      if (!present(array, i)) continue;
      const ArrowSpan span = span_of(type, array, i);
      if (!fits(type, array, span)) refuse("has text offsets that make no sense", name_, row_of(array, i));
      if (span.size > max_text) refuse("has a text above 16 MiB", name_, row_of(array, i), Code::budget);
      bytes_ += static_cast<std::uint64_t>(span.size);
      if (!is_utf8(text_at(type, array, i)))
        refuse("has a text that is not UTF-8 without NUL", name_, row_of(array, i));
    }
  }

  static bool fits(const ArrowType& type, const ArrowArray& array, const ArrowSpan& span) {
    if (span.begin < 0 || span.size < 0) return false;
    if (span.size == 0 || span.buffer == 1) return true;
    if (type.kind == ArrowType::Kind::text) return array.buffers[2] != nullptr;
    const std::int64_t sizes = array.n_buffers - 1;  // the last buffer holds the sizes of those from the third on
    if (span.buffer < 2 || span.buffer >= sizes || array.buffers[span.buffer] == nullptr) return false;
    return span.begin + span.size <= load<std::int64_t>(array.buffers[sizes], span.buffer - 2);
  }

  const std::string& name_;
  std::uint64_t first_row_, bytes_ = 0;
};

}  // namespace

void check_stream(const ArrowArrayStream* stream) {
  if (stream == nullptr || stream->release == nullptr)
    throw Error(Code::misuse, "there is no Arrow stream, or it was released", "pass a stream that was filled in");
  if (stream->get_schema == nullptr || stream->get_next == nullptr)
    throw Error(Code::misuse, "the Arrow stream lacks its functions");
}

ArrowTable::ArrowTable(ArrowArrayStream* stream, ArrowLists lists) {
  check_stream(stream);
  Released<ArrowArrayStream> taken(*stream);
  stream->release = nullptr;
  read_schema(*taken, lists);
  try {
    read_batches(*taken);
  } catch (...) {
    for (ArrowArray& batch : batches_) batch.release(&batch);
    throw;
  }
}

ArrowTable::~ArrowTable() {
  for (ArrowArray& batch : batches_) batch.release(&batch);
}

void ArrowTable::read_schema(ArrowArrayStream& stream, ArrowLists lists) {
  Released<ArrowSchema> schema;
  check_answer(stream, stream.get_schema(&stream, &*schema));
  if (schema->release == nullptr || schema->format == nullptr || std::string_view(schema->format) != "+s")
    refuse("is none: its schema is no struct");
  if (schema->n_children < 0 || schema->n_children > most_columns ||
      (schema->n_children > 0 && schema->children == nullptr))
    refuse("has a number of columns that makes no sense");
  for (std::int64_t i = 0; i < schema->n_children; ++i)
    columns_.push_back(read_arrow_input(schema->children[i], lists));
  if (columns_.empty()) refuse("has no columns");
}

void ArrowTable::read_batches(ArrowArrayStream& stream) {
  while (true) {
    beat("read", rows_);
    Released<ArrowArray> batch;
    check_answer(stream, stream.get_next(&stream, &*batch));
    if (batch->release == nullptr) return;
    check_batch(*batch);
    rows_ += static_cast<std::uint64_t>(batch->length);
    batches_.emplace_back();
    batches_.back() = batch.take();
  }
}

void ArrowTable::check_batch(const ArrowArray& batch) {
  const bool sound = batch.length >= 0 && batch.offset >= 0 && batch.length < most_rows && batch.offset < most_rows;
  if (!sound) refuse("has a batch whose length or offset makes no sense");
  if (batch.n_children != static_cast<std::int64_t>(columns_.size()) || batch.children == nullptr)
    refuse("has a batch with another number of columns than its schema");
  if (batch.n_buffers != 1 || batch.buffers == nullptr) refuse("has a batch with another number of buffers than one");
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const ArrowInput& input = columns_[i];
    const ArrowArray* array = batch.children[i];
    ArrayCheck check(input.name, rows_);
    check.check(input.list.value_or(input.index.value_or(input.type)), array, batch.offset + batch.length);
    if (input.list) check.check_lists(*input.list, input.type, *array);
    if (input.index) {
      ArrayCheck(input.name, 0).check(input.type, array->dictionary, 0);
      check.check_indices(*input.index, *array);
    }
    bytes_ += check.bytes();
  }
}

std::size_t ArrowTable::column(std::string_view name) const {
  std::string known;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].name == name) return i;
    known += (known.empty() ? "" : ", ") + columns_[i].name;
  }
  throw Error(Problem{.code = Code::not_found,
                      .message = "the Arrow table has no column '" + std::string(truncate(name, 60)) + "'",
                      .field = std::string(truncate(name, 60)),
                      .hint = "it has " + std::string(truncate(known, 200))});
}

ArrowCell ArrowTable::cell(std::size_t batch, std::size_t column, std::size_t row) const noexcept {
  const ArrowArray& table = batches_[batch];
  const std::int64_t at_row = table.offset + static_cast<std::int64_t>(row);
  if (!present(table, at_row)) return {};
  const ArrowInput& input = columns_[column];
  const ArrowArray* array = table.children[column];
  if (array->n_buffers == 0) return {};
  std::int64_t at = array->offset + at_row;
  if (!present(*array, at)) return {};
  if (input.index) {
    const ArrowArray* values = array->dictionary;
    at = values->offset + static_cast<std::int64_t>(integer_at(*input.index, *array, at));
    array = values;
    if (array->n_buffers == 0 || !present(*array, at)) return {};
  }
  return value_at(input.type, *array, at);
}

std::optional<ArrowPlain> ArrowTable::plain(std::size_t batch, std::size_t column) const noexcept {
  const ArrowArray& table = batches_[batch];
  const ArrowArray& array = *table.children[column];
  const bool own_marks = table.null_count != 0 && table.buffers[0] != nullptr;
  if (own_marks || columns_[column].index || columns_[column].list || array.n_buffers < 2) return std::nullopt;
  return ArrowPlain{array.buffers[1], array.null_count == 0 ? nullptr : array.buffers[0], array.offset + table.offset};
}

std::optional<std::vector<ArrowCell>> ArrowTable::list(std::size_t batch, std::size_t column, std::size_t row) const {
  const ArrowArray& table = batches_[batch];
  const std::int64_t at_row = table.offset + static_cast<std::int64_t>(row);
  const ArrowArray& array = *table.children[column];
  const std::int64_t at = array.offset + at_row;
  if (!present(table, at_row) || !present(array, at)) return std::nullopt;
  const ArrowType& type = columns_[column].type;
  const ArrowArray& values = *array.children[0];
  const ArrowSpan span = list_at(*columns_[column].list, array, at);
  std::vector<ArrowCell> cells;
  for (std::int64_t i = values.offset + span.begin; i < values.offset + span.begin + span.size; ++i) {
    const bool there = values.n_buffers > 0 && present(values, i);
    cells.push_back(there ? value_at(type, values, i) : ArrowCell{});
  }
  return cells;
}

}  // namespace emptor
