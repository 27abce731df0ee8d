#include "desk/known_future.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "desk/header_words.hpp"
#include "emptor/core/text.hpp"

namespace emptor::desk {
namespace {

constexpr double tells = .95;
constexpr std::size_t least_rows = 100;
constexpr std::size_t most_classes = 50;

// Names under which an outcome is kept.
constexpr std::string_view outcomes[] = {
    "churn",     "churned",      "exited",        "attrition",     "y",          "default",     "defaulted",
    "converted", "conversion",   "target",        "responded",     "response",   "outcome",     "label",
    "bought",    "won",          "subscribed",    "fraud",         "left",       "cancelled",   "流失",
    "违约",      "是否流失",     "是否违约",      "购买",          "响应",       "abgewandert", "gekuendigt",
    "evasao",    "inadimplente", "creditability", "attritionflag", "churnlabel", "churnvalue"};

// What such columns are called when they were written down after the fact.
constexpr std::string_view afterwards[] = {"score", "reason", "probability", "prediction", "predicted",
                                           "评分",  "原因",   "grund",       "motivo"};
constexpr std::string_view after_the_call[] = {"duration", "dauer", "duracao", "通话时长"};

template <std::size_t Count>
bool among(const std::string_view (&words)[Count], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

std::string joined(std::string_view header) {
  std::string text;
  for (const std::string& word : words_of(header)) text += word;
  return text;
}

std::string number(double value) {
  char text[16];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

class FutureSearch {
 public:
  explicit FutureSearch(const TableProfile& table) : table_(table) {}

  std::vector<FutureColumn> run() {
    outcome_ = find_outcome();
    if (outcome_ == none) return {};
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      if (i == outcome_ || table_.columns[i].filled == 0) continue;
      if (const double area = best_area(i); area >= tells)
        add(i, "alone it tells " + outcome_name() + " (area under the curve " + number(area) + ")");
      else if (named_afterwards(i))
        add(i, "its name says that it was written after " + outcome_name() + " was known");
    }
    return std::move(found_);
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  std::string outcome_name() const { return table_.columns[outcome_].name; }

  void add(std::size_t column, const std::string& why) {
    found_.push_back({column, "The column " + table_.columns[column].name + " knows the future: " + why +
                                  ". Leave it out of models that predict."});
  }

  // The last column that is named like an outcome and has two values: what is to be told stands at the end.
  std::size_t find_outcome() {
    if (table_.sample.rows() < least_rows) return none;
    for (std::size_t i = table_.columns.size(); i-- > 0;) {
      if (!among(outcomes, joined(table_.columns[i].name))) continue;
      const auto values = table_.sample.values(i, 2);
      if (values.size() != 2) continue;
      yes_ = values.rbegin()->first;
      return i;
    }
    return none;
  }

  bool named_afterwards(std::size_t column) const {
    const std::vector<std::string> words = words_of(table_.columns[column].name);
    const bool call = std::any_of(words.begin(), words.end(), [](const auto& w) { return among(after_the_call, w); });
    if (call) return speaks_of_contacts();
    return std::any_of(words.begin(), words.end(), [](const auto& w) { return among(afterwards, w); }) &&
           words.size() > 1 && mentions_outcome(words);
  }
  bool mentions_outcome(const std::vector<std::string>& words) const {
    const std::string outcome = words_of(outcome_name()).front();
    return std::any_of(words.begin(), words.end(), [&](const auto& w) { return w == outcome; });
  }
  // A length is that of a call only where the table speaks of contacts.
  bool speaks_of_contacts() const {
    return std::any_of(table_.columns.begin(), table_.columns.end(), [](const ColumnProfile& column) {
      const std::string name = joined(column.name);
      return name == "contact" || name == "campaign" || name == "call" || name == "contacts";
    });
  }

  double best_area(std::size_t column) const {
    std::vector<std::pair<double, bool>> scored;
    const bool numeric = table_.columns[column].numeric();
    if (!numeric && !scores_of_classes(column, scored)) return 0;
    if (numeric) scores_of_numbers(column, scored);
    const auto positives = std::count_if(scored.begin(), scored.end(), [](const auto& s) { return s.second; });
    const auto rows = static_cast<std::ptrdiff_t>(scored.size());
    if (scored.size() < least_rows || positives < 10 || rows - positives < 10) return 0;
    const double area = area_under_curve(std::move(scored));
    return std::max(area, 1 - area);
  }
  void scores_of_numbers(std::size_t column, std::vector<std::pair<double, bool>>& scored) const {
    const NumberFormat format = *table_.columns[column].guess.number();
    for (std::size_t row = 0; row < table_.sample.rows(); ++row)
      if (const auto value = read_number(table_.sample.cell(row, column), format))
        scored.emplace_back(value->to_double(), table_.sample.cell(row, outcome_) == yes_);
  }
  // A class scores its share of yes; a blank is a class too ("churn reason" stands only where there was one).
  bool scores_of_classes(std::size_t column, std::vector<std::pair<double, bool>>& scored) const {
    std::map<std::string_view, std::pair<double, double>> classes;
    for (std::size_t row = 0; row < table_.sample.rows(); ++row) {
      auto& [yes, all] = classes[table_.sample.cell(row, column)];
      yes += table_.sample.cell(row, outcome_) == yes_;
      ++all;
      if (classes.size() > most_classes) return false;
    }
    if (classes.size() < 2 || classes.size() * 20 > table_.sample.rows()) return false;
    for (std::size_t row = 0; row < table_.sample.rows(); ++row) {
      const auto& [yes, all] = classes[table_.sample.cell(row, column)];
      scored.emplace_back(yes / all, table_.sample.cell(row, outcome_) == yes_);
    }
    return true;
  }

  const TableProfile& table_;
  std::size_t outcome_ = none;
  std::string_view yes_;
  std::vector<FutureColumn> found_;
};

}  // namespace

double area_under_curve(std::vector<std::pair<double, bool>> scored) {
  std::sort(scored.begin(), scored.end());
  double below = 0, area = 0, positives = 0, negatives = 0;
  for (std::size_t begin = 0; begin < scored.size();) {
    std::size_t end = begin;
    double yes = 0, no = 0;
    for (; end < scored.size() && scored[end].first == scored[begin].first; ++end) ++(scored[end].second ? yes : no);
    area += yes * (below + no / 2);
    below += no;
    positives += yes;
    negatives += no;
    begin = end;
  }
  return area / (positives * negatives);
}

std::vector<FutureColumn> columns_that_know_the_future(const TableProfile& table) { return FutureSearch(table).run(); }

}  // namespace emptor::desk
