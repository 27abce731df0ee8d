/// What an actor may do with which records: the permissions of a user's roles, worked out for one snapshot.
///
/// A permission allows one action on one entity (or every entity) within a scope. Scopes are about customers: a child
/// of a customer is in scope where its customer is, and any record is where it is the user's own or their team's
/// (docs/rights.md has the whole of it). Several permissions allow what any one of them allows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/store/store.hpp"

namespace emptor {

enum class Action : std::uint8_t {
  know,  ///< is this customer known, and who looks after them: nothing else
  read,
  create,
  update,
  remove,  ///< soft deletion
  assign,  ///< who is responsible, which team and territory
  merge,
  analyse,
  import_records,
  export_records,
  erase,  ///< for good, by law
  configure
};
inline constexpr std::size_t action_count = 12;

/// "know", "read", "create", "update", "delete", "assign", "merge", "analyse", "import", "export", "erase",
/// "configure".
std::string_view name_of(Action action) noexcept;
std::optional<Action> action_of(std::string_view name) noexcept;

/// A field that is kept from an actor, at least of some records.
struct FieldRule {
  FieldNumber field = 0;
  Where open;      ///< of which records it is read as it is
  Where masked;    ///< of which it is read at least masked
  Where writable;  ///< of which it may be written
};

struct ChangedCustomers;
class CustomerOrder;

/// A customer who acts for themselves: their rights are in force in every store (docs/rights.md, own page).
struct SelfService {
  Id customer;
};

/// Immutable, and shared by every session of its actor. Everything it answers is true of the snapshot it was made for.
class Rights {
 public:
  /// Reads the user's roles and their permissions, and which customers they reach. `today` is the day in the store's
  /// zone, for roles that are given for some time.
  Rights(Reader& reader, Id user, Date today);
  Rights(Reader& reader, SelfService actor, Date today);
  /// The same rights after some customers changed. Requires that nothing which decides about rights (users, roles,
  /// teams ...) changed in between.
  Rights(const Rights& before, const ChangedCustomers& changed);
  ~Rights();
  Rights(const Rights&) = delete;
  Rights& operator=(const Rights&) = delete;

  /// The records on which an action is allowed, as a condition: always true where all are, never where none is. For a
  /// derived entity also by those of its sources. Valid as long as the rights.
  const Where& scope(const Entity& entity, Action action) const;
  /// Whether the action is allowed on this very row, which need not be written yet.
  bool allows(const Entity& entity, Action action, Row row) const;
  /// The same for a record of a customer that is as this row has them, which the snapshot does not know yet.
  bool allows_with(const Entity& entity, Action action, Row customer) const;
  /// Whether some role allows the action on records of the entity, be there any or not.
  bool may(const Entity& entity, Action action) const;
  /// That records of the entity may be read whole, no field of them kept back, of the customer whose id stands in a
  /// field: never true of a customer whom they may not be read of.
  Where whole(const Entity& entity, const std::string& customer) const;
  /// Whether all records of the entity may be read whole.
  bool reads_all(const Entity& entity) const;
  /// How many customers that are not deleted the action is allowed on, in microseconds; nothing where it is all.
  std::optional<std::size_t> count_customers(Action action) const;
  /// The customers of an action that are not deleted, in the order of a field, where they are few enough to be kept so;
  /// null where not. Requires a reader that these rights were made for.
  std::shared_ptr<const CustomerOrder> customers_in_order(Reader& reader, Action action, const OrderBy& by) const;
  /// Whether they hold unchanged after some customers changed, under the same requirement as the constructor.
  bool hold_after(const ChangedCustomers& changed) const;
  /// Fields that are hidden, masked or read-only for some record of the entity that the actor may read.
  std::span<const FieldRule> field_rules(const Entity& entity) const;
  /// Whether the rule's condition holds for this row.
  enum class Part { open, masked, writable };
  bool holds(const Entity& entity, const FieldRule& rule, Part part, Row row) const;

  /// A version or journal position as the actor sees it, and back: the true ones count what everybody writes.
  std::int64_t token_of(std::int64_t version) const noexcept;
  std::int64_t version_of(std::int64_t token) const noexcept;

  Id user() const noexcept;
  Id customer() const noexcept;  ///< of self-service; else none
  Date until() const noexcept;   ///< the last day on which they hold, by themselves

 private:
  struct State;
  std::unique_ptr<State> state_;
};

using RightsPtr = std::shared_ptr<const Rights>;

/// True where a condition can hold for no record, as it stands.
bool holds_never(const Where& where) noexcept;

}  // namespace emptor
