#include <charconv>
#include <cmath>

#include "core/elementary.hpp"
#include "insight/words/portrait.hpp"

namespace emptor {
namespace {

std::string digits(double number, int after) {
  char buffer[384];
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), number, std::chars_format::fixed, after).ptr;
  return {buffer, end};
}

/// About three digits.
std::string number_text(double number) {
  const double size = std::abs(number);
  return digits(number, size >= 100 || number == std::trunc(number) ? 0 : size >= 10 ? 1 : 2);
}

std::string percent_text(const mine::Share& share) {
  return digits(100 * static_cast<double>(share.having) / static_cast<double>(share.all), 1) + " %";
}

struct Names {
  std::string_view name, english, chinese;
};
/// What the library measures itself; fields of the store are told by their names.
constexpr Names known_names[] = {
    {"recency", "days since the last purchase", "距上次购买天数"},
    {"orders", "days with a purchase", "购买次数"},
    {"spend", "spend", "累计消费"},
    {"mean_spend", "spend of a day with a purchase", "每次消费"},
    {"deal_proneness", "share bought at a discount", "折扣购买占比"},
    {"brand_sensitivity", "faithfulness to a brand", "品牌集中度"},
    {"price_level", "price level within the category", "同类价格水平"},
    {"basket", "spend of a day with a purchase", "每次消费"},
    {"lines", "lines of a purchase", "每次购买品项数"},
    {"returned", "share sent back", "退货占比"},
    {"categories", "categories bought", "购买品类数"},
    {"variety", "variety of categories", "品类多样性"},
    {"category_novelty", "share of purchases with a new category", "尝试新品类占比"},
    {"burstiness", "irregularity of purchases", "购买节奏不规则度"},
    {"gap", "days between purchases", "购买间隔天数"},
    {"morning", "share bought in the morning", "上午购买占比"},
    {"evening", "share bought in the evening", "晚上购买占比"},
    {"weekend", "share bought at weekends", "周末购买占比"},
    {"early_month", "share bought early in the month", "上旬购买占比"},
    {"late_month", "share bought late in the month", "下旬购买占比"},
};

/// By the borders of Romano and others (2006) for Cliff's delta.
std::string_view size_word(double delta, Language language) {
  static constexpr std::string_view up[2][3] = {{"slightly higher", "higher", "far higher"},
                                                {"略高", "较高", "高得多"}};
  static constexpr std::string_view down[2][3] = {{"slightly lower", "lower", "far lower"}, {"略低", "较低", "低得多"}};
  const std::size_t size = std::abs(delta) < 0.33 ? 0 : std::abs(delta) < 0.474 ? 1 : 2;
  const std::size_t chinese = language == Language::chinese ? 1 : 0;
  return delta > 0 ? up[chinese][size] : down[chinese][size];
}

std::string of_number(const PortraitFinding& finding, Language language) {
  const mine::NumberContrast& number = finding.number;
  const std::string name(field_in_words(finding.field, language)), word(size_word(number.delta.value, language));
  const std::string own = number_text(number.median_within), others = number_text(number.median_outside);
  const std::string delta = digits(number.delta.value, 2);
  if (language == Language::chinese)
    return name + "：" + word + "（中位数 " + own + "，其他客户 " + others + "，δ " + delta + "）";
  return name + ": " + word + " (median " + own + " against " + others + ", delta " + delta + ")";
}

std::string of_share(const PortraitFinding& finding, Language language) {
  const std::string name(field_in_words(finding.field, language));
  const std::string lift = number_text(elementary::exp(finding.share.log_lift.value));
  const std::string own = percent_text(finding.share.within), others = percent_text(finding.share.outside);
  if (language == Language::chinese)
    return name + "为 " + finding.kind + "：占比是其他客户的 " + lift + " 倍（" + own + "，其他客户 " + others + "）";
  return name + " is " + finding.kind + ": " + lift + " times as often (" + own + " against " + others + ")";
}

}  // namespace

std::string_view field_in_words(std::string_view field, Language language) noexcept {
  for (const Names& one : known_names)
    if (one.name == field) return language == Language::chinese ? one.chinese : one.english;
  return field;
}

std::string finding_in_words(const PortraitFinding& finding, Language language) {
  return finding.kind.empty() ? of_number(finding, language) : of_share(finding, language);
}

}  // namespace emptor
