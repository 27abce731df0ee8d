#include "desk/contact_search.hpp"

#include <algorithm>
#include <span>

#include "emptor/core/phone.hpp"
#include "emptor/core/text.hpp"
#include "emptor/session/phone_keys.hpp"

namespace emptor::desk {
namespace {

constexpr std::size_t most_contacts = 100;

bool known(const std::vector<Contact>& contacts, Id customer) {
  return std::ranges::any_of(contacts, [&](const Contact& contact) { return contact.customer == customer; });
}

std::vector<Contact> find_any(const View& view, std::span<const std::string> keys, bool telephone,
                              const std::function<bool(Id)>& meant) {
  Query query;
  query.entity = "contact_point";
  std::vector<Value> values;
  for (const std::string& key : keys) values.emplace_back(std::string_view(key));
  query.where = Where::in("value_key", std::move(values));
  query.fields = {"customer_id", "channel", "label"};
  query.limit = most_contacts;
  ScanKey key;
  Batch batch;
  view.scan(query, key, batch);
  std::vector<Contact> contacts;
  for (std::size_t i = 0; i < batch.rows(); ++i) {
    const Id customer = batch.columns[0].value(i).id();
    const std::string_view channel = batch.columns[1].text(i);
    const bool fits = telephone ? is_phone_channel(channel) : channel == "email";
    if (fits && !known(contacts, customer) && (!meant || meant(customer)))
      contacts.push_back({customer, std::string(channel), std::string(batch.columns[2].text(i))});
  }
  return contacts;
}

}  // namespace

ContactKeys number_keys(std::string_view number, std::string_view default_region) {
  ContactKeys found;
  found.withheld = parse_phone(number, default_region).state() == PhoneState::withheld;
  if (!found.withheld) found.keys = phone_keys(number, default_region);
  return found;
}

ContactKeys email_keys(std::string_view email) {
  ContactKeys found;
  if (std::string key = fold(email); !key.empty()) found.keys.push_back(std::move(key));
  return found;
}

bool is_email(std::string_view text) {
  return text.find('@') != text.npos && !text.starts_with("sip:") && !text.starts_with("sips:");
}

std::vector<Contact> find_contacts(const View& view, const ContactKeys& keys, bool telephone,
                                   const std::function<bool(Id)>& meant) {
  if (keys.keys.empty()) return {};
  const std::span<const std::string> all(keys.keys);
  std::vector<Contact> contacts = find_any(view, all.first(1), telephone, meant);
  if (contacts.empty() && all.size() > 1) contacts = find_any(view, all.subspan(1), telephone, meant);
  return contacts;
}

std::vector<Contact> find_number_or_email(const View& view, std::string_view text, std::string_view default_region) {
  const bool email = is_email(text);
  return find_contacts(view, email ? email_keys(text) : number_keys(text, default_region), !email);
}

}  // namespace emptor::desk
