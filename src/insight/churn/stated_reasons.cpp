#include "insight/churn/stated_reasons.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "core/sort_stably.hpp"
#include "insight/facts/measure_rule.hpp"

namespace emptor {
namespace {

constexpr std::int32_t most_days = 8;  // past days that are counted, a horizon apart

using ReasonKey = std::pair<TouchKind, std::uint32_t>;

/// What tells why; an answer tells only how.
bool is_reason(TouchKind kind) { return kind != TouchKind::answer && kind != TouchKind::discount; }

/// One customer: days of purchases, and touches with what was sent back put among them.
struct Past {
  std::vector<std::int32_t> bought;
  std::vector<Touch> touches;

  Past(std::span<const TimedLine> lines, std::span<const Touch> of, std::int64_t least)
      : touches(of.begin(), of.end()) {
    for (const TimedLine& line : lines) {
      if (is_purchase(line.amount, line.quantity, least)) {
        bought.push_back(line.day);
      } else if (line.amount < 0 || line.quantity < 0) {
        touches.push_back({.day = line.day, .kind = TouchKind::goods_back});
      }
    }
    sort_stably(touches, [](const Touch& a, const Touch& b) { return a.day < b.day; });
  }
  /// The last purchase up to a day; nothing without one.
  std::optional<std::int32_t> last_until(std::int32_t day) const {
    const auto after = std::upper_bound(bought.begin(), bought.end(), day);
    return after == bought.begin() ? std::nullopt : std::optional(*(after - 1));
  }
  bool bought_within(std::int32_t after, std::int32_t upto) const {
    const auto next = std::upper_bound(bought.begin(), bought.end(), after);
    return next != bought.end() && *next <= upto;
  }
  /// Different reasons after a day, up to another.
  std::vector<ReasonKey> reasons(std::int32_t after, std::int32_t upto) const {
    std::vector<ReasonKey> keys;
    for (const Touch& touch : CustomerTouches::until(touches, upto))
      if (touch.day > after && is_reason(touch.kind)) keys.emplace_back(touch.kind, touch.topic);
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
  }
};

class ReasonCounting {
 public:
  ReasonCounting(const ChurnRows& scored, const ChurnRowOptions& options)
      : scored_(scored), options_(options), of_(scored.size()), recent_(scored.size()) {}

  void take(std::int64_t customer, const Past& past) {
    const std::int32_t day = scored_.day.days, horizon = options_.horizon;
    for (std::int32_t back = 1; back <= most_days; ++back) compare(past, day - back * horizon);
    while (at_ < scored_.size() && scored_.customer[at_] < customer) ++at_;
    if (at_ == scored_.size() || scored_.customer[at_] != customer) return;
    const std::optional<std::int32_t> last = past.last_until(day);
    of_[at_] = past.reasons(last.value_or(day) - horizon, day);
    recent_[at_] = past.reasons(day - horizon, day);
  }

  StatedReasons finish(const std::vector<std::string>& topics) {
    StatedReasons out{.silent = silent_, .stayed = stayed_, .reasons = {}, .topics = topics, .of = {}, .recent = {}};
    if (silent_ == 0 || stayed_ == 0) return out;
    for (const auto& keys : of_)
      for (const ReasonKey& key : keys) counts_.try_emplace(key);
    for (const auto& [key, count] : counts_) {
      const auto ratio =
          mine::ratio_interval(double(count.silent), double(silent_), double(count.stayed), double(stayed_));
      out.reasons.push_back({key.first, key.second, count.silent, count.stayed, ratio});
    }
    const auto rank = [](const StatedReason& one) {
      return std::tuple(one.kind == TouchKind::dissatisfied, -one.lift.lower, one.kind, one.topic);
    };
    std::sort(out.reasons.begin(), out.reasons.end(),
              [&](const StatedReason& a, const StatedReason& b) { return rank(a) < rank(b); });
    std::map<ReasonKey, std::uint32_t> places;
    for (const StatedReason& one : out.reasons)
      places.try_emplace({one.kind, one.topic}, static_cast<std::uint32_t>(places.size()));
    out.of = placed(of_, places);
    out.recent = placed(recent_, places);
    for (auto& own : out.of) std::erase_if(own, [&](std::uint32_t place) { return !out.reasons[place].tells(); });
    return out;
  }

 private:
  struct Count {
    std::uint64_t silent = 0, stayed = 0;
  };

  void compare(const Past& past, std::int32_t day) {
    const std::int32_t horizon = options_.horizon;
    const std::optional<std::int32_t> last = past.last_until(day);
    if (!last || day - *last >= horizon) return;
    const bool stayed = past.bought_within(day, day + horizon);
    ++(stayed ? stayed_ : silent_);
    for (const ReasonKey& key : past.reasons(day - horizon, day)) {
      Count& count = counts_[key];
      ++(stayed ? count.stayed : count.silent);
    }
  }

  static std::vector<std::vector<std::uint32_t>> placed(const std::vector<std::vector<ReasonKey>>& all,
                                                        const std::map<ReasonKey, std::uint32_t>& places) {
    std::vector<std::vector<std::uint32_t>> out(all.size());
    for (std::size_t row = 0; row < all.size(); ++row) {
      for (const ReasonKey& key : all[row]) out[row].push_back(places.at(key));
      std::sort(out[row].begin(), out[row].end());
    }
    return out;
  }

  const ChurnRows& scored_;
  const ChurnRowOptions& options_;
  std::size_t at_ = 0;
  std::uint64_t silent_ = 0, stayed_ = 0;
  std::map<ReasonKey, Count> counts_;
  std::vector<std::vector<ReasonKey>> of_, recent_;
};

struct KindWords {
  std::string_view bare[2], about[2];  ///< English, Chinese; the topic comes after
};
constexpr KindWords kind_words[] = {
    {{"complaint", "投诉"}, {"complaint about ", "投诉："}},
    {{"request", "咨询"}, {"asked about ", "咨询："}},
    {{"opinion", "意见"}, {"opinion on ", "意见："}},
    {{"gave notice", "提出退订"}, {"gave notice: ", "退订原因："}},
    {{"contact", "联系"}, {"contact: ", "联系结果："}},
    {{"sent goods back", "退货"}, {"sent goods back: ", "退货原因："}},
    {{"an order came late", "订单延迟"}, {"an order came late: ", "订单延迟："}},
    {{"answered a survey", "回答了调查"}, {"answered a survey: ", "回答了调查："}},
    {{"low satisfaction in a survey", "调查满意度低"}, {"low satisfaction: ", "满意度低："}},
    {{"a discount", "折扣"}, {"a discount: ", "折扣："}},
};

}  // namespace

StatedReasons stated_reasons(const CustomerLines& lines, const CustomerTouches& touches, const ChurnRows& scored,
                             const ChurnRowOptions& options) {
  ReasonCounting counting(scored, options);
  const std::int64_t least = least_amount(options.purchases);
  lines.each([&](std::int64_t customer, std::span<const TimedLine> of) {
    counting.take(customer, Past(of, touches.of(customer), least));
  });
  return counting.finish(touches.topics);
}

boost::json::object stated_json(const StatedReasons& all, Language language) {
  boost::json::array told;
  for (std::size_t i = 0; i < all.reasons.size(); ++i) {
    const StatedReason& one = all.reasons[i];
    told.push_back({{"reason", stated_text(all, i, language)},
                    {"silent", one.silent},
                    {"stayed", one.stayed},
                    {"lift", one.lift.value},
                    {"interval", {one.lift.lower, one.lift.upper}},
                    {"tells", one.tells()}});
  }
  return {{"silent", all.silent}, {"stayed", all.stayed}, {"reasons", std::move(told)}};
}

std::string stated_text(const StatedReasons& all, std::size_t reason, Language language) {
  const StatedReason& one = all.reasons[reason];
  const KindWords& words = kind_words[static_cast<std::size_t>(one.kind)];
  const auto place = static_cast<std::size_t>(language);
  if (one.topic == Touch::no_topic) return std::string(words.bare[place]);
  return std::string(words.about[place]) + all.topics[one.topic];
}

}  // namespace emptor
