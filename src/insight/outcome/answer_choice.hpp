/// Which field of a table is the answer: what came of each row.
///
/// Evidence is counted: two points where the name speaks of an outcome (model/answer_names.hpp), two where the values
/// do ("good" and "bad", not a plain yes or no), one where it is the last field that the source gave. A field can be an
/// answer if it has two values, or if it has up to six and exactly one of them names an event. It is taken for the
/// answer with at least two points and more than any other; fields that say the same of every row count once, the first
/// of them. Otherwise nothing is guessed, and the candidates are told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "insight/outcome/answer_table.hpp"
#include "model/answer_names.hpp"

namespace emptor {

struct AnswerValue {
  std::string text;
  std::size_t rows = 0;
};

struct AnswerCandidate {
  std::size_t column = 0;  ///< of the table
  std::vector<AnswerValue> values;
  std::optional<std::size_t> positive;  ///< place of the value that is the event; nothing where that is unclear
  AnswerName name = AnswerName::none;
  bool by_values = false, last = false;
  std::vector<std::size_t> same;  ///< columns that say the same of every row

  int points() const noexcept { return (name != AnswerName::none ? 2 : 0) + (by_values ? 2 : 0) + (last ? 1 : 0); }
};

/// The strongest first; of equal evidence in the order of the fields.
std::vector<AnswerCandidate> answer_candidates(const AnswerTable& table);
/// The first of them, where the evidence suffices and the event is clear.
const AnswerCandidate* clear_answer(const std::vector<AnswerCandidate>& candidates);

/// A field that the caller named, by its name or title, and the value that is the event ("" where it is to be found).
/// Throws Code::not_found for an unknown field, Code::invalid (field "positive") for a value that it does not have and
/// where it is unclear which is the event.
AnswerCandidate named_answer(const AnswerTable& table, std::string_view field, std::string_view positive);

/// 1 where the event came, 0 where another value stands, NaN where nothing does.
std::vector<double> answer_of(const AnswerTable& table, const AnswerCandidate& candidate);

}  // namespace emptor
