// Records that go from somebody to somebody else: gathered, then written as one change set.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "desk/duties.hpp"
#include "emptor/desk/ownership.hpp"

namespace emptor::desk {

/// Ids of at most so many are looked up one by one; more are told by their bits.
Where of_ids(const std::string& field, std::span<const Id> ids);

struct OwnedCustomer {
  Id id;
  std::int64_t version = 0;
  Id owner, team, territory;
  std::string tier;
};

struct OpenRecord {
  Id id;
  std::int64_t version = 0;
  Id user, customer;
};

/// A user to whom something may be given. Throws Code::not_found, and Code::invalid for one who does not act.
struct Recipient {
  Id id, team, territory;
};
Recipient recipient(const View& view, Id user, Date day);
/// Whether a user acts on a day, by `active` and `left_on`.
bool acts(const Record& user, Date day);

class Transfer {
 public:
  Transfer(Session& session, const TransferOptions& options);

  /// Nothing where the op id is new; else there is nothing to do.
  std::optional<Transferred> earlier() const;
  /// The store as the actor sees it, and as it is.
  const View& seen() const { return seen_; }
  const View& whole() const { return whole_; }
  Date today() const;
  /// The records that the actor may assign: all for who is not restricted.
  Where assignable(std::string_view entity) const;
  /// Of a condition, those that the actor may assign.
  std::vector<OwnedCustomer> customers(const Where& where) const;

  /// Gives a customer; remembers whose they were, for `give_open_records`.
  void give(const OwnedCustomer& customer, Id owner, Id team);
  void give(const Duty& duty, const OpenRecord& record, Id user);
  void keep(std::string_view entity, KeptReason reason, std::int64_t count);
  /// What is open of the customers that were given, and was the old owner's.
  void give_open_records();
  /// Calls `take` with open records that a condition meets; false where one is none of those that are meant. What the
  /// actor may not assign is kept, and told.
  void each_open(const Duty& duty, const Where& where,
                 const std::function<bool(const OpenRecord&, bool assignable)>& take);
  /// The new owner of a customer who was given; nothing for others.
  std::optional<Id> new_owner(Id customer) const;
  ChangeSet& changes() noexcept { return changes_; }

  Transferred finish();

 private:
  struct Given {
    Id from, to;
  };
  void scan_open(const Duty& duty, Where where, const std::function<void(const OpenRecord&)>& take) const;

  Session& session_;
  TransferOptions options_;
  RightsPtr rights_;
  View seen_, whole_;
  ChangeSet changes_;
  std::unordered_map<Id, Given> customers_;
  std::map<std::pair<std::string, Id>, std::size_t> given_;
  std::map<std::pair<std::string, KeptReason>, std::size_t> kept_;
};

}  // namespace emptor::desk
