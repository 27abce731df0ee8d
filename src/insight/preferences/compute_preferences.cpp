// Preferences out of a plain table: a row a line item, a text of a customer, or both.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "core/options.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/preferences/preference_work.hpp"
#include "insight/preferences/text_gathering.hpp"
#include "insight/tables/plain_attributes.hpp"
#include "insight/tables/plain_details.hpp"
#include "insight/tables/plain_fields.hpp"
#include "insight/tables/purchase_options.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view own_columns =
    R"("product":{"type":"string","description":"column of what was bought, or what the text is about"},
"category":{"type":"string","description":"column of its category: whole numbers or texts"},
"brand":{"type":"string","description":"column of its brand: whole numbers or texts"},
"text":{"type":"string","description":"column of what the customer wrote; text without it"},
"rating":{"type":"string","description":"column of how the customer rated it, 1 to 5: texts of 4 and 5 are good, of 1 and 2 bad"})";

/// The columns beside customer and date, a value a purchase that was read.
struct PreferenceColumns {
  std::vector<std::string> product, category, brand, text;
  std::vector<double> rating;  ///< NaN where none is
};

std::vector<std::string> column_texts(const ArrowTable& table, const PlainPurchases& rows, const std::string& name) {
  std::vector<std::string> texts(name.empty() ? rows.size() : 0);
  if (name.empty()) return texts;
  const std::size_t column = table.column(name);
  each_cell(table, rows, column, [&](std::size_t i, const ArrowCell& cell) {
    texts.push_back(checked_text(table, column, rows.place[i] + 1, cell));
  });
  return texts;
}

std::vector<double> column_ratings(const ArrowTable& table, const PlainPurchases& rows, const std::string& name) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> ratings(name.empty() ? rows.size() : 0, none);
  if (name.empty()) return ratings;
  const std::size_t column = table.column(name);
  each_cell(table, rows, column, [&](std::size_t i, const ArrowCell& cell) {
    const std::optional<double> rating = is_missing(cell) ? std::optional(none) : real_of(cell);
    if (!rating || *rating < 1 || *rating > 5) refuse_cell(table, column, rows.place[i] + 1, "rating from 1 to 5");
    ratings.push_back(*rating);
  });
  return ratings;
}

/// Whatever rows name: products by their numbers, and below 0 a category and brand that stand without a product.
class Named {
 public:
  Named(const PlainPurchases& rows, const PreferenceColumns& columns) : rows_(rows), columns_(columns) {
    for (std::size_t i = 0; i < rows.size(); ++i) see(i);
    std::int64_t next = -1;
    for (auto& [kind, id] : alone_) id = next--;
  }
  std::vector<NamedProduct> products() const {
    std::vector<NamedProduct> all;
    for (const auto& [number, product] : products_) all.push_back(product);
    for (const auto& [kind, id] : alone_)
      all.push_back({.id = id, .name = {}, .category = kind.first, .brand = kind.second});
    return all;
  }
  std::int64_t of(std::size_t i) const {
    const std::int64_t number = rows_.product_number(i);
    return number != 0 ? number : alone_.at({columns_.category[i], columns_.brand[i]});
  }

 private:
  /// Where rows of one product say two things, the first of them in the order of texts counts.
  void see(std::size_t i) {
    const std::int64_t number = rows_.product_number(i);
    if (number == 0) {
      alone_[{columns_.category[i], columns_.brand[i]}] = 0;
      return;
    }
    NamedProduct product{number, columns_.product[i], columns_.category[i], columns_.brand[i]};
    const auto [known, fresh] = products_.try_emplace(number, product);
    const auto kind = [](const NamedProduct& one) { return std::pair(one.category, one.brand); };
    if (!fresh && kind(product) < kind(known->second)) known->second = std::move(product);
  }

  const PlainPurchases& rows_;
  const PreferenceColumns& columns_;
  std::map<std::int64_t, NamedProduct> products_;
  std::map<std::pair<std::string, std::string>, std::int64_t> alone_;
};

PreferenceTexts plain_texts(const PlainPurchases& rows, const PreferenceColumns& columns) {
  constexpr double good_from = 4, bad_upto = 2;
  const Named named(rows, columns);
  TextGathering gathering(named.products());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (columns.text[i].empty()) continue;
    CustomerText one{.id = rows.place[i] + 1,
                     .customer = std::int64_t{rows.customer[i]} + 1,
                     .day = rows.day[i],
                     .text = columns.text[i],
                     .product = named.of(i)};
    if (columns.rating[i] >= good_from) one.good = true;
    if (columns.rating[i] <= bad_upto) one.good = false;
    gathering.take(one);
  }
  return gathering.finish();
}

/// The lines that are purchases: those with an amount, or where no column has amounts those without a text.
CustomerLines bought_lines(const CustomerLines& all, std::vector<std::uint8_t> bought) {
  CustomerLines some = all;
  some.each = [each = all.each, bought = std::move(bought)](const auto& visit) {
    std::vector<TimedLine> kept;
    each([&](std::int64_t customer, std::span<const TimedLine> lines) {
      kept.clear();
      for (const TimedLine& line : lines)
        if (bought[line.place] != 0) kept.push_back(line);
      if (!kept.empty()) visit(customer, kept);
    });
  };
  return some;
}

/// Which rows are purchases; puts their amounts in the place of the 1 that stands for each row.
std::vector<std::uint8_t> take_amounts(PlainPurchases& rows, const PreferenceColumns& columns) {
  std::vector<std::uint8_t> bought(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows.amounts.empty()) {
      bought[i] = columns.text[i].empty() ? 1 : 0;
    } else if (rows.amounts.front()[i] != PlainPurchases::unknown) {
      bought[i] = 1;
      rows.amount[i] = rows.amounts.front()[i];
    }
  }
  return bought;
}

PurchaseColumnNames column_names(const OptionReader& options) {
  PurchaseColumnNames names = purchase_columns(options);
  names.amount.clear();  // a text has none, and is read all the same
  if (options.has("amount")) names.details.amounts = {options.text("amount")};
  names.product = options.text("product");
  names.details.category = options.text("category");
  names.places = true;
  return names;
}

}  // namespace

std::string_view compute_preferences_schema() {
  static const std::string text = with_purchase_columns(with_properties(preferences_schema, own_columns));
  return text;
}

ComputedResult compute_preferences(const PlainData& data) {
  const OptionReader options(compute_preferences_schema(), data.json);
  const OptionReader own(with_properties(preferences_schema, own_columns), without_purchase_columns(options));
  const PreferenceRequest request = preference_request(
      checked_options(preferences_schema, own.without({"product", "category", "brand", "text", "rating"})),
      options.day("as_of"));
  const ArrowTable table(data.stream);
  PlainPurchases rows = plain_purchases(table, column_names(options), purchase_zone(options));
  const PreferenceColumns columns{
      column_texts(table, rows, options.text("product")), column_texts(table, rows, options.text("category")),
      column_texts(table, rows, options.text("brand")), column_texts(table, rows, options.text("text", "text")),
      column_ratings(table, rows, options.text("rating"))};
  std::vector<std::uint8_t> bought = take_amounts(rows, columns);
  const PreferenceTexts texts = plain_texts(rows, columns);
  const LineKinds category = kinds_of(rows.category, rows.categories), nothing;
  const LineDetails no_details;
  const Occasions occasions =
      read_occasions({bought_lines(lines_of(rows), std::move(bought)), no_details, nothing, nothing, category, Zone()},
                     request.purchases, std::numeric_limits<std::int32_t>::max());
  const PreferenceOutcome outcome = infer_preferences(occasions, category, texts, request);
  json::object summary = preferences_json(request, texts, outcome);
  tell_table(summary, "preferences", rows);
  std::vector<std::int64_t> customers;
  for (const Preference& one : outcome.all) customers.push_back(one.customer);
  return {summary_text(summary), preferences_table(request, texts, outcome, keys_at(customers, rows.customers))};
}

}  // namespace emptor
