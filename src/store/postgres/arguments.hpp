/// The values that a statement is sent with, in PostgreSQL's binary format.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/model/value.hpp"
#include "store/sql/binary.hpp"

namespace emptor::postgres {

/// Texts are views: they must live until the statement is sent.
class Arguments {
 public:
  Arguments() = default;
  Arguments(std::initializer_list<Value> values) {
    for (const Value& value : values) add(value);
  }
  explicit Arguments(const std::vector<Value>& values) {
    for (const Value& value : values) add(value);
  }

  void clear() noexcept {
    pieces_.clear();
    arrays_.clear();
  }
  void add(const Value& value) {
    if (!value.present()) return void(pieces_.emplace_back());
    if (value.is_text()) return add_bytes(value.text());
    pieces_.push_back({nullptr, sql::turned(value.bits()), 8});
  }
  /// Also an empty one.
  void add_bytes(std::string_view bytes) {
    pieces_.push_back({bytes.data() == nullptr ? "" : bytes.data(), 0, static_cast<int>(bytes.size())});
  }
  /// Bytes that are kept here, until `clear`.
  void add_kept(std::string bytes) { add_bytes(arrays_.emplace_back(std::move(bytes))); }

  std::size_t size() const noexcept { return pieces_.size(); }
  int bytes(std::size_t i) const noexcept { return pieces_[i].size; }
  const char* data(std::size_t i) const noexcept {
    const Piece& piece = pieces_[i];
    if (piece.text != nullptr || piece.size == 0) return piece.text;
    return reinterpret_cast<const char*>(&piece.number);
  }

 private:
  struct Piece {
    const char* text = nullptr;
    std::int64_t number = 0;
    int size = 0;
  };
  std::vector<Piece> pieces_;
  std::deque<std::string> arrays_;
};

}  // namespace emptor::postgres
