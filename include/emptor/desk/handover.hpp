/// A leaver's hand-over: everything that somebody must go on with gets somebody, in one call.
///
///     hand_over(session, {.leaver = dan, .successors = {eve, fay}}, {.reason = "Dan leaves"});
///
/// Customers and open records go on; what is closed keeps naming the leaver, for it is the history. What stays, and
/// why, is told.
#pragma once

#include <optional>
#include <vector>

#include "emptor/core/time.hpp"
#include "emptor/desk/ownership.hpp"

namespace emptor {

/// How customers are divided between several successors.
enum class Division : std::uint8_t {
  equal,      ///< as many to each
  territory,  ///< to those of the customer's territory, or of the nearest one that it is a part of
  team,       ///< to those of the customer's team, or of the nearest team above it
};

struct Handover {
  Id leaver;
  std::vector<Id> successors = {};
  Division division = Division::equal;  ///< within a territory or team equal again
  bool to_pool = false;  ///< customers go to the pool, what is open of them with them; the rest to the successors
  bool leaves = true;    ///< false: only absent; the user's record stays as it is
  std::optional<Date> left_on = {};  ///< first day after the last; missing is today
};

/// Open records of the leaver's customers go with the customer; others evenly to the successors. The user gets
/// `left_on`, and once that day has come `active = false`. Throws as `assign`, and Code::invalid where there is neither
/// a successor nor the pool, or a successor has left or is the leaver.
Transferred hand_over(Session& session, const Handover& handover, const TransferOptions& options = {});

}  // namespace emptor
