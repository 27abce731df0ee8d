#include "insight/preferences/text_tone.hpp"

#include <algorithm>
#include <iterator>

#include "core/elementary.hpp"
#include "emptor/core/random.hpp"
#include "emptor/core/text.hpp"
#include "insight/preferences/topic_words.hpp"

namespace emptor {
namespace {

constexpr std::uint64_t least_learnt = 30, least_judged = 10;  // texts of each class
constexpr std::uint64_t parts = 5;
constexpr int reach = 3;  // words or characters after a negation

constexpr std::string_view negations[] = {"not", "no", "never", "without"};
constexpr char32_t chinese_negations[] = {U'不', U'没', U'别', U'无', U'未'};
constexpr std::string_view wishes[] = {"want",        "wish", "need", "would like", "looking for", "look for",
                                       "do you have", "想",   "希望", "需要",       "有没有",      "求购"};
constexpr std::string_view marks[] = {".", "!", "?", ";", ",", "\n", "。", "！", "？", "；", "，", "、"};

template <class List, class One>
bool is_among(const List& list, const One& one) {
  return std::find(std::begin(list), std::end(list), one) != std::end(list);
}

/// Gathers words while a clause is read character by character.
class WordReading {
 public:
  std::vector<std::string> read(std::string_view clause) {
    for (std::size_t at = 0; at < clause.size();) {
      const std::size_t begin = at;
      const char32_t character = next_code_point(clause, at);
      const std::string_view text = clause.substr(begin, at - begin);
      if (is_spaced_letter(character) || character == '\'' || character == U'’')
        word_ += character == U'’' ? "'" : text;
      else if (character > 0x2E7F && character != 0x3000)
        take_character(character, text);
      else
        end_word(true);
    }
    end_word(true);
    std::sort(words_.begin(), words_.end());
    words_.erase(std::unique(words_.begin(), words_.end()), words_.end());
    return std::move(words_);
  }

 private:
  void end_word(bool breaks) {
    if (breaks) former_.clear();
    if (word_.empty()) return;
    const bool negates = is_among(negations, std::string_view(word_)) || word_.ends_with("n't");
    keep(word_);
    if (negates)
      negated_ = reach;
    else if (negated_ > 0)
      --negated_;
    word_.clear();
  }
  void take_character(char32_t character, std::string_view text) {
    end_word(false);
    keep(std::string(text));
    if (!former_.empty()) keep(former_ + std::string(text));
    if (is_among(chinese_negations, character)) {
      negated_ = reach;
    } else if (negated_ > 0) {
      --negated_;
    }
    former_ = text;
  }
  void keep(const std::string& word) { words_.push_back(negated_ > 0 ? "!" + word : word); }

  std::vector<std::string> words_;
  std::string word_, former_;
  int negated_ = 0;
};

bool is_kept_back(const RatedText& text) { return hash_of(0, text.id) % parts == 0; }

struct WordCounts {
  std::uint64_t good = 0, bad = 0;
};

void count_words(const std::vector<RatedText>& texts, Tone& tone) {
  std::map<std::string, WordCounts, std::less<>> counts;
  for (const RatedText& text : texts) {
    if (is_kept_back(text)) continue;
    ++(text.good ? tone.good : tone.bad);
    for (const std::string& word : text.words) ++(text.good ? counts[word].good : counts[word].bad);
  }
  std::erase_if(counts, [](const auto& one) { return one.second.good + one.second.bad < 2; });
  WordCounts all;
  for (const auto& [word, count] : counts) {
    all.good += count.good;
    all.bad += count.bad;
  }
  const auto size = static_cast<double>(counts.size());
  const double prior = elementary::log((static_cast<double>(all.bad) + size) / (static_cast<double>(all.good) + size));
  for (const auto& [word, count] : counts)
    tone.odds.emplace(
        word, prior + elementary::log((static_cast<double>(count.good) + 1) / (static_cast<double>(count.bad) + 1)));
}

}  // namespace

std::vector<std::string_view> clauses_of(std::string_view folded) {
  std::vector<std::string_view> clauses;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < folded.size();) {
    const std::size_t here = at;
    next_code_point(folded, at);
    if (!is_among(marks, folded.substr(here, at - here))) continue;
    if (here > begin) clauses.push_back(folded.substr(begin, here - begin));
    begin = at;
  }
  if (begin < folded.size()) clauses.push_back(folded.substr(begin));
  return clauses;
}

std::vector<std::string> words_of(std::string_view clause) { return WordReading().read(clause); }

bool asks(std::string_view clause) {
  return std::any_of(std::begin(wishes), std::end(wishes), [&](std::string_view wish) {
    for (std::size_t at = clause.find(wish); at != clause.npos; at = clause.find(wish, at + 1)) {
      std::size_t end = at + wish.size();
      const bool begins = at == 0 || !is_spaced_letter(static_cast<unsigned char>(clause[at - 1]));
      const bool ends = end >= clause.size() || !is_spaced_letter(next_code_point(clause, end));
      if (static_cast<unsigned char>(wish[0]) >= 0x80 || (begins && ends)) return true;
    }
    return false;
  });
}

double Tone::score(const std::vector<std::string>& words) const noexcept {
  double sum = 0;
  for (const std::string& word : words)
    if (const auto found = odds.find(word); found != odds.end()) sum += found->second;
  return sum;
}

Tone learn_tone(const std::vector<RatedText>& texts) {
  Tone tone;
  count_words(texts, tone);
  std::vector<double> good, bad;
  for (const RatedText& text : texts) {
    if (!is_kept_back(text)) continue;
    const double score = tone.score(text.words);
    ++tone.judged;
    tone.right += (score > 0) == text.good ? 1 : 0;
    (text.good ? good : bad).push_back(score);
  }
  if (std::min(tone.good, tone.bad) < least_learnt || std::min(good.size(), bad.size()) < least_judged) {
    tone.why = "there are " + std::to_string(tone.good + good.size()) + " good and " +
               std::to_string(tone.bad + bad.size()) + " bad rated texts; some 40 of each are needed";
    return tone;
  }
  tone.delta = mine::contrast_numbers(good, bad).delta;
  if (tone.delta.lower <= 0) tone.why = "the words of rated texts do not tell good from bad ones";
  return tone;
}

}  // namespace emptor
