#include "insight/service/service_work.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "core/options.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/mine/false_discovery.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/facts/row_cells.hpp"
#include "insight/service/service_day.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t least_compared = 5;  // customers or cases on each side
constexpr std::size_t least_cases = 30;
constexpr std::int32_t throughput_days = 28;

double days_between(std::int64_t first, std::int64_t last) {
  return static_cast<double>(std::max<std::int64_t>(last - first, 0)) / micros_per_day;
}

Waits answer_waits(const ServiceCase& one, std::int64_t end, Waits waits) {
  // A case that was solved without an answer on record was answered, but nobody knows when.
  if (one.answered || one.is_open())
    waits.add(days_between(one.opened, one.answered.value_or(end)) * 24, one.answered.has_value());
  return waits;
}

class ServiceGrouping {
 public:
  ServiceGrouping(const ServiceRecords& records, const ServiceGroups& groups, const ServiceRequest& request,
                  std::int64_t end, ServiceOutcome& outcome)
      : records_(records), groups_(groups), request_(request), end_(end), out_(outcome) {}

  void group() {
    for (const ServiceCase& one : records_.cases) add_waits(one, of_[{"", ""}]);
    find_late();
    of_.clear();
    for (std::size_t i = 0; i < records_.cases.size(); ++i)
      for (const auto& key : keys_of(records_.cases[i])) add(i, of_[key]);
    for (const char* by : {"", "tier", "channel", "agent", "topic", "kind"})
      for (auto at = of_.lower_bound({by, ""}); at != of_.end() && at->first.first == by; ++at)
        out_.groups.push_back(finished(at->first, at->second));
  }

 private:
  struct Members {
    ServiceGroup group;
    Waits answers, solutions;
  };

  std::vector<std::pair<std::string, std::string>> keys_of(const ServiceCase& one) const {
    std::vector<std::pair<std::string, std::string>> keys = {{"", ""}};
    const auto add = [&](const char* by, std::string name) {
      if (!name.empty()) keys.emplace_back(by, std::move(name));
    };
    add("tier", groups_.tier(one.customer));
    add("channel", one.channel);
    add("agent", groups_.agent(one.agent));
    add("topic", one.topic);
    add("kind", one.kind);
    return keys;
  }
  void add_waits(const ServiceCase& one, Members& members) const {
    if (out_.fates.answers_known) members.answers = answer_waits(one, end_, std::move(members.answers));
    members.solutions.add(days_between(one.opened, one.resolved.value_or(end_)), one.resolved.has_value());
  }
  void add(std::size_t i, Members& members) const {
    const ServiceCase& one = records_.cases[i];
    const CaseFate& fate = out_.fates.of[i];
    ServiceGroup& group = members.group;
    add_waits(one, members);
    ++group.cases;
    group.open += one.is_open() ? 1U : 0U;
    group.late += fate.late ? 1U : 0U;
    group.first_contact.add(fate.first_contact);
    group.repeated.add(fate.repeated);
    group.answer_broken.add(fate.answer_broken);
    group.solution_broken.add(fate.solution_broken);
    if (one.resolved || one.reopened > 0) group.reopened.add(one.reopened > 0);
  }
  ServiceGroup finished(const std::pair<std::string, std::string>& key, Members& members) const {
    ServiceGroup& group = members.group;
    group.by = key.first;
    group.name = key.second;
    group.answer_hours = wait_figures(members.answers, request_.level);
    group.solution_days = wait_figures(members.solutions, request_.level);
    return group;
  }
  void find_late() {
    const double usual = wait_figures(of_[{"", ""}].solutions, request_.level).nine_in_ten;
    for (std::size_t i = 0; i < records_.cases.size(); ++i) {
      const ServiceCase& one = records_.cases[i];
      if (!one.is_open()) continue;
      CaseFate& fate = out_.fates.of[i];
      const bool promised = one.due || (out_.fates.answers_known && one.answer_due);
      fate.late = promised
                      ? fate.solution_broken.value_or(false) || (!one.answered && fate.answer_broken.value_or(false))
                      : days_between(one.opened, end_) > usual;
      out_.late_cases += fate.late ? 1U : 0U;
    }
  }

  const ServiceRecords& records_;
  const ServiceGroups& groups_;
  const ServiceRequest& request_;
  std::int64_t end_;
  ServiceOutcome& out_;
  std::map<std::pair<std::string, std::string>, Members> of_;
};

/// The waits of tiers against each other.
class GapFinding {
 public:
  GapFinding(const ServiceRecords& records, const ServiceGroups& groups, const ServiceRequest& request,
             std::int64_t end)
      : records_(records), groups_(groups), request_(request), end_(end) {}

  std::vector<TierGap> find(bool answers_known) {
    if (answers_known) find_of("answer_hours", [&](const ServiceCase& one) { return answer_waits(one, end_, {}); });
    find_of("solution_days", [&](const ServiceCase& one) {
      Waits waits;
      waits.add(days_between(one.opened, one.resolved.value_or(end_)), one.resolved.has_value());
      return waits;
    });
    std::vector<double> p_values;
    for (const TierGap& gap : gaps_) p_values.push_back(gap.contrast.p_value);
    const std::vector<double> adjusted = mine::false_discovery(p_values);
    for (std::size_t i = 0; i < gaps_.size(); ++i) gaps_[i].adjusted = adjusted[i];
    return std::move(gaps_);
  }

 private:
  struct Sum {
    double sum = 0;
    int count = 0;
  };

  void find_of(const char* measure, const std::function<Waits(const ServiceCase&)>& wait_of) {
    Waits all;
    std::vector<const std::string*> tier_of_case;
    std::map<std::int64_t, Sum> means;  // of what is over, a customer each: cases of one customer are alike
    std::set<std::string> tiers;
    for (const ServiceCase& one : records_.cases) {
      const Waits waits = wait_of(one);
      const std::string& tier = groups_.tier(one.customer);
      if (waits.size() == 0 || one.customer == 0 || tier.empty()) continue;
      all.add(waits.time[0], waits.ended[0] == 1);
      tier_of_case.push_back(&tier);
      tiers.insert(tier);
      if (waits.ended[0] == 0) continue;
      means[one.customer].sum += waits.time[0];
      ++means[one.customer].count;
    }
    for (const std::string& tier : tiers) compare(tier, measure, all, tier_of_case, means);
  }
  void compare(const std::string& tier, const char* measure, const Waits& all,
               const std::vector<const std::string*>& tier_of_case, const std::map<std::int64_t, Sum>& means) {
    std::vector<double> within, outside;
    for (const auto& [customer, mean] : means)
      (groups_.tier(customer) == tier ? within : outside).push_back(mean.sum / mean.count);
    if (std::min(within.size(), outside.size()) < least_compared) return;
    std::vector<std::uint32_t> of;
    for (const std::string* one : tier_of_case) of.push_back(*one == tier ? 1 : 0);
    gaps_.push_back({.tier = tier,
                     .measure = measure,
                     .contrast = mine::contrast_numbers(within, outside, request_.level),
                     .log_rank = mine::log_rank({all.time, all.ended, {}, of}).p_value});
  }

  const ServiceRecords& records_;
  const ServiceGroups& groups_;
  const ServiceRequest& request_;
  std::int64_t end_;
  std::vector<TierGap> gaps_;
};

std::vector<TopicRepeats> topic_repeats(const ServiceRecords& records, const std::vector<CaseFate>& fates,
                                        double level) {
  std::map<std::string, CountedShare> topics;
  CountedShare all;
  for (std::size_t i = 0; i < fates.size(); ++i) {
    if (records.cases[i].topic.empty()) continue;
    topics[records.cases[i].topic].add(fates[i].repeated);
    all.add(fates[i].repeated);
  }
  std::vector<TopicRepeats> found;
  std::vector<double> p_values;
  for (const auto& [topic, of] : topics) {
    if (of.all < least_compared || all.all - of.all < least_compared) continue;
    found.push_back(
        {topic, mine::contrast_shares({of.having, of.all}, {all.having - of.having, all.all - of.all}, level)});
    p_values.push_back(found.back().contrast.p_value);
  }
  const std::vector<double> adjusted = mine::false_discovery(p_values);
  for (std::size_t i = 0; i < found.size(); ++i) found[i].adjusted = adjusted[i];
  std::stable_sort(found.begin(), found.end(), [](const TopicRepeats& a, const TopicRepeats& b) {
    return a.contrast.log_lift.value > b.contrast.log_lift.value;
  });
  return found;
}

std::optional<double> stake_of(const AtStake& at_stake, std::int64_t customer) {
  const auto found = at_stake.find(customer);
  return found == at_stake.end() ? std::nullopt : std::optional(found->second);
}

std::vector<LateCase> late_cases(const ServiceRecords& records, const ServiceGroups& groups, const AtStake& at_stake,
                                 const ServiceRequest& request, const std::vector<CaseFate>& fates, std::int64_t end) {
  std::vector<LateCase> late;
  for (std::size_t i = 0; i < fates.size(); ++i) {
    const ServiceCase& one = records.cases[i];
    const auto& valuable = request.valuable;
    const std::string& tier = groups.tier(one.customer);
    if (!fates[i].late || one.customer == 0 || std::find(valuable.begin(), valuable.end(), tier) == valuable.end())
      continue;
    std::optional<double> overdue;
    if (fates[i].solution_broken.value_or(false))
      overdue = days_between(*one.due, end);
    else if (fates[i].answer_broken.value_or(false))
      overdue = days_between(*one.answer_due, end);
    late.push_back({i, days_between(one.opened, end), overdue, stake_of(at_stake, one.customer)});
  }
  std::stable_sort(late.begin(), late.end(), [](const LateCase& a, const LateCase& b) {
    return a.at_stake.value_or(0) != b.at_stake.value_or(0) ? a.at_stake.value_or(0) > b.at_stake.value_or(0)
                                                            : a.days > b.days;
  });
  return late;
}

/// Weighted mean of the turns 1, 2, ..., in days.
double mean_turn(const std::vector<double>& stakes, double a_day) {
  DoubleSum weighted, weights;
  for (std::size_t i = 0; i < stakes.size(); ++i) {
    weighted.add(stakes[i] * static_cast<double>(i + 1));
    weights.add(stakes[i]);
  }
  return weighted.value() / weights.value() / a_day;
}

QueueOrder order_queue(const ServiceRecords& records, const AtStake& at_stake, std::int64_t end) {
  QueueOrder order;
  std::vector<double> stakes;
  std::set<std::int64_t> counted;
  DoubleSum sum;
  const std::int64_t begin = end - std::int64_t{throughput_days} * micros_per_day;
  for (const ServiceCase& one : records.cases) {
    if (one.resolved && *one.resolved >= begin) order.solved_a_day += 1.0 / throughput_days;
    if (!one.is_open()) continue;
    ++order.open;
    const std::optional<double> stake = stake_of(at_stake, one.customer);
    order.with_stake += stake ? 1U : 0U;
    // A customer with several open cases is at stake once, with the first.
    const bool first = stake && counted.insert(one.customer).second;
    stakes.push_back(first ? std::max(*stake, 0.0) : 0);
    sum.add(stakes.back());
  }
  order.at_stake = sum.value();
  if (!(order.at_stake > 0) || !(order.solved_a_day > 0)) return order;
  order.days_as_they_came = mean_turn(stakes, order.solved_a_day);
  std::stable_sort(stakes.begin(), stakes.end(), std::greater<>());
  order.days_by_stake = mean_turn(stakes, order.solved_a_day);
  return order;
}

std::string verdict_of(const ServiceRecords& records, const ServiceOutcome& outcome) {
  if (records.cases.empty()) return "insufficient: no cases on record";
  if (records.cases.size() < least_cases) return "insufficient: fewer than 30 cases";
  if (!outcome.fates.answers_known && !outcome.fates.promises_known)
    return "doubtful: neither first answers nor promises are on record";
  if (!outcome.fates.answers_known) return "doubtful: first answers are not on record";
  return outcome.fates.promises_known ? "sufficient" : "doubtful: promises are not on record";
}

std::unordered_map<std::int64_t, double> scores_of(const View& view, const char* name) {
  std::unordered_map<std::int64_t, double> scores;
  each_row(view,
           {.entity = "score",
            .where = Where::all({Where::equal("name", name), Where::present("value")}),
            .fields = {"customer_id", "value"},
            .limit = 10'000},
           [&](const Batch& batch, std::size_t i) {
             const RowCells cells(batch, i);
             scores[cells.id(0)] = cells.real(1);
           });
  return scores;
}

}  // namespace

ServiceRequest service_request(const json::object& options, const std::optional<Date>& until) {
  ServiceRequest request;
  request.until = until;
  const auto number = [&](const char* name, auto& value) {
    if (const json::value* given = options.if_contains(name))
      value = given->to_number<std::remove_reference_t<decltype(value)>>();
  };
  if (const json::value* tiers = options.if_contains("tiers")) request.tiers = tiers->as_string();
  if (const json::value* valuable = options.if_contains("valuable")) {
    request.valuable.clear();
    for (const json::value& tier : valuable->as_array()) request.valuable.emplace_back(tier.as_string());
  }
  number("repeat_days", request.repeat_days);
  number("staffing_days", request.staffing_days);
  number("level", request.level);
  number("false_findings", request.false_findings);
  number("margin", request.margin);
  number("most_alerts", request.most_alerts);
  number("quiet_days", request.quiet_days);
  if (const json::value* language = options.if_contains("language"))
    request.language = language->as_string() == "zh" ? Language::chinese : Language::english;
  return request;
}

AtStake read_at_stake(const View& view, double margin) {
  AtStake losses = scores_of(view, "churn.expected_loss");
  for (auto& [customer, loss] : losses) loss *= margin;
  if (!losses.empty()) return losses;
  const AtStake chances = scores_of(view, "churn.chance"), values = scores_of(view, "lifetime.value");
  for (const auto& [customer, chance] : chances)
    if (const auto value = values.find(customer); value != values.end())
      losses[customer] = chance * value->second * margin;
  return losses;
}

ServiceOutcome judge_service(const ServiceRecords& records, const ServiceGroups& groups, const AtStake& at_stake,
                             const ServiceRequest& request, Date until, const Zone& zone) {
  const std::int64_t end = end_of_day(until, zone);
  ServiceOutcome outcome{.until = until};
  outcome.without_promise = records.without_promise;
  outcome.fates = read_fates(records, request.repeat_days, end);
  ServiceGrouping(records, groups, request, end, outcome).group();
  outcome.gaps = GapFinding(records, groups, request, end).find(outcome.fates.answers_known);
  outcome.topics = topic_repeats(records, outcome.fates.of, request.level);
  outcome.staffing = count_staffing(records, request.staffing_days, until, zone);
  outcome.late = late_cases(records, groups, at_stake, request, outcome.fates.of, end);
  outcome.queue = order_queue(records, at_stake, end);
  outcome.verdict = verdict_of(records, outcome);
  return outcome;
}

}  // namespace emptor
