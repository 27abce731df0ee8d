// Which customers the scopes of a user reach: conditions on the customer's own fields, and sets of ids.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include "session/rights/grants.hpp"

namespace emptor {

inline constexpr std::size_t scope_count = 5;

/// Several scopes, a bit each. Several reach what any one of them does.
using Scopes = std::uint8_t;
constexpr Scopes bit_of(ScopeKind scope) noexcept { return static_cast<Scopes>(1u << static_cast<unsigned>(scope)); }
constexpr bool has(Scopes scopes, ScopeKind scope) noexcept { return (scopes & bit_of(scope)) != 0; }

/// A condition on the fields of a customer.
Where customers_in(const Grants& grants, Scopes scopes);

/// Safe from several threads, but for `update`.
class CustomerScopes {
 public:
  /// Reads the sets of the scopes that some permission names.
  CustomerScopes(Reader& reader, const Grants& grants);
  CustomerScopes(const CustomerScopes& other) : sets_(other.sets_) {}
  /// Tells these customers anew.
  void update(Reader& reader, const Grants& grants, std::span<const Id> changed);

  /// That a field holds the id of a customer in scope; always true for `all`.
  Where reach(Scopes scopes, const std::string& field);
  /// How many customers are in scope that are not deleted; nothing for `all`, which is no set.
  std::optional<std::size_t> count(Scopes scopes);

 private:
  struct Reached {
    IdSet ids;      ///< deleted ones too: their history and their return are in the same scope
    IdSet deleted;  ///< those of them
  };
  using ReachedPtr = std::shared_ptr<const Reached>;
  static void read(Reader& reader, const Where& where, Reached& out);
  ReachedPtr together(Scopes scopes);

  std::array<ReachedPtr, scope_count> sets_;  // null where no permission names the scope
  std::mutex turn_;
  std::map<Scopes, ReachedPtr> unions_;
};

}  // namespace emptor
