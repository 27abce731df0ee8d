#include "insight/churn_words.hpp"

#include <cmath>

#include "insight/filled_words.hpp"

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
};
constexpr FilledWords only_once = {"bought only once", "只购买过一次"};

}  // namespace

std::string churn_reason(const ChurnRows& rows, std::size_t row, ChurnFeature feature, std::int32_t horizon,
                         Language language) {
  const double value = rows.at(row, feature);
  const FilledWords& of = std::isnan(value) ? only_once : words[static_cast<std::size_t>(feature)];
  return of.fill(value, horizon, language);
}

}  // namespace emptor
