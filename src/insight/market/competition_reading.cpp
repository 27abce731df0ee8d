#include "insight/market/competition_reading.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "core/long_call.hpp"
#include "emptor/core/text.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/facts/facts_scan.hpp"

namespace emptor {
namespace {

constexpr std::size_t rows_a_batch = 10'000;
constexpr std::size_t least_name = 2;  // characters of a name that is looked for in texts

bool is_word_sign(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

class CompetitionReader {
 public:
  CompetitionReader(const View& view, Date until)
      : view_(view), zone_(Zone::of(view.info().zone)), days_(zone_), until_(until.days) {}

  CompetitionData read() {
    each("competitor", {"name"}, [&](const Batch& batch, std::size_t i) {
      out_.competitors.push_back({batch.ids[i].value, std::string(batch.columns[1].text(i))});
    });
    std::sort(out_.competitors.begin(), out_.competitors.end(),
              [](const NamedCompetitor& a, const NamedCompetitor& b) { return a.id < b.id; });
    for (const NamedCompetitor& one : out_.competitors) folded_.push_back(fold(one.name));
    if (out_.competitors.empty()) return std::move(out_);
    read_names("product", "name", products_);
    read_regions();
    read_deals();
    read_texts("interaction", "at", {"subject", "body"});
    read_texts("case", "opened_at", {"subject", "description"});
    read_texts("feedback", "received_at", {"body"});
    std::stable_sort(out_.mentions.begin(), out_.mentions.end(),
                     [](const CompetitorMention& a, const CompetitorMention& b) {
                       return std::tie(a.customer, a.day, a.competitor) < std::tie(b.customer, b.day, b.competitor);
                     });
    return std::move(out_);
  }

 private:
  /// Fields follow the version.
  template <class Visit>
  void each(const char* entity, std::vector<std::string> fields, const Visit& visit) {
    fields.insert(fields.begin(), "version");
    std::uint64_t done = 0;
    each_row(view_, {.entity = entity, .fields = std::move(fields), .limit = rows_a_batch},
             [&](const Batch& batch, std::size_t i) {
               if (i == 0) beat(entity, done += batch.rows());
               out_.data_version = std::max(out_.data_version, batch.columns[0].bits[i]);
               visit(batch, i);
             });
  }
  using Names = std::unordered_map<std::int64_t, std::string>;
  void read_names(const char* entity, const char* field, Names& names) {
    each(entity, {field},
         [&](const Batch& batch, std::size_t i) { names.emplace(batch.ids[i].value, batch.columns[1].text(i)); });
  }
  void read_regions() {
    each("customer", {"region", "country"}, [&](const Batch& batch, std::size_t i) {
      const std::string_view region = batch.columns[1].text(i), country = batch.columns[2].text(i);
      if (!region.empty() || !country.empty()) regions_.emplace(batch.ids[i].value, region.empty() ? country : region);
    });
  }
  static std::string name_in(const Names& names, std::int64_t id) {
    const auto found = names.find(id);
    return found == names.end() ? std::string() : found->second;
  }
  void read_deals() {
    each("opportunity",
         {"customer_id", "competitor_id", "outcome", "closed_at", "opened_at", "base_amount", "product_id",
          "lost_reason"},
         [&](const Batch& batch, std::size_t i) {
           const auto id = [&](std::size_t column) { return batch.columns[column].value(i).id().value; };
           const std::string_view outcome = batch.columns[3].text(i);
           const bool decided = outcome == "won" || outcome == "lost";
           const Value closed = batch.columns[4].value(i), opened = batch.columns[5].value(i);
           const Value& at = decided && closed.present() ? closed : opened;
           if (!at.present()) return;
           const std::int32_t day = days_.of(at.instant().micros);
           if (day > until_) return;
           if (decided)
             add_deal(batch, i, day, outcome == "won");
           else if (outcome.empty() && id(1) != 0 && id(2) != 0)
             out_.mentions.push_back({id(1), id(2), day, true});
         });
  }
  void add_deal(const Batch& batch, std::size_t i, std::int32_t day, bool won) {
    const auto id = [&](std::size_t column) { return batch.columns[column].value(i).id().value; };
    DecidedDeal deal{.customer = id(1), .competitor = id(2), .day = day, .won = won};
    if (const Value amount = batch.columns[6].value(i); amount.present()) deal.amount = amount.decimal().to_double();
    deal.product = name_in(products_, id(7));
    deal.region = name_in(regions_, deal.customer);
    deal.reason = batch.columns[8].text(i);
    out_.deals.push_back(std::move(deal));
  }
  void read_texts(const char* entity, const char* moment, std::vector<std::string> texts) {
    std::vector<std::string> fields = {"customer_id", moment};
    fields.insert(fields.end(), texts.begin(), texts.end());
    const std::size_t columns = fields.size() + 1;
    each(entity, std::move(fields), [&](const Batch& batch, std::size_t i) {
      const std::int64_t customer = batch.columns[1].value(i).id().value;
      const Value at = batch.columns[2].value(i);
      if (customer == 0 || !at.present()) return;
      const std::int32_t day = days_.of(at.instant().micros);
      if (day > until_) return;
      std::string text;
      for (std::size_t column = 3; column < columns; ++column) text += fold(batch.columns[column].text(i)) + "\n";
      for (std::size_t c = 0; c < folded_.size(); ++c)
        if (names_it(text, folded_[c])) out_.mentions.push_back({customer, out_.competitors[c].id, day});
    });
  }

  const View& view_;
  Zone zone_;
  DayFinder days_;
  std::int32_t until_;
  CompetitionData out_;
  std::vector<std::string> folded_;
  Names products_, regions_;
};

}  // namespace

bool names_it(std::string_view text, std::string_view name) {
  if (name.size() < least_name) return false;
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool open = at == 0 || !is_word_sign(text[at - 1]) || !is_word_sign(name.front());
    const bool shut = end == text.size() || !is_word_sign(text[end]) || !is_word_sign(name.back());
    if (open && shut) return true;
  }
  return false;
}

CompetitionData read_competition(const View& view, Date until) { return CompetitionReader(view, until).read(); }

}  // namespace emptor
