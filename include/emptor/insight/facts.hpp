/// Facts: who bought what, when and for how much, as columns; what every insight starts from.
///
/// An immutable base, kept beside the file (`<store>-facts`: mapped, droppable, rebuilt when damaged,
/// foreign or newer), and the customers that changed since then, found through the journal. The same
/// facts whatever the generation of the base.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "emptor/core/progress.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

/// Line items as columns, a row each. Views.
struct PurchaseRows {
  std::span<const std::int64_t> line;      ///< order line id
  std::span<const std::int64_t> order;     ///< order id
  std::span<const std::int64_t> product;   ///< product id or 0
  std::span<const std::int32_t> day;       ///< civil day in the store's zone
  std::span<const std::int64_t> at;        ///< instant
  std::span<const std::int64_t> amount;    ///< base_amount in micros; 0 where it is missing
  std::span<const std::int64_t> quantity;  ///< micros; 0 where it is missing

  std::size_t size() const noexcept { return order.size(); }
  PurchaseRows subrows(std::size_t first, std::size_t count) const noexcept {
    return {line.subspan(first, count),    order.subspan(first, count), product.subspan(first, count),
            day.subspan(first, count),     at.subspan(first, count),    amount.subspan(first, count),
            quantity.subspan(first, count)};
  }
};

/// Where the rows of one customer stand.
struct PurchaseRange {
  std::uint64_t first = 0;
  std::uint32_t count = 0;
  std::uint32_t part = 0;  ///< 0 the base, 1 changed since
};

/// The purchases of a store at one position: the rows of one customer stand together, by time, then
/// order, then line. Lines without a customer or without a time, and all that is deleted (the line, its
/// order or its customer), are not among them. Views, valid as long as the Facts.
struct Facts {
  std::int64_t position = 0;  ///< journal position they are true of
  std::uint64_t schema_version = 0;
  std::int64_t data_version = 0;            ///< newest version of the records they were made of
  std::span<const std::int64_t> customers;  ///< ids of customers with purchases, ascending
  std::span<const PurchaseRange> ranges;    ///< one a customer
  std::array<PurchaseRows, 2> parts;        ///< the base and what changed since
  std::size_t rows = 0;                     ///< of all customers
  std::shared_ptr<const void> owner;        ///< keeps the columns alive

  /// The rows of customers[i].
  PurchaseRows of(std::size_t i) const noexcept {
    return parts[ranges[i].part].subrows(ranges[i].first, ranges[i].count);
  }
  /// The index of a customer; nothing without purchases.
  std::optional<std::size_t> find(Id customer) const noexcept;
};

struct FactsOptions {
  bool persist = true;  ///< keep the base beside the file, where the store has one
  Progress progress = {};
};

/// The facts of the session's store as the session's actor sees them, at the newest position.
Facts read_facts(Session& session, const FactsOptions& options = {});
/// Brings facts up to date; reads only what changed since (all of it after a change of schema, or when
/// more changed than is worth merging).
Facts refresh_facts(Session& session, const Facts& old, const FactsOptions& options = {});
/// Removes the base that is kept beside the file.
void drop_facts(Session& session);

}  // namespace emptor
