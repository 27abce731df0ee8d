/// May this customer be contacted by this channel for this purpose: what they said, and what was decided.
///
///     if (contact_allowed(view, customer, "email", "marketing", session.now()).allowed) send();
///
/// A statement (entity consent) is about its channel and purpose; one that names none is about every one. Of the
/// statements that fit, the most specific holds (both named, then one of them, then none), and of equally specific
/// ones the newest; docs/contact_allowed.md has the table. This answers by what is recorded; whether that is what
/// the law of a place asks for is for the host to judge.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

enum class ContactReason {
  granted,     ///< the statement that holds allows it
  refused,     ///< the statement that holds refuses it
  withdrawn,   ///< the statement that holds takes an earlier one back
  expired,     ///< the statement that holds had allowed it until a day that is past
  blocked,     ///< a block in force forbids it
  by_default,  ///< no statement fits: the default of the purpose
};
/// "granted", "refused", "withdrawn", "expired", "blocked", "default".
std::string_view name_of(ContactReason reason) noexcept;

struct ContactAnswer {
  bool allowed = false;
  ContactReason reason = ContactReason::by_default;
  Id record;  ///< the consent or block that decides; none for a default
};

struct ContactOptions {
  /// Purposes that are allowed where the customer said nothing.
  std::vector<std::string> allowed_by_default = {"service"};
};

/// `channel` and `purpose` are choices of the fields of `consent` (Code::invalid otherwise). Statements made after
/// `at` do not count; one without a time counts as the oldest. Throws Code::not_found for an unknown customer.
ContactAnswer contact_allowed(const View& view, Id customer, std::string_view channel, std::string_view purpose,
                              Instant at, const ContactOptions& options = {});
/// {"allowed":false,"reason":"blocked","record":"12"}
std::string to_json(const ContactAnswer& answer);

}  // namespace emptor
