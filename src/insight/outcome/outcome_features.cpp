#include "insight/outcome/outcome_features.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "emptor/mine/leak_screen.hpp"
#include "insight/outcome/protected_columns.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_words = 100;  // of a column that is learnt from

bool named(const std::vector<std::string>& names, const AnswerColumn& column) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return name == column.cells.name || name == column.title; });
}

bool is_missing(const AnswerColumn& column, std::size_t row) {
  return column.cells.is_number() ? std::isnan(column.cells.numbers[row]) : column.cells.codes[row] < 0;
}

double code_of(const AnswerColumn& column, std::size_t row) {
  if (column.cells.is_number()) return column.cells.numbers[row];
  return column.cells.codes[row] < 0 ? std::numeric_limits<double>::quiet_NaN() : column.cells.codes[row];
}

/// Whether rows with an answer differ in this column.
bool differs(const AnswerColumn& column, const std::vector<std::size_t>& answered) {
  for (const std::size_t row : answered) {
    const bool missing = is_missing(column, row), first = is_missing(column, answered[0]);
    if (missing != first || (!missing && code_of(column, row) != code_of(column, answered[0]))) return true;
  }
  return false;
}

/// Which columns are learnt from, before the screen.
class FeatureChoice {
 public:
  FeatureChoice(const AnswerTable& table, const OutcomeRequest& request, const std::vector<std::size_t>& answered,
                OutcomeResult& out)
      : table_(table), request_(request), answered_(answered), out_(out) {
    const bool by_law = out.answer->name == AnswerName::credit;
    spare_ = request.protected_use == ProtectedUse::leave_out ||
             (request.protected_use == ProtectedUse::by_answer && by_law);
  }
  void choose() {
    for (std::size_t c = 0; c < table_.columns.size(); ++c) {
      if (c == out_.answer->column) continue;
      const std::string_view why = against(c);
      if (why.empty()) {
        out_.features.push_back(c);
      } else if (why != "not asked for") {
        out_.unused.push_back({c, why});
      }
    }
  }

 private:
  std::string_view against(std::size_t c) const {
    const AnswerColumn& column = table_.columns[c];
    const auto& same = out_.answer->same;
    if (!request_.fields.empty() && !named(request_.fields, column)) return "not asked for";
    if (std::find(same.begin(), same.end(), c) != same.end()) return "says the same as the answer";
    if (!differs(column, answered_)) return "the same of all";
    if (column.remarks || column.cells.words.size() > most_words) return "too many texts";
    if (spare_ && (is_protected(column.cells.name) || is_protected(column.title))) return "protected";
    return {};
  }

  const AnswerTable& table_;
  const OutcomeRequest& request_;
  const std::vector<std::size_t>& answered_;
  OutcomeResult& out_;
  bool spare_ = false;
};

/// Takes out of the features what knows too much, unless it is to be kept.
void screen(const AnswerTable& table, const OutcomeRequest& request, const std::vector<std::size_t>& answered,
            const mine::Run& run, OutcomeResult& out) {
  const FeatureRows rows(table, out, answered);
  const mine::LeakScreen found = mine::screen_leaks(
      rows.training(), {.categorical = word_features(table, out.features), .seed = request.seed}, run);
  std::vector<std::size_t> gone;
  for (const mine::LeakSuspect& suspect : found.suspects) {
    const std::size_t column = out.features[suspect.column];
    const bool used = named(request.keep, table.columns[column]);
    out.suspects.push_back({column, suspect.auc, suspect.rest_auc, suspect.reason == mine::LeakReason::certain, used});
    if (!used) gone.push_back(column);
  }
  for (const std::size_t column : gone) {
    std::erase(out.features, column);
    out.unused.push_back({column, "knows too much"});
  }
}

}  // namespace

FeatureRows::FeatureRows(const AnswerTable& table, const OutcomeResult& out, const std::vector<std::size_t>& rows)
    : columns(out.features.size()) {
  x.reserve(rows.size() * columns);
  for (const std::size_t row : rows) {
    for (const std::size_t c : out.features) x.push_back(code_of(table.columns[c], row));
    y.push_back(out.y[row]);
    ids.push_back(static_cast<std::uint64_t>(table.id[row]));
  }
}

std::vector<std::size_t> word_features(const AnswerTable& table, const std::vector<std::size_t>& features) {
  std::vector<std::size_t> words;
  for (std::size_t f = 0; f < features.size(); ++f)
    if (!table.columns[features[f]].cells.is_number()) words.push_back(f);
  return words;
}

void choose_features(const AnswerTable& table, const OutcomeRequest& request, const std::vector<std::size_t>& answered,
                     const mine::Run& run, OutcomeResult& out) {
  FeatureChoice(table, request, answered, out).choose();
  if (!out.features.empty()) screen(table, request, answered, run, out);
}

}  // namespace emptor
