#include "model/answer_names.hpp"

#include <algorithm>
#include <string>

#include "core/name_words.hpp"
#include "emptor/core/text.hpp"

namespace emptor {
namespace {

// Folded, whole words; several with one blank between them.
constexpr std::string_view outcome_words[] = {
    "churn",     "churned",    "churner",    "attrition",   "attrited",    "exited",     "left",
    "lapsed",    "cancelled",  "canceled",   "cancels",     "terminated",  "retained",   "renewed",
    "responded", "response",   "respond",    "responder",   "converted",   "conversion", "bought",
    "buys",      "subscribed", "accepted",   "visited",     "visit",       "clicked",    "target",
    "label",     "outcome",    "y",          "won",         "fraud",       "fraudulent", "gekuendigt",
    "gekundigt", "kundigung",  "kuendigung", "abgewandert", "abwanderung", "reagiert",   "gekauft"};
constexpr std::string_view credit_words[] = {
    "default",  "defaulted",   "defaulter",   "bad",          "creditability", "delinquent",      "delinquency",
    "good bad", "credit risk", "loan status", "creditworthy", "bonitat",       "zahlungsausfall", "kreditausfall"};
// They make of the name one that speaks about an outcome: when, why, how often, how likely.
constexpr std::string_view about_words[] = {"score", "probability", "prob",    "propensity", "rate",      "date",
                                            "day",   "days",        "months",  "years",      "time",      "reason",
                                            "count", "number",      "num",     "previous",   "prev",      "prior",
                                            "past",  "last",        "history", "category",   "predicted", "prediction"};
constexpr std::string_view outcome_parts[] = {"流失", "离网", "退订", "销户", "响应", "回应",
                                              "转化", "购买", "续约", "续费", "续订", "成交"};
constexpr std::string_view credit_parts[] = {"违约", "坏账", "逾期", "好坏"};
constexpr std::string_view about_parts[] = {"概率", "评分", "得分", "分数", "日期", "时间", "原因", "次数", "率",
                                            "天数", "月数", "历史", "上次", "以往", "预测", "金额", "数量", "频"};

constexpr std::string_view plain_yes[] = {"yes", "y", "true", "t", "1", "ja", "sim", "是", "有", "真"};
constexpr std::string_view plain_no[] = {"no", "n", "false", "f", "0", "-1", "nein", "nao", "否", "无", "没有", "假"};
constexpr std::string_view event_values[] = {
    "churn",    "churned",    "churner",    "attrited", "exited",    "left",       "lapsed",    "cancelled",
    "canceled", "terminated", "bad",        "default",  "defaulted", "delinquent", "responded", "converted",
    "bought",   "accepted",   "subscribed", "won",      "fraud",     "gekundigt"};
constexpr std::string_view other_values[] = {"stayed", "existing", "retained", "active", "good",     "current",
                                             "loyal",  "lost",     "rejected", "paid",   "nonchurn", "aktiv"};
constexpr std::string_view event_parts[] = {"流失", "违约", "响应", "购买", "转化", "坏", "离网", "退订", "逾期"};
constexpr std::string_view other_parts[] = {"正常", "好", "留存", "在网", "保留", "履约"};

template <std::size_t N>
bool has_any(const std::string& words, const std::string_view (&all)[N]) {
  return std::any_of(std::begin(all), std::end(all), [&](std::string_view word) { return has_word(words, word); });
}
template <std::size_t N>
bool has_part(std::string_view text, const std::string_view (&parts)[N]) {
  return std::any_of(std::begin(parts), std::end(parts),
                     [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
}
template <std::size_t N>
bool is_one_of(std::string_view text, const std::string_view (&all)[N]) {
  return std::find(std::begin(all), std::end(all), text) != std::end(all);
}

bool denies(const std::string& folded, const std::string& words) {
  constexpr std::string_view negations[] = {"not", "no", "non", "never", "nicht", "did not"};
  constexpr std::string_view negative_parts[] = {"未", "不", "非", "没"};
  return has_any(words, negations) || has_part(folded, negative_parts);
}

}  // namespace

AnswerName answer_name(std::string_view name) {
  const std::string words = name_words(name);
  if (has_any(words, about_words) || has_part(name, about_parts)) return AnswerName::none;
  if (has_any(words, credit_words) || has_part(name, credit_parts)) return AnswerName::credit;
  return has_any(words, outcome_words) || has_part(name, outcome_parts) ? AnswerName::outcome : AnswerName::none;
}

std::optional<AnswerWord> answer_word(std::string_view value) {
  const std::string folded = fold(value);
  if (is_one_of(folded, plain_yes)) return AnswerWord{.event = true};
  if (is_one_of(folded, plain_no)) return AnswerWord{.event = false};
  const std::string words = name_words(value);
  if (has_any(words, event_values) || has_part(folded, event_parts))
    return AnswerWord{.event = !denies(folded, words), .outcome = true};
  if (has_any(words, other_values) || has_part(folded, other_parts))
    return AnswerWord{.event = denies(folded, words), .outcome = true};
  return std::nullopt;
}

}  // namespace emptor
