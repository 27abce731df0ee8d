#include "insight/preferences/preference_texts.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "insight/facts/each_row.hpp"
#include "insight/facts/facts_scan.hpp"
#include "insight/preferences/text_gathering.hpp"

namespace emptor {
namespace {

constexpr double clear_sentiment = 0.2;

/// Products as texts may call them; deleted ones are still spoken of.
std::vector<NamedProduct> read_products(const View& view, std::int64_t& data_version) {
  std::vector<NamedProduct> products;
  const Query query{.entity = "product",
                    .fields = {"name", "category", "brand", "sku", "version"},
                    .limit = 10'000,
                    .with_deleted = true};
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    const auto text = [&](std::size_t column) { return std::string(batch.columns[column].text(i)); };
    if (batch.columns[4].valid[i]) data_version = std::max(data_version, batch.columns[4].bits[i]);
    products.push_back({batch.ids[i].value, text(0), text(1), text(2), text(3)});
  });
  return products;
}

class TextReading {
 public:
  explicit TextReading(const View& view)
      : view_(view), gathering_(read_products(view, data_version_)), days_(Zone::of(view.info().zone)) {}

  PreferenceTexts read() {
    if (gathering_.has_topics()) {
      read_feedback();
      read_responses();
      read_cases();
      read_interactions();
    }
    PreferenceTexts texts = gathering_.finish();
    texts.data_version = data_version_;
    return texts;
  }

 private:
  template <class Visit>
  void each(const char* entity, std::vector<std::string> fields, const Visit& visit) {
    fields.insert(fields.begin(), "version");
    each_row(view_, {.entity = entity, .fields = std::move(fields), .limit = 5'000},
             [&](const Batch& batch, std::size_t i) {
               if (batch.columns[0].valid[i]) data_version_ = std::max(data_version_, batch.columns[0].bits[i]);
               visit(batch, i);
             });
  }
  static std::int64_t bits(const Batch& batch, std::size_t i, std::size_t column) {
    return batch.columns[column].valid[i] ? batch.columns[column].bits[i] : 0;
  }
  CustomerText text_of(const Batch& batch, std::size_t i, std::size_t column) {
    CustomerText one{.id = static_cast<std::uint64_t>(batch.ids[i].value),
                     .customer = bits(batch, i, 1),
                     .text = std::string(batch.columns[column].text(i))};
    if (const std::int64_t at = bits(batch, i, 2); at != 0) one.day = days_.of(at);
    return one;
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
           gathering_.take(one);
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
           gathering_.take(one);
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
           gathering_.take(one);
         });
  }
  void read_interactions() {
    each("interaction", {"customer_id", "at", "body", "subject", "direction", "channel"},
         [&](const Batch& batch, std::size_t i) {
           if (batch.columns[5].text(i) == "out") return;  // our own words
           CustomerText one = text_of(batch, i, 3);
           one.text += ". " + std::string(batch.columns[4].text(i));
           one.asked = batch.columns[6].text(i) == "web";  // looked at, in the shop
           gathering_.take(one);
         });
  }

  const View& view_;
  std::int64_t data_version_ = 0;
  TextGathering gathering_;
  DayFinder days_;
};

}  // namespace

PreferenceTexts read_preference_texts(const View& view) { return TextReading(view).read(); }

}  // namespace emptor
