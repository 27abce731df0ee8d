/// Columns on their way out through the Arrow C interfaces. Buffers are shared, never copied here: an array
/// keeps what its buffers live in until its consumer releases it, in whatever order and thread that happens.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "emptor/core/arrow.hpp"

namespace emptor {

struct ArrowField {
  std::string name;
  std::string format;  ///< as the Arrow specification writes types: "l", "u", "tsu:UTC"
  bool nullable = true;
  std::vector<ArrowField> children = {};  ///< of a list: what it holds
};

/// Memory of a column and what keeps it alive.
struct ArrowBuffer {
  std::shared_ptr<const void> owner;
  const void* data = nullptr;
};

/// One column of a batch; the first buffer says which values are present (null where all are).
struct ArrowColumn {
  std::vector<ArrowBuffer> buffers;
  std::int64_t length = 0;
  std::int64_t nulls = 0;
  std::vector<ArrowColumn> children = {};  ///< as the field has them
};

/// A buffer that owns a vector (or string).
template <class Container>
ArrowBuffer arrow_buffer(Container&& values) {
  auto owner = std::make_shared<const std::remove_cvref_t<Container>>(std::forward<Container>(values));
  static constexpr std::int64_t nothing = 0;  // a pointer even for no values
  return {owner, owner->empty() ? static_cast<const void*>(&nothing) : owner->data()};
}

/// What a stream is made of. One consumer, one call at a time, in any thread.
class ArrowSource {
 public:
  virtual ~ArrowSource() = default;
  virtual const std::vector<ArrowField>& fields() const noexcept = 0;
  /// The next batch: its columns, in the order of the fields, and how many rows. False at the end. What it
  /// throws, the consumer reads as the stream's last error.
  virtual bool next(std::vector<ArrowColumn>& columns, std::int64_t& rows) = 0;
};

/// Fills in a stream whose batches come from the source. Requires `out` to hold none.
void export_stream(std::unique_ptr<ArrowSource> source, ArrowArrayStream* out);

}  // namespace emptor
