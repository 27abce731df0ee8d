/// Reads a customer's card from a snapshot, section by section, until it is done or out of time.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "desk/contact_search.hpp"
#include "emptor/desk/caller_card.hpp"

namespace emptor::desk {

using Deadline = std::optional<std::chrono::steady_clock::time_point>;

/// The records that a section's lines are made of: their entity, and the field in each part of a line.
struct LineSource {
  std::string_view entity, at, title, state, channel, direction, note, user, amount, value;
};

class CardReader {
 public:
  CardReader(const Session& session, const View& view, const CardOptions& options, Deadline deadline, CallerCard& card)
      : session_(session),
        view_(view),
        card_(card),
        deadline_(deadline),
        now_(session.now()),
        most_(options.max_lines) {}

  /// The one customer of the card. False for one who is not there (any more).
  bool read_customer(Id customer);
  /// Several customers who may be meant.
  void read_candidates(const std::vector<Contact>& contacts);
  /// The contacts without the organisations whose contact person is among them: that person is meant.
  std::vector<Contact> nearest(const std::vector<Contact>& contacts);
  /// Adds the names of the users that the lines mention.
  void name_users();

 private:
  /// Runs one section's reading unless time is up; marks the section where it did not come to its end.
  void section(CardSection section, const std::function<void()>& read);
  void read_sections(Id customer);
  void read_blocks(Id customer);
  void read_orders(Id customer);
  void read_next_steps(Id customer);
  void read_scores(Id customer);
  void read_organisations(Id customer);
  /// Appends lines from a query; `where` joins the customer's own condition.
  void read_lines(CardSection section, const LineSource& source, Where where, std::vector<OrderBy> order);
  /// Leaves `most_` lines, and marks the section where there were others.
  void shorten(CardSection section);
  std::vector<CardLine> lines(const LineSource& source, Where where, std::vector<OrderBy> order, std::size_t most);
  void add_order_sums();
  void name_customers(std::vector<CardLine>& lines);
  std::vector<CardLine>& of(CardSection section) { return card_.sections[static_cast<std::size_t>(section)]; }
  Date today();

  const Session& session_;
  const View& view_;
  CallerCard& card_;
  Deadline deadline_;
  Instant now_;
  std::size_t most_;
  std::optional<Date> today_;
  Batch batch_;
};

}  // namespace emptor::desk
