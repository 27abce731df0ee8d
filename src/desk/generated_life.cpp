#include "desk/generated_life.hpp"

#include <algorithm>

#include "core/elementary.hpp"
#include "desk/generated_people.hpp"
#include "desk/generated_plan.hpp"

namespace emptor {
namespace {

/// An exponential draw with mean 1.
double exponential(Random& random) { return -elementary::log(1 - random.uniform()); }

/// A rush at the opening, then as many new ones a day as chance and season have it.
double draw_begin(Random& random, double whole) {
  const bool opening = random.uniform() < planted::opening_share;
  return random.uniform() * whole * (opening ? planted::opening_time : 1);
}

Cause draw_cause(const GenerateOptions& options, std::uint64_t customer) {
  if (!options.causes) return Cause::none;
  Random random = stream(options, DrawnFor::cause, customer);
  return static_cast<Cause>(pick_by(random, planted::cause_weights));
}

}  // namespace

Random stream(const GenerateOptions& options, DrawnFor purpose, std::uint64_t number) {
  return Random(hash_of(hash_of(options.seed, static_cast<std::uint64_t>(purpose)), number));
}

std::string_view name_of(Cause cause) {
  static constexpr std::string_view names[cause_count] = {"none",          "price_rise", "bad_service",
                                                          "late_delivery", "competitor", "moved_away"};
  return names[static_cast<std::size_t>(cause)];
}

Life life_of(const GenerateOptions& options, const Season& season, std::uint64_t customer) {
  Random random = stream(options, DrawnFor::life, customer);
  const BuyerModel& model = options.buyers;
  Life life;
  life.begin = draw_begin(random, season.whole());
  life.rate = random.gamma(model.r) / model.alpha;
  life.dropout = random.gamma(model.s) / model.beta;
  life.buys = !is_contact_person(options, customer) && random.uniform() >= planted::prospect_share;
  // Also a rate that is 0 to the last bit (a small shape) is one: such a life has no end.
  const double days = exponential(random) / life.dropout * days_a_week;
  life.lost = life.buys && days < season.whole() - life.begin;
  life.end = life.lost ? life.begin + days : season.whole();
  if (life.lost) life.cause = draw_cause(options, customer);
  return life;
}

double spend_rate_of(const GenerateOptions& options, std::uint64_t customer) {
  Random random = stream(options, DrawnFor::spend, customer);
  return std::max(random.gamma(options.buyers.q), 1e-9) / options.buyers.gamma;
}

}  // namespace emptor
