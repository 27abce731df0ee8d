/// Satisfaction index: of each customer what they said of us, weighted by age and shrunk towards all customers. It is
/// an index from 0 to 100, no chance and no forecast.
///
/// A customer's words have levels v from 0 (worst) to 1: of an answer its place on the scale, of a complaint 0, of
/// praise 1, of other feedback with a tone (tone + 1) / 2. A word of so many days weighs w = 2^(-days / half_life).
///   index = 100 (k m + sum w v) / (k + sum w),
/// m the weighted mean of all words, k = s2 / t2: the variance of words about their own customer over that of customers
/// about the mean, both estimated from the data (Bühlmann and Straub, Mitt. Verein. Schweiz. Vers. Math. 70 (1970),
/// 111, with the weights as volumes), kept within 0.5 and 20, and 2 where fewer than ten customers said two things.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "insight/satisfaction/opinions.hpp"

namespace emptor {

enum class WordKind : std::uint8_t { answer, complaint, praise, tone };

/// Something that a customer said.
struct CustomerWord {
  static constexpr std::int32_t still_open = std::numeric_limits<std::int32_t>::max();

  std::int64_t customer = 0;
  std::int32_t day = 0;
  std::int32_t closed = still_open;  ///< of a complaint: the day on which it was resolved
  WordKind kind = WordKind::answer;
  double level = 0;  ///< 0 (worst) to 1
  OpinionScale scale = OpinionScale::nps;
  double score = 0;  ///< of an answer, on its scale

  bool dissatisfied() const noexcept {
    return kind == WordKind::answer ? mood_of(scale, score) == Mood::dissatisfied : kind == WordKind::complaint;
  }
};

struct SatisfactionIndex {
  double mean = 0;                     ///< m, 0 to 1
  double shrink = 2;                   ///< k
  bool fitted = false;                 ///< whether k is estimated
  std::vector<std::int64_t> customer;  ///< ascending
  std::vector<double> index;           ///< 0 to 100
  std::vector<double> weight;          ///< sum of w
  std::vector<std::vector<std::size_t>>
      reasons;  ///< places of the words that move it most, at most 3, the greatest first

  std::size_t size() const noexcept { return customer.size(); }
};

/// Of words up to a day, each customer's together and by day. Words after it are not looked at. With m and k of another
/// index (`like`), so that both can be compared.
SatisfactionIndex index_satisfaction(std::span<const CustomerWord> words, std::int32_t until, double half_life,
                                     const SatisfactionIndex* like = nullptr);

/// How near the index of a past day came to what customers then answered, beside the last word and beside the mean of
/// all: mean absolute difference of levels.
struct IndexJudgement {
  std::size_t customers = 0;  ///< with an index on that day and an answer after it
  double index = 0, last_word = 0, mean = 0;
};
IndexJudgement judge_index(std::span<const CustomerWord> words, const SatisfactionIndex& past, std::int32_t day);

}  // namespace emptor
