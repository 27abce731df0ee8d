/// The public pool: customers without an owner. Who goes back to it, by which rule, and who may take whom.
///
///     for (const PoolReturn& each : recycle(session, {}, {.dry_run = true}).returns)
///       show(each.customer, words_of(each, Language::english));
///     if (const Claim claim = claim_customer(session, ada, eve); !claim.claimed()) show(words_of(claim,
///     Language::english));
///
/// Rules are records of the entity `pool_rule`. docs/pool.md says what each kind does and which one holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/desk/ownership.hpp"
#include "emptor/model/pool.hpp"

namespace emptor {

/// The condition of being in the pool, on customers.
Where in_pool();

/// The rules that are applied. Throws Code::invalid for one that lacks what its kind needs.
std::vector<PoolRule> pool_rules(const View& view);

/// A customer who goes back, and why.
struct PoolReturn {
  Id customer, owner;
  bool contract_ended = false;  ///< else idle
  Date since;                   ///< last sign of life, or last day of the last contract; not before the owner took over
  std::int64_t days = 0;        ///< that have passed since
  std::int64_t allowed = 0;     ///< by the rule
  Id rule;
  std::string rule_name;
};

/// A customer who would go back, were it not for a rule that protects.
struct PoolStay {
  Id customer, owner;
  std::optional<Date> until;  ///< last day of the protection; missing is for ever
  Id rule;
  std::string rule_name;
};

struct Recycled {
  Date day;
  std::size_t owned = 0;  ///< customers with an owner whom the actor may assign
  std::vector<PoolReturn> returns;
  std::vector<PoolStay> stays;
  Transferred transferred;  ///< what was written, or would be
};

struct RecycleOptions {
  std::optional<Date> day = {};   ///< for which days are counted; missing is today
  bool with_open_records = true;  ///< as in Assignment
};

/// Sends back to the pool who is due, as one change set. Signs of life count also where the actor may not read them.
/// Throws as `assign` and `pool_rules`.
Recycled recycle(Session& session, const RecycleOptions& options = {}, const TransferOptions& transfer = {});

enum class ClaimState : std::uint8_t {
  claimed,
  owned,     ///< somebody looks after the customer already
  full,      ///< the user holds as many as the rule allows
  resting,   ///< the user was the last owner, and may not take the customer back yet
  inactive,  ///< the user has left, or may not act
};
/// "claimed", "owned" ...
std::string_view name_of(ClaimState state) noexcept;

struct Claim {
  ClaimState state = ClaimState::claimed;
  Id rule;  ///< that refuses
  std::string rule_name;
  std::int64_t held = 0, most = 0;  ///< of `full`
  std::optional<Date> until;        ///< of `resting`: the first day on which it may be
  Transferred transferred;

  bool claimed() const noexcept { return state == ClaimState::claimed; }
};

/// Takes a customer out of the pool for a user. Open records that nobody is responsible for come along. Throws
/// Code::not_found for a customer or user whom the actor does not see, Code::denied, Code::conflict as `assign`.
Claim claim_customer(Session& session, Id customer, Id user, const TransferOptions& options = {});

/// "no order, contact or won deal for 213 days; the rule "sleepers" allows 180"
std::string words_of(const PoolReturn& back, Language language);
std::string words_of(const PoolStay& stay, Language language);
std::string words_of(const Claim& claim, Language language);
std::string to_json(const Recycled& recycled, Language language = Language::english);
std::string to_json(const Claim& claim, Language language = Language::english);

}  // namespace emptor
