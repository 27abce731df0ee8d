/// Baskets and histories out of a plain table, a row an item, by the names of its columns.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>

#include "core/arrow_table.hpp"
#include "emptor/mine/baskets.hpp"
#include "emptor/mine/sequences.hpp"
#include "emptor/store/batch.hpp"

namespace emptor {

/// Items are numbered in ascending order of what they are (whole numbers, or texts by their bytes).
struct PlainItems {
  std::shared_ptr<Column> items = std::make_shared<Column>();  ///< what each number stands for
  std::uint64_t rows = 0;                                      ///< of the table
  std::uint64_t skipped = 0;                                   ///< that lack a basket or history
};
struct PlainBaskets : PlainItems {
  mine::BasketTable baskets;  ///< in the order of their first rows
};
struct PlainHistories : PlainItems {
  mine::SequenceTable histories;  ///< in the order of their first rows
};

/// A row without an item stands for its basket alone, which may be empty. Throws Code::not_found for a column that is
/// not there and Code::invalid, naming column and row, for a value that is neither a whole number nor a text.
PlainBaskets plain_baskets(const ArrowTable& table, const std::string& basket, const std::string& item);
/// Without a column of times each row is an element, in the order of the rows. With one (whole numbers, days, or
/// times, in microseconds) the rows of a history with the same time are one element, in the order of times.
PlainHistories plain_histories(const ArrowTable& table, const std::string& history, const std::string& item,
                               const std::string& time);

/// The numbers of items that options name, as numbers or texts; what no row has gets a number that no item has.
std::vector<std::uint32_t> numbers_of(const boost::json::array& names, const PlainItems& plain);
/// The least count that is at least this share of all.
std::uint64_t count_of_share(double share, std::uint64_t all) noexcept;

}  // namespace emptor
