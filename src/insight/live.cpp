#include "emptor/insight/live.hpp"

#include <boost/json.hpp>

#include "emptor/core/error.hpp"
#include "emptor/model/insight.hpp"
#include "insight/facts/borrowed_view.hpp"
#include "insight/facts/history_changes.hpp"
#include "insight/insight_runs.hpp"
#include "insight/live/live_memory.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

Record model_named(const View& view, std::string_view name) {
  std::vector<Record> models = view.select({.entity = "model", .where = Where::equal("name", name), .limit = 1});
  if (models.empty())
    throw Error(Problem{.code = Code::not_found,
                        .message = "no model of this name is kept",
                        .entity = "model",
                        .field = "name",
                        .row = std::nullopt,
                        .hint = "run the insight first; live models can be: " + live_kinds()});
  return std::move(models.front());
}

bool is_live(const Record& model) {
  const Value& live = model.get("live");
  return live.present() && live.boolean();
}

json::object model_json(const Record& model, const Zone& zone) {
  const auto or_null = [&](const char* field) -> json::value {
    const Value& value = model.get(field);
    return value.present() ? json::value(std::string_view(value.text())) : json::value();
  };
  json::object told = {{"name", or_null("name")}, {"algorithm", or_null("algorithm")}};
  const Value &day = model.get("as_of"), &version = model.get("data_version");
  told["as_of"] = day.present() ? json::value(to_string(day.date())) : json::value();
  told["data_version"] = version.present() ? json::value(version.integer()) : json::value();
  told["live"] = is_live(model);
  try {
    load_live_model(kept_model(model), zone);
    told["hindrance"] = nullptr;
  } catch (const Error& error) {
    told["hindrance"] = error.first().message;
  }
  return told;
}

json::object scores_json(const LiveModel& model, const ShapedHistory& history, Date day, const LiveOptions& options) {
  LiveResult result;
  model.score(history, day, result);
  json::object scores;
  for (const GivenScore& score : result.scores) {
    json::object one = {{"value", score.value ? number_json(*score.value) : json::value()}};
    if (!score.label.empty()) one["label"] = score.label;
    scores[score.name] = std::move(one);
  }
  json::object told = {{"model_id", std::to_string(model.kept.id.value)}, {"scores", std::move(scores)}};
  told["alert"] = result.alert ? json::value(result.alert->kind) : json::value();
  if (options.reasons && !result.scores.empty()) {
    json::object reasons;
    model.explain(history, day, options.language, reasons);
    told["because"] = std::move(reasons);
  }
  return told;
}

}  // namespace

void set_live(Session& session, std::string_view name, bool on) {
  const View view = session.view();
  const Record model = model_named(view, name);
  if (is_live(model) == on) return;
  if (on) load_live_model(kept_model(model), Zone::of(view.info().zone));
  ChangeSet changes;
  changes.put("model", model.id()).set("live", on);
  session.apply(changes, {.reason = on ? "model made live" : "model no longer live"});
}

std::string live_models(Session& session) {
  const View view = session.view();
  const Zone zone = Zone::of(view.info().zone);
  json::array models;
  for (const Record& model : view.select({.entity = "model", .order = {{"name"}}, .limit = 1'000}))
    models.push_back(model_json(model, zone));
  return json::serialize(json::object{{"models", std::move(models)}});
}

std::string live_scores(Session& session, Id customer, const LiveOptions& options) {
  const View view = session.view();
  if (!view.get("customer", customer))
    throw Error(Problem{.code = Code::not_found,
                        .message = "there is no such customer",
                        .entity = "customer",
                        .field = "id",
                        .row = std::nullopt});
  LiveMemory memory(Zone::of(view.info().zone));
  load_live_models(view, memory);
  const KnownHistory known = known_history(view, customer, memory.days);
  const ShapedHistory history(known);
  const Date day = options.as_of ? *options.as_of : memory.zone.date_of(session.now());
  json::object told = {{"customer_id", std::to_string(customer.value)}, {"as_of", to_string(day)}};
  json::object models;
  for (const LiveModel& model : memory.models) models[model.kept.name] = scores_json(model, history, day, options);
  told["models"] = std::move(models);
  return json::serialize(told);
}

}  // namespace emptor
