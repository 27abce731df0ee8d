#include "core/phone_extension.hpp"

#include <algorithm>

#include "core/phone_symbols.hpp"

namespace emptor::phone {
namespace {

/// A word before an extension, and how many digits may follow it: the less it says, the fewer.
struct Label {
  std::string_view word;
  std::size_t digits;
};

// Longer words first where one ends with another. Bytes above ASCII are the symbols of phone_symbols.hpp: full-width
// e, x, t, n, i; the accented o; the Russian, Chinese and Japanese words.
constexpr Label labels[] = {{"extensio\x8An", 20},
                            {"extension", 20},
                            {"extensi\x89n", 20},
                            {"extensio\x8A", 20},
                            {"extensio", 20},
                            {"extensi\x89", 20},
                            {"xtensio\x8An", 20},
                            {"xtension", 20},
                            {"xtensi\x89n", 20},
                            {"xtensio", 20},
                            {"xtensi\x89", 20},
                            {"extn", 20},
                            {"ext", 20},
                            {"xtn", 20},
                            {"xt", 20},
                            {"\x84\x85\x86\x87", 20},
                            {"\x84\x85\x86", 20},
                            {"\x85\x86\x87", 20},
                            {"\x85\x86", 20},
                            {"\x8B\x8C\x8D", 20},
                            {"anexo", 20},
                            {"durchwahl", 20},
                            {"durchw", 20},
                            {"nebenstelle", 20},
                            {"apparat", 20},
                            {"ramal", 20},
                            {"poste", 20},
                            {"\x8E\x8F", 20},
                            {"\x90", 9},
                            {"\x91\x92", 20},
                            {"app", 9},
                            {"dw", 9},
                            {"int", 9},
                            {"\x88\x87\x86", 9},
                            {"x", 9},
                            {"\x85", 9},
                            {"#", 9},
                            {"\x83", 9},
                            {"~", 9}};

constexpr std::string_view parameter = ";ext=";
constexpr std::size_t most_after_parameter = 20, most_after_pause = 15, most_after_comma = 9, most_before_hash = 6;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == symbol::hard_blank; }
bool is_blank_or_comma(char c) { return is_blank(c) || c == ','; }
bool is_filler(char c) { return is_blank_or_comma(c) || c == '-'; }
bool is_dash_or_blank(char c) { return c == '-' || c == ' '; }

std::string_view without_trailing(std::string_view text, bool (*unwanted)(char)) {
  while (!text.empty() && unwanted(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view without_stop(std::string_view text) {
  const bool stop = !text.empty() && (text.back() == ':' || text.back() == '.' || text.back() == symbol::wide_stop);
  return text.substr(0, text.size() - (stop ? 1 : 0));
}

/// The digits that a text ends with, perhaps before a number sign.
struct Tail {
  std::string_view before, digits;
  bool hash;
};

Tail tail_of(std::string_view text) {
  const bool hash = text.ends_with('#');
  const std::string_view all = text.substr(0, text.size() - (hash ? 1 : 0));
  const std::string_view before = without_trailing(all, is_digit);
  return {before, all.substr(before.size()), hash};
}

Extension after_label(const Tail& tail) {
  const std::string_view labelled = without_stop(without_trailing(tail.before, is_filler));
  if (labelled.empty() || is_digit(labelled.back())) return {};  // no label ends with a digit
  for (const Label& label : labels) {
    if (!labelled.ends_with(label.word)) continue;
    if (tail.digits.size() > label.digits) return {};
    const std::string_view before = labelled.substr(0, labelled.size() - label.word.size());
    return {without_trailing(before, is_blank_or_comma), tail.digits};
  }
  return {};
}

/// Commas and semicolons are pauses for a machine that dials.
Extension after_pause(const Tail& tail) {
  std::string_view paused = without_stop(without_trailing(tail.before, is_filler));
  if (paused.ends_with(';') && tail.digits.size() <= most_after_pause)
    return {without_trailing(paused.substr(0, paused.size() - 1), is_blank), tail.digits};
  paused = without_trailing(paused, is_filler);
  const std::size_t comma = tail.before.find(',', paused.size());
  if (comma == tail.before.npos) return {};
  const bool two = tail.before.substr(comma).starts_with(",,");
  if (tail.digits.size() > (two ? most_after_pause : most_after_comma)) return {};
  return {without_trailing(tail.before.substr(0, comma), is_blank), tail.digits};
}

Extension before_hash(const Tail& tail) {
  const std::string_view before = without_trailing(tail.before, is_dash_or_blank);
  if (!tail.hash || before.size() == tail.before.size() || tail.digits.size() > most_before_hash) return {};
  return {before, tail.digits};
}

Extension after_parameter(const Tail& tail) {
  if (tail.hash || !tail.before.ends_with(parameter) || tail.digits.size() > most_after_parameter) return {};
  return {tail.before.substr(0, tail.before.size() - parameter.size()), tail.digits};
}

}  // namespace

Extension split_extension(std::string_view symbols) noexcept {
  const Tail tail = tail_of(symbols);
  if (!tail.digits.empty()) {
    for (const auto& form : {after_parameter, after_label, after_pause, before_hash}) {
      const Extension found = form(tail);
      if (!found.digits.empty() && is_viable(found.before)) return found;
    }
  }
  return {symbols, {}};
}

bool is_viable(std::string_view symbols) noexcept {
  if (symbols.size() == 2 && is_digit(symbols[0]) && is_digit(symbols[1])) return true;
  const std::size_t first = std::min(symbols.find_first_not_of('+'), symbols.size());
  std::size_t digits = 0;
  for (const char c : symbols.substr(first)) {
    if (is_digit(c)) {
      ++digits;
    } else if (!is_punctuation(c) && c != '*' && (digits < 3 || !is_letter(c))) {
      return false;
    }
  }
  return digits >= 3;
}

}  // namespace emptor::phone
