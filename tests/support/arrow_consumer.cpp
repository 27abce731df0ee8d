#include "support/arrow_consumer.hpp"

#include <doctest/doctest.h>

namespace emptor::test {

ArrowConsumer::~ArrowConsumer() {
  if (batch.release != nullptr) batch.release(&batch);
  if (schema_.release != nullptr) schema_.release(&schema_);
  if (stream.release != nullptr) stream.release(&stream);
}

int ArrowConsumer::next() {
  if (batch.release != nullptr) batch.release(&batch);
  batch = {};
  return stream.get_next(&stream, &batch);
}

std::string ArrowConsumer::last_error() {
  const char* text = stream.get_last_error(&stream);
  return text == nullptr ? "" : text;
}

void ArrowConsumer::read_schema() {
  if (schema_.release == nullptr) REQUIRE(stream.get_schema(&stream, &schema_) == 0);
}

std::vector<std::string> ArrowConsumer::columns() {
  read_schema();
  std::vector<std::string> all;
  for (std::int64_t i = 0; i < schema_.n_children; ++i)
    all.push_back(std::string(schema_.children[i]->name) + ":" + schema_.children[i]->format);
  return all;
}

std::size_t ArrowConsumer::column(const std::string& name) {
  read_schema();
  for (std::int64_t i = 0; i < schema_.n_children; ++i)
    if (schema_.children[i]->name == name) return static_cast<std::size_t>(i);
  FAIL("there is no column " << name);
  return 0;
}

std::string ArrowConsumer::text(std::size_t column, std::int64_t row) const {
  const auto* offsets = static_cast<const std::int32_t*>(batch.children[column]->buffers[1]);
  const auto* bytes = static_cast<const char*>(batch.children[column]->buffers[2]);
  return {bytes + offsets[row], static_cast<std::size_t>(offsets[row + 1] - offsets[row])};
}

bool ArrowConsumer::missing(std::size_t column, std::int64_t row) const {
  const auto* marks = static_cast<const unsigned char*>(batch.children[column]->buffers[0]);
  return marks != nullptr && (marks[row / 8] >> (row % 8) & 1) == 0;
}

}  // namespace emptor::test
