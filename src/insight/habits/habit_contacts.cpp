#include "insight/habits/habit_contacts.hpp"

#include <algorithm>
#include <map>

#include "insight/facts/each_row.hpp"
#include "insight/facts/facts_scan.hpp"

namespace emptor {
namespace {

constexpr std::string_view day_parts[] = {"night", "morning", "afternoon", "evening"};

/// Of one customer, by a way (a channel, a part of the day): reached, missed.
struct WayCount {
  std::uint32_t reached = 0, missed = 0;
};
using WayCounts = std::map<std::string, std::map<std::size_t, WayCount>>;  // way, row

struct BestWay {
  std::string way;
  double chance = 0;
};

/// The best way of each row, by the chance of reaching the customer so.
std::vector<BestWay> best_ways(const WayCounts& counts, std::size_t rows) {
  std::vector<BestWay> best(rows);
  for (const auto& [way, of_rows] : counts) {
    std::vector<std::uint32_t> pairs;
    for (const auto& [row, count] : of_rows) pairs.insert(pairs.end(), {count.reached, count.missed});
    const mine::SharePrior prior = mine::fit_share_prior(pairs, 2);
    for (const auto& [row, count] : of_rows) {
      const double chance = mine::shrunk_share(prior, 0, count.reached, count.reached + count.missed);
      if (best[row].way.empty() || chance > best[row].chance) best[row] = {way, chance};
    }
  }
  return best;
}

}  // namespace

ContactHabits read_contact_habits(const View& view, std::span<const std::int64_t> customers,
                                  const std::vector<std::string>& missed, Date until) {
  ContactHabits out;
  const Zone zone = Zone::of(view.info().zone);
  DayFinder days(zone);
  WayCounts channels, parts;
  std::vector<BestContact> contacts(customers.size());
  const Query query{.entity = "interaction",
                    .fields = {"customer_id", "channel", "direction", "at", "outcome", "version"},
                    .limit = 10'000};
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    const auto& columns = batch.columns;
    if (columns[5].valid[i]) out.data_version = std::max(out.data_version, columns[5].bits[i]);
    if (!columns[0].valid[i] || !columns[3].valid[i]) return;
    const auto found = std::lower_bound(customers.begin(), customers.end(), columns[0].bits[i]);
    const std::int32_t day = days.of(columns[3].bits[i]);
    if (found == customers.end() || *found != columns[0].bits[i] || day > until.days) return;
    const auto row = static_cast<std::size_t>(found - customers.begin());
    const bool inbound = columns[2].text(i) == "in";
    const std::string_view outcome = columns[4].text(i);
    if (!inbound && outcome.empty()) return;
    const bool reached = inbound || std::find(missed.begin(), missed.end(), outcome) == missed.end();
    const std::size_t part = static_cast<std::size_t>(hour_of(columns[3].bits[i], day, zone) / 6);
    const auto count = [&](WayCount& way) { ++(reached ? way.reached : way.missed); };
    if (!columns[1].text(i).empty()) count(channels[std::string(columns[1].text(i))][row]);
    count(parts[std::string(day_parts[part])][row]);
    BestContact& contact = contacts[row];
    ++(inbound ? contact.inbound : contact.tries);
    contact.reached += !inbound && reached ? 1 : 0;
  });
  if (parts.empty()) return out;
  const std::vector<BestWay> by_channel = best_ways(channels, customers.size());
  const std::vector<BestWay> by_part = best_ways(parts, customers.size());
  for (std::size_t row = 0; row < contacts.size(); ++row) {
    contacts[row].channel = by_channel[row].way;
    contacts[row].channel_chance = by_channel[row].chance;
    contacts[row].day_part = by_part[row].way;
    contacts[row].part_chance = by_part[row].chance;
  }
  out.of = std::move(contacts);
  return out;
}

}  // namespace emptor
