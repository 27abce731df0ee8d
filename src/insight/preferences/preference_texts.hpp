/// What customers said of the store's products, categories and brands: read from opinions, cases, contacts and answers;
/// kept as counts, never as text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "emptor/session/session.hpp"
#include "insight/preferences/text_tone.hpp"

namespace emptor {

/// Whose name may stand in a result: the store's own, not a customer's.
struct Topic {
  std::string kind;  ///< "category", "brand", "product"
  std::string name;
};

/// A topic that a customer named in one text.
struct TopicMention {
  std::int64_t customer = 0;
  std::int32_t day = 0;
  std::uint32_t topic = 0;
  bool asked = false;
  double tone = 0;  ///< log odds of good of the clauses that name it; 0 where no tone could be learnt
};

struct PreferenceTexts {
  std::vector<Topic> topics;            ///< categories, then brands, then products, each by name
  std::vector<TopicMention> mentions;   ///< by customer, day, topic
  std::uint64_t texts = 0, naming = 0;  ///< of customers; of them those that name a topic
  Tone tone;
  std::int64_t data_version = 0;
};

/// Texts of customers as the view shows them: feedback, comments of responses, cases, and interactions that we did not
/// begin (chats, calls, and what a shop keeps of browsing); deleted ones do not count. Linear in their characters.
PreferenceTexts read_preference_texts(const View& view);

}  // namespace emptor
