// Scorecards of plain tables: learnt from one, used on others.
#include <cmath>

#include "core/option_reader.hpp"
#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "insight/compute_runs.hpp"
#include "insight/credit/scorecard_work.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view against_texts[] = {"best", "mean"};

/// By custom: below .1 nothing moved, above .25 it is another population.
std::string_view stability_word(double index) { return index < 0.1 ? "stable" : index <= 0.25 ? "shifting" : "moved"; }

/// Which of the card's columns stand in the table, and which it cannot do without.
struct CardColumns {
  std::vector<std::uint8_t> needed, present;

  CardColumns(const ArrowTable& table, const PlainCard& card) {
    for (std::size_t c = 0; c < card.attributes.size(); ++c) {
      needed.push_back(card.card.columns[c].use == mine::ColumnUse::used ? 1 : 0);
      present.push_back(find_column(table, card.attributes[c].name) ? 1 : 0);
    }
  }
};

json::value stability_json(const PlainCard& card, const CardColumns& columns, const PlainNumbers& numbers,
                           const mine::Run& run) {
  if (numbers.rows == 0) return nullptr;
  const mine::ScorecardStability stability = mine::stability_of(card.card, numbers.view(), run);
  json::array all;
  for (std::size_t c = 0; c < card.attributes.size(); ++c)
    if (columns.present[c] != 0)
      all.push_back(json::object{{"name", card.attributes[c].name},
                                 {"csi", stability.columns[c]},
                                 {"verdict", stability_word(stability.columns[c])}});
  return json::object{
      {"psi", stability.score}, {"verdict", stability_word(stability.score)}, {"columns", std::move(all)}};
}

/// Where the table tells what came of its rows: how well the card told it.
json::value seen_quality_json(const ArrowTable& table, const PlainCard& card, const PlainNumbers& numbers,
                              const mine::Run& run) {
  if (!find_column(table, card.target)) return nullptr;
  const PlainTarget target = plain_target(table, card.target, card.positive);
  if (target.events == 0 || target.events == target.y.size()) return nullptr;
  std::vector<double> x;
  for (std::size_t c = 0; c < card.attributes.size(); ++c)
    for (std::size_t row = 0; row < numbers.rows; ++row)
      if (target.marked[row] != 0) x.push_back(numbers.x[c * numbers.rows + row]);
  const std::size_t rows = target.y.size();
  return quality_json(
      mine::judge(card.card, {{x.data(), rows, card.attributes.size(), 1, rows}, target.y, {}, {}}, run));
}

NamedTable points_table(const PlainCard& card, const PlainNumbers& numbers, std::size_t reasons, mine::Against against,
                        const mine::Run& run) {
  const std::vector<double> points = mine::score(card.card, numbers.view(), run);
  NamedTable table;
  table.add("points", Type::real) = real_column(points);
  Column& chance = table.add("chance", Type::real);
  for (const double one : points) chance.append(Value(mine::chance_of(card.card, one)));
  for (std::size_t i = 1; i <= reasons; ++i) {
    table.add("reason_" + std::to_string(i), Type::text);
    table.add("lost_" + std::to_string(i), Type::real);
  }
  std::vector<double> row(card.attributes.size());
  for (std::size_t r = 0; r < numbers.rows && reasons > 0; ++r) {
    for (std::size_t c = 0; c < row.size(); ++c) row[c] = numbers.x[c * numbers.rows + r];
    const std::vector<mine::ReasonCode> found = mine::reasons_of(card.card, row, reasons, against);
    for (std::size_t i = 0; i < reasons; ++i) {
      const bool is = i < found.size();
      table.columns[2 + 2 * i].append(is ? Value(std::string_view(card.attributes[found[i].column].name)) : Value());
      table.columns[3 + 2 * i].append(is ? Value(found[i].lost) : Value());
    }
  }
  return table;
}

}  // namespace

std::string_view compute_scorecard_schema() { return scorecard_schema(); }

ComputedResult compute_scorecard(const PlainData& data) {
  const ScorecardRequest request = scorecard_request(data.json);
  const ArrowTable table(data.stream);
  const ScorecardOutcome outcome = learn_scorecard(table, request, {data.executor, data.progress});
  json::object summary = scorecard_json(request, outcome);
  summary["computation"] = "scorecard";
  return {json::serialize(summary), card_table(outcome.card)};
}

std::string_view compute_scorecard_points_schema() {
  static const std::string text = R"({"type":"object","properties":{"card":)" + std::string(card_schema) +
                                  R"(,
"reasons":{"type":"integer","minimum":0,"maximum":20,"description":"a row at most; 3 without it"},
"against":{"type":"string","enum":["best","mean"],"description":"what lost points are counted from: the best bin of each attribute, or its mean"}}})";
  return text;
}

ComputedResult compute_scorecard_points(const PlainData& data) {
  const json::object options = checked_options(compute_scorecard_points_schema(), data.json.empty() ? "{}" : data.json);
  if (!options.contains("card"))
    throw Error(Problem{.code = Code::invalid, .message = "no card is given to score by", .field = "card"});
  const PlainCard card = card_of(options.at("card").as_object());
  const json::value* asked = options.if_contains("reasons");
  const auto reasons = asked == nullptr ? std::size_t{3} : asked->to_number<std::size_t>();
  const auto against = choice_option<mine::Against>(options, "against", against_texts);
  const mine::Run run{data.executor, data.progress};
  const ArrowTable table(data.stream);
  const CardColumns columns(table, card);
  const PlainNumbers numbers = attribute_numbers(table, card.attributes, columns.needed);
  json::object summary = {{"computation", "scorecard_points"},
                          {"rows", numbers.rows},
                          {"unknown", numbers.unknown},
                          {"stability", stability_json(card, columns, numbers, run)},
                          {"quality", seen_quality_json(table, card, numbers, run)}};
  return {json::serialize(summary), points_table(card, numbers, reasons, against, run)};
}

}  // namespace emptor
