#include "insight/preferences/text_gathering.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "emptor/core/text.hpp"

namespace emptor {
namespace {

using Numbers = std::map<std::string, std::uint32_t>;

/// Numbers names as topics that follow those before.
void number(const char* kind, Numbers& names, std::vector<Topic>& topics) {
  names.erase("");
  for (auto& [name, place] : names) {
    place = static_cast<std::uint32_t>(topics.size());
    topics.push_back({kind, name});
  }
}

std::vector<std::string> each_once(std::vector<std::string> words) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

}  // namespace

TopicCatalogue::TopicCatalogue(const std::vector<NamedProduct>& products) {
  Numbers categories, brands, names;
  for (const NamedProduct& one : products) categories[one.category] = brands[one.brand] = names[one.name] = 0;
  number("category", categories, topics_);
  number("brand", brands, topics_);
  number("product", names, topics_);
  for (const NamedProduct& one : products) {
    std::vector<std::uint32_t>& topics = of_product_[one.id];
    const auto add = [&](const std::string& name, const Numbers& numbers) {
      if (!name.empty()) topics.push_back(numbers.at(name));
    };
    add(one.category, categories);
    add(one.brand, brands);
    add(one.name, names);
    if (!one.category.empty()) words_.add(one.category, categories.at(one.category));
    if (!one.brand.empty()) words_.add(one.brand, brands.at(one.brand));
    for (const std::uint32_t topic : topics) {
      words_.add(one.name, topic);
      words_.add(one.sku, topic);
    }
  }
}

const std::vector<std::uint32_t>& TopicCatalogue::of_product(std::int64_t product) const {
  static const std::vector<std::uint32_t> none;
  const auto found = of_product_.find(product);
  return found == of_product_.end() ? none : found->second;
}

/// What a topic of a text is named with, its clauses together.
struct TextGathering::Named {
  bool asked = false;
  std::vector<std::string> words;
};

void TextGathering::take(const CustomerText& one) {
  std::map<std::uint32_t, Named> named;
  std::vector<std::string> all;
  const std::string folded = fold(one.text);
  for (const std::string_view clause : clauses_of(folded)) take_clause(clause, one, named, all);
  if (one.good && !all.empty()) rated_.push_back({one.id, *one.good, each_once(all)});
  if (one.customer == 0 || !one.day) return;
  ++out_.texts;
  for (const std::uint32_t topic : catalogue_.of_product(one.product)) {
    const auto [at, fresh] = named.try_emplace(topic);
    if (fresh) at->second = {one.asked, all};
  }
  if (!named.empty()) ++out_.naming;
  for (auto& [topic, how] : named) {
    out_.mentions.push_back({one.customer, *one.day, topic, how.asked});
    words_.push_back(each_once(std::move(how.words)));
  }
}

void TextGathering::take_clause(std::string_view clause, const CustomerText& one, std::map<std::uint32_t, Named>& named,
                                std::vector<std::string>& all) const {
  const std::vector<TopicWords::Mention> mentions = catalogue_.words().find(clause);
  std::string rest(clause);  // without the names: what is sold is no praise of it
  for (std::size_t i = mentions.size(); i-- > 0;)
    rest.replace(mentions[i].begin, mentions[i].end - mentions[i].begin, " ");
  const std::vector<std::string> words = words_of(rest);
  const bool wish = one.asked || asks(rest);
  for (const TopicWords::Mention& mention : mentions)
    for (const std::uint32_t topic : *mention.topics) {
      Named& how = named[topic];
      how.asked = how.asked || wish;
      how.words.insert(how.words.end(), words.begin(), words.end());
    }
  all.insert(all.end(), words.begin(), words.end());
}

PreferenceTexts TextGathering::finish() {
  out_.topics = catalogue_.topics();
  if (!has_topics()) return std::move(out_);
  out_.tone = learn_tone(rated_);
  for (std::size_t i = 0; i < words_.size(); ++i)
    if (out_.tone.usable()) out_.mentions[i].tone = out_.tone.score(words_[i]);
  const auto key = [](const TopicMention& one) {
    return std::tuple(one.customer, one.day, one.topic, one.asked, one.tone);
  };
  std::sort(out_.mentions.begin(), out_.mentions.end(),
            [&](const TopicMention& a, const TopicMention& b) { return key(a) < key(b); });
  return std::move(out_);
}

}  // namespace emptor
