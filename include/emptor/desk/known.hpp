/// "Is this customer known to us, and who looks after them?": an answer for who may not read the record.
///
///     const KnownAnswer answer = known(session, {.phone = "0049 30 1234567"});
///     if (answer.known && !answer.owner_name.empty()) show(answer.owner_name);
///
/// Of whose customers it may be asked is the scope of the permission `know`; of others the answer is that they are not
/// known. What is told stands here and nothing else is: docs/rights.md lists it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "emptor/session/session.hpp"

namespace emptor {

/// Exactly one way to ask.
struct KnownQuestion {
  std::string phone = {};
  std::string email = {};
  std::string name = {};                      ///< the whole name; case, accents and blanks do not matter
  std::string system = {}, external_id = {};  ///< the id in another system
  std::string default_region = {};            ///< where numbers without a country are at home ("DE")
};

struct KnownAnswer {
  bool known = false;
  std::size_t customers = 0;  ///< who are meant; the rest is about the one who was last spoken to
  std::string owner_name;     ///< empty: in the pool
  std::string team_name;
  std::optional<Date> last_contact;  ///< day of the newest interaction, in the store's zone
  bool blocked = false;              ///< a block of kind no_service is in force
};

/// Throws Code::denied for a user without the permission, Code::invalid unless exactly one way is given.
KnownAnswer known(const Session& session, const KnownQuestion& question);
std::string to_json(const KnownAnswer& answer);

}  // namespace emptor
