#include "emptor/desk/caller_card.hpp"

#include <algorithm>

#include "desk/card_reader.hpp"
#include "desk/contact_search.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

using desk::CardReader;
using desk::Contact;
using desk::ContactKeys;
using desk::Deadline;

constexpr std::size_t most_lines = 100;

void check(const CardOptions& options) {
  if (options.max_lines < 1 || options.max_lines > most_lines)
    throw Error(Code::invalid, "max_lines is not from 1 to 100");
  if (options.deadline_us < 0) throw Error(Code::invalid, "a deadline is negative");
}

Deadline deadline_of(const CardOptions& options) {
  if (options.deadline_us == 0) return std::nullopt;
  return std::chrono::steady_clock::now() + std::chrono::microseconds(options.deadline_us);
}

// One customer where only one is meant; several are told apart by whoever reads the card.
void fill(CardReader& reader, std::vector<Contact> contacts, CallerCard& card) {
  if (contacts.size() > 1) contacts = reader.nearest(contacts);
  if (contacts.size() > 1) return reader.read_candidates(contacts);
  if (contacts.empty() || !reader.read_customer(contacts.front().customer)) return;
  card.matched = contacts.front().label.empty() ? contacts.front().channel : contacts.front().label;
}

/// Opens the snapshot, reads what `find` leads to, and keeps to the time.
template <class Find>
CallerCard read_card(const Session& session, const CardOptions& options, const Find& find) {
  check(options);
  const Deadline deadline = deadline_of(options);
  CallerCard card;
  const View view = session.view();
  view.stop_at(deadline);
  card.position = view.info().position;
  CardReader reader(session, view, options, deadline, card);
  try {
    find(view, reader, card);
    reader.name_users();
  } catch (const Error& error) {
    if (error.code() != Code::cancelled || !deadline) throw;
    card.complete = false;
  }
  return card;
}

CallerCard card_by_keys(const Session& session, const ContactKeys& keys, bool telephone, const CardOptions& options) {
  return read_card(session, options, [&](const View& view, CardReader& reader, CallerCard& card) {
    if (keys.withheld) {
      card.state = CardState::withheld;
      return;
    }
    fill(reader, desk::find_contacts(view, keys, telephone), card);
  });
}

}  // namespace

CallerCard caller_card(const Session& session, std::string_view number, const CardOptions& options) {
  return card_by_keys(session, desk::number_keys(number, options.default_region), true, options);
}

CallerCard card_by_email(const Session& session, std::string_view email, const CardOptions& options) {
  return card_by_keys(session, desk::email_keys(email), false, options);
}

CallerCard card_by_identity(const Session& session, std::string_view system, std::string_view external_id,
                            const CardOptions& options) {
  return read_card(session, options, [&](const View& view, CardReader& reader, CallerCard& card) {
    const std::optional<Record> found = view.find("customer", system, external_id);
    if (found) fill(reader, {{found->id(), std::string(system), {}}}, card);
  });
}

CallerCard card_of(const Session& session, Id customer, const CardOptions& options) {
  return read_card(session, options,
                   [&](const View&, CardReader& reader, CallerCard&) { reader.read_customer(customer); });
}

KnownCustomer known_customer(const Session& session, std::string_view text, std::string_view default_region) {
  const bool email = desk::is_email(text);
  const ContactKeys keys = email ? desk::email_keys(text) : desk::number_keys(text, default_region);
  KnownCustomer known;
  const View view = session.view();
  const std::vector<Contact> contacts = desk::find_contacts(view, keys, !email);
  known.customers = static_cast<std::int64_t>(contacts.size());
  CallerCard card;
  CardOptions options;
  options.max_lines = std::max<std::size_t>(contacts.size(), 1);
  CardReader reader(session, view, options, {}, card);
  if (!keys.withheld) reader.read_candidates(contacts);
  reader.name_users();
  const auto& lines = card.of(CardSection::candidates);
  const auto last =
      std::ranges::max_element(lines, {}, [](const CardLine& line) { return line.at.value_or(Instant{INT64_MIN}); });
  if (last == lines.end()) return known;
  known.known = true;
  known.customer = last->id;
  known.last_touch_at = last->at;
  known.last_channel = last->channel;
  known.last_user = last->at ? last->user : no_id;
  if (last->at) known.last_user_name = last->user_name;
  const std::optional<Record> customer = view.get("customer", last->id);
  known.owner = customer->get("owner_id").id();
  if (const auto owner = known.owner ? view.get("user", known.owner, true) : std::nullopt)
    known.owner_name = owner->get("name").text();
  return known;
}

}  // namespace emptor
