// Fields of all customers as columns in memory: what a rule that asks nothing else is asked of at once.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "emptor/core/executor.hpp"
#include "session/segments/book.hpp"
#include "session/segments/column_test.hpp"

namespace emptor::segments {

/// For all sessions of a store; safe from several threads. A field is read when it is first asked, and follows the
/// journal from then on.
class CustomerColumns {
 public:
  /// Who is in a segment whose rule, and those of segments that it names, ask fields of customers alone; nothing for
  /// any other, for a snapshot older than the columns, and where they would take too much memory.
  std::optional<IdSet> members(Reader& reader, const Book& book, std::size_t segment, Date today,
                               const Executor& executor);

 private:
  static constexpr std::size_t rows_a_block = 16'384;

  /// Values of some customers: numbers as bits, texts as places among the distinct ones.
  struct Values {
    std::vector<std::int64_t> bits;
    std::vector<std::uint32_t> places;
    std::vector<std::uint8_t> valid;
  };
  struct FieldColumn {
    Type type = Type::text;
    std::vector<Values> blocks;
    std::deque<std::string> texts;  ///< distinct ones; the first stands for a missing one
    std::unordered_map<std::string_view, std::uint32_t> place_of;
  };
  struct Block {
    std::vector<Id> ids;
    std::vector<Truth> there;
  };
  class Scan;

  bool bring(Reader& reader, const std::vector<FieldNumber>& fields);
  bool follow(Reader& reader);
  void read_ids(Reader& reader);
  void read_field(Reader& reader, const Entity& customer, FieldNumber field);
  void put(FieldColumn& column, std::size_t row, const Value& value);
  void forget();

  std::mutex turn_;
  std::int64_t position_ = 0;
  std::uint64_t schema_version_ = 0;
  std::size_t rows_ = 0;
  std::vector<Block> blocks_;
  std::map<FieldNumber, FieldColumn> fields_;
};

}  // namespace emptor::segments
