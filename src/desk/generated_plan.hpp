/// What is planted in a generated shop: every figure that the truth states and the programs use.
#pragma once

#include <cstdint>

namespace emptor::planted {

// Life.
inline constexpr double opening_share = 0.3;    ///< of customers come in the rush of the opening,
inline constexpr double opening_time = 0.1;     ///< which is this share of the watch
inline constexpr double prospect_share = 0.08;  ///< never buy

// Orders and lines.
inline constexpr double mean_lines_of_order = 3.2;
inline constexpr std::uint64_t returned_per_thousand = 15;   ///< of lines, besides those that a cause sends back
inline constexpr std::uint64_t doubled_per_thousand = 2;     ///< of lines
inline constexpr std::uint64_t anonymous_per_thousand = 25;  ///< of orders
inline constexpr double late_share = 0.05;                   ///< of orders
inline constexpr int promised_days = 4;

// Causes of leaving, in the order of Cause: none, price, service, delivery, competitor, moved.
inline constexpr double cause_weights[] = {0.15, 0.2, 0.2, 0.2, 0.15, 0.1};
inline constexpr double complaint_before_leaving[] = {0, 0.5, 0.8, 0.6, 0, 0};
inline constexpr int sign_days = 30;                     ///< within which before the end a sign shows
inline constexpr double dear_factor = 1.15;              ///< price_rise: prices of the last two orders
inline constexpr double late_before_leaving = 0.9;       ///< late_delivery: each of the last two orders
inline constexpr double sent_back_before_leaving = 0.5;  ///< bad_service: a line of the last order
inline constexpr double competitor_time = 1.0 / 3;       ///< competitor: in this last part of the life
inline constexpr double competitor_kept = 0.5;           ///< an order stays with us with this chance
inline constexpr double told_before_leaving = 0.7;       ///< moved_away, competitor: a contact tells of it

// Service.
inline constexpr double cases_a_week = 0.006;  ///< of a living customer, besides those of a cause
inline constexpr double touches_a_week = 0.02;
inline constexpr double survey_share = 0.2;  ///< of buyers are asked, at a moment of their life and a bit after
inline constexpr int leaving_days = 90;      ///< asked so long before the end or later, one answers as one who leaves
/// Detractor (0 to 6), passive (7, 8), promoter (9, 10).
inline constexpr double answers_leaving[] = {0.55, 0.3, 0.15};
inline constexpr double answers_staying[] = {0.12, 0.33, 0.55};

// Campaigns.
inline constexpr int campaign_gap_days = 91;
inline constexpr int campaign_days = 21;      ///< in which an order counts
inline constexpr double member_share = 0.25;  ///< of those who allow it
inline constexpr double hold_out = 0.2;
/// Persuadable, sure thing, lost cause, sleeping dog: shares among those born from 1985 on, and of others.
inline constexpr double uplift_young[] = {0.45, 0.15, 0.35, 0.05};
inline constexpr double uplift_other[] = {0.1, 0.15, 0.7, 0.05};
inline constexpr double convert_alone[] = {0.02, 0.1, 0.01, 0.08};
inline constexpr double convert_reached[] = {0.14, 0.1, 0.01, 0.02};

// Pipeline: the chance to win by where the opportunity came from.
inline constexpr double win_rates[] = {0.45, 0.3, 0.2, 0.12};
inline constexpr double source_weights[] = {0.2, 0.25, 0.3, 0.25};
inline constexpr double opportunities_of_organisation = 1.5;  ///< mean over the watch
inline constexpr double opportunities_of_person = 0.03;

// People.
inline constexpr std::uint64_t one_in_double = 100;
inline constexpr std::uint64_t one_in_suspect = 400;

}  // namespace emptor::planted
