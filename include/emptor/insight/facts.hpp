/// Facts: who bought what, when and for how much, as columns; what every insight starts from.
///
/// An immutable base, kept beside the file (mapped, droppable, rebuilt when damaged), and the changes
/// since then read from the journal. The same facts whatever the generation of the base.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "emptor/core/progress.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

/// The purchases of a store at one position: a row a line item, rows of one customer together (in the
/// order of customers' ids), within a customer by time, then order. Views, valid as long as the Facts.
struct Facts {
  std::int64_t position = 0;                ///< data version
  std::span<const std::int64_t> customers;  ///< ids of customers with purchases, ascending
  std::span<const std::uint64_t> first;     ///< customers.size() + 1: rows of customer i are first[i] .. first[i+1]-1
  std::span<const std::int64_t> order;      ///< order id, a row
  std::span<const std::int64_t> product;    ///< product id or 0, a row
  std::span<const std::int32_t> day;        ///< civil day in the store's zone, a row
  std::span<const std::int64_t> at;         ///< instant, a row
  std::span<const std::int64_t> amount;     ///< base_amount in micros, a row
  std::span<const std::int64_t> quantity;   ///< micros, a row
  std::shared_ptr<const void> owner;        ///< keeps the columns alive

  std::size_t rows() const noexcept { return order.size(); }
};

struct FactsOptions {
  bool persist = true;  ///< keep the base beside the file, where the store has one
  Progress progress = {};
};

/// The facts of the session's store as the session's actor sees them, at the newest position.
Facts read_facts(Session& session, const FactsOptions& options = {});
/// Brings facts up to date; reads only what changed since (all of it after a change of schema or rights).
Facts refresh_facts(Session& session, const Facts& old, const FactsOptions& options = {});
/// Removes the base that is kept beside the file.
void drop_facts(Session& session);

}  // namespace emptor
