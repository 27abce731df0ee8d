// Customers in the order of a field: for a set so small that walking all customers in that order would meet few of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "emptor/store/id_set.hpp"
#include "emptor/store/store.hpp"

namespace emptor {

/// Customers that changed up to a position, with all of their fields as they are then; a row without an id where there
/// is none any more.
struct ChangedCustomers {
  std::int64_t position = 0;
  std::vector<Id> ids;
  Batch now;  ///< a row for each
};

class CustomerOrder;
using CustomerOrderPtr = std::shared_ptr<const CustomerOrder>;

/// The order of the store: missing values first (last when descending), ties by ascending id.
class CustomerOrder {
 public:
  /// Reads those of `among` that are not deleted.
  CustomerOrder(Reader& reader, const IdSet& among, const OrderBy& by);
  /// The same after some changed; `among` holds those that belong here now. Null where nothing of it changes.
  CustomerOrderPtr after(const Entity& customer, const ChangedCustomers& changed, const IdSet& among) const;
  /// Those that follow a key, at most `limit` of them.
  std::span<const Id> page(const ScanKey& key, std::size_t limit) const;
  /// Whether some follow the last of a page.
  bool more_after(std::span<const Id> page) const noexcept {
    return !page.empty() && page.data() + page.size() != ids_.data() + ids_.size();
  }

 private:
  std::size_t place_of(const std::string& key, Id id) const;
  void take(const Value& value, Id id);

  std::string field_;
  bool descending_ = false;
  std::vector<std::string> keys_;  // bytes in the order of the values; empty is missing
  std::vector<Id> ids_;
};

}  // namespace emptor
