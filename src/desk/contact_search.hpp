/// Customers by a number or an address, as contact points keep them.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor::desk {

struct Contact {
  Id customer;
  std::string channel, label;
};

/// A text that somebody calls or writes from, as what contact points are looked up by.
struct ContactKeys {
  bool withheld = false;          ///< the caller hides the number
  std::vector<std::string> keys;  ///< surest first: others count where it finds nobody; empty finds nobody
};
ContactKeys number_keys(std::string_view number, std::string_view default_region);
ContactKeys email_keys(std::string_view email);
/// Whether a text is an address: it holds an "@" and is no SIP address.
bool is_email(std::string_view text);

/// The contact points with one of these keys whose channel is a telephone's (else e-mail), one a customer.
std::vector<Contact> find_contacts(const View& view, const ContactKeys& keys, bool telephone,
                                   const std::function<bool(Id)>& meant = {});
/// Those who are reached at an address or a number, whichever the text is.
std::vector<Contact> find_number_or_email(const View& view, std::string_view text, std::string_view default_region);

}  // namespace emptor::desk
