#include "insight/satisfaction/satisfaction_measures.hpp"

#include <limits>
#include <set>

#include "insight/facts/facts_scan.hpp"
#include "insight/facts/measure_rule.hpp"
#include "insight/words/kind_writer.hpp"

namespace emptor {
namespace {

using Measure = SatisfactionMeasure;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double micros_per_hour = 3'600.0 * micros_per_second;

/// The measures of one opinion.
using Known = std::array<double, satisfaction_measure_count>;

double& at(Known& known, Measure measure) { return known[static_cast<std::size_t>(measure)]; }

class Mean {
 public:
  void add(double value) {
    sum_ += value;
    ++count_;
  }
  double value() const { return count_ > 0 ? sum_ / count_ : nan; }

 private:
  double sum_ = 0;
  int count_ = 0;
};

/// Whether a promise was broken as far as anybody could tell at a moment.
bool broken(const std::optional<std::int64_t>& due, const std::optional<std::int64_t>& done, std::int64_t moment) {
  if (!due || *due >= moment) return false;
  return !done || *done > *due;
}

class MeasureReading {
 public:
  MeasureReading(const SatisfactionSources& sources, std::int32_t window) : sources_(sources), window_(window) {
    for (std::size_t i = 0; i < sources.service.cases.size(); ++i)
      if (const std::int64_t customer = sources.service.cases[i].customer; customer != 0) cases_[customer].push_back(i);
    for (const Complaint& one : sources.complaints)
      if (one.customer != 0) complaints_[one.customer].push_back(one.opened);
  }

  Known before(std::int64_t customer, std::int64_t moment, std::int32_t day) {
    Known known{};
    for (const Measure measure : {Measure::answer_hours, Measure::resolution_days, Measure::discount,
                                  Measure::price_level, Measure::recency, Measure::tenure})
      at(known, measure) = nan;
    category_.clear();
    see_cases(customer, moment, known);
    see_touches(customer, day, known);
    see_purchases(customer, day, known);
    return known;
  }
  /// Of the last purchase before the opinion asked for last.
  const std::string& category() const { return category_; }

 private:
  void see_cases(std::int64_t customer, std::int64_t moment, Known& known) {
    const std::int64_t begin = moment - std::int64_t{window_} * micros_per_day;
    Mean hours, days;
    std::set<std::string> topics;
    for (const std::size_t i : cases_[customer]) {
      const ServiceCase& one = sources_.service.cases[i];
      if (one.opened >= moment) break;
      const bool solved = one.resolved && *one.resolved < moment;
      if (solved && *one.resolved >= begin) days.add(static_cast<double>(*one.resolved - one.opened) / micros_per_day);
      if (one.opened < begin) continue;
      if (one.answered && *one.answered < moment)
        hours.add(static_cast<double>(*one.answered - one.opened) / micros_per_hour);
      at(known, one.repair ? Measure::repairs : Measure::cases) += 1;
      if (!one.topic.empty() && !topics.insert(one.topic).second) at(known, Measure::repeat_cases) += 1;
      if (solved && one.reopened > 0) at(known, Measure::reopened) += 1;
      at(known, Measure::broken_promises) +=
          broken(one.answer_due, one.answered, moment) + broken(one.due, one.resolved, moment);
    }
    for (const std::int64_t complained : complaints_[customer])
      if (complained >= begin && complained < moment) at(known, Measure::complaints) += 1;
    at(known, Measure::answer_hours) = hours.value();
    at(known, Measure::resolution_days) = days.value();
  }

  void see_touches(std::int64_t customer, std::int32_t day, Known& known) {
    Mean discount;
    for (const Touch& touch : CustomerTouches::until(sources_.touches.of(customer), day - 1)) {
      if (day - touch.day > window_) continue;
      if (touch.kind == TouchKind::contact) at(known, Measure::contacts) += 1;
      if (touch.kind == TouchKind::late_order) at(known, Measure::late_orders) += 1;
      if (touch.kind == TouchKind::goods_back) at(known, Measure::returns) += 1;
      if (touch.kind == TouchKind::discount) discount.add(touch.score);
    }
    at(known, Measure::discount) = discount.value();
  }

  void see_purchases(std::int64_t customer, std::int32_t day, Known& known) {
    const std::optional<std::size_t> place = sources_.facts.find(Id{customer});
    const PurchaseRows rows = place ? sources_.facts.of(*place) : PurchaseRows{};
    Wide spend = 0;
    double paid = 0, listed = 0;
    std::set<std::int64_t> orders;
    for (std::size_t i = 0; i < rows.size() && rows.day[i] < day; ++i) {
      if (!is_purchase(rows.amount[i], rows.quantity[i], 1)) continue;
      if (std::isnan(at(known, Measure::tenure))) at(known, Measure::tenure) = day - rows.day[i];
      at(known, Measure::recency) = day - rows.day[i];
      if (const std::string& category = sources_.groups.category(rows.product[i]); !category.empty())
        category_ = category;
      if (day - rows.day[i] > window_) continue;
      orders.insert(rows.order[i]);
      spend += rows.amount[i];
      if (const std::optional<std::int64_t> list = sources_.groups.list_price(rows.product[i])) {
        paid += static_cast<double>(rows.amount[i]);
        listed += static_cast<double>(*list) * (static_cast<double>(rows.quantity[i]) / Decimal::micros_per_unit);
      }
    }
    at(known, Measure::orders) = static_cast<double>(orders.size());
    at(known, Measure::spend) = static_cast<double>(spend) / Decimal::micros_per_unit;
    if (listed > 0) at(known, Measure::price_level) = paid / listed;
    // Who buys often meets more of both: what counts is how many an order.
    for (const Measure measure : {Measure::late_orders, Measure::returns})
      at(known, measure) = orders.empty() ? nan : at(known, measure) / static_cast<double>(orders.size());
  }

  const SatisfactionSources& sources_;
  std::int32_t window_;
  std::unordered_map<std::int64_t, std::vector<std::size_t>> cases_;
  std::unordered_map<std::int64_t, std::vector<std::int64_t>> complaints_;
  std::string category_;
};

}  // namespace

const std::array<std::string_view, satisfaction_measure_count> satisfaction_measure_names = {
    "answer_hours", "resolution_days", "cases",    "repeat_cases", "reopened", "broken_promises",
    "complaints",   "repairs",         "contacts", "late_orders",  "returns",  "discount",
    "price_level",  "orders",          "spend",    "recency",      "tenure"};

Opinions opinions_of(const SatisfactionSources& sources, const Zone& zone, std::int32_t window) {
  DayFinder days(zone);
  MeasureReading reading(sources, window);
  Opinions out;
  KindWriter survey("survey"), channel("channel"), agent("agent"), category("category"), region("region"), tier("tier");
  for (const std::string_view name : satisfaction_measure_names) out.before.push_back({std::string(name), {}});
  for (const AnswerRecord& one : sources.opinions.answers) {
    const SurveyRecord& of = sources.opinions.surveys[one.survey];
    const Opinion opinion{one.customer, days.of(one.at), of.scale, one.score};
    const Known known = reading.before(one.customer, one.at, opinion.day);
    out.rows.push_back(opinion);
    survey.add(of.name);
    channel.add(one.channel);
    agent.add(sources.groups.agent(one.agent));
    const std::string& about = sources.groups.category(one.product);
    category.add(about.empty() ? reading.category() : about);
    region.add(sources.groups.region(one.customer));
    tier.add(sources.groups.tier(one.customer));
    for (std::size_t m = 0; m < known.size(); ++m) out.before[m].values.push_back(known[m]);
  }
  for (KindWriter* kinds : {&survey, &channel, &agent, &category, &region, &tier}) out.groups.push_back(kinds->take());
  return out;
}

}  // namespace emptor
