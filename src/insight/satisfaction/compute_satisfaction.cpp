#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "core/option_reader.hpp"
#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/satisfaction/satisfaction_work.hpp"
#include "insight/tables/plain_attributes.hpp"
#include "insight/tables/plain_fields.hpp"
#include "insight/tables/purchase_options.hpp"
#include "insight/words/kind_writer.hpp"

namespace emptor {
namespace {

namespace json = boost::json;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// A column of numbers, a row each; NaN where nothing is.
std::vector<double> numbers_of(const ArrowTable& table, const std::string& name) {
  const std::size_t column = table.column(name);
  std::vector<double> numbers;
  PlainRows rows(table);
  rows.each([&] {
    const ArrowCell cell = rows.cell(column);
    const std::optional<double> number = is_missing(cell) ? std::optional(nan) : real_of(cell);
    if (!number || std::isinf(*number)) rows.refuse(column, "number");
    numbers.push_back(*number);
  });
  return numbers;
}

/// A column that answers are grouped by: texts, truths or whole numbers.
std::vector<std::string> texts_of(const ArrowTable& table, const std::string& name) {
  const std::size_t column = table.column(name);
  std::vector<std::string> texts;
  PlainRows rows(table);
  rows.each([&] { texts.push_back(checked_text(table, column, rows.done() + 1, rows.cell(column))); });
  return texts;
}

OpinionScale scale_option(const OptionReader& options) {
  const std::string name = options.text("scale", "nps");
  const auto found = std::find(opinion_scale_names.begin(), opinion_scale_names.end(), name);
  return static_cast<OpinionScale>(found - opinion_scale_names.begin());
}

struct PlainOpinions {
  Opinions opinions;
  Column customers;
  std::uint64_t rows = 0, skipped = 0;
};

/// Up to a day, by day, then the place in the table. Throws Code::invalid for a score that is not on its scale.
PlainOpinions plain_opinions(const ArrowTable& table, const OptionReader& options, const std::optional<Date>& until) {
  PurchaseColumnNames names;
  names.customer = options.text("customer", "customer");
  names.date = options.text("date", "date");
  names.places = true;
  PlainPurchases rows = plain_purchases(table, names, purchase_zone(options));
  const std::string score_name = options.text("score", "score");
  const std::vector<double> scores = numbers_of(table, score_name);
  const OpinionScale scale = scale_option(options);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double score = scores[rows.place[i]];
    if (std::isnan(score) || (until && rows.day[i] > until->days)) continue;
    if (!on_scale(scale, score)) refuse_cell(table, table.column(score_name), rows.place[i] + 1, "score of its scale");
    order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(rows.day[a], rows.place[a]) < std::tie(rows.day[b], rows.place[b]);
  });
  PlainOpinions out{.opinions = {}, .customers = std::move(rows.customers), .rows = rows.rows};
  out.skipped = rows.rows - order.size();
  for (const std::size_t i : order)
    out.opinions.rows.push_back({std::int64_t{rows.customer[i]} + 1, rows.day[i], scale, scores[rows.place[i]]});
  for (const std::string& name : options.texts("by")) {
    const std::vector<std::string> texts = texts_of(table, name);
    KindWriter kinds(name);
    for (const std::size_t i : order) kinds.add(texts[rows.place[i]]);
    out.opinions.groups.push_back(kinds.take());
  }
  for (const std::string& name : options.texts("measures")) {
    const std::vector<double> numbers = numbers_of(table, name);
    PortraitNumbers column{name, {}};
    for (const std::size_t i : order) column.values.push_back(numbers[rows.place[i]]);
    out.opinions.before.push_back(std::move(column));
  }
  return out;
}

std::vector<CustomerWord> words_of(const Opinions& opinions) {
  std::vector<CustomerWord> words;
  for (const Opinion& one : opinions.rows)
    words.push_back(
        {.customer = one.customer, .day = one.day, .level = one.level(), .scale = one.scale, .score = one.score});
  std::stable_sort(words.begin(), words.end(),
                   [](const CustomerWord& a, const CustomerWord& b) { return a.customer < b.customer; });
  return words;
}

}  // namespace

std::string_view compute_satisfaction_schema() {
  return R"({"type":"object","properties":{
"customer":{"type":"string","description":"column of who answered: whole numbers or texts; customer without it"},
"date":{"type":"string","description":"column of the day of the answer; date without it"},
"score":{"type":"string","description":"column of the answers; score without it"},
"scale":{"type":"string","enum":["nps","csat","ces","ces_effort","questionnaire"],"description":"nps (0 to 10) without it"},
"by":{"type":"array","items":{"type":"string"},"description":"columns that answers are grouped by"},
"measures":{"type":"array","items":{"type":"string"},"description":"columns of numbers, known before the answer, that may go with it"},
"period":{"type":"string","enum":["month","quarter","year"],"description":"quarter without it"},
"as_of":{"type":"string","description":"day that the index stands for, YYYY-MM-DD; the last answer without it"},
"zone":{"type":"string","description":"IANA name of the zone in which instants become days; UTC without it"},
"half_life_days":{"type":"number","minimum":1,"maximum":36500,"description":"age at which an answer weighs half; 180 without it"},
"horizon_days":{"type":"integer","minimum":1,"maximum":3650,"description":"days before the end from which on answers judge the index; 90 without it"},
"level":{"type":"number","minimum":0.5,"maximum":0.999,"description":"of intervals; .95 without it"},
"false_findings":{"type":"number","minimum":0.001,"maximum":0.5,"description":"share of findings that may be so by chance; .05 without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of the words"}}})";
}

ComputedResult compute_satisfaction(const PlainData& data) {
  const OptionReader options(compute_satisfaction_schema(), data.json);
  const SatisfactionRequest request =
      satisfaction_request(checked_options(compute_satisfaction_schema(), data.json), options.day("as_of"));
  const ArrowTable table(data.stream);
  const PlainOpinions plain = plain_opinions(table, options, request.until);
  const std::vector<Opinion>& rows = plain.opinions.rows;
  std::optional<Date> until = request.until;
  if (!until && !rows.empty()) until = Date{rows.back().day};
  const OpinionOutcome outcome = judge_opinions(plain.opinions, words_of(plain.opinions), request, until);
  json::object summary = opinions_json(request, outcome);
  summary["computation"] = "satisfaction";
  summary["rows"] = plain.rows;
  summary["skipped"] = plain.skipped;
  return {json::serialize(summary),
          satisfaction_table(request, outcome, keys_at(outcome.index.customer, plain.customers))};
}

}  // namespace emptor
