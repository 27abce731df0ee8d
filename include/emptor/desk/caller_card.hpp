/// The caller card: who is on the line, and what stands between us, within a blink of the ringing.
///
///     const CallerCard card = caller_card(session, "0049 30 1234567", {.deadline_us = 5000});
///     if (card.state == CardState::known) show(card.name, card.of(CardSection::orders));
///
/// One card is one snapshot. It reads a fixed list of look-ups by index (docs/caller_card.md names them), each
/// bounded by `max_lines`, and never a derived record, so that an import under way does not slow it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

enum class CardState : std::uint8_t {
  unknown,    ///< nobody is known by this number, address or id
  known,      ///< one customer
  ambiguous,  ///< several customers: see the candidates
  withheld,   ///< the caller hides the number
  blocked,    ///< one customer, who is not to be served (a block of kind no_service is in force)
};
/// "unknown", "known" ...
std::string_view name_of(CardState state) noexcept;

/// The parts of a card, in the order in which they are read: what must not be missing comes first.
enum class CardSection : std::uint8_t {
  candidates,    ///< of an ambiguous card: the customers, with their last touch
  blocks,        ///< in force, newest first
  touches,       ///< interactions, newest first
  cases,         ///< open ones, newest first
  orders,        ///< newest first, with the sum of their lines in the base currency
  consents,      ///< statements, newest first
  next_steps,    ///< open tasks by due time, then what the newest touch agreed, then open opportunities
  scores,        ///< in the order in which they were first given
  organisations  ///< whose contact person the customer is
};
inline constexpr std::size_t card_sections = 9;
/// "candidates", "blocks" ...
std::string_view name_of(CardSection section) noexcept;

/// One line of a section. What does not apply is empty.
struct CardLine {
  std::string entity;         ///< of the record: "order", "interaction", "task"
  Id id;                      ///< of the record; of the customer where the line is one
  std::optional<Instant> at;  ///< ordered, begun, opened, stated, due, last touch; a day is its midnight UTC
  std::string title;          ///< document number, subject, name, or what a statement is about ("email marketing")
  std::string state;          ///< status, outcome, class, what was said or withheld
  std::string channel;        ///< how it came
  std::string direction;      ///< of a touch: "in" is the customer, "out" is us
  std::string note;           ///< agreed next step of a touch, priority of a case, cause of a block, post of a contact
  Id user;                    ///< who dealt or deals with it
  std::string user_name;
  std::optional<Decimal> amount;  ///< in the base currency
  std::optional<double> value;    ///< of a score

  friend bool operator==(const CardLine&, const CardLine&) = default;
};

struct CardOptions {
  /// ISO 3166 code of the place where numbers without a country are at home ("DE").
  std::string default_region = {};
  /// Microseconds from the call until the card is given as far as it is; 0 takes as long as it needs.
  std::int64_t deadline_us = 0;
  std::size_t max_lines = 5;  ///< of each section; 1 to 100
};

struct CallerCard {
  CardState state = CardState::unknown;
  bool complete = true;       ///< false: the deadline cut it; `cut` tells where
  std::int64_t position = 0;  ///< journal position of the snapshot

  Id customer;
  std::string name, kind, stage, tier, segment, country, language, preferred_channel;
  std::optional<Instant> since;
  Id owner;  ///< the user who looks after the customer
  std::string owner_name;
  std::string matched;  ///< label of the contact point that was found, else its channel

  /// Who dealt with the customer last, whatever the channel.
  std::optional<Instant> last_touch_at;
  Id last_user;
  std::string last_user_name;

  std::array<std::vector<CardLine>, card_sections> sections;
  std::array<bool, card_sections> more{};  ///< there are more lines than are shown
  std::array<bool, card_sections> cut{};   ///< not read, or not to its end, because of the deadline

  const std::vector<CardLine>& of(CardSection section) const { return sections[static_cast<std::size_t>(section)]; }
};

/// The card of who calls from a number in any notation. Throws Code::invalid for options out of range.
CallerCard caller_card(const Session& session, std::string_view number, const CardOptions& options = {});
/// Of who writes from an address.
CallerCard card_by_email(const Session& session, std::string_view email, const CardOptions& options = {});
/// Of the customer whom another system knows by this id.
CallerCard card_by_identity(const Session& session, std::string_view system, std::string_view external_id,
                            const CardOptions& options = {});
/// Of a customer.
CallerCard card_of(const Session& session, Id customer, const CardOptions& options = {});

/// {"state":"known","complete":true,"customer":{"id":"7","name":"Ada", ...},"orders":[{"entity":"order", ...}], ...}
std::string to_json(const CallerCard& card);

/// Whether somebody is known, and whether a colleague has already acted: less than a card.
struct KnownCustomer {
  bool known = false;
  std::int64_t customers = 0;  ///< that share the number or address; at most 100 are counted
  Id customer;                 ///< the only one, or the one who was touched last
  Id owner;                    ///< who looks after that customer
  std::string owner_name;
  std::optional<Instant> last_touch_at;
  std::string last_channel;
  Id last_user;  ///< who dealt with that customer last
  std::string last_user_name;
};

/// Looks up a number, or an address where the text holds an "@" and is no SIP address.
KnownCustomer known_customer(const Session& session, std::string_view number_or_email,
                             std::string_view default_region = {});
std::string to_json(const KnownCustomer& known);

}  // namespace emptor
