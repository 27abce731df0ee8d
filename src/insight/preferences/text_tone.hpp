/// Tone: whether a customer likes or dislikes what a clause is about, learnt from the store's own rated texts.
///
/// Naive Bayes over the words of a text, each counted once (Manning, Raghavan, Schuetze, Introduction to Information
/// Retrieval (2008), 13.3; once a text: Pang, Lee, Vaithyanathan, EMNLP 2002), both classes as likely beforehand. A
/// word after a negation is another word (Das and Chen 2001). No word is good or bad by our saying so.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/contrast.hpp"

namespace emptor {

/// The clauses of a folded text: parts between marks and new lines.
std::vector<std::string_view> clauses_of(std::string_view folded);
/// Words of a clause: those between blanks; of Chinese every character and every pair. Each once, ascending. Words up
/// to three after "not", "no", "never", "n't", "without", and characters up to three after 不 没 别 无 未, are marked.
std::vector<std::string> words_of(std::string_view clause);
/// Whether a clause asks for something: want, wish, need, would like, looking for, do you have; 想 希望 需要 有没有
/// 求购.
bool asks(std::string_view clause);

struct RatedText {
  std::uint64_t id = 0;
  bool good = false;
  std::vector<std::string> words;  ///< ascending, each once
};

struct Tone {
  std::map<std::string, double, std::less<>> odds;  ///< log odds of good, of words that two texts or more have
  std::uint64_t good = 0, bad = 0;                  ///< texts learnt from
  std::uint64_t judged = 0, right = 0;              ///< of the fifth kept back: all, and those on the right side
  mine::Effect delta;  ///< of the scores of good over bad ones kept back: 2 AUC - 1, 95 % interval
  std::string why;     ///< where no tone could be learnt

  bool usable() const noexcept { return why.empty(); }
  double score(const std::vector<std::string>& words) const noexcept;  ///< log odds of good
};
/// Learns from four fifths of the texts, judges on the fifth whose hash is least, and keeps the former. It needs 30 of
/// each class to learn from and 10 of each kept back, and an interval of delta above 0.
Tone learn_tone(const std::vector<RatedText>& texts);

}  // namespace emptor
