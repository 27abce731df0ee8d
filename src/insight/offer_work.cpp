#include "insight/offer_work.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "core/long_call.hpp"
#include "core/options.hpp"
#include "insight/insight_runs.hpp"
#include "insight/measure_rule.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t judged_offers = 10;
constexpr std::size_t least_judged = 50;  // customers
constexpr std::size_t customers_a_beat = 256;
constexpr std::string_view measure_texts[] = {"cosine", "jaccard", "lift"};

std::vector<std::int64_t> products_of(const CustomerLines& lines) {
  std::vector<std::int64_t> products;
  const auto settle = [&] {
    std::sort(products.begin(), products.end());
    products.erase(std::unique(products.begin(), products.end()), products.end());
  };
  std::size_t settled = 0;
  lines.each([&](std::int64_t, std::span<const TimedLine> of) {
    for (const TimedLine& line : of)
      if (line.product != 0) products.push_back(line.product);
    if (products.size() < 2 * settled + 65'536) return;  // so that it stays near the number of products
    settle();
    settled = products.size();
  });
  settle();
  return products;
}

struct DaySpan {
  std::int32_t first = std::numeric_limits<std::int32_t>::min(), last = 0;
};

/// The products of a customer within a span of days, with the number of days each.
std::map<std::uint32_t, double> bought(std::span<const TimedLine> lines, const std::vector<std::int64_t>& products,
                                       std::int64_t least, const DaySpan& seen) {
  std::map<std::uint32_t, double> counts;
  std::map<std::uint32_t, std::int32_t> days;
  for (const TimedLine& line : lines) {
    const bool within = line.product != 0 && line.day >= seen.first && line.day <= seen.last;
    if (!within || !is_purchase(line.amount, line.quantity, least)) continue;
    const auto item =
        static_cast<std::uint32_t>(std::lower_bound(products.begin(), products.end(), line.product) - products.begin());
    const auto [day, fresh] = days.try_emplace(item, line.day);
    if (fresh || day->second != line.day) ++counts[item];
    day->second = line.day;
  }
  return counts;
}

Holdings holdings_of(const CustomerLines& lines, const OfferRequest& request, const std::vector<std::int64_t>& products,
                     const DaySpan& days) {
  Holdings out;
  const std::int64_t least = least_amount(request.purchases);
  lines.each([&](std::int64_t customer, std::span<const TimedLine> of) {
    const std::map<std::uint32_t, double> counts = bought(of, products, least, days);
    if (counts.empty()) return;
    out.customer.push_back(customer);
    for (const auto& [item, count] : counts) {
      out.items.push_back(item);
      out.counts.push_back(count);
    }
    out.starts.push_back(out.items.size());
  });
  return out;
}

mine::ItemSimilarity learn(const Holdings& holdings, const OfferRequest& request, const mine::Run& run) {
  return mine::fit_item_similarity({holdings.starts, holdings.items, holdings.counts}, request.similarity, run);
}

/// Products by falling number of buyers.
class Popularity {
 public:
  Popularity(const Holdings& holdings, std::size_t products) : buyers_(products), order_(products) {
    for (const std::uint32_t item : holdings.items) ++buyers_[item];
    std::iota(order_.begin(), order_.end(), 0U);
    std::stable_sort(order_.begin(), order_.end(), [&](auto a, auto b) { return buyers_[a] > buyers_[b]; });
  }
  std::vector<Offer> offers(std::span<const std::uint32_t> owned, std::size_t count) const {
    std::vector<Offer> offers;
    for (const std::uint32_t item : order_) {
      if (offers.size() == count || buyers_[item] == 0) break;
      if (!std::binary_search(owned.begin(), owned.end(), item))
        offers.push_back({item, static_cast<double>(buyers_[item]), {}});
    }
    return offers;
  }
  const std::vector<std::uint32_t>& buyers() const noexcept { return buyers_; }

 private:
  std::vector<std::uint32_t> buyers_, order_;
};

std::vector<Offer> similar_offers(const mine::ItemSimilarity& model, std::span<const std::uint32_t> owned,
                                  std::size_t count) {
  std::vector<Offer> offers;
  for (const mine::ScoredItem& one : recommend(model, owned, count)) offers.push_back({one.item, one.score, {}});
  return offers;
}

void add_reasons(const mine::ItemSimilarity& model, std::span<const std::uint32_t> owned, std::vector<Offer>& offers) {
  for (Offer& offer : offers)
    if (const auto reasons = explain(model, owned, offer.item); !reasons.empty()) offer.because = reasons.front().item;
}

/// Counts what is found of the products that customers bought for the first time in a window.
class Judgement {
 public:
  explicit Judgement(std::string name) : quality_{std::move(name)} {}

  void see(const std::vector<Offer>& offers, const std::vector<std::uint32_t>& fresh) {
    const auto found = std::count_if(offers.begin(), offers.end(), [&](const Offer& offer) {
      return std::binary_search(fresh.begin(), fresh.end(), offer.item);
    });
    quality_.recall += static_cast<double>(found) / static_cast<double>(std::min(fresh.size(), judged_offers));
    quality_.hit_rate += found > 0 ? 1 : 0;
  }
  OfferQuality over(std::size_t customers) const {
    const auto count = static_cast<double>(std::max<std::size_t>(customers, 1));
    return {quality_.name, quality_.recall / count, quality_.hit_rate / count};
  }

 private:
  OfferQuality quality_;
};

std::vector<std::uint32_t> fresh_items(std::span<const std::uint32_t> after, std::span<const std::uint32_t> before) {
  std::vector<std::uint32_t> fresh;
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(fresh));
  return fresh;
}

void judge(const CustomerLines& lines, const OfferRequest& request, const mine::Run& run, OfferOutcome& out) {
  const std::int32_t cut = out.judged_on.days;
  const Holdings before = holdings_of(lines, request, out.products, {.last = cut});
  const Holdings after = holdings_of(lines, request, out.products, {cut + 1, out.until.days});
  if (before.size() == 0) return;
  const mine::ItemSimilarity model = learn(before, request, run);
  const Popularity popularity(before, out.products.size());
  Judgement similar("item_similarity"), popular("popularity");
  for (std::size_t i = 0, k = 0; i < before.size() && k < after.size();) {
    if (before.customer[i] != after.customer[k]) {
      ++(before.customer[i] < after.customer[k] ? i : k);
      continue;
    }
    const std::vector<std::uint32_t> fresh = fresh_items(after.of(k++), before.of(i));
    if (!fresh.empty()) {
      ++out.judged;
      similar.see(similar_offers(model, before.of(i), judged_offers), fresh);
      popular.see(popularity.offers(before.of(i), judged_offers), fresh);
    }
    ++i;
  }
  out.qualities = {similar.over(out.judged), popular.over(out.judged)};
}

/// What is offered is what did better on the window just past.
void choose(OfferOutcome& out) {
  if (out.judged < least_judged) {
    out.verdict = "insufficient: " + std::to_string(out.judged) +
                  " customers bought something new in the window just past; " + std::to_string(least_judged) +
                  " are needed";
    return;
  }
  const bool better = out.qualities[0].recall > out.qualities[1].recall;
  out.chosen = better ? "item_similarity" : "popularity";
  out.verdict = better ? "sufficient" : "no better than what is popular: that is offered";
}

json::object quality_json(const OfferQuality& quality) {
  return {{"name", quality.name}, {"recall_at_10", quality.recall}, {"hit_rate_at_10", quality.hit_rate}};
}

}  // namespace

const std::string_view offers_schema = R"({"type":"object","properties":{
"count":{"type":"integer","minimum":1,"maximum":100,"description":"offers a customer; 3 without it"},
"horizon_days":{"type":"integer","minimum":1,"maximum":3650,"description":"days of the window by which offers are judged; 90 without it"},
"purchases":{"type":"string","enum":["positive","non_negative","net"],"description":"which line items are purchases"},
"measure":{"type":"string","enum":["cosine","jaccard","lift"],"description":"of how alike two products are"},
"least_together":{"type":"integer","minimum":1,"maximum":1000000000,"description":"customers who must have both; 5 without it"},
"neighbours":{"type":"integer","minimum":1,"maximum":1000,"description":"of each product; 20 without it"}}})";

OfferRequest offer_request(const json::object& options, const std::optional<Date>& until) {
  OfferRequest request;
  request.until = until;
  const auto whole = [&](const char* name, auto& number) {
    if (const json::value* value = options.if_contains(name))
      number = value->to_number<std::decay_t<decltype(number)>>();
  };
  whole("count", request.count);
  whole("horizon_days", request.horizon);
  whole("least_together", request.similarity.least_together);
  whole("neighbours", request.similarity.neighbours);
  request.purchases = measure_options(options, {}).purchases;
  request.similarity.measure = choice_option<mine::ItemMeasure>(options, "measure", measure_texts);
  return request;
}

json::object offer_options_json(const OfferRequest& request) {
  return {{"count", request.count},
          {"horizon_days", request.horizon},
          {"purchases", measure_options_json({.purchases = request.purchases}).at("purchases")},
          {"measure", measure_texts[static_cast<std::size_t>(request.similarity.measure)]},
          {"least_together", request.similarity.least_together},
          {"neighbours", request.similarity.neighbours}};
}

OfferOutcome make_offers(const CustomerLines& lines, const OfferRequest& request, const mine::Run& run) {
  OfferOutcome out;
  const std::optional<Date> until = request.until ? request.until : lines.last_day(request.purchases);
  out.products = products_of(lines);
  if (!until || out.products.empty()) {
    out.verdict = "insufficient: there are no purchases of products";
    return out;
  }
  out.until = *until;
  out.judged_on = Date{until->days - request.horizon};
  judge(lines, request, run, out);
  choose(out);
  out.holdings = holdings_of(lines, request, out.products, {.last = until->days});
  const Popularity popularity(out.holdings, out.products.size());
  out.buyers = popularity.buyers();
  if (out.chosen.empty()) return out;
  const bool similar = out.chosen == "item_similarity";
  const mine::ItemSimilarity model = similar ? learn(out.holdings, request, run) : mine::ItemSimilarity();
  for (std::size_t i = 0; i < out.holdings.size(); ++i) {
    if (i % customers_a_beat == 0) beat("offers", i, out.holdings.size());
    const auto owned = out.holdings.of(i);
    out.offers.push_back(similar ? similar_offers(model, owned, request.count)
                                 : popularity.offers(owned, request.count));
    if (similar) add_reasons(model, owned, out.offers.back());
  }
  return out;
}

json::object offer_json(const OfferRequest& request, const OfferOutcome& outcome) {
  json::object told = {{"until", outcome.products.empty() ? json::value() : json::value(to_string(outcome.until))},
                       {"customers", outcome.holdings.size()},
                       {"products", outcome.products.size()},
                       {"judged", outcome.judged},
                       {"verdict", outcome.verdict},
                       {"chosen", outcome.chosen.empty() ? json::value() : json::value(outcome.chosen)},
                       {"options", offer_options_json(request)}};
  json::array qualities;
  for (const OfferQuality& quality : outcome.qualities) qualities.push_back(quality_json(quality));
  told["models"] = std::move(qualities);
  return told;
}

NamedTable offer_table(const OfferOutcome& outcome, const Column& customers, const Column& products) {
  NamedTable table;
  table.add("customer", customers.type);
  table.add("rank", Type::integer);
  table.add("product", products.type);
  table.add("score", Type::real);
  table.add("because", products.type);
  for (std::size_t i = 0; i < outcome.offers.size(); ++i) {
    std::int64_t rank = 0;
    for (const Offer& offer : outcome.offers[i]) {
      table.columns[0].append(customers.value(i));
      table.columns[1].append(++rank);
      table.columns[2].append(products.value(offer.item));
      table.columns[3].append(offer.score);
      table.columns[4].append(offer.because ? products.value(*offer.because) : Value());
    }
  }
  return table;
}

}  // namespace emptor
