#include <algorithm>
#include <map>

#include "core/options.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/facts/facts_scan.hpp"
#include "insight/insight_runs.hpp"
#include "insight/trends/trend_work.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// The days of an entity's records that are not deleted, each with a number (1 where none is asked for).
std::vector<DatedNumber> dated(const View& view, std::string_view entity, std::string_view when,
                               std::string_view number, const Where& where, std::int64_t& data_version) {
  DayFinder days(Zone::of(view.info().zone));
  Query query{.entity = std::string(entity),
              .where = where,
              .fields = {std::string(when), "deleted_at", "version"},
              .limit = 20'000,
              .with_deleted = true};
  if (!number.empty()) query.fields.emplace_back(number);
  std::vector<DatedNumber> out;
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    const auto& columns = batch.columns;
    if (columns[2].valid[i]) data_version = std::max(data_version, columns[2].bits[i]);
    if (columns[1].valid[i] || !columns[0].valid[i] || (!number.empty() && !columns[3].valid[i])) return;
    const Value value = number.empty() ? Value(1.0) : columns[3].value(i);
    out.push_back({days.of(columns[0].bits[i]), value.type() == Type::decimal   ? value.decimal().to_double()
                                                : value.type() == Type::integer ? static_cast<double>(value.integer())
                                                                                : value.real()});
  });
  return out;
}

/// Answers to the kind of survey that has most of them: others have other scales.
std::vector<DatedNumber> answers(const View& view, std::int64_t& data_version) {
  std::map<std::string, std::vector<Value>, std::less<>> surveys;
  const Query query{.entity = "survey", .fields = {"kind"}, .limit = 10'000};
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    surveys[std::string(batch.columns[0].text(i))].emplace_back(batch.ids[i]);
  });
  std::vector<DatedNumber> most;
  for (auto& [kind, ids] : surveys) {
    std::vector<DatedNumber> own =
        dated(view, "response", "answered_at", "score", Where::in("survey_id", std::move(ids)), data_version);
    if (own.size() > most.size()) most = std::move(own);
  }
  return most;
}

/// The series themselves are not kept: they are facts.
Id write_trends(Session& session, const TrendOutcome& outcome, const json::object& told, std::int64_t data_version) {
  json::object state;
  for (const char* part : {"verdict", "first_period", "last_period", "series", "leads", "not_modelled"})
    if (const json::value* value = told.if_contains(part)) state[part] = *value;
  if (json::value* series = state.if_contains("series"))
    for (json::value& one : series->as_array()) one.as_object().erase("numbers");
  return write_model(session, {.name = "trends",
                               .algorithm = "trends/1 stl, pelt, ets",
                               .options = json::serialize(told.at("options")),
                               .state = json::serialize(state),
                               .as_of = outcome.until.value_or(Date{}),
                               .data_version = data_version});
}

}  // namespace

InsightResult run_trends(Session& session, const InsightOptions& options) {
  const TrendRequest request = trend_request(checked_options(trends_schema, options.json), options.as_of);
  const View view = session.view();
  const BusinessLines business = read_business(view);
  std::int64_t data_version = business.data_version;
  const BusinessSpan span = span_of(business, request.until, request.series.period);
  std::vector<PeriodSeries> series = business_series(business, span.whole, request.series);
  if (!series.empty()) {
    const std::vector<DatedNumber> cases = dated(view, "case", "opened_at", {}, {}, data_version);
    if (auto one = counted("cases", cases, span.whole, request.series.period)) series.push_back(std::move(*one));
    const std::vector<DatedNumber> scores = answers(view, data_version);
    if (auto one = averaged("satisfaction", scores, span.whole, request.series.period))
      series.push_back(std::move(*one));
  }
  const TrendOutcome outcome = find_trends(std::move(series), span.until, span.whole, request,
                                           {session.options().executor, session.options().progress});
  json::object summary = trends_json(request, outcome);
  tell_run(summary, "trends", data_version, 0);
  if (options.write_back)
    summary["model_id"] = std::to_string(write_trends(session, outcome, summary, data_version).value);
  InsightResult result{summary_text(summary), data_version, 0};
  if (options.table) result.table = trends_table(request, outcome);
  return result;
}

}  // namespace emptor
