#include "insight/satisfaction/satisfaction_words.hpp"

#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"
#include "insight/campaigns/campaign_words.hpp"
#include "insight/churn/stated_reasons.hpp"

namespace emptor {
namespace {

using words::Text;

// clang-format off
constexpr Text
    nps_headline {"NPS {0} ({1} to {2}) of {3} answers: {4} promoters, {5} detractors.",
                  "净推荐值 {0}（{1} 至 {2}），{3} 份回答：推荐者 {4}，贬损者 {5}。"},
    csat_headline{"{0} ({1} to {2}) of {3} answers are satisfied (top two boxes); {4} are dissatisfied.",
                  "{3} 份回答中满意（最高两档）占 {0}（{1} 至 {2}），不满意占 {4}。"},
    ces_headline {"Customer effort score {0} ({1} to {2}) of {3} answers; {4} found it hard.",
                  "费力度平均 {0}（{1} 至 {2}），{3} 份回答；{4} 认为费力。"},
    form_headline{"Questionnaires came to {0} of 1 ({1} to {2}), {3} answers; {4} are dissatisfied.",
                  "问卷平均 {0}（满分 1，{1} 至 {2}），{3} 份回答；不满意占 {4}。"},
    asked_some   {"{0} of {1} asked answered ({2}). Nothing is known of the other {3}.",
                  "询问 {1} 人，{0} 人回答（{2}）；其余 {3} 人的看法未知。"},
    asked_bounds {" Whatever they think, the NPS of all who were asked lies between {0} and {1}.",
                  "无论他们怎么想，全部被询问者的净推荐值在 {0} 与 {1} 之间。"},
    asked_unknown{"Who was asked is not on record, so the response rate is unknown: {0} answers describe those who answered, not all customers.",
                  "没有记录询问了谁，无法得知回答率：{0} 份回答只代表回答者，不代表全部客户。"},
    bias_recency {"Those who answered bought last {0} days ago (median), the others {1}.", "回答者上次购买距今 {0} 天（中位数），其他人 {1} 天。"},
    bias_orders  {"Those who answered have {0} orders (median), the others {1}.", "回答者有 {0} 个订单（中位数），其他人 {1} 个。"},
    bias_spend   {"Those who answered spent {0} (median), the others {1}.", "回答者消费 {0}（中位数），其他人 {1}。"},
    bias_meaning {" The score speaks for customers like them.", "得分代表的是这类客户。"},
    driver_holds {"{0}: those above {1} gave {2} on average, the others {3}; rank correlation with satisfaction {4} ({5} to {6}).",
                  "{0}：高于 {1} 者平均评分 {2}，其他人 {3}；与满意度的等级相关 {4}（{5} 至 {6}）。"},
    driver_none  {"{0}: no association beyond chance (rank correlation {1}, {2} to {3}).", "{0}：与满意度无显著关联（等级相关 {1}，{2} 至 {3}）。"},
    sign_text    {"{0}: on record of {1} of those then dissatisfied, of {2} of the others ({3} times as often, {4} to {5}).",
                  "{0}：此后不满意者中 {1} 有此记录，其他人中 {2}（{3} 倍，{4} 至 {5}）。"},
    sequel_shows {"Of {0} dissatisfied customers {1} bought again within {2} days, of {3} others {4}: a difference of {5} ({6} to {7}). They spent {8} less a head ({9} to {10}).",
                  "{0} 位不满意客户中 {1} 在 {2} 天内再次购买，其他 {3} 位中 {4}：相差 {5}（{6} 至 {7}）。人均少消费 {8}（{9} 至 {10}）。"},
    sequel_none  {"No evidence that satisfaction shows in what customers buy afterwards: of {0} dissatisfied {1} bought again within {2} days, of {3} others {4}.",
                  "没有证据表明满意度影响此后的购买：{0} 位不满意客户中 {1} 在 {2} 天内再次购买，其他 {3} 位中 {4}。"},
    sequel_few   {"Too few to tell whether satisfaction shows afterwards: {0} dissatisfied and {1} others with a horizon behind them; {2} of each are needed.",
                  "人数太少，无法判断满意度是否影响此后购买：不满意 {0} 人、其他 {1} 人；各需 {2} 人。"},
    said_answer  {"answered {0} of {1}, {2} days ago", "{2} 天前评分 {0}（满分 {1}）"},
    said_effort  {"rated the effort {0} of {1}, {2} days ago", "{2} 天前费力度评分 {0}（最费力 {1}）"},
    said_open    {"complained {0} days ago; it is open", "{0} 天前投诉，尚未解决"},
    said_solved  {"complained {0} days ago; it is resolved", "{0} 天前投诉，已解决"},
    said_praise  {"praised us {0} days ago", "{0} 天前表扬"},
    said_tone    {"gave feedback {0} days ago, tone {1} of 1", "{0} 天前反馈，语气 {1}（满分 1）"},
    problem_low  {"was dissatisfied in the last survey", "最近一次调查不满意"},
    problem_open {"a complaint is open", "有投诉未解决"},
    problem_again{"complained more than once lately", "近期多次投诉"},
    problem_index{"; satisfaction index {0} of 100", "；满意度指数 {0}（满分 100）"},
    rule         {"A problem customer answered a survey dissatisfied last time, or has an open complaint, or complained twice or more within the fresh days.",
                  "问题客户：近期最后一次调查不满意，或有投诉未解决，或近期投诉两次以上。"},
    none         {"Nothing that customers said is on record.", "没有客户意见记录。"},
    too_few      {"{0} answers are too few: 30 are needed before a score means anything.", "仅 {0} 份回答，太少：至少需要 30 份。"},
    wide         {"{0} answers leave the score wide open: {1} to {2}.", "{0} 份回答，得分范围过宽：{1} 至 {2}。"},
    not_asked    {"{0} answers are enough for a score of those who answered; who was asked is not on record.", "{0} 份回答足以给出回答者的得分；但没有记录询问了谁。"},
    few_answer   {"{0} answers are enough for a score of those who answered; too few of those asked did.", "{0} 份回答足以给出回答者的得分；但被询问者中回答的太少。"},
    sufficient   {"{0} answers are enough.", "{0} 份回答，数据充分。"};

constexpr Text measure_titles[satisfaction_measure_count] = {
    {"hours to the first answer", "首次答复小时数"},   {"days to the solution", "解决天数"},       {"cases", "工单数"},
    {"cases on the same topic again", "同类问题重复工单"}, {"reopened cases", "重新打开的工单"},     {"broken promises of service", "未兑现的服务承诺"},
    {"complaints", "投诉次数"},                        {"repairs", "维修次数"},                    {"contacts", "联系次数"},
    {"late orders, of the orders of late", "近期订单中延迟的占比"},                       {"returns an order of late", "近期每单退货次数"},                    {"discount", "折扣"},
    {"price paid over list price", "成交价与标价之比"}, {"orders of late", "近期订单数"},           {"spend of late", "近期消费"},
    {"days since the last purchase", "距上次购买天数"}, {"days as a customer", "成为客户天数"}};
// clang-format on

std::string count_text(std::uint64_t count) { return with_thousands(static_cast<std::int64_t>(count)); }
/// Two digits, or as many as a number of this size needs.
std::string figure(double number) { return shown_number(number, std::abs(number) >= 100 ? 0 : 2); }

std::string title_of(const std::string& name, const Voice& voice) {
  const auto found = std::find(satisfaction_measure_names.begin(), satisfaction_measure_names.end(), name);
  if (found == satisfaction_measure_names.end()) return name;
  return std::string(voice.say(measure_titles[found - satisfaction_measure_names.begin()]));
}

std::string days_text(const CustomerWord& word, std::int32_t until) { return std::to_string(until - word.day); }

const OpinionGroup* main_group(const OpinionOutcome& outcome) {
  for (const OpinionGroup& group : outcome.groups)
    if (outcome.main && group.scale == *outcome.main && group.by.empty()) return &group;
  return nullptr;
}

}  // namespace

std::string headline_words(const OpinionGroup& group, const Voice& voice) {
  const OpinionFigures& figures = group.figures;
  const mine::Interval& head = figures.headline;
  const auto all = static_cast<double>(figures.answers());
  const std::string answers = count_text(figures.answers());
  const std::string low = shown_percent(static_cast<double>(figures.moods[0]) / all);
  if (group.scale == OpinionScale::nps)
    return voice.say(nps_headline, {shown_number(100 * head.value, 1), shown_number(100 * head.lower, 1),
                                    shown_number(100 * head.upper, 1), answers,
                                    shown_percent(static_cast<double>(figures.moods[2]) / all), low});
  if (group.scale == OpinionScale::csat)
    return voice.say(csat_headline,
                     {shown_percent(head.value), shown_percent(head.lower), shown_percent(head.upper), answers, low});
  return voice.say(group.scale == OpinionScale::questionnaire ? form_headline : ces_headline,
                   {figure(head.value), figure(head.lower), figure(head.upper), answers, low});
}

std::string verdict_words(const SatisfactionOutcome& outcome, const Voice& voice) {
  const OpinionGroup* main = main_group(outcome.opinions);
  const std::string answers = count_text(main == nullptr ? 0 : main->figures.answers());
  switch (outcome.verdict) {
    case SatisfactionVerdict::none:
      return std::string(voice.say(none));
    case SatisfactionVerdict::too_few:
      return voice.say(too_few, {answers});
    case SatisfactionVerdict::wide: {
      const double times = main->scale == OpinionScale::nps ? 100 : 1;
      return voice.say(
          wide, {answers, figure(times * main->figures.headline.lower), figure(times * main->figures.headline.upper)});
    }
    case SatisfactionVerdict::not_asked:
      return voice.say(not_asked, {answers});
    case SatisfactionVerdict::few_answer:
      return voice.say(few_answer, {answers});
    case SatisfactionVerdict::sufficient:
      return voice.say(sufficient, {answers});
  }
  return {};
}

std::string asking_words(const SurveyAsking& asking, const Voice& voice) {
  if (!asking.asked) return voice.say(asked_unknown, {count_text(asking.answers)});
  const auto answered =
      static_cast<std::uint64_t>(std::llround(asking.rate->value * static_cast<double>(*asking.asked)));
  std::string text = voice.say(asked_some, {count_text(answered), count_text(*asking.asked),
                                            shown_percent(asking.rate->value), count_text(*asking.asked - answered)});
  if (asking.bounds)
    text += voice.say(asked_bounds,
                      {shown_number(100 * asking.bounds->lower, 1), shown_number(100 * asking.bounds->upper, 1)});
  return text;
}

std::string bias_words(const AnswerBias& bias, double false_findings, const Voice& voice) {
  if (bias.adjusted > false_findings) return {};
  const Text& text = bias.measure == "recency" ? bias_recency : bias.measure == "orders" ? bias_orders : bias_spend;
  return voice.say(text, {figure(bias.contrast.median_within), figure(bias.contrast.median_outside)}) +
         std::string(voice.say(bias_meaning));
}

std::string driver_words(const SatisfactionDriver& driver, double false_findings, const Voice& voice) {
  const std::string title = title_of(driver.name, voice);
  const auto rank = [](double number) { return shown_number(number, 2); };
  if (driver.adjusted > false_findings)
    return voice.say(driver_none, {title, rank(driver.correlation.value), rank(driver.correlation.lower),
                                   rank(driver.correlation.upper)});
  return voice.say(driver_holds, {title, figure(driver.split), figure(driver.contrast.mean_within),
                                  figure(driver.contrast.mean_outside), rank(driver.correlation.value),
                                  rank(driver.correlation.lower), rank(driver.correlation.upper)});
}

std::string sign_words(const DissatisfactionSign& sign, const std::vector<std::string>& topics, const Voice& voice) {
  const StatedReasons one{.reasons = {{.kind = sign.kind, .topic = sign.topic}}, .topics = topics};
  const bool chinese = voice.html_language() != "en";
  const auto share = [](const mine::Share& of) {
    return shown_percent(static_cast<double>(of.having) / static_cast<double>(of.all));
  };
  const mine::Effect& lift = sign.contrast.log_lift;
  return voice.say(sign_text,
                   {stated_text(one, 0, chinese ? Language::chinese : Language::english), share(sign.contrast.within),
                    share(sign.contrast.outside), figure(elementary::exp(lift.value)),
                    figure(elementary::exp(lift.lower)), figure(elementary::exp(lift.upper))});
}

std::string sequel_words(const SatisfactionSequel& sequel, double false_findings, std::int32_t horizon,
                         const Voice& voice) {
  if (!sequel.again)
    return voice.say(sequel_few,
                     {count_text(sequel.dissatisfied), count_text(sequel.others), count_text(least_followed)});
  const mine::CampaignEffect &again = *sequel.again, &spend = *sequel.spend;
  const std::string dissatisfied = count_text(sequel.dissatisfied), others = count_text(sequel.others);
  const std::string days = std::to_string(horizon);
  const std::string share = shown_percent(again.treated.mean), share_of_others = shown_percent(again.held_out.mean);
  if (!sequel.shows(false_findings))
    return voice.say(sequel_none, {dissatisfied, share, days, others, share_of_others});
  return voice.say(sequel_shows,
                   {dissatisfied, share, days, others, share_of_others, shown_percent(again.difference, true),
                    shown_percent(again.lower, true), shown_percent(again.upper, true), figure(-spend.difference),
                    figure(-spend.upper), figure(-spend.lower)});
}

std::string word_in_words(const CustomerWord& word, std::int32_t until, const Voice& voice) {
  const std::string days = days_text(word, until);
  switch (word.kind) {
    case WordKind::complaint:
      return voice.say(word.closed > until ? said_open : said_solved, {days});
    case WordKind::praise:
      return voice.say(said_praise, {days});
    case WordKind::tone:
      return voice.say(said_tone, {days, figure(2 * word.level - 1)});
    case WordKind::answer:
      break;
  }
  constexpr const char* best[] = {"10", "5", "7", "5", "1"};
  const Text& text = word.scale == OpinionScale::effort ? said_effort : said_answer;
  const bool whole = word.score == std::floor(word.score);
  return voice.say(text, {shown_number(word.score, whole ? 0 : 2), best[static_cast<std::size_t>(word.scale)], days});
}

std::string problem_words(const ProblemCustomer& problem, const Voice& voice) {
  std::string text;
  const auto add = [&](bool holds, const Text& said) {
    if (!holds) return;
    if (!text.empty()) text += voice.html_language() == "en" ? "; " : "；";
    text += voice.say(said);
  };
  add(problem.open_complaint, problem_open);
  add(problem.complained_again, problem_again);
  add(problem.low_answer, problem_low);
  return text + voice.say(problem_index, {shown_number(problem.index, 0)});
}

std::string_view rule_words(const Voice& voice) { return voice.say(rule); }

}  // namespace emptor
