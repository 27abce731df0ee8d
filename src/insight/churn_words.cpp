#include "insight/churn_words.hpp"

#include <charconv>
#include <cmath>

namespace emptor {
namespace {

/// One text in two languages; # stands for the customer's number, @ for the horizon in days.
struct Words {
  std::string_view english, chinese;
};
constexpr Words words[churn_feature_count] = {
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
constexpr Words only_once = {"bought only once", "只购买过一次"};

/// Whole where it is large, else with one digit after the point.
std::string number_text(double value) {
  const bool whole = std::abs(value) >= 100 || value == std::trunc(value);
  char buffer[64];
  const auto end =
      std::to_chars(std::begin(buffer), std::end(buffer), value, std::chars_format::fixed, whole ? 0 : 1).ptr;
  return {buffer, end};
}

std::string filled(std::string_view text, double number, std::int32_t horizon) {
  std::string out;
  for (const char c : text) {
    if (c == '#') {
      out += number_text(number);
    } else if (c == '@') {
      out += std::to_string(horizon);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string churn_reason(const ChurnRows& rows, std::size_t row, ChurnFeature feature, std::int32_t horizon,
                         Language language) {
  const double value = rows.at(row, feature);
  const Words& of = std::isnan(value) ? only_once : words[static_cast<std::size_t>(feature)];
  return filled(language == Language::chinese ? of.chinese : of.english, value, horizon);
}

}  // namespace emptor
