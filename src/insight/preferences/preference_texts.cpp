#include "insight/preferences/preference_texts.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "emptor/core/text.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/facts/facts_scan.hpp"
#include "insight/preferences/topic_words.hpp"

namespace emptor {
namespace {

constexpr double clear_sentiment = 0.2;

/// Topics of the store, by what products are called.
class Catalogue {
 public:
  Catalogue(const View& view, PreferenceTexts& out) {
    struct Product {
      std::int64_t id;
      std::string name, category, brand, sku;
    };
    std::vector<Product> products;
    std::map<std::string, std::uint32_t> categories, brands, names;
    const Query query{.entity = "product",
                      .fields = {"name", "category", "brand", "sku", "version"},
                      .limit = 10'000,
                      .with_deleted = true};
    each_row(view, query, [&](const Batch& batch, std::size_t i) {
      const auto text = [&](std::size_t column) { return std::string(batch.columns[column].text(i)); };
      if (batch.columns[4].valid[i]) out.data_version = std::max(out.data_version, batch.columns[4].bits[i]);
      products.push_back({batch.ids[i].value, text(0), text(1), text(2), text(3)});
      categories[text(1)] = brands[text(2)] = names[text(0)] = 0;
    });
    number("category", categories, out);
    number("brand", brands, out);
    number("product", names, out);
    for (const Product& one : products) {
      std::vector<std::uint32_t>& topics = of_product_[one.id];
      if (!one.category.empty()) topics.push_back(categories[one.category]);
      if (!one.brand.empty()) topics.push_back(brands[one.brand]);
      if (!one.name.empty()) topics.push_back(names[one.name]);
      words_.add(one.category, categories[one.category]);
      words_.add(one.brand, brands[one.brand]);
      for (const std::uint32_t topic : topics) {
        words_.add(one.name, topic);
        words_.add(one.sku, topic);
      }
    }
  }
  const TopicWords& words() const { return words_; }
  const std::vector<std::uint32_t>& of_product(std::int64_t product) const {
    static const std::vector<std::uint32_t> none;
    const auto found = of_product_.find(product);
    return found == of_product_.end() ? none : found->second;
  }

 private:
  static void number(const char* kind, std::map<std::string, std::uint32_t>& names, PreferenceTexts& out) {
    names.erase("");
    for (auto& [name, place] : names) {
      place = static_cast<std::uint32_t>(out.topics.size());
      out.topics.push_back({kind, name});
    }
  }

  TopicWords words_;
  std::unordered_map<std::int64_t, std::vector<std::uint32_t>> of_product_;
};

/// A text of a customer, and what is known of it besides.
struct CustomerText {
  std::uint64_t id = 0;
  std::int64_t customer = 0;  ///< 0: nobody knows whose
  std::int64_t at = 0;
  std::string text;
  std::int64_t product = 0;  ///< that it is about by its record
  std::optional<bool> good = {};
  bool asked = false;
};

class TextReading {
 public:
  TextReading(const View& view) : view_(view), catalogue_(view, out_), days_(Zone::of(view.info().zone)) {}

  PreferenceTexts read() {
    if (out_.topics.empty()) return std::move(out_);
    read_feedback();
    read_responses();
    read_cases();
    read_interactions();
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

 private:
  template <class Visit>
  void each(const char* entity, std::vector<std::string> fields, const Visit& visit) {
    fields.insert(fields.begin(), "version");
    each_row(view_, {.entity = entity, .fields = std::move(fields), .limit = 5'000},
             [&](const Batch& batch, std::size_t i) {
               if (batch.columns[0].valid[i]) out_.data_version = std::max(out_.data_version, batch.columns[0].bits[i]);
               visit(batch, i);
             });
  }
  static std::int64_t bits(const Batch& batch, std::size_t i, std::size_t column) {
    return batch.columns[column].valid[i] ? batch.columns[column].bits[i] : 0;
  }
  static CustomerText text_of(const Batch& batch, std::size_t i, std::size_t column) {
    return {static_cast<std::uint64_t>(batch.ids[i].value), bits(batch, i, 1), bits(batch, i, 2),
            std::string(batch.columns[column].text(i))};
  }

  void read_feedback() {
    each("feedback", {"customer_id", "received_at", "body", "kind", "sentiment", "product_id"},
         [&](const Batch& batch, std::size_t i) {
           CustomerText one = text_of(batch, i, 3);
           const std::string_view kind = batch.columns[4].text(i);
           if (kind == "praise") one.good = true;
           if (kind == "complaint") one.good = false;
           one.asked = kind == "wish" || kind == "question";
           if (const Value tone = batch.columns[5].value(i); tone.present() && std::abs(tone.real()) >= clear_sentiment)
             one.good = tone.real() > 0;
           one.product = bits(batch, i, 6);
           take(one);
         });
  }
  void read_responses() {
    std::unordered_map<std::int64_t, bool> of_ten;
    each("survey", {"kind"}, [&](const Batch& batch, std::size_t i) {
      const std::string_view kind = batch.columns[1].text(i);
      if (kind == "nps" || kind == "csat") of_ten[batch.ids[i].value] = kind == "nps";
    });
    each("response", {"customer_id", "answered_at", "comment", "survey_id", "score"},
         [&](const Batch& batch, std::size_t i) {
           CustomerText one = text_of(batch, i, 3);
           const auto survey = of_ten.find(bits(batch, i, 4));
           if (survey != of_ten.end() && batch.columns[5].valid[i]) {
             const std::int64_t score = batch.columns[5].bits[i] / Decimal::micros_per_unit;
             const std::int64_t high = survey->second ? 9 : 4, low = survey->second ? 6 : 2;
             if (score >= high || score <= low) one.good = score >= high;
           }
           take(one);
         });
  }
  void read_cases() {
    each("case", {"customer_id", "opened_at", "description", "subject", "kind", "product_id"},
         [&](const Batch& batch, std::size_t i) {
           CustomerText one = text_of(batch, i, 3);
           one.text += ". " + std::string(batch.columns[4].text(i));
           const std::string_view kind = batch.columns[5].text(i);
           if (kind == "complaint" || kind == "fault") one.good = false;
           one.asked = kind == "enquiry" || kind == "order";
           one.product = bits(batch, i, 6);
           take(one);
         });
  }
  void read_interactions() {
    each("interaction", {"customer_id", "at", "body", "subject", "direction", "channel"},
         [&](const Batch& batch, std::size_t i) {
           if (batch.columns[5].text(i) == "out") return;  // our own words
           CustomerText one = text_of(batch, i, 3);
           one.text += ". " + std::string(batch.columns[4].text(i));
           one.asked = batch.columns[6].text(i) == "web";  // looked at, in the shop
           take(one);
         });
  }

  /// What each topic of the text is named with, its clauses together.
  struct Named {
    bool asked = false;
    std::vector<std::string> words;
  };

  void take(const CustomerText& one) {
    std::map<std::uint32_t, Named> named;
    std::vector<std::string> all;
    const std::string folded = fold(one.text);
    for (const std::string_view clause : clauses_of(folded)) take_clause(clause, one, named, all);
    if (one.good && !all.empty()) rated_.push_back({one.id, *one.good, unique(all)});
    if (one.customer == 0 || one.at == 0) return;
    ++out_.texts;
    for (const std::uint32_t topic : catalogue_.of_product(one.product)) {
      const auto [at, fresh] = named.try_emplace(topic);
      if (fresh) at->second = {one.asked, all};
    }
    if (!named.empty()) ++out_.naming;
    for (auto& [topic, how] : named) {
      out_.mentions.push_back({one.customer, days_.of(one.at), topic, how.asked});
      words_.push_back(unique(std::move(how.words)));
    }
  }
  void take_clause(std::string_view clause, const CustomerText& one, std::map<std::uint32_t, Named>& named,
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
  static std::vector<std::string> unique(std::vector<std::string> words) {
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
  }

  const View& view_;
  PreferenceTexts out_;
  Catalogue catalogue_;
  DayFinder days_;
  std::vector<RatedText> rated_;
  std::vector<std::vector<std::string>> words_;  ///< of each mention, as they were met
};

}  // namespace

PreferenceTexts read_preference_texts(const View& view) { return TextReading(view).read(); }

}  // namespace emptor
