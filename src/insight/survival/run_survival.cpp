#include <algorithm>
#include <map>
#include <set>

#include "core/elementary.hpp"
#include "core/option_reader.hpp"
#include "core/options.hpp"
#include "insight/facts/customer_groups.hpp"
#include "insight/insight_runs.hpp"
#include "insight/survival/agreements.hpp"
#include "insight/survival/survival_work.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

struct AgreementRequest {
  SurvivalRequest survival;
  std::optional<Date> as_of;
  std::int32_t horizon = 90, gap_days = 30;
  std::string groups = "kind";
};

AgreementRequest agreement_request(const InsightOptions& options) {
  const json::object given = checked_options(survival_schema(), options.json);
  AgreementRequest request{.survival = survival_request(given), .as_of = options.as_of, .groups = "kind"};
  if (const json::value* days = given.if_contains("horizon_days")) request.horizon = days->to_number<std::int32_t>();
  if (const json::value* days = given.if_contains("gap_days")) request.gap_days = days->to_number<std::int32_t>();
  if (const json::value* groups = given.if_contains("groups")) request.groups = std::string(groups->as_string());
  return request;
}

/// What sets agreements apart at their beginning; what is the same of all is left out.
std::vector<mine::TableColumn> covariates_of(const std::vector<Agreement>& all) {
  std::vector<std::string> kinds, channels;
  mine::TableColumn renews{.name = "renews", .numbers = {}, .codes = {}, .words = {}};
  std::set<std::string> different_kinds, different_channels;
  std::set<double> different_renews;
  for (const Agreement& one : all) {
    kinds.push_back(one.kind);
    channels.push_back(one.channel.empty() ? "unknown" : one.channel);
    renews.numbers.push_back(one.renews ? 1 : 0);
    different_kinds.insert(kinds.back());
    different_channels.insert(channels.back());
    different_renews.insert(renews.numbers.back());
  }
  std::vector<mine::TableColumn> columns;
  if (different_kinds.size() > 1) columns.push_back(words_column("kind", kinds));
  if (different_channels.size() > 1) columns.push_back(words_column("channel", channels));
  if (different_renews.size() > 1) columns.push_back(std::move(renews));
  return columns;
}

SurvivalRows rows_of(const std::vector<Agreement>& all, const View& view, const std::string& by) {
  SurvivalRows rows;
  std::vector<std::string> groups;
  const CustomerGroups tags = by == "kind" ? CustomerGroups{} : groups_of_tags(view, by);
  for (const Agreement& one : all) {
    rows.duration.push_back(one.end.days - one.start.days + 1);
    rows.event.push_back(one.ended ? 1 : 0);
    const std::uint32_t tag = by == "kind" ? CustomerGroups::none : tags.of(one.customer);
    groups.push_back(by == "kind" ? one.kind : tag == CustomerGroups::none ? "none" : tags.names[tag]);
  }
  const mine::TableColumn words = words_column("group", groups);
  rows.group_names = words.words;
  rows.group.assign(words.codes.begin(), words.codes.end());
  rows.covariates = covariates_of(all);
  return rows;
}

/// The chance that an agreement that runs ends within the horizon: by Cox's model, else by the curve of its group.
std::vector<double> ending_chances(const SurvivalRows& rows, const SurvivalOutcome& outcome, double horizon) {
  std::vector<double> chances(rows.size(), 0.0), x;
  const auto ends = [](double now, double then) { return now > 0 ? 1 - then / now : 1; };
  if (outcome.cox) x = mine::matrix_of(*outcome.design, rows.covariates);
  const std::size_t columns = outcome.cox ? outcome.cox->features() : 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows.event[row] == 1) continue;
    const double times[] = {rows.duration[row], rows.duration[row] + horizon};
    if (outcome.cox) {
      const mine::NumberView own(x.data() + row * columns, 1, columns, columns, 1);
      const std::vector<double> lasts = mine::predict_survival(*outcome.cox, own, times);
      chances[row] = ends(lasts[0], lasts[1]);
      continue;
    }
    const mine::SurvivalCurve& curve =
        outcome.by_group ? outcome.by_group->curves[rows.group[row]] : outcome.all->curves.front();
    chances[row] = ends(survival_at(curve, times[0]), survival_at(curve, times[1]));
  }
  return chances;
}

/// Of each customer with an agreement that runs, the greatest chance that one of them ends.
std::map<std::int64_t, double> customer_chances(const std::vector<Agreement>& all, const SurvivalRows& rows,
                                                const SurvivalOutcome& outcome, double horizon) {
  std::map<std::int64_t, double> chances;
  const std::vector<double> each = ending_chances(rows, outcome, horizon);
  for (std::size_t row = 0; row < all.size(); ++row) {
    if (all[row].ended) continue;
    double& own = chances.try_emplace(all[row].customer, 0.0).first->second;
    own = std::max(own, each[row]);
  }
  return chances;
}

Id write_chances(Session& session, const std::map<std::int64_t, double>& chances, const json::object& told, Date as_of,
                 std::int64_t data_version) {
  json::object state = {{"verdict", told.at("verdict")}, {"curves", told.at("curves")}, {"cox", told.at("cox")}};
  const InsightRun run{.name = "survival",
                       .algorithm = "survival/1",
                       .options = json::serialize(told.at("options")),
                       .state = json::serialize(state),
                       .as_of = as_of,
                       .data_version = data_version,
                       .scores = {"survival.chance"}};
  std::vector<std::int64_t> customers;
  std::vector<double> values;
  for (const auto& [customer, chance] : chances) {
    customers.push_back(customer);
    values.push_back(chance);
  }
  return write_back(session, run, customers, [&](std::size_t i, GivenResult& result) {
    result.scores.push_back({"survival.chance", values[i]});
  });
}

json::object summary_of(const Agreements& agreements, const SurvivalRows& rows, const AgreementRequest& request,
                        const SurvivalOutcome& outcome) {
  json::object summary = survival_json(rows, request.survival, outcome);
  json::object& options = summary["options"].as_object();
  options["horizon_days"] = request.horizon;
  options["gap_days"] = request.gap_days;
  options["groups"] = request.groups;
  summary["until"] = agreements.last_day ? json::value(to_string(*agreements.last_day)) : json::value();
  summary["agreements"] = agreements.all.size();
  summary["skipped"] = agreements.skipped;
  if (agreements.all.empty()) summary["verdict"] = "insufficient: there are no contracts or subscriptions";
  return summary;
}

}  // namespace

std::string_view survival_schema() {
  static const std::string text = with_properties(
      R"({"type":"object","properties":{"horizon_days":{"type":"integer","minimum":1,"maximum":3650,"description":"within which an end is forecast; 90 without it"},
"gap_days":{"type":"integer","minimum":0,"maximum":3650,"description":"an agreement that follows within so many days continues the one before; 30 without it"},
"groups":{"type":"string","description":"curves by kind of agreement, or by tags of this source; kind without it"}}})",
      survival_properties);
  return text;
}

InsightResult run_survival(Session& session, const InsightOptions& options) {
  const AgreementRequest request = agreement_request(options);
  const View view = session.view();
  const Agreements agreements = read_agreements(view, request.as_of, request.gap_days);
  const SurvivalRows rows = rows_of(agreements.all, view, request.groups);
  const SurvivalOutcome outcome =
      fit_survival(rows, request.survival, {session.options().executor, session.options().progress});
  std::map<std::int64_t, double> chances;
  if (outcome.all && !outcome.verdict.starts_with("insufficient"))
    chances = customer_chances(agreements.all, rows, outcome, request.horizon);
  json::object summary = summary_of(agreements, rows, request, outcome);
  tell_run(summary, "survival", agreements.data_version, chances.size());
  if (options.write_back)
    summary["model_id"] = std::to_string(
        write_chances(session, chances, summary, agreements.last_day.value_or(Date{}), agreements.data_version).value);
  InsightResult result{summary_text(summary), agreements.data_version, chances.size()};
  if (options.table) result.table = survival_table(rows, outcome);
  return result;
}

}  // namespace emptor
