/// A foreign Arrow stream, read to its end and kept by reference: tables that hosts hand in.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/arrow_type.hpp"
#include "emptor/core/time.hpp"
#include "emptor/core/wide.hpp"

namespace emptor {

/// One value, whatever width its column has. Text is a view of the host's memory.
struct ArrowCell {
  enum class Kind {
    missing,
    boolean,  ///< number is 0 or 1
    decimal,  ///< number / 10^scale; integers too
    real,
    single,  ///< a real that was a 32-bit (or shorter) float
    text,
    day,      ///< number: days since 1970-01-01
    time,     ///< number: microseconds since midnight
    local,    ///< number: microseconds of a wall clock since 1970-01-01T00:00:00
    instant,  ///< number: microseconds since 1970-01-01T00:00:00Z
    beyond,   ///< a value that nothing here can hold
  };
  Kind kind = Kind::missing;
  int scale = 0;
  Wide number = 0;
  double real = 0;
  std::string_view text = {};
};

/// Empty texts are how tables without missing values leave something out.
inline bool is_missing(const ArrowCell& cell) noexcept {
  return cell.kind == ArrowCell::Kind::missing || (cell.kind == ArrowCell::Kind::text && cell.text.empty());
}

/// A column of one batch as it stands in memory.
struct ArrowPlain {
  const void* data = nullptr;
  const void* marks = nullptr;  ///< a bit a value, set where one is there; NULL where all are
  std::int64_t first = 0;       ///< where the batch's first row stands in both
};

/// Throws Code::misuse for NULL, for a stream that was released and for one that lacks its functions.
void check_stream(const ArrowArrayStream* stream);

/// Releases a stream that nobody has taken over by the end of the scope.
class UnreadStream {
 public:
  explicit UnreadStream(ArrowArrayStream* stream) noexcept : stream_(stream) {}
  ~UnreadStream() {
    if (stream_ != nullptr && stream_->release != nullptr) stream_->release(stream_);
  }
  UnreadStream(const UnreadStream&) = delete;
  UnreadStream& operator=(const UnreadStream&) = delete;

 private:
  ArrowArrayStream* stream_;
};

/// Not copyable; the batches are released with it. Reading cells needs no lock.
class ArrowTable {
 public:
  /// Takes the stream over: reads and releases it, whatever happens. Every batch is checked as far as the
  /// interface permits (docs/types.md): counts, lengths, offsets, missing buffers, order of text offsets,
  /// indices of dictionaries, UTF-8. Not checkable are the sizes of buffers. Throws Code::invalid with column
  /// and row, Code::unsupported for a type, Code::io for what the stream says went wrong, Code::budget for a
  /// text above 16 MiB, Code::cancelled (within a LongCall).
  explicit ArrowTable(ArrowArrayStream* stream, ArrowLists lists = ArrowLists::refused);
  ~ArrowTable();
  ArrowTable(const ArrowTable&) = delete;
  ArrowTable& operator=(const ArrowTable&) = delete;

  const std::vector<ArrowInput>& columns() const noexcept { return columns_; }
  /// Throws Code::not_found, with the known names in the hint.
  std::size_t column(std::string_view name) const;
  std::size_t batches() const noexcept { return batches_.size(); }
  std::size_t rows(std::size_t batch) const noexcept { return static_cast<std::size_t>(batches_[batch].length); }
  std::uint64_t rows() const noexcept { return rows_; }
  std::uint64_t bytes() const noexcept { return bytes_; }  ///< of the values, about
  /// Requires all three to be below their counts, and a column that holds no lists.
  ArrowCell cell(std::size_t batch, std::size_t column, std::size_t row) const noexcept;
  /// For loops over values of one width; nothing for columns with a dictionary, of lists and of nulls, and in a batch
  /// that marks rows of its own as missing. Requires both below their counts.
  std::optional<ArrowPlain> plain(std::size_t batch, std::size_t column) const noexcept;
  /// The values of a list, one after another; nothing where there is none. Requires a column of lists.
  std::optional<std::vector<ArrowCell>> list(std::size_t batch, std::size_t column, std::size_t row) const;

 private:
  void read_schema(ArrowArrayStream& stream, ArrowLists lists);
  void read_batches(ArrowArrayStream& stream);
  void check_batch(const ArrowArray& batch);

  std::vector<ArrowInput> columns_;
  std::vector<ArrowArray> batches_;
  std::uint64_t rows_ = 0, bytes_ = 0;
};

}  // namespace emptor
