#include "insight/preferences/preference_work.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/elementary.hpp"
#include "emptor/core/exact_sum.hpp"

namespace emptor {
namespace {

constexpr std::uint32_t none = LineKinds::none;
constexpr std::uint64_t least_judged = 30;  // customers
constexpr std::size_t most_categories = 500;
constexpr int most_said = 3;  // of one kind that count: who says it ten times does not mean it more

/// Of one customer: how often each category was named, by the place of its share.
struct Said {
  int tone = 0, asked = 0;
};
using SaidOfCustomer = std::map<std::uint32_t, Said>;

/// A customer who named a category before a day and bought after it.
struct Case {
  std::size_t row = 0;
  SaidOfCustomer said;
  std::uint32_t next = none;
};

/// What was known of everybody on a day.
class Known {
 public:
  Known(const Occasions& occasions, std::size_t categories, std::int32_t day)
      : categories_(categories), counts_(occasions.customers() * categories), totals_(occasions.customers()) {
    for (std::size_t row = 0; row < occasions.customers(); ++row)
      for (const Occasion& one : occasions.of(row)) {
        if (one.day > day || one.category == none) continue;
        ++counts_[row * categories + one.category];
        ++totals_[row];
        any_ = true;
      }
    if (any_) prior_ = mine::fit_share_prior(counts_, categories);
  }
  bool usable() const noexcept { return any_; }
  const mine::SharePrior& prior() const noexcept { return prior_; }

  std::vector<double> shares(std::size_t row, const SaidOfCustomer& said, const WordWeights& weights) const {
    std::vector<double> mean = prior_.base;
    for (const auto& [category, one] : said)
      mean[category] *= elementary::exp(weights.tone * one.tone + weights.wish * one.asked);
    double sum = 0;
    for (const double one : mean) sum += one;
    const double all = row == no_row ? 0 : totals_[row];
    for (std::size_t category = 0; category < mean.size(); ++category) {
      const double count = row == no_row ? 0 : counts_[row * categories_ + category];
      mean[category] = (count + prior_.weight * mean[category] / sum) / (all + prior_.weight);
    }
    return mean;
  }
  static constexpr std::size_t no_row = static_cast<std::size_t>(-1);  ///< of who bought nothing

 private:
  std::size_t categories_;
  std::vector<std::uint32_t> counts_, totals_;
  mine::SharePrior prior_;
  bool any_ = false;
};

/// Topics that are categories, as places among the occasions' categories.
std::vector<std::uint32_t> places_of(const PreferenceTexts& texts, const LineKinds& category) {
  std::map<std::string_view, std::uint32_t> by_name;
  for (std::size_t i = 0; i < category.names.size(); ++i) by_name[category.names[i]] = static_cast<std::uint32_t>(i);
  std::vector<std::uint32_t> places;
  for (const Topic& topic : texts.topics) {
    const auto found = topic.kind == "category" ? by_name.find(topic.name) : by_name.end();
    places.push_back(found == by_name.end() ? none : found->second);
  }
  return places;
}

int clear_side(double tone, double clear) { return tone >= clear ? 1 : tone <= -clear ? -1 : 0; }

class Inference {
 public:
  Inference(const Occasions& occasions, const LineKinds& category, const PreferenceTexts& texts,
            const PreferenceRequest& request)
      : occasions_(occasions),
        texts_(texts),
        request_(request),
        categories_(category.names.size()),
        places_(places_of(texts, category)) {}

  PreferenceOutcome infer(Date until) {
    PreferenceOutcome out;
    out.until = until;
    out.verdict = "insufficient: customers' texts name no product, category or brand of the store";
    if (texts_.mentions.empty()) return out;
    out.verdict = "insufficient: purchases have no categories, or more than " + std::to_string(most_categories);
    if (categories_ >= 2 && categories_ <= most_categories) judge(until.days, out);
    tell(until.days, out);
    return out;
  }

 private:
  /// Mentions stand by customer; those up to a day.
  template <class Visit>
  void each_customer(std::int32_t day, const Visit& visit) const {
    const std::vector<TopicMention>& all = texts_.mentions;
    for (std::size_t first = 0, end = 0; first < all.size(); first = end) {
      while (end < all.size() && all[end].customer == all[first].customer) ++end;
      std::size_t last = first;
      while (last < end && all[last].day <= day) ++last;
      if (last > first) visit(all[first].customer, std::span(all).subspan(first, last - first));
    }
  }
  SaidOfCustomer said(std::span<const TopicMention> mentions) const {
    SaidOfCustomer said;
    for (const TopicMention& one : mentions) {
      const std::uint32_t place = places_[one.topic];
      if (place == none) continue;
      Said& of = said[place];
      of.tone = std::clamp(of.tone + clear_side(one.tone, request_.clear_tone), -most_said, most_said);
      of.asked = std::min(of.asked + (one.asked ? 1 : 0), most_said);
    }
    return said;
  }
  std::size_t row_of(std::int64_t customer) const {
    const auto& all = occasions_.customer;
    const auto found = std::lower_bound(all.begin(), all.end(), customer);
    return found == all.end() || *found != customer ? Known::no_row : static_cast<std::size_t>(found - all.begin());
  }

  std::vector<Case> cases(std::int32_t day) const {
    std::vector<Case> cases;
    each_customer(day, [&](std::int64_t customer, std::span<const TopicMention> mentions) {
      Case one{row_of(customer), said(mentions)};
      if (one.row == Known::no_row || one.said.empty()) return;
      for (const Occasion& bought : occasions_.of(one.row)) {
        if (bought.day <= day || bought.day > day + request_.window || bought.category == none) continue;
        one.next = bought.category;
        break;
      }
      if (one.next != none) cases.push_back(std::move(one));
    });
    return cases;
  }

  static double loss(const Known& known, const Case& one, const WordWeights& weights) {
    // What nobody had bought by then has no share; it counts as one in a million for both.
    return -elementary::log(std::max(known.shares(one.row, one.said, weights)[one.next], 1e-6));
  }
  static double loss(const Known& known, const std::vector<Case>& cases, const WordWeights& weights) {
    double sum = 0;
    for (const Case& one : cases) sum += loss(known, one, weights);
    return sum;
  }
  /// The weights of least loss, not below 0: a search by coordinates with steps that halve (Hooke and Jeeves, 1961).
  static WordWeights learn(const Known& known, const std::vector<Case>& cases) {
    WordWeights best;
    double least = loss(known, cases, best);
    for (double step = 0.5; step > 0.01;) {
      bool moved = false;
      for (const auto& [tone, wish] :
           {std::pair(step, 0.0), std::pair(-step, 0.0), std::pair(0.0, step), std::pair(0.0, -step)}) {
        const WordWeights tried{std::clamp(best.tone + tone, 0.0, 4.0), std::clamp(best.wish + wish, 0.0, 4.0)};
        const double own = loss(known, cases, tried);
        if (own >= least) continue;
        least = own;
        best = tried;
        moved = true;
      }
      if (!moved) step /= 2;
    }
    return best;
  }

  static std::size_t likeliest(const std::vector<double>& shares) {
    return static_cast<std::size_t>(std::max_element(shares.begin(), shares.end()) - shares.begin());
  }

  /// Weights learnt on the window before the last, judged on the last, and learnt anew on that.
  void judge(std::int32_t day, PreferenceOutcome& out) const {
    const std::int32_t judged = day - request_.window, learnt = judged - request_.window;
    const Known early(occasions_, categories_, learnt), late(occasions_, categories_, judged);
    const std::vector<Case> first = cases(learnt), last = cases(judged);
    out.judgement.customers = last.size();
    if (!early.usable() || first.size() < least_judged || last.size() < least_judged) {
      out.verdict = "insufficient: " + std::to_string(std::min(first.size(), last.size())) +
                    " customers named a category before a window and bought in it; " + std::to_string(least_judged) +
                    " are needed";
      return;
    }
    compare(late, last, learn(early, first), out.judgement);
    out.verdict = out.judgement.lower > 0 ? "sufficient" : "no better than purchases alone";
    if (out.judgement.lower > 0) out.weights = learn(late, last);
  }
  static void compare(const Known& known, const std::vector<Case>& cases, const WordWeights& weights,
                      PreferenceJudgement& out) {
    DoubleSum alone, words, gains, squares;
    for (const Case& one : cases) {
      const double plain = loss(known, one, {}), own = loss(known, one, weights);
      alone.add(plain);
      words.add(own);
      gains.add(plain - own);
      squares.add((plain - own) * (plain - own));
      out.purchases_hits += likeliest(known.shares(one.row, one.said, {})) == one.next ? 1 : 0;
      out.words_hits += likeliest(known.shares(one.row, one.said, weights)) == one.next ? 1 : 0;
    }
    const auto n = static_cast<double>(cases.size());
    out.purchases_loss = alone.value() / n;
    out.words_loss = words.value() / n;
    out.gain = gains.value() / n;
    const double error =
        1.959963984540054 * std::sqrt(std::max(0.0, (squares.value() / n - out.gain * out.gain) / (n - 1)));
    out.lower = out.gain - error;
    out.upper = out.gain + error;
  }

  void tell(std::int32_t day, PreferenceOutcome& out) const {
    const bool shares = categories_ >= 2 && categories_ <= most_categories;
    const Known known(occasions_, shares ? categories_ : 1, shares ? day : std::numeric_limits<std::int32_t>::min());
    out.prior = known.prior();
    each_customer(day, [&](std::int64_t customer, std::span<const TopicMention> mentions) {
      ++out.customers;
      std::map<std::uint32_t, Preference> of;
      for (const TopicMention& one : mentions) count(customer, one, of[one.topic]);
      const std::vector<double> posterior =
          known.usable() ? known.shares(row_of(customer), said(mentions), out.weights) : std::vector<double>();
      for (auto& [topic, one] : of) {
        if (const std::uint32_t place = places_[topic]; place != none && !posterior.empty()) {
          one.share = posterior[place];
          one.base = known.prior().base[place];
        }
        out.all.push_back(one);
      }
    });
  }
  void count(std::int64_t customer, const TopicMention& mention, Preference& into) const {
    into.customer = customer;
    into.topic = mention.topic;
    ++into.mentions;
    const int side = clear_side(mention.tone, request_.clear_tone);
    into.likes += side > 0 ? 1 : 0;
    into.dislikes += side < 0 ? 1 : 0;
    into.asked += mention.asked ? 1 : 0;
  }

  const Occasions& occasions_;
  const PreferenceTexts& texts_;
  const PreferenceRequest& request_;
  std::size_t categories_;
  std::vector<std::uint32_t> places_;  ///< of each topic
};

}  // namespace

PreferenceOutcome infer_preferences(const Occasions& occasions, const LineKinds& category, const PreferenceTexts& texts,
                                    const PreferenceRequest& request) {
  std::optional<Date> until = request.until;
  for (const Occasion& one : occasions.all)
    if (!request.until && (!until || until->days < one.day)) until = Date{one.day};
  for (const TopicMention& one : texts.mentions)
    if (!request.until && (!until || until->days < one.day)) until = Date{one.day};
  if (until) return Inference(occasions, category, texts, request).infer(*until);
  PreferenceOutcome out;
  out.verdict = "insufficient: there are neither purchases nor texts";
  return out;
}

}  // namespace emptor
