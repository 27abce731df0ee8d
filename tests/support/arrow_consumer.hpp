// What a consumer of Arrow streams does: reads batch by batch, takes values out, releases.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "emptor/core/arrow.hpp"

namespace emptor::test {

// Owns a stream, its schema and its newest batch.
class ArrowConsumer {
 public:
  ArrowConsumer() = default;
  ~ArrowConsumer();
  ArrowConsumer(const ArrowConsumer&) = delete;
  ArrowConsumer& operator=(const ArrowConsumer&) = delete;

  ArrowArrayStream stream{};
  ArrowArray batch{};
  // The answer of get_next; the batch before it is released.
  int next();
  bool more() { return next() == 0 && batch.release != nullptr; }
  std::string last_error();
  // "name:format" of every column.
  std::vector<std::string> columns();
  std::size_t column(const std::string& name);

  template <class T>
  T number(std::size_t column, std::int64_t row) const {
    T value;
    std::memcpy(&value, static_cast<const char*>(batch.children[column]->buffers[1]) + row * sizeof(T), sizeof(T));
    return value;
  }
  std::string text(std::size_t column, std::int64_t row) const;
  bool missing(std::size_t column, std::int64_t row) const;

 private:
  ArrowSchema schema_{};
  void read_schema();
};

}  // namespace emptor::test
