#include "insight/insight_runs.hpp"

#include <cmath>

#include "core/options.hpp"
#include "insight/words/verdict_words.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view purchase_texts[] = {"positive", "non_negative", "net"};
constexpr std::string_view language_texts[] = {"en", "zh"};
constexpr std::string_view non_positive_texts[] = {"keep", "exclude", "lowest"};

/// The language among the options that a summary tells.
Language language_told(const json::object& summary) {
  const json::value* options = summary.if_contains("options");
  return options == nullptr || !options->is_object() ? Language::english : language_option(options->as_object());
}

}  // namespace

MeasureOptions measure_options(const json::object& options, const std::optional<Date>& as_of) {
  MeasureOptions measures;
  measures.as_of = as_of;
  if (const json::value* days = options.if_contains("horizon_days")) {
    measures.horizon_days = static_cast<std::int32_t>(days->as_int64());
  }
  measures.purchases = choice_option<Purchases>(options, "purchases", purchase_texts);
  measures.non_positive = choice_option<NonPositive>(options, "non_positive", non_positive_texts);
  return measures;
}

json::object measure_options_json(const MeasureOptions& options) {
  json::object object;
  if (options.horizon_days) object["horizon_days"] = *options.horizon_days;
  object["purchases"] = purchase_texts[static_cast<std::size_t>(options.purchases)];
  object["non_positive"] = non_positive_texts[static_cast<std::size_t>(options.non_positive)];
  return object;
}

Language language_option(const json::object& options) {
  return choice_option<Language>(options, "language", language_texts);
}
std::string_view code_of(Language language) noexcept { return language_texts[static_cast<std::size_t>(language)]; }

json::value decimal_json(const IntegerSum& micros) { return json::string(micros.micros_to_decimal().to_string()); }
json::value decimal_json(std::int64_t micros) { return json::string(Decimal::from_micros(micros).to_string()); }

json::value day_json(const Measures& measures) {
  return measures.size() == 0 ? json::value() : json::value(to_string(measures.as_of));
}

Column id_column(std::span<const std::int64_t> ids) {
  Column column{.type = Type::id};
  column.bits.assign(ids.begin(), ids.end());
  column.valid.assign(ids.size(), 1);
  return column;
}

Column real_column(std::span<const double> numbers) {
  Column column{.type = Type::real};
  for (const double number : numbers) column.append(std::isnan(number) ? Value() : Value(number));
  return column;
}

json::value number_json(double number) { return std::isfinite(number) ? json::value(number) : json::value(); }

void tell_run(json::object& summary, std::string_view insight, std::int64_t data_version, std::size_t scored) {
  summary["insight"] = insight;
  const json::value day = summary.at("until");  // a copy: a new key may move what is there
  summary["as_of"] = day;
  summary["data_version"] = data_version;
  summary["model_id"] = nullptr;
  summary["scored"] = scored;
}

std::string summary_text(json::object& summary) {
  tell_verdicts(summary, language_told(summary));
  return json::serialize(summary);
}

std::string external_id_of(const View& view, Id customer) {
  const std::vector<Record> found =
      view.select({.entity = "identity",
                   .where = Where::all({Where::equal("record_id", customer), Where::equal("entity", "customer")}),
                   .limit = 1});
  return found.empty() ? std::string() : std::string(found.front().get("external_id").text());
}

}  // namespace emptor
