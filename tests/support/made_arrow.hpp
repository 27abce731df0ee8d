// Arrow streams built by hand, buffer by buffer, so that tests depend on no Arrow library; and spoilt ones.
#pragma once

#include <cstring>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/arrow.hpp"

namespace emptor::test {

using MadeBuffer = std::optional<std::string>;  // nullopt: a NULL pointer

struct MadeColumn {
  std::string name, format;
  std::int64_t length = 0;
  std::vector<MadeBuffer> buffers;
  std::int64_t nulls = 0, offset = 0;
  std::shared_ptr<MadeColumn> dictionary = nullptr;
  std::shared_ptr<MadeColumn> items = nullptr;  // of a column of lists: what is in them, one list after another
};

template <class T>
std::string packed(std::initializer_list<T> values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  if (values.size() > 0) std::memcpy(bytes.data(), std::data(values), bytes.size());
  return bytes;
}
template <class T>
MadeColumn numbers(std::string name, std::string format, std::initializer_list<T> values) {
  return {std::move(name), std::move(format), static_cast<std::int64_t>(values.size()), {MadeBuffer(), packed(values)}};
}
MadeColumn texts(std::string name, std::initializer_list<std::string_view> values);
// The same of values that were computed or read.
MadeColumn real_numbers(std::string name, const std::vector<double>& values);
MadeColumn texts_of(std::string name, const std::vector<std::string>& values);
// Lists whose ends are told, of these items.
MadeColumn lists(std::string name, std::initializer_list<std::int32_t> ends, MadeColumn items);

// What a stream of these columns does. It must outlive its streams and arrays.
class MadeArrow {
 public:
  explicit MadeArrow(std::vector<MadeColumn> columns) : columns_(std::move(columns)) {}
  // The stream, not yet released; each call makes a new one.
  ArrowArrayStream stream();

  int batches = 1;
  int fail_at = -1;                        // the batch before which the stream fails
  std::function<void(ArrowArray&)> spoil;  // changes each batch before it is handed out
  std::function<void(ArrowSchema&)> spoil_schema;
  int streams = 0, schemas = 0, arrays = 0;  // handed out and not released yet

 private:
  struct Given;
  static int get_schema(ArrowArrayStream* stream, ArrowSchema* out);
  static int get_next(ArrowArrayStream* stream, ArrowArray* out);

  std::vector<MadeColumn> columns_;
};

}  // namespace emptor::test
