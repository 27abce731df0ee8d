#include "insight/market/competition.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "emptor/mine/contrast.hpp"
#include "emptor/mine/false_discovery.hpp"

namespace emptor {
namespace {

constexpr std::size_t least_deals = 10;  // with a competitor, and of a group, to be compared
constexpr std::array<std::string_view, 4> size_names = {"small", "middle", "large", ""};

/// Where the lower and upper third of the deals end.
std::array<double, 2> thirds_of(const std::vector<DecidedDeal>& deals) {
  std::vector<double> amounts;
  for (const DecidedDeal& deal : deals)
    if (deal.amount) amounts.push_back(*deal.amount);
  if (amounts.empty()) return {};
  std::sort(amounts.begin(), amounts.end());
  return {amounts[(amounts.size() - 1) / 3], amounts[(amounts.size() - 1) * 2 / 3]};
}
std::size_t size_of(const DecidedDeal& deal, const std::array<double, 2>& thirds) {
  if (!deal.amount) return 3;
  return *deal.amount <= thirds[0] ? 0 : *deal.amount <= thirds[1] ? 1 : 2;
}

std::vector<StatedShare> reasons_of(const std::vector<const DecidedDeal*>& deals) {
  std::map<std::string, std::size_t> counts;
  std::size_t all = 0;
  for (const DecidedDeal* deal : deals) {
    if (deal->won || deal->reason.empty()) continue;
    ++counts[deal->reason];
    ++all;
  }
  std::vector<StatedShare> shares;
  for (const auto& [reason, count] : counts)
    shares.push_back({reason, count, mine::share_interval(static_cast<double>(count), static_cast<double>(all))});
  std::stable_sort(shares.begin(), shares.end(),
                   [](const StatedShare& a, const StatedShare& b) { return a.deals > b.deals; });
  return shares;
}

class Comparison {
 public:
  explicit Comparison(const CompetitionData& data) : data_(data), thirds_(thirds_of(data.deals)) {}

  CompetitorRecord record_of(const NamedCompetitor& competitor, std::int32_t mentioned_from) const {
    CompetitorRecord out{.name = competitor.name, .rate = {}, .odds = {}, .reasons = {}};
    std::vector<const DecidedDeal*> own;
    for (const DecidedDeal& deal : data_.deals) {
      if (deal.competitor != competitor.id) continue;
      own.push_back(&deal);
      out.won += deal.won ? 1U : 0U;
    }
    out.deals = own.size();
    if (out.deals != 0) out.rate = rate_of(out.won, out.deals);
    if (out.deals >= least_deals) out.odds = mine::mantel_haenszel(strata_of(competitor.id));
    out.reasons = reasons_of(own);
    std::set<std::int64_t> customers;
    for (const CompetitorMention& one : data_.mentions) {
      if (one.competitor != competitor.id || one.day < mentioned_from) continue;
      ++out.mentions;
      customers.insert(one.customer);
    }
    out.customers = customers.size();
    return out;
  }

  std::vector<DealGroup> groups() const {
    std::map<std::pair<std::string_view, std::string>, mine::Share> counts;
    mine::Share all;
    for (const DecidedDeal& deal : data_.deals) {
      const auto count = [&](std::string_view dimension, const std::string& name) {
        if (name.empty()) return;
        mine::Share& share = counts[{dimension, name}];
        ++share.all;
        share.having += deal.won ? 1U : 0U;
      };
      count("product", deal.product);
      count("region", deal.region);
      count("size", std::string(size_names[size_of(deal, thirds_)]));
      ++all.all;
      all.having += deal.won ? 1U : 0U;
    }
    std::vector<DealGroup> groups;
    std::vector<double> p_values;
    for (const auto& [key, share] : counts) {
      if (share.all < least_deals || share.all == all.all) continue;
      const mine::ShareContrast contrast =
          mine::contrast_shares(share, {all.having - share.having, all.all - share.all});
      groups.push_back({key.first, key.second, share.all, share.having, rate_of(share.having, share.all), contrast.phi,
                        contrast.p_value});
      p_values.push_back(contrast.p_value);
    }
    const std::vector<double> adjusted = mine::false_discovery(p_values);
    for (std::size_t i = 0; i < groups.size(); ++i) groups[i].adjusted = adjusted[i];
    std::stable_sort(groups.begin(), groups.end(),
                     [](const DealGroup& a, const DealGroup& b) { return a.rate.value < b.rate.value; });
    return groups;
  }

  static mine::RateInterval rate_of(std::size_t won, std::size_t all) {
    return mine::share_interval(static_cast<double>(won), static_cast<double>(all));
  }

 private:
  /// Deals of one size, product and region, with the competitor and without.
  std::vector<mine::Stratum> strata_of(std::int64_t competitor) const {
    std::map<std::tuple<std::size_t, std::string_view, std::string_view>, mine::Stratum> strata;
    for (const DecidedDeal& deal : data_.deals) {
      mine::Stratum& one = strata[{size_of(deal, thirds_), deal.product, deal.region}];
      if (deal.competitor == competitor)
        ++(deal.won ? one.exposed_with : one.exposed_without);
      else
        ++(deal.won ? one.others_with : one.others_without);
    }
    std::vector<mine::Stratum> all;
    for (const auto& [key, one] : strata) all.push_back(one);
    return all;
  }

  const CompetitionData& data_;
  std::array<double, 2> thirds_;
};

std::string lack_of(const CompetitionData& data, const Competition& out) {
  if (data.competitors.empty()) return "insufficient: no competitors are on record";
  std::size_t with = 0, mentions = 0;
  for (const CompetitorRecord& one : out.competitors) {
    with += one.deals;
    mentions += one.mentions;
  }
  if (with >= least_deals) return "sufficient";
  const std::string deals = std::to_string(with) + " decided deals name a competitor, " + std::to_string(least_deals) +
                            " are needed to compare";
  return "insufficient: " + deals + (mentions == 0 ? "" : "; mentions are told all the same");
}

}  // namespace

Competition compare_competitors(const CompetitionData& data, std::int32_t mentioned_from) {
  Competition out;
  const Comparison comparison(data);
  std::vector<const DecidedDeal*> all;
  std::vector<double> p_values;
  for (const DecidedDeal& deal : data.deals) {
    all.push_back(&deal);
    out.won += deal.won ? 1U : 0U;
  }
  out.deals = all.size();
  if (out.deals != 0) out.rate = Comparison::rate_of(out.won, out.deals);
  for (const NamedCompetitor& one : data.competitors) {
    out.competitors.push_back(comparison.record_of(one, mentioned_from));
    p_values.push_back(out.competitors.back().odds.p_value);
  }
  const std::vector<double> adjusted = mine::false_discovery(p_values);
  for (std::size_t i = 0; i < adjusted.size(); ++i) out.competitors[i].adjusted = adjusted[i];
  std::stable_sort(out.competitors.begin(), out.competitors.end(),
                   [](const CompetitorRecord& a, const CompetitorRecord& b) { return a.deals > b.deals; });
  if (out.deals >= least_deals) out.groups = comparison.groups();
  out.reasons = reasons_of(all);
  out.verdict = lack_of(data, out);
  return out;
}

MentionSequel sequel_of_mentions(const CompetitionData& data, const CustomerLines& lines, std::int32_t until,
                                 std::int32_t days) {
  const std::int32_t seen = until - days;  // the last day of what was known
  std::set<std::int64_t> named;
  for (const CompetitorMention& one : data.mentions)
    if (one.day > seen - days && one.day <= seen) named.insert(one.customer);
  MentionSequel out;
  lines.each([&](std::int64_t customer, std::span<const TimedLine> own) {
    bool before = false, since = false;
    for (const TimedLine& line : own) {
      if (line.amount <= 0) continue;
      before = before || (line.day > seen - days && line.day <= seen);
      since = since || (line.day > seen && line.day <= until);
    }
    if (!before) return;
    const bool spoke = named.contains(customer);
    ++(spoke ? out.named : out.others);
    if (!since) ++(spoke ? out.named_silent : out.others_silent);
  });
  if (out.named >= least_deals && out.others != 0)
    out.ratio = mine::ratio_interval(static_cast<double>(out.named_silent), static_cast<double>(out.named),
                                     static_cast<double>(out.others_silent), static_cast<double>(out.others));
  return out;
}

}  // namespace emptor
