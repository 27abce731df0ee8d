#include "insight/outcome/answer_choice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_values = 6;  // of an answer; more are classes
constexpr int least_points = 2;

/// The values of a column, numbers ascending and words by bytes; nothing if there are more than `most`.
std::optional<std::vector<AnswerValue>> values_of(const AnswerColumn& column, std::size_t most) {
  std::vector<AnswerValue> values;
  if (column.cells.is_number()) {
    std::map<double, std::size_t> rows;
    std::map<double, std::size_t> first;
    for (std::size_t row = 0; row < column.cells.numbers.size(); ++row) {
      const double number = column.cells.numbers[row];
      if (std::isnan(number)) continue;
      ++rows[number];
      first.try_emplace(number, row);
      if (rows.size() > most) return std::nullopt;
    }
    for (const auto& [number, count] : rows) values.push_back({cell_text(column, first[number]), count});
    return values;
  }
  if (column.cells.words.size() > most) return std::nullopt;
  for (const std::string& word : column.cells.words) values.push_back({word, 0});
  for (const std::int32_t code : column.cells.codes)
    if (code >= 0) ++values[static_cast<std::size_t>(code)].rows;
  return values;
}

/// The value that is the event: the only one whose word says so; of two numbers the greater.
std::optional<std::size_t> event_of(const AnswerColumn& column, const std::vector<AnswerValue>& values) {
  std::optional<std::size_t> event;
  std::size_t events = 0, others = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::optional<AnswerWord> word = answer_word(values[i].text);
    if (word && word->event) event = i, ++events;
    if (word && !word->event) ++others;
  }
  if (events == 1 && !column.cells.is_number()) return event;
  if (values.size() != 2) return std::nullopt;
  if (column.cells.is_number()) return 1;
  if (events == 0 && others == 1) return answer_word(values[0].text) ? 1 : 0;
  return std::nullopt;
}

bool speak_of_outcomes(const std::vector<AnswerValue>& values) {
  return std::any_of(values.begin(), values.end(), [](const AnswerValue& value) {
    const std::optional<AnswerWord> word = answer_word(value.text);
    return word && word->outcome;
  });
}

AnswerCandidate described(const AnswerTable& table, std::size_t column, std::vector<AnswerValue> values) {
  AnswerCandidate one{.column = column, .values = std::move(values)};
  one.positive = event_of(table.columns[column], one.values);
  one.name = answer_name(table.columns[column].title);
  if (one.name == AnswerName::none) one.name = answer_name(table.columns[column].cells.name);
  one.by_values = speak_of_outcomes(one.values);
  return one;
}

bool says_the_same(const std::vector<double>& a, const std::vector<double>& b) {
  bool same = true, opposite = true;
  for (std::size_t row = 0; row < a.size() && (same || opposite); ++row) {
    if (std::isnan(a[row]) != std::isnan(b[row])) return false;
    if (std::isnan(a[row])) continue;
    same = same && a[row] == b[row];
    opposite = opposite && a[row] != b[row];
  }
  return same || opposite;
}

/// Candidates that say the same as an earlier one become part of it.
void join_same(const AnswerTable& table, std::vector<AnswerCandidate>& all) {
  std::vector<AnswerCandidate> kept;
  std::vector<std::vector<double>> answers;
  for (AnswerCandidate& one : all) {
    std::vector<double> own = one.positive ? answer_of(table, one) : std::vector<double>();
    std::size_t twin = kept.size();
    for (std::size_t i = 0; i < kept.size() && !own.empty(); ++i)
      if (!answers[i].empty() && says_the_same(answers[i], own)) twin = std::min(twin, i);
    if (twin < kept.size()) {
      kept[twin].same.push_back(one.column);
      continue;
    }
    answers.push_back(std::move(own));
    kept.push_back(std::move(one));
  }
  all = std::move(kept);
}

}  // namespace

std::vector<AnswerCandidate> answer_candidates(const AnswerTable& table) {
  std::vector<AnswerCandidate> all;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (table.columns[c].remarks) continue;
    std::optional<std::vector<AnswerValue>> values = values_of(table.columns[c], most_values);
    if (!values || values->size() < 2) continue;
    AnswerCandidate one = described(table, c, std::move(*values));
    one.last = c + 1 == table.columns.size();
    const bool speaks = one.name != AnswerName::none || one.by_values;
    if (one.values.size() == 2 || (speaks && one.positive)) all.push_back(std::move(one));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const AnswerCandidate& a, const AnswerCandidate& b) { return a.points() > b.points(); });
  join_same(table, all);
  return all;
}

const AnswerCandidate* clear_answer(const std::vector<AnswerCandidate>& candidates) {
  if (candidates.empty() || candidates[0].points() < least_points || !candidates[0].positive) return nullptr;
  if (candidates.size() > 1 && candidates[1].points() == candidates[0].points()) return nullptr;
  return &candidates[0];
}

AnswerCandidate named_answer(const AnswerTable& table, std::string_view field, std::string_view positive) {
  const AnswerColumn* column = table.find(field);
  if (column == nullptr)
    throw Error(Problem{.code = Code::not_found,
                        .message = "no field '" + std::string(field) + "' to learn",
                        .entity = table.entity,
                        .field = "answer",
                        .hint = "fields of the entity, custom ones too, by name or by the header they came with"});
  const auto refuse = [&](const char* what, const char* hint) {
    return Error(Problem{.code = Code::invalid,
                         .message = "the field '" + column->cells.name + "' " + what,
                         .entity = table.entity,
                         .field = "positive",
                         .hint = hint});
  };
  constexpr std::size_t most_named = 50;
  std::optional<std::vector<AnswerValue>> values = values_of(*column, most_named);
  if (!values) throw refuse("has too many values for an answer", "an answer has fifty at most");
  AnswerCandidate one = described(table, static_cast<std::size_t>(column - table.columns.data()), std::move(*values));
  if (positive.empty()) {
    if (!one.positive && !one.values.empty()) throw refuse("does not tell which of its values is the event", "name it");
    return one;
  }
  one.positive = std::nullopt;
  const std::optional<AnswerWord> word = answer_word(positive);
  for (std::size_t i = 0; i < one.values.size(); ++i) {
    const std::optional<AnswerWord> own = answer_word(one.values[i].text);
    const bool truth = column->type == Type::boolean && word && own && word->event == own->event;
    if (truth || fold(one.values[i].text) == fold(positive)) one.positive = i;
  }
  if (!one.positive) throw refuse("has no such value", "a value as it stands in the data");
  return one;
}

std::vector<double> answer_of(const AnswerTable& table, const AnswerCandidate& candidate) {
  const AnswerColumn& column = table.columns[candidate.column];
  std::vector<double> y;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string text = cell_text(column, row);
    y.push_back(text.empty() ? std::numeric_limits<double>::quiet_NaN()
                : candidate.positive && text == candidate.values[*candidate.positive].text ? 1.0
                                                                                           : 0.0);
  }
  return y;
}

}  // namespace emptor
