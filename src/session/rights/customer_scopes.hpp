// Which customers the scopes of a user reach: conditions on the customer's own fields, and sets of ids.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "session/rights/customer_order.hpp"
#include "session/rights/grants.hpp"

namespace emptor {

inline constexpr std::size_t scope_count = static_cast<std::size_t>(ScopeKind::rules);  // beside those that are rules

/// Several scopes, a bit each. Several reach what any one of them does.
using Scopes = std::uint64_t;
constexpr Scopes bit_of(ScopeKind scope) noexcept { return Scopes{1} << static_cast<unsigned>(scope); }
constexpr bool has(Scopes scopes, ScopeKind scope) noexcept { return (scopes & bit_of(scope)) != 0; }

/// A condition on the fields of a customer.
Where customers_in(const Grants& grants, Scopes scopes);

/// Safe from several threads.
class CustomerScopes {
 public:
  /// Reads the sets of the scopes that some permission names.
  CustomerScopes(Reader& reader, const Grants& grants);
  /// The same after some customers changed.
  CustomerScopes(const CustomerScopes& before, const Grants& grants, const Entity& customer,
                 const ChangedCustomers& changed);
  /// Whether they say the same after some customers changed; if so, they hold for that position as well.
  bool hold_after(const Grants& grants, const Entity& customer, const ChangedCustomers& changed);

  /// That a field holds the id of a customer in scope; always true for `all`.
  Where reach(Scopes scopes, const std::string& field);
  /// How many customers are in scope that are not deleted; nothing for `all`, which is no set.
  std::optional<std::size_t> count(Scopes scopes);
  /// Those that are not deleted in the order of a field, where they are so few that the store's own walk in that order
  /// would meet hardly any of them; null where it would not, and for a snapshot other than the newest they hold for.
  CustomerOrderPtr in_order(Scopes scopes, Reader& reader, const OrderBy& by);

 private:
  using IdSetPtr = std::shared_ptr<const IdSet>;
  struct Together {
    IdSetPtr ids;  ///< deleted ones too: their history and their return are in the same scope
    std::size_t deleted = 0;
    std::map<std::pair<std::string, bool>, CustomerOrderPtr> orders;  ///< by field, and whether descending
  };
  template <class Differs>
  void each_difference(const Grants& grants, const Entity& customer, const ChangedCustomers& changed,
                       Differs&& differs) const;
  Together unite(Scopes scopes) const;
  Together& together(Scopes scopes);
  void update(const Grants& grants, const Entity& customer, const ChangedCustomers& changed);
  void renew_unions();

  std::vector<IdSetPtr> sets_;  // by scope; null where no permission names it
  IdSetPtr deleted_;            // every deleted customer
  mutable std::mutex turn_;
  std::int64_t position_ = 0;  // the newest that they hold for
  std::map<Scopes, Together> unions_;
};

}  // namespace emptor
