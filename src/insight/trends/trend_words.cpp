#include <cmath>

#include "insight/campaigns/campaign_words.hpp"
#include "insight/trends/trend_work.hpp"

namespace emptor {
namespace {

using words::Text;

struct MeasureWords {
  std::string_view name;
  Text said;
};
constexpr MeasureWords measures[] = {{"revenue", {"Revenue", "销售额"}},
                                     {"orders", {"Orders", "订单数"}},
                                     {"active_customers", {"Active customers", "活跃客户数"}},
                                     {"basket", {"Average basket", "客单价"}},
                                     {"returns", {"Returns", "退货额"}},
                                     {"margin", {"Margin", "毛利率"}},
                                     {"price_level", {"Price level", "价格水平"}},
                                     {"new_customers", {"New customers", "新客户数"}},
                                     {"returned_customers", {"Returned customers", "回流客户数"}},
                                     {"lost_customers", {"Lost customers", "流失客户数"}},
                                     {"cases", {"Cases", "服务工单数"}},
                                     {"satisfaction", {"Satisfaction", "满意度"}}};
constexpr Text periods[] = {{"month", "月"}, {"quarter", "季度"}, {"week", "周"}};
constexpr Text grows{"{0} rises by {1} a {4} ({2} to {3}).", "{0}每{4}上升 {1}（{2} 至 {3}）。"},
    falls{"{0} falls by {1} a {4} ({2} to {3}).", "{0}每{4}下降 {1}（{2} 至 {3}）。"},
    steady{"{0} has no trend that can be told from chance ({2} to {3} a {4}).",
           "{0}没有可与偶然区分的趋势（每{4} {2} 至 {3}）。"},
    unknown{"{0}: {1}.", "{0}：完整期间不足 12 个，无法判断趋势。"},
    jumped{" From {0} on its level is {1} higher.", " 自 {0} 起水平上升 {1}。"},
    dropped{" From {0} on its level is {1} lower.", " 自 {0} 起水平下降 {1}。"},
    bent{" From {0} on its slope is other by {1} a {2}.", " 自 {0} 起每{2}的变化幅度改变 {1}。"},
    seasonal{" The season makes {0} of what varies beside the trend.", " 趋势之外的波动中季节占 {0}。"},
    ahead{" Next, {0}: {1} ({2} to {3}).", " 下一期 {0}：{1}（{2} 至 {3}）。"},
    seasonless{" The season of the year is left out of that: the periods just past were told no better with it.",
               " 该预测未计入年度季节：计入后对最近各期的预测并未更好。"},
    doubted{" That forecast was no better than a naive one on the periods just past.",
            " 该预测在最近各期并不优于简单预测。"},
    leads{
        "{0} moves {2} periods before {1} (correlation {3}): they go together; that one is the cause of the other is "
        "not said.",
        "{0}的变动领先{1} {2} 期（相关系数 {3}）：两者相关，不代表因果。"};

const Text& of_measure(std::string_view name) {
  for (const MeasureWords& one : measures)
    if (one.name == name) return one.said;
  return measures[0].said;
}

std::string figure(double number) {
  const double size = std::abs(number);
  return shown_number(number, size >= 1000 ? 0 : size >= 10 ? 1 : 3);
}

std::string name_of_series(const PeriodSeries& series, const Voice& voice) {
  std::string name(voice.say(of_measure(series.measure)));
  if (!series.dimension.empty()) name += " (" + series.dimension + ": " + series.value + ")";
  return name;
}

/// A change as a share or in the unit of the series.
std::string change(const SeriesTrend& one, double by, bool sign = false) {
  const double told = one.told(by);
  if (one.ratios) return shown_percent(told, sign);
  return (sign && told > 0 ? "+" : "") + figure(told);
}

std::string changes_words(const SeriesTrend& one, PeriodKind period, const Voice& voice) {
  std::string text;
  for (const mine::ChangePoint& at : one.changes.changes) {
    const std::string when = name_of(period, one.series.first + static_cast<std::int32_t>(at.at));
    const double size = one.ratios ? std::abs(one.told(at.jump)) : std::abs(at.jump);
    text += voice.say(at.jump > 0 ? jumped : dropped, {when, one.ratios ? shown_percent(size) : figure(size)});
    if (at.bend != 0)
      text += voice.say(
          bent, {when, change(one, at.bend, true), std::string(voice.say(periods[static_cast<std::size_t>(period)]))});
  }
  return text;
}

}  // namespace

std::string trend_words(const SeriesTrend& one, const TrendRequest& request, Language language) {
  const Voice voice(language, 0);
  const PeriodKind period = request.series.period;
  const std::string name = name_of_series(one.series, voice), a(voice.say(periods[static_cast<std::size_t>(period)]));
  if (!one.slope) return voice.say(unknown, {name, one.verdict});
  const mine::TrendSlope& slope = *one.slope;
  const Text& told = slope.lower > 0 ? grows : slope.upper < 0 ? falls : steady;
  const double by = slope.upper < 0 && !one.ratios ? -slope.slope : slope.slope;
  const std::string size = one.ratios ? shown_percent(std::abs(one.told(by))) : figure(by);
  std::string text = voice.say(told, {name, size, change(one, slope.lower, true), change(one, slope.upper, true), a});
  if (one.period > 1) text += voice.say(seasonal, {shown_percent(one.parts.seasonal_strength)});
  text += changes_words(one, period, voice);
  if (one.next)
    text += voice.say(ahead, {name_of(period, one.next_period()), figure(one.next->value), figure(one.next->lower),
                              figure(one.next->upper)});
  if (one.season_left_out) text += voice.say(seasonless);
  if (one.judged.origins > 0 && !one.judged.beats_naive()) text += voice.say(doubted);
  return text;
}

std::string link_words(const TrendLink& one, Language language) {
  const Voice voice(language, 0);
  return voice.say(leads,
                   {std::string(voice.say(of_measure(one.leader))), std::string(voice.say(of_measure(one.follower))),
                    std::to_string(one.link.lag), shown_number(one.link.correlation, 2)});
}

}  // namespace emptor
