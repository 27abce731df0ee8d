/// When and by which channel a customer is reached, from the contacts on record.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "emptor/session/session.hpp"
#include "insight/habits/habit_work.hpp"

namespace emptor {

/// A contact that the customer began, or one of ours that reached him, counts for its channel and its part of the day;
/// one of ours whose outcome is among `missed` counts against them; one of ours without an outcome says nothing. The
/// chances are shrunk to those of all customers (empirical Bayes, as shrunk_shares.hpp), and the greatest is the best
/// of those that were tried. Up to the day; deleted ones do not count.
struct ContactHabits {
  std::vector<BestContact> of;  ///< of the customers; empty without contacts
  std::int64_t data_version = 0;
};
ContactHabits read_contact_habits(const View& view, std::span<const std::int64_t> customers,
                                  const std::vector<std::string>& missed, Date until);

}  // namespace emptor
