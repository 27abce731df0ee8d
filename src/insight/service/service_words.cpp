#include "insight/service/service_words.hpp"

#include <cmath>

#include "insight/campaigns/campaign_words.hpp"

namespace emptor {
namespace {

using words::Text;

// clang-format off
constexpr Text
    solved_half   {"Of {0} cases {1} are open, {2} of them late. Half of all are solved within {3} days ({4} to {5}), nine in ten within {6}.",
                   "共 {0} 个工单，{1} 个未结，其中 {2} 个超时。半数在 {3} 天内解决（{4} 至 {5}），九成在 {6} 天内。"},
    answered_half {" Half get their first answer within {0} hours ({1} to {2}).", "半数在 {0} 小时内得到首次答复（{1} 至 {2}）。"},
    first_time    {" {0} are solved at the first contact; {1} bring the customer back on the same topic.", "{0} 一次解决；{1} 使客户就同一问题再次来访。"},
    promise       {" {0} of the promised solutions came late ({1} to {2}).", "承诺的解决时限中 {0} 未兑现（{1} 至 {2}）。"},
    no_cases      {"No cases are on record.", "没有工单记录。"},
    gap_longer    {"Customers of tier {0} wait longer: {1} {2} (median) against {3} of the others; the chance that one of them waits longer is {4} points above even ({5} to {6}).",
                   "层级 {0} 的客户等待更久：{1} {2}（中位数），其他客户 {3}；等待更久的概率高出 {4} 个百分点（{5} 至 {6}）。"},
    gap_shorter   {"Customers of tier {0} are served faster: {1} {2} (median) against {3} of the others ({4} points; {5} to {6}).",
                   "层级 {0} 的客户得到更快的服务：{1} {2}（中位数），其他客户 {3}（{4} 个百分点；{5} 至 {6}）。"},
    gap_none      {"Customers of tier {0} wait no longer and no less than the others, chance aside: {1} {2} (median) against {3}.",
                   "层级 {0} 的客户等待时间与其他客户无显著差异：{1} {2}（中位数），其他客户 {3}。"},
    hours         {"hours to the first answer", "小时（首次答复）"},
    days          {"days to the solution", "天（解决）"},
    topic_more    {"{0}: {1} of the cases bring the customer back, of other topics {2}.", "{0}：{1} 的工单使客户再次来访，其他问题 {2}。"},
    topic_none    {"{0}: {1} of the cases bring the customer back, of other topics {2}; the difference may be chance.", "{0}：{1} 的工单使客户再次来访，其他问题 {2}；差异可能出于偶然。"},
    queue_gain    {"{0} cases are open; their customers put {1} at stake by the churn model. Served as they came, that amount waits {2} days on average, those with most at stake first {3}. That is a model's view of what may be lost, not of what faster service saves.",
                   "{0} 个工单未结；按流失模型，相关客户的预期损失为 {1}。按先后顺序处理，平均等待 {2} 天；优先处理损失最大者，平均 {3} 天。这是模型对可能损失的估计，并非加快服务所能挽回的金额。"},
    late_case     {"case open for {0} days", "工单已 {0} 天未结"},
    late_repair   {"repair not finished for {0} days", "维修已 {0} 天未完成"},
    late_due      {", {0} days past its promised time", "，超过承诺时限 {0} 天"},
    late_usual    {", longer than nine in ten", "，比九成工单更久"},
    late_topic    {"; about {0}", "；事由：{0}"},
    late_tier     {"; customer of tier {0}", "；客户层级 {0}"},
    late_stake    {"; {0} at stake by the churn model", "；按流失模型预期损失 {0}"};
// clang-format on

std::string count_text(std::size_t count) { return with_thousands(static_cast<std::int64_t>(count)); }
std::string wait_text(double wait) { return std::isfinite(wait) ? shown_number(wait, 1) : "∞"; }
std::string share_text(const CountedShare& share) {
  return shown_percent(static_cast<double>(share.having) / static_cast<double>(share.all));
}
std::string share_text(const mine::Share& share) {
  return shown_percent(static_cast<double>(share.having) / static_cast<double>(share.all));
}
std::string amount_text(double amount) { return with_thousands(std::llround(amount)); }

}  // namespace

std::string service_words(const ServiceOutcome& outcome, const Voice& voice) {
  if (outcome.groups.empty()) return std::string(voice.say(no_cases));
  const ServiceGroup& all = outcome.groups.front();
  const WaitFigures &solution = all.solution_days, &answer = all.answer_hours;
  std::string text = voice.say(
      solved_half, {count_text(all.cases), count_text(all.open), count_text(all.late), wait_text(solution.median),
                    wait_text(solution.lower), wait_text(solution.upper), wait_text(solution.nine_in_ten)});
  if (answer.all > 0)
    text += voice.say(answered_half, {wait_text(answer.median), wait_text(answer.lower), wait_text(answer.upper)});
  if (all.repeated.all > 0) text += voice.say(first_time, {share_text(all.first_contact), share_text(all.repeated)});
  if (const CountedShare& broken = all.solution_broken; broken.all > 0) {
    const mine::RateInterval range =
        mine::share_interval(static_cast<double>(broken.having), static_cast<double>(broken.all));
    text += voice.say(promise, {shown_percent(range.value), shown_percent(range.lower), shown_percent(range.upper)});
  }
  return text;
}

std::string gap_words(const TierGap& gap, double false_findings, const Voice& voice) {
  const std::string unit(voice.say(gap.measure == "answer_hours" ? hours : days));
  const std::string own = wait_text(gap.contrast.median_within), others = wait_text(gap.contrast.median_outside);
  if (gap.adjusted > false_findings) return voice.say(gap_none, {gap.tier, own, unit, others});
  const mine::Effect& delta = gap.contrast.delta;
  return voice.say(delta.value > 0 ? gap_longer : gap_shorter,
                   {gap.tier, own, unit, others, shown_number(50 * delta.value, 0), shown_number(50 * delta.lower, 0),
                    shown_number(50 * delta.upper, 0)});
}

std::string topic_words(const TopicRepeats& topic, double false_findings, const Voice& voice) {
  return voice.say(topic.adjusted > false_findings ? topic_none : topic_more,
                   {topic.topic, share_text(topic.contrast.within), share_text(topic.contrast.outside)});
}

std::string queue_words(const QueueOrder& queue, const Voice& voice) {
  if (!queue.days_by_stake) return {};
  return voice.say(queue_gain, {count_text(queue.open), amount_text(queue.at_stake),
                                wait_text(*queue.days_as_they_came), wait_text(*queue.days_by_stake)});
}

std::string late_words(const LateCase& late, const ServiceCase& one, const std::string& tier, const Voice& voice) {
  std::string text = voice.say(one.repair ? late_repair : late_case, {shown_number(late.days, 0)});
  text += late.overdue ? voice.say(late_due, {shown_number(*late.overdue, 0)}) : std::string(voice.say(late_usual));
  if (!one.topic.empty() && !one.repair) text += voice.say(late_topic, {one.topic});
  text += voice.say(late_tier, {tier});
  if (late.at_stake) text += voice.say(late_stake, {amount_text(*late.at_stake)});
  return text;
}

}  // namespace emptor
