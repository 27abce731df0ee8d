/// How the customers of a generated shop live: each a function of (options, number).
#pragma once

#include <cstdint>
#include <string_view>

#include "desk/generated_season.hpp"
#include "emptor/core/random.hpp"
#include "emptor/desk/generate.hpp"

namespace emptor {

/// What random numbers are for: every purpose has its own sequence for every customer.
enum class DrawnFor : std::uint64_t {
  life = 1,
  names,
  doubles,
  touches,
  suspects,
  spend,
  orders,
  basket,
  cause,
  standing,
  consent,
  cases,
  survey,
  campaign,
  pipeline,
  typing,
  delivery,
  contact
};
Random stream(const GenerateOptions& options, DrawnFor purpose, std::uint64_t number);

/// Why somebody left; none is planted where they just stopped.
enum class Cause : std::uint8_t { none, price_rise, bad_service, late_delivery, competitor, moved_away };
inline constexpr std::size_t cause_count = 6;
std::string_view name_of(Cause cause);

/// Times are units of the season, counted from the first watched day.
struct Life {
  double begin = 0;    ///< first purchase, or first contact of one who never buys
  double end = 0;      ///< last moment as a buyer, or the end of the watch
  double rate = 0;     ///< purchases a week, the factor for `lines` not yet in it
  double dropout = 0;  ///< rate of leaving a week
  bool buys = true;    ///< false: a contact person or a prospect
  bool lost = false;   ///< left before the end of the watch
  Cause cause = Cause::none;
};

Life life_of(const GenerateOptions& options, const Season& season, std::uint64_t customer);

/// The rate nu of the gamma distribution that what this customer's orders come to is drawn from.
double spend_rate_of(const GenerateOptions& options, std::uint64_t customer);

/// An index, as likely as its weight.
template <std::size_t Count>
std::size_t pick_by(Random& random, const double (&weights)[Count]) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  double left = random.uniform() * sum;
  for (std::size_t i = 0; i + 1 < Count; ++i) {
    if (left < weights[i]) return i;
    left -= weights[i];
  }
  return Count - 1;
}

inline constexpr double days_a_week = 7;

}  // namespace emptor
