/// Names and values by which a table tells what came of its customers: who left, defaulted, responded, bought.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace emptor {

/// Of what a name speaks.
enum class AnswerName : std::uint8_t {
  none,
  outcome,  ///< "Churn", "Exited", "responded", "是否流失"
  credit,   ///< "default", "creditability", "违约": what law forbids some columns to decide on
};

/// By whole words in English and German, and parts of Chinese names. "churn_score", "DefaultDate" and
/// "previous_response" speak of one, but are none.
AnswerName answer_name(std::string_view name);

/// What a value says of its row.
struct AnswerWord {
  bool event = false;    ///< it came about
  bool outcome = false;  ///< the value names an outcome itself ("churned", "good"), not just yes or no
};
/// Nothing for a value that is neither a plain yes or no ("Yes", "0", "否") nor a word for an outcome ("bad",
/// "Existing Customer", "未流失").
std::optional<AnswerWord> answer_word(std::string_view value);

}  // namespace emptor
