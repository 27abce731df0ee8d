#include "insight/insight_runs.hpp"
#include "insight/service/service_words.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

json::value share_json(const CountedShare& share, double level) {
  if (share.all == 0) return nullptr;
  const mine::RateInterval range =
      mine::share_interval(static_cast<double>(share.having), static_cast<double>(share.all), level);
  return {{"cases", share.having},
          {"of", share.all},
          {"value", range.value},
          {"lower", range.lower},
          {"upper", range.upper}};
}

json::object effect_range(const mine::Effect& effect) {
  return {{"value", effect.value}, {"lower", effect.lower}, {"upper", effect.upper}};
}

json::object group_json(const ServiceGroup& group, double level) {
  json::object told;
  if (!group.by.empty()) told = {{"by", group.by}, {"name", group.name}};
  told["cases"] = group.cases;
  told["open"] = group.open;
  told["late"] = group.late;
  told["hours_to_answer"] = group.answer_hours.all == 0 ? json::value() : json::value(waits_json(group.answer_hours));
  told["days_to_solution"] = waits_json(group.solution_days);
  told["first_contact"] = share_json(group.first_contact, level);
  told["reopened"] = share_json(group.reopened, level);
  told["repeated"] = share_json(group.repeated, level);
  told["answers_late"] = share_json(group.answer_broken, level);
  told["solutions_late"] = share_json(group.solution_broken, level);
  return told;
}

json::object gap_json(const TierGap& gap, double false_findings, const Voice& voice) {
  return {{"tier", gap.tier},
          {"measure", gap.measure},
          {"customers", gap.contrast.within},
          {"others", gap.contrast.outside},
          {"median", gap.contrast.median_within},
          {"median_of_others", gap.contrast.median_outside},
          {"delta", effect_range(gap.contrast.delta)},
          {"p_value", gap.contrast.p_value},
          {"adjusted", gap.adjusted},
          {"log_rank_p_value", gap.log_rank},
          {"longer", gap.adjusted <= false_findings && gap.contrast.delta.value > 0},
          {"words", gap_words(gap, false_findings, voice)}};
}

json::object topic_json(const TopicRepeats& topic, double false_findings, const Voice& voice) {
  return {{"topic", topic.topic},
          {"repeated", topic.contrast.within.having},
          {"cases", topic.contrast.within.all},
          {"log_lift", effect_range(topic.contrast.log_lift)},
          {"p_value", topic.contrast.p_value},
          {"adjusted", topic.adjusted},
          {"words", topic_words(topic, false_findings, voice)}};
}

json::object staffing_json(const ServiceRequest& request, const Staffing& staffing) {
  json::array hours;
  for (std::size_t day = 0; day < staffing.hours.size(); ++day)
    for (std::size_t hour = 0; hour < staffing.hours[day].size(); ++hour) {
      const StaffingHour& one = staffing.hours[day][hour];
      if (one.opened + one.contacts_in + one.answered + one.solved == 0) continue;
      hours.push_back(
          {{"weekday", day + 1},
           {"hour", hour},
           {"opened", one.opened},
           {"contacts_in", one.contacts_in},
           {"answered", one.answered},
           {"solved", one.solved},
           {"agents", staffing.days[day] == 0 ? 0.0 : static_cast<double>(one.agent_days) / staffing.days[day]}});
    }
  return {{"days", request.staffing_days},
          {"answers_by_hour", staffing.answers_by_hour},
          {"solutions_by_hour", staffing.solutions_by_hour},
          {"hours", std::move(hours)}};
}

json::object queue_json(const QueueOrder& queue, const Voice& voice) {
  return {{"open", queue.open},
          {"with_stake", queue.with_stake},
          {"solved_a_day", queue.solved_a_day},
          {"at_stake", queue.at_stake},
          {"days_as_they_came", queue.days_as_they_came ? json::value(*queue.days_as_they_came) : json::value()},
          {"days_by_stake", queue.days_by_stake ? json::value(*queue.days_by_stake) : json::value()},
          {"words", queue_words(queue, voice)}};
}

json::array late_json(const ServiceRecords& records, const ServiceGroups& groups, const ServiceOutcome& outcome,
                      const Voice& voice) {
  constexpr std::size_t most_told = 20;
  json::array told;
  for (const LateCase& late : outcome.late) {
    if (told.size() == most_told) break;
    const ServiceCase& one = records.cases[late.place];
    const std::string& tier = groups.tier(one.customer);
    told.push_back({{"case", std::to_string(one.id)},
                    {"repair", one.repair},
                    {"customer", std::to_string(one.customer)},
                    {"tier", tier},
                    {"days", late.days},
                    {"days_overdue", late.overdue ? json::value(*late.overdue) : json::value()},
                    {"at_stake", late.at_stake ? json::value(*late.at_stake) : json::value()},
                    {"words", late_words(late, one, tier, voice)}});
  }
  return told;
}

json::object options_json(const ServiceRequest& request) {
  json::array valuable;
  for (const std::string& tier : request.valuable) valuable.emplace_back(tier);
  return {{"tiers", request.tiers},
          {"valuable", std::move(valuable)},
          {"repeat_days", request.repeat_days},
          {"staffing_days", request.staffing_days},
          {"margin", request.margin},
          {"most_alerts", request.most_alerts},
          {"quiet_days", request.quiet_days},
          {"level", request.level},
          {"false_findings", request.false_findings},
          {"language", code_of(request.language)}};
}

}  // namespace

json::object service_json(const ServiceRecords& records, const ServiceGroups& groups, const ServiceRequest& request,
                          const ServiceOutcome& outcome) {
  const Voice voice(request.language, 2);
  json::array told_groups, gaps, topics;
  for (const ServiceGroup& group : outcome.groups) told_groups.push_back(group_json(group, request.level));
  for (const TierGap& gap : outcome.gaps) gaps.push_back(gap_json(gap, request.false_findings, voice));
  for (const TopicRepeats& topic : outcome.topics) topics.push_back(topic_json(topic, request.false_findings, voice));
  json::object told = {
      {"until", outcome.until ? json::value(to_string(*outcome.until)) : json::value()},
      {"cases", records.cases.size()},
      {"verdict", outcome.verdict},
      {"words", service_words(outcome, voice)},
      {"options", options_json(request)},
      {"first_contact_by", outcome.fates.contacts_known ? "contacts, reopening, repeats" : "reopening, repeats"},
      {"without_promise", outcome.without_promise},
      {"groups", std::move(told_groups)},
      {"tiers_against_others", std::move(gaps)},
      {"topics", std::move(topics)},
      {"staffing", staffing_json(request, outcome.staffing)},
      {"late_cases", outcome.late_cases},
      {"late_of_valuable", outcome.late.size()}};
  told["late"] = late_json(records, groups, outcome, voice);
  told["queue"] = queue_json(outcome.queue, voice);
  return told;
}

}  // namespace emptor
