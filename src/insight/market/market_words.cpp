#include "insight/market/market_words.hpp"

#include <cmath>

#include "insight/words/filled_words.hpp"

namespace emptor {
namespace {

constexpr FilledWords won = {"# of @ decided deals won", "@ 笔已定商机中赢单 # 笔"};
constexpr FilledWords rate = {" (#%)", "（#%）"};
constexpr FilledWords odds = {"; the odds of winning are # times those of like deals without it",
                              "；与规模、产品、地区相同的其他商机相比，赢单几率为其 # 倍"};
constexpr FilledWords like_others = {"; no different from like deals without it, chance aside",
                                     "；与同类其他商机无显著差别"};
constexpr FilledWords named = {"; named lately by # customers", "；近期有 # 位客户提及"};

}  // namespace

std::string competitor_words(const CompetitorRecord& competitor, double false_findings, Language language) {
  std::string text = competitor.name + (language == Language::chinese ? "：" : ": ");
  text += won.fill(static_cast<double>(competitor.won), static_cast<std::int32_t>(competitor.deals), language);
  if (competitor.rate) text += rate.fill(std::round(100 * competitor.rate->value), 0, language);
  if (competitor.odds.ratio) {
    const bool differs = competitor.adjusted <= false_findings;
    text += differs ? odds.fill(std::round(100 * competitor.odds.ratio->value) / 100, 0, language)
                    : like_others.fill(0, 0, language);
  }
  if (competitor.customers != 0) text += named.fill(static_cast<double>(competitor.customers), 0, language);
  return text;
}

}  // namespace emptor
