/// Texts of customers on their way to what they say of which topics; wherever they come from.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "insight/preferences/preference_texts.hpp"
#include "insight/preferences/topic_words.hpp"

namespace emptor {

/// A product, and what texts may call it; each may be empty.
struct NamedProduct {
  std::int64_t id = 0;
  std::string name, category, brand, sku = {};
};

/// A text of a customer, and what is known of it besides.
struct CustomerText {
  std::uint64_t id = 0;
  std::int64_t customer = 0;  ///< 0: nobody knows whose
  std::optional<std::int32_t> day = {};
  std::string text;
  std::int64_t product = 0;  ///< that it is about by its record
  std::optional<bool> good = {};
  bool asked = false;
};

/// Topics by what products are called.
class TopicCatalogue {
 public:
  /// Requires products of different ids.
  explicit TopicCatalogue(const std::vector<NamedProduct>& products);
  const std::vector<Topic>& topics() const noexcept { return topics_; }
  const TopicWords& words() const noexcept { return words_; }
  const std::vector<std::uint32_t>& of_product(std::int64_t product) const;

 private:
  std::vector<Topic> topics_;
  TopicWords words_;
  std::unordered_map<std::int64_t, std::vector<std::uint32_t>> of_product_;
};

class TextGathering {
 public:
  explicit TextGathering(const std::vector<NamedProduct>& products) : catalogue_(products) {}
  /// Without topics no text says anything.
  bool has_topics() const noexcept { return !catalogue_.topics().empty(); }
  void take(const CustomerText& one);
  /// What the texts say, in an order that does not depend on theirs. Called once.
  PreferenceTexts finish();

 private:
  struct Named;
  void take_clause(std::string_view clause, const CustomerText& one, std::map<std::uint32_t, Named>& named,
                   std::vector<std::string>& all) const;

  TopicCatalogue catalogue_;
  PreferenceTexts out_;
  std::vector<RatedText> rated_;
  std::vector<std::vector<std::string>> words_;  ///< of each mention, as they were met
};

}  // namespace emptor
