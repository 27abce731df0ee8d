#include "insight/outcome/outcome_words.hpp"

#include "insight/words/filled_words.hpp"

namespace emptor {
namespace {

constexpr FilledWords is = {" is ", "为"};
constexpr FilledWords unknown = {" is not known", "未知"};
constexpr FilledWords rising = {": large values raise the chance", "：数值越大概率越高"};
constexpr FilledWords falling = {": large values lower the chance", "：数值越大概率越低"};
constexpr FilledWords mixed = {": it works both ways", "：影响方向不一"};
constexpr FilledWords highest = {": highest for ", "：最高的是"};
constexpr FilledWords lowest = {", lowest for ", "，最低的是"};
constexpr FilledWords raises = {" raises the chance of this group", "提高了本组的概率"};
constexpr FilledWords lowers = {" lowers the chance of this group", "降低了本组的概率"};
constexpr FilledWords yes = {"yes", "是"}, no = {"no", "否"};

std::string_view say(const FilledWords& words, Language language) {
  return language == Language::chinese ? words.chinese : words.english;
}

/// A word of a column; those of truths are ours.
std::string word(const AnswerColumn& column, std::string text, Language language) {
  if (column.type != Type::boolean) return text;
  return std::string(say(text == "yes" ? yes : no, language));
}

}  // namespace

std::string outcome_reason(const AnswerTable& table, const OutcomeResult& result, std::size_t row, std::size_t feature,
                           Language language) {
  const AnswerColumn& column = table.columns[result.features[feature]];
  const std::string text = cell_text(column, row);
  if (text.empty()) return column.title + std::string(say(unknown, language));
  return column.title + std::string(say(is, language)) + word(column, text, language);
}

std::string outcome_driver(const AnswerTable& table, const OutcomeResult& result, const OutcomeDriver& driver,
                           Language language) {
  constexpr double clear_direction = 0.2;  // of a correlation
  const AnswerColumn& column = table.columns[result.features[driver.feature]];
  if (column.cells.is_number())
    return column.title + std::string(say(driver.direction > clear_direction    ? rising
                                          : driver.direction < -clear_direction ? falling
                                                                                : mixed,
                                          language));
  if (!driver.highest || driver.highest == driver.lowest) return column.title + std::string(say(mixed, language));
  return column.title + std::string(say(highest, language)) +
         word(column, column.cells.words[*driver.highest], language) + std::string(say(lowest, language)) +
         word(column, column.cells.words[*driver.lowest], language);
}

std::string outcome_group_reason(const AnswerTable& table, const OutcomeResult& result, std::size_t feature,
                                 double mean, Language language) {
  return table.columns[result.features[feature]].title + std::string(say(mean > 0 ? raises : lowers, language));
}

}  // namespace emptor
