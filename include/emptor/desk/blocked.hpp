/// Is this customer on the block list: not served, or only in a set way?
///
///     const Blocked answer = blocked(session, customer);
///     if (!answer.served()) refuse(answer.blocks.front().cause);
///
/// Blocks are records of the entity `block`; each holds from its first to its last day.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/model/party.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

/// Whether a block of these days is in force; a missing day has no end.
constexpr bool in_force(std::optional<Date> from, std::optional<Date> to, Date day) noexcept {
  return (!from || *from <= day) && (!to || *to >= day);
}

/// The customer's blocks in force on a day, newest first.
std::vector<Block> blocks_in_force(const View& view, Id customer, Date day);

struct Blocked {
  std::vector<Block> blocks;  ///< in force, of every customer who is meant

  bool any() const noexcept { return !blocks.empty(); }
  bool has(std::string_view kind) const noexcept;
  /// Nothing of kind no_service is in force.
  bool served() const noexcept { return !has("no_service"); }
};

/// Today, as the actor sees it. Throws Code::not_found for an unknown customer.
Blocked blocked(const Session& session, Id customer);
/// Of everybody who is reached at a number in any notation, or at an address where the text holds an "@"; nobody is
/// not blocked.
Blocked blocked_contact(const Session& session, std::string_view number_or_email, std::string_view default_region = {});
/// {"served":false,"blocks":[{"customer_id":"7","kind":"no_service","cause":"fraud","valid_from":"2024-01-01"}]}
std::string to_json(const Blocked& blocked);

}  // namespace emptor
