/// Who looks after customers: their owners over time, and giving customers to somebody else with what is under way.
///
///     assign(session, {.customers = {ada, bob}, .owner = eve}, {.reason = "new territories"});
///     for (const OwnerSpell& spell : owners(session.view(), ada)) show(spell.owner_name, spell.from, spell.reason);
///
/// Every transfer is one change set in one journal entry: whole, or not at all. Nothing of the past is written over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/language.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

/// One owner's time with a customer.
struct OwnerSpell {
  Id owner;  ///< none: the customer was in the pool
  std::string owner_name;
  Id team;
  Instant from;
  std::optional<Instant> to;  ///< missing while it lasts
  Id by;                      ///< who made it so; none is the system
  std::string by_name;
  std::string reason;  ///< as the journal keeps it
};

/// Oldest first; a spell ends where owner or team change. Empty for a customer whom the view does not show.
std::vector<OwnerSpell> owners(const View& view, Id customer);
/// [{"owner_id":"3","owner":"Ann","team_id":"1","from":"2024-01-01T00:00:00Z","reason":"signed up"}, ...]
std::string to_json(std::span<const OwnerSpell> spells);

struct TransferOptions {
  bool dry_run = false;     ///< check and tell, write nothing
  std::string op_id = {};   ///< applied once, however often it is sent
  std::string reason = {};  ///< kept in the journal; must not hold personal data
};

/// Records of one entity that went to one user.
struct GivenRecords {
  std::string entity;
  Id user;  ///< none: nobody is responsible now; customers are in the pool
  std::size_t count = 0;
};

/// Why records that named the user still do.
enum class KeptReason : std::uint8_t {
  closed,        ///< done with: the record of who did it
  fact,          ///< names who took part, sold or was to reach something, for good
  no_successor,  ///< nobody was named to whom it could go
  denied,        ///< the actor may not assign it
  unseen,        ///< the actor may not see it
  leads,         ///< names the user as manager: a right, which whoever configures gives on
};
/// "closed", "fact" ...
std::string_view name_of(KeptReason reason) noexcept;
std::string_view words_of(KeptReason reason, Language language) noexcept;

struct KeptRecords {
  std::string entity;
  KeptReason reason = KeptReason::closed;
  std::size_t count = 0;
};

struct Transferred {
  std::int64_t position = 0;  ///< in the journal; 0 where nothing was written
  bool repeated = false;      ///< the op_id was applied before: nothing else is told
  std::vector<GivenRecords> given;
  std::vector<KeptRecords> kept;

  std::size_t given_of(std::string_view entity) const;
  std::size_t kept_of(std::string_view entity) const;
};
/// {"position":"7","repeated":false,"given":[{"entity":"customer","user_id":"3","count":"2"}],"kept":[...]}
std::string to_json(const Transferred& transferred, Language language = Language::english);

/// Customers, and who is to look after them.
struct Assignment {
  std::vector<Id> customers = {};   ///< these ...
  std::optional<Where> where = {};  ///< ... or all of this condition, of those that the actor may assign
  Id owner = {};                    ///< none puts them into the pool
  std::optional<Id> team = {};      ///< missing: the owner's team; for the pool, the one they have
  bool with_open_records = true;    ///< what is open of them and was the old owner's duty goes to the new one
};

/// Open tasks, cases, opportunities, quotes, contracts and alerts of these customers come along where the old owner
/// (or, out of the pool, nobody) was responsible for them. Throws Code::not_found for unknown customers and owners,
/// Code::denied for what the actor may not assign, Code::invalid for an owner who has left, Code::conflict where
/// somebody changed a record meanwhile: nothing is written then.
Transferred assign(Session& session, const Assignment& assignment, const TransferOptions& options = {});

}  // namespace emptor
