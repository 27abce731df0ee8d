#include "insight/live/live_model.hpp"

#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "insight/facts/measure_rule.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

struct LiveKind {
  std::string_view insight;
  LiveModel (*load)(KeptModel, const Zone&);
  const char* to_keep;  // how it is run so that it keeps what single customers are scored by
};

constexpr const char* enough_data =
    "run it anew, without covariates; where the data do not suffice, there is nothing to keep";
constexpr LiveKind kinds[] = {
    {"rfm", live_rfm, "run it with the scoring quantile or fixed_cuts: ranks are of all customers together"},
    {"lifetime", live_lifetime, enough_data},
    {"churn", live_churn, enough_data},
    {"value_class", live_value_class,
     "run it by spend or frequency, with thresholds or ties upward: equal values that are split between classes are "
     "told"
     " apart among all customers"}};

[[noreturn]] void refuse(Code code, std::string message, const char* field, std::string hint) {
  throw Error(Problem{.code = code,
                      .message = std::move(message),
                      .entity = "model",
                      .field = field,
                      .row = std::nullopt,
                      .hint = std::move(hint)});
}

}  // namespace

KeptModel kept_model(const Record& record) {
  const auto text = [&](std::string_view field) { return std::string(record.get(field).text()); };
  return {record.id(), record.version(), text("name"), text("options"), text("fitted")};
}

void LiveResult::clear() {
  scores.clear();
  tag.clear();
  alert.reset();
}

std::string live_kinds() {
  std::string text;
  for (const LiveKind& kind : kinds) text += (text.empty() ? "" : ", ") + std::string(kind.insight);
  return text;
}

Measures measures_of(const ShapedHistory& history, const MeasureOptions& options, Date day) {
  MeasureRows rows(options, day, 1);
  rows.add(1, measure_rows(history.rows(), RowRule(options, day)));
  return rows.take();
}

json::object kept_options(std::string_view schema, const KeptModel& kept) {
  json::error_code failed;
  const json::value all = json::parse(kept.options, failed);
  if (failed || !all.is_object()) throw Error(Code::corrupt, "its options are not a JSON object");
  json::object given;
  for (const auto& member : all.get_object())
    if (!member.value().is_null()) given[member.key()] = member.value();
  given.erase("what_if");  // questions about all customers
  return checked_options(schema, json::serialize(given));
}

LiveModel load_live_model(KeptModel kept, const Zone& zone) {
  const std::string name = kept.name;
  for (const LiveKind& kind : kinds) {
    if (kind.insight != name) continue;
    if (kept.fitted.empty())
      refuse(Code::unsupported, "the model '" + name + "' keeps nothing that one customer can be scored by", "fitted",
             kind.to_keep);
    try {
      return kind.load(std::move(kept), zone);
    } catch (const Error& error) {
      refuse(error.code() == Code::newer ? Code::newer : Code::corrupt,
             "the model '" + name + "' cannot be read: " + error.first().message, "fitted",
             "run the insight anew, or turn it off: emptor model live STORE " + name + " off");
    }
  }
  refuse(Code::unsupported, "a model of this kind does not score one customer at a time", "name",
         "live models can be: " + live_kinds());
}

}  // namespace emptor
