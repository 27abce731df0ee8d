#include "insight/churn/churn_words.hpp"

#include <cmath>

#include "insight/words/filled_words.hpp"

namespace emptor {
namespace {

constexpr FilledWords words[churn_feature_count] = {
    {"last purchase # days ago", "距上次购买已 # 天"},
    {"customer for # days", "成为客户已 # 天"},
    {"bought on # days so far", "至今在 # 个日子购买过"},
    {"usually buys every # days", "平常每 # 天购买一次"},
    {"gaps between purchases vary by # of their mean", "购买间隔的波动为平均值的 # 倍"},
    {"silent for # times the usual gap", "沉默时间是平常间隔的 # 倍"},
    {"spent # in all", "累计消费 #"},
    {"spends # each time", "每次消费 #"},
    {"bought # times in the last @ days", "最近 @ 天内购买 # 次"},
    {"bought # times in the @ days before those", "此前 @ 天内购买 # 次"},
    {"spent # in the last @ days", "最近 @ 天内消费 #"},
    {"spent # in the @ days before those", "此前 @ 天内消费 #"},
    {"took back # of what was bought", "退货占比 #"},
    {"complained # times in the last @ days", "最近 @ 天内投诉 # 次"},
    {"asked for something # times in the last @ days", "最近 @ 天内咨询或求助 # 次"},
    {"# cases are open", "有 # 个未结工单"},
    {"satisfaction # of 1 when last asked", "最近一次满意度 #（满分 1）"},
    {"# contacts in the last @ days", "最近 @ 天内联系 # 次"},
    {"# orders came late in the last @ days", "最近 @ 天内 # 个订单延迟"},
    {"a discount of # in the last @ days", "最近 @ 天内折扣 #"},
};
constexpr FilledWords only_once = {"bought only once", "只购买过一次"};
constexpr FilledWords never_asked = {"never said how satisfied they are", "从未评价满意度"};
constexpr FilledWords no_discount = {"no discount in the last @ days", "最近 @ 天内没有折扣"};
constexpr FilledWords no_touches = {"nothing but purchases is on record", "除购买外没有记录"};

constexpr FilledWords titles[churn_feature_count] = {
    {"time since the last purchase", "距上次购买的时间"},
    {"time as a customer", "成为客户的时间"},
    {"days with a purchase", "购买天数"},
    {"usual gap between purchases", "平常购买间隔"},
    {"how much the gaps vary", "购买间隔的波动"},
    {"silence against the usual gap", "沉默时间与平常间隔之比"},
    {"spend in all", "累计消费"},
    {"spend each time", "每次消费"},
    {"purchases of late", "近期购买次数"},
    {"purchases before that", "此前购买次数"},
    {"spend of late", "近期消费"},
    {"spend before that", "此前消费"},
    {"share taken back", "退货占比"},
    {"complaints", "投诉次数"},
    {"requests", "咨询次数"},
    {"open cases", "未结工单"},
    {"satisfaction", "满意度"},
    {"contacts", "联系次数"},
    {"late orders", "延迟订单"},
    {"discount", "折扣"},
};
constexpr FilledWords rising = {": large values raise the chance", "：数值越大流失概率越高"};
constexpr FilledWords falling = {": large values lower the chance", "：数值越大流失概率越低"};
constexpr FilledWords mixed = {": it works both ways", "：影响方向不一"};
constexpr FilledWords raised = {"; it raises that of this group", "；提高了本组的概率"};
constexpr FilledWords lowered = {"; it lowers that of this group", "；降低了本组的概率"};

/// What stands for a number that is missing.
const FilledWords& words_without(const ChurnRows& rows, ChurnFeature feature) {
  if (static_cast<std::size_t>(feature) < churn_purchase_feature_count) return only_once;
  if (!rows.touched) return no_touches;
  return feature == ChurnFeature::satisfaction ? never_asked : no_discount;
}

}  // namespace

std::string churn_reason(const ChurnRows& rows, std::size_t row, ChurnFeature feature, std::int32_t horizon,
                         Language language) {
  const double value = rows.at(row, feature);
  const FilledWords& of = std::isnan(value) ? words_without(rows, feature) : words[static_cast<std::size_t>(feature)];
  return of.fill(value, horizon, language);
}

std::string churn_influence(ChurnFeature feature, double direction, double mean, Language language) {
  constexpr double clear_direction = 0.2, clear_mean = 0.01;  // of a correlation; of log-odds
  const auto say = [&](const FilledWords& of) { return language == Language::chinese ? of.chinese : of.english; };
  std::string text(say(titles[static_cast<std::size_t>(feature)]));
  text += say(direction > clear_direction ? rising : direction < -clear_direction ? falling : mixed);
  if (mean > clear_mean) text += say(raised);
  if (mean < -clear_mean) text += say(lowered);
  return text;
}

}  // namespace emptor
