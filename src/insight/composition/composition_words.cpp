#include "insight/composition/composition_words.hpp"

#include <cmath>

#include "insight/words/filled_words.hpp"

namespace emptor {
namespace {

struct DimensionWords {
  std::string_view name, english, chinese;
};
constexpr DimensionWords dimensions[] = {
    {"kind", "type", "类型"},          {"stage", "stage", "阶段"},   {"tier", "tier", "层级"},
    {"industry", "industry", "行业"},  {"gender", "gender", "性别"}, {"age_band", "age", "年龄段"},
    {"source", "channel", "来源渠道"}, {"tenure", "tenure", "客龄"}, {"country", "country", "国家"},
    {"region", "region", "地区"},      {"city", "city", "城市"},     {"postal_area", "postal area", "邮政区"},
};
constexpr FilledWords of_customers = {"#% of the customers", "占客户 #%"};
constexpr FilledWords of_revenue = {", #% of the revenue", "，占销售额 #%"};
constexpr FilledWords unsold = {"# customers, none of whom bought within @ days", "# 位客户，@ 天内均未购买"};
constexpr std::string_view nothing_known[] = {"not known", "未知"};

/// Names that the insight gives itself; all others are the store's own.
constexpr std::string_view bands[][2] = {{"0-3 months", "0-3 个月"},
                                         {"3-12 months", "3-12 个月"},
                                         {"1-2 years", "1-2 年"},
                                         {"2-5 years", "2-5 年"},
                                         {"5 years or more", "5 年以上"}};

std::string_view band_words(std::string_view name) {
  for (const auto& band : bands)
    if (band[0] == name) return band[1];
  return name;
}

double percent_of(double share) { return std::round(1000 * share) / 10; }

std::string named(const CompositionPart& part, const CompositionGroup& group, Language language) {
  const bool chinese = language == Language::chinese;
  std::string text(dimension_words(part.name, language));
  text += chinese ? "“" : " ";
  const bool band = chinese && part.name == "tenure";
  text += group.unknown ? nothing_known[chinese] : band ? band_words(group.name) : std::string_view(group.name);
  return text + (chinese ? "”：" : ": ");
}

}  // namespace

std::string_view dimension_words(std::string_view name, Language language) {
  for (const DimensionWords& one : dimensions)
    if (one.name == name) return language == Language::chinese ? one.chinese : one.english;
  return name;
}

std::string composition_finding(const CompositionPart& part, const CompositionGroup& group,
                                const CompositionOutcome& outcome, Language language) {
  const double revenue = outcome.revenue.value() == 0 ? 0
                                                      : static_cast<double>(group.revenue.value()) /
                                                            static_cast<double>(outcome.revenue.value());
  return named(part, group, language) + of_customers.fill(percent_of(group.share.value), 0, language) +
         of_revenue.fill(percent_of(revenue), 0, language);
}

std::string white_spot_words(const CompositionPart& part, const CompositionGroup& group, std::int32_t days,
                             Language language) {
  return named(part, group, language) + unsold.fill(static_cast<double>(group.customers), days, language);
}

}  // namespace emptor
