#include "insight/report/report_figures.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>

#include "core/sort_stably.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/facts/facts_scan.hpp"
#include "insight/insight_runs.hpp"
#include "insight/report/report_state.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_months = 96;

/// Months counted from year 0.
std::int32_t month_number(Date date) { return date.year() * 12 + date.month() - 1; }

/// Revenue by month, for customers we know and for the others.
class Months {
 public:
  void add(std::int32_t day, std::int64_t micros, bool known) {
    if (day != last_day_) {
      last_day_ = day;
      last_ = &months_[month_number(Date{day})];
    }
    (known ? last_->known : last_->anonymous).add(micros);
  }
  std::vector<PeriodRevenue> periods() const {
    std::vector<PeriodRevenue> periods;
    if (months_.empty()) return periods;
    const std::int32_t first = months_.begin()->first, last = months_.rbegin()->first;
    const bool years = static_cast<std::size_t>(last - first) >= most_months;
    for (std::int32_t month = first; month <= last; ++month) {
      if (!years || periods.empty() || month % 12 == 0) periods.push_back({month / 12, years ? 0 : month % 12 + 1});
      if (const auto found = months_.find(month); found != months_.end()) {
        periods.back().known.add(found->second.known);
        periods.back().anonymous.add(found->second.anonymous);
      }
    }
    return periods;
  }

 private:
  std::map<std::int32_t, PeriodRevenue> months_;
  PeriodRevenue* last_ = nullptr;
  std::int32_t last_day_ = std::numeric_limits<std::int32_t>::min();
};

void add_known(const Facts& facts, Months& months) {
  for (std::size_t i = 0; i < facts.customers.size(); ++i) {
    const PurchaseRows rows = facts.of(i);
    for (std::size_t row = 0; row < rows.size(); ++row) months.add(rows.day[row], rows.amount[row], true);
  }
}

/// Lines that neither themselves nor by their order have a customer.
void add_anonymous(const View& view, Months& months, ReportFigures& figures) {
  DayFinder days(Zone::of(figures.info.zone));
  std::unordered_map<std::int64_t, std::optional<std::int32_t>> orders;
  each_row(view, {.entity = "order", .where = Where::missing("customer_id"), .fields = {"ordered_at"}, .limit = 20'000},
           [&](const Batch& batch, std::size_t i) {
             const Column& at = batch.columns[0];
             orders[batch.ids[i].value] = at.valid[i] ? std::optional(days.of(at.bits[i])) : std::nullopt;
           });
  Query lines{.entity = "order_line",
              .where = Where::missing("customer_id"),
              .fields = {"order_id", "base_amount"},
              .limit = 20'000};
  each_row(view, lines, [&](const Batch& batch, std::size_t i) {
    const auto order = orders.find(batch.columns[0].valid[i] ? batch.columns[0].bits[i] : 0);
    if (order == orders.end()) return;
    const std::int64_t micros = batch.columns[1].valid[i] ? batch.columns[1].bits[i] : 0;
    ++figures.anonymous_lines;
    figures.anonymous_revenue.add(micros);
    if (order->second) months.add(*order->second, micros, false);
  });
}

void count_base(const View& view, ReportFigures& figures) {
  figures.customers = view.count("customer");
  figures.orders = view.count("order");
  figures.credit_notes = view.count("order", Where::equal("kind", "credit_note"));
  figures.products = view.count("product");
  figures.interactions = view.count("interaction");
  const Groups lines =
      view.aggregate({.entity = "order_line", .measures = {{Measure::count, ""}, {Measure::sum, "base_amount"}}});
  if (!lines.groups.empty()) {
    const std::vector<Value>& results = lines.groups.front().results;
    figures.lines = results[0].integer();
    if (results[1].present()) figures.revenue = results[1].decimal();
  }
  const Groups span =
      view.aggregate({.entity = "order", .measures = {{Measure::min, "ordered_at"}, {Measure::max, "ordered_at"}}});
  if (span.groups.empty() || !span.groups.front().results[0].present()) return;
  const Zone zone = Zone::of(figures.info.zone);
  figures.first_day = zone.date_of(span.groups.front().results[0].instant());
  figures.last_day = zone.date_of(span.groups.front().results[1].instant());
}

std::vector<SegmentFigures> segment_figures(const RfmTable& table) {
  std::vector<SegmentFigures> segments(table.names.size());
  std::vector<std::vector<std::int64_t>> recency(table.names.size());
  for (std::size_t i = 0; i < segments.size(); ++i) segments[i].name = table.names[i];
  for (std::size_t i = 0; i < table.segment.size(); ++i) {
    SegmentFigures& one = segments[table.segment[i]];
    ++one.customers;
    one.revenue.add(table.measures.monetary[i]);
    recency[table.segment[i]].push_back(table.measures.recency[i]);
  }
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (recency[i].empty()) continue;
    const auto middle = recency[i].begin() + static_cast<std::ptrdiff_t>(recency[i].size() / 2);
    std::nth_element(recency[i].begin(), middle, recency[i].end());
    segments[i].median_recency = *middle;
  }
  std::erase_if(segments, [](const SegmentFigures& one) { return one.customers == 0; });
  sort_stably(segments,
              [](const SegmentFigures& a, const SegmentFigures& b) { return a.revenue.value() > b.revenue.value(); });
  return segments;
}

/// The first of an order that puts the greatest first.
template <class Greater>
std::vector<std::size_t> first_of(std::size_t all, std::size_t count, const Greater& greater) {
  std::vector<std::size_t> order(all);
  std::iota(order.begin(), order.end(), std::size_t{0});
  count = std::min(count, all);
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(), greater);
  order.resize(count);
  return order;
}

std::vector<TopCustomer> top_customers(const View& view, const Measures& measures, std::size_t count) {
  std::vector<TopCustomer> top;
  for (const std::size_t row : first_of(measures.size(), count, [&](std::size_t a, std::size_t b) {
         return measures.monetary[a] != measures.monetary[b] ? measures.monetary[a] > measures.monetary[b] : a < b;
       })) {
    const Id id{measures.customer[row]};
    const std::optional<Record> customer = view.get("customer", id);
    top.push_back({.name = shown_name(view, id, customer),
                   .country = customer ? std::string(customer->get("country").text()) : std::string(),
                   .row = row});
  }
  return top;
}

/// Puts the scores of one name where their customers stand among the measures; returns whether there are any.
template <class Take>
bool take_scores(const View& view, const Measures& measures, std::string_view name, const Take& take) {
  bool any = false;
  const Query query{.entity = "score",
                    .where = Where::all({Where::equal("name", name), Where::present("value")}),
                    .fields = {"customer_id", "value", "label"},
                    .limit = 10'000};
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    const std::int64_t id = batch.columns[0].bits[i];
    const auto at = std::lower_bound(measures.customer.begin(), measures.customer.end(), id);
    if (at == measures.customer.end() || *at != id) return;
    any = true;
    take(static_cast<std::size_t>(at - measures.customer.begin()), batch.columns[1].value(i).real(),
         batch.columns[2].text(i));
  });
  return any;
}

void add_names(const View& view, const Measures& measures, std::vector<ScoredCustomer>& customers) {
  for (ScoredCustomer& one : customers) {
    const Id id{measures.customer[one.row]};
    one.name = shown_name(view, id, view.get("customer", id));
  }
}

std::vector<ScoredCustomer> leaving_customers(const View& view, const Measures& measures, std::size_t count) {
  std::vector<double> chance(measures.size()), stake(measures.size());
  const bool any = take_scores(view, measures, "churn.chance", [&](std::size_t row, double value, std::string_view) {
    chance[row] = value;
    stake[row] = value * static_cast<double>(measures.monetary[row]);
  });
  if (!any) return {};
  std::vector<ScoredCustomer> leaving;
  for (const std::size_t row : first_of(measures.size(), count, [&](std::size_t a, std::size_t b) {
         return stake[a] != stake[b] ? stake[a] > stake[b] : a < b;
       }))
    leaving.push_back({.row = row, .chance = chance[row]});
  take_scores(view, measures, "churn.reason", [&](std::size_t row, double, std::string_view label) {
    for (ScoredCustomer& one : leaving)
      if (one.row == row) one.reason = label;
  });
  add_names(view, measures, leaving);
  return leaving;
}

/// What the model's state says of false alarms; nothing where no alerts could be raised.
std::optional<FalseAlarms> false_alarms_of(std::string_view state) {
  namespace json = boost::json;
  const json::value told = json::parse(state.empty() ? std::string_view("{}") : state);
  const json::value* alerts = told.as_object().if_contains("alerts");
  if (alerts == nullptr || alerts->at("hold_out").is_null()) return std::nullopt;
  const json::value& seen = alerts->at("hold_out");
  return FalseAlarms{.of_stayers = alerts->at("rate_of") == json::value("stayers"),
                     .asked = alerts->at("asked_rate").to_number<double>(),
                     .realised = seen.at("realised_rate").to_number<double>(),
                     .lower = seen.at("interval").at(0).to_number<double>(),
                     .upper = seen.at("interval").at(1).to_number<double>()};
}

void add_alerts(const View& view, std::size_t count, ReportFigures& figures) {
  const std::vector<Record> models =
      view.select({.entity = "model", .where = Where::equal("name", "churn"), .fields = {"state"}, .limit = 1});
  if (models.empty()) return;
  figures.false_alarms = false_alarms_of(models.front().get("state").text());
  const Where open = Where::all({Where::equal("model_id", models.front().id()), Where::equal("status", "open")});
  figures.open_alerts = view.count("alert", open);
  figures.alerts = open_alerts(view, models.front().id(), count);
}

void add_worth(const View& view, std::size_t count, ReportFigures& figures) {
  const Measures& measures = figures.rfm.measures;
  std::vector<ScoredCustomer> all(measures.size());
  DoubleSum sum;
  const bool any = take_scores(view, measures, "lifetime.value", [&](std::size_t row, double value, std::string_view) {
    all[row].value = value;
    sum.add(value);
  });
  if (!any) return;
  take_scores(view, measures, "lifetime.alive",
              [&](std::size_t row, double value, std::string_view) { all[row].alive = value; });
  take_scores(view, measures, "lifetime.expected",
              [&](std::size_t row, double value, std::string_view) { all[row].purchases = value; });
  for (const std::size_t row : first_of(all.size(), count, [&](std::size_t a, std::size_t b) {
         return all[a].value != all[b].value ? all[a].value > all[b].value : a < b;
       })) {
    figures.worth.push_back(all[row]);
    figures.worth.back().row = row;
  }
  add_names(view, measures, figures.worth);
  figures.worth_of_all = sum.value();
}

/// Ratings are letters from A on; those that stand beside a chance and those of an index are not told apart here.
void add_risk(const View& view, ReportFigures& figures) {
  const Measures& measures = figures.rfm.measures;
  std::array<ClassRisk, value_class_count> risk;
  const auto of = [&](std::size_t row) -> ClassRisk& {
    return risk[static_cast<std::size_t>(figures.classes.of[row])];
  };
  const bool any =
      take_scores(view, measures, "credit.overdue", [&](std::size_t row, double value, std::string_view label) {
        if (label.size() != 1 || label[0] < 'A' || label[0] > 'E') return;
        ++of(row).rated[static_cast<std::size_t>(label[0] - 'A')];
        of(row).overdue.add(std::llround(value * Decimal::micros_per_unit));
      });
  if (any) figures.risk = risk;
}

/// Of the last run of the insight lifetime.
std::optional<LifetimeTrack> kept_track(const View& view) {
  const std::vector<Record> models =
      view.select({.entity = "model", .where = Where::equal("name", "lifetime"), .limit = 1});
  return models.empty() ? std::nullopt : track_of_state(models.front().get("state").text());
}

}  // namespace

std::vector<OpenAlert> open_alerts(const View& view, Id model, std::size_t count) {
  std::vector<OpenAlert> alerts;
  for (const Record& alert : view.select({.entity = "alert",
                             .where = Where::all({Where::equal("model_id", model), Where::equal("status", "open")}),
                             .order = {{"severity", true}},
                             .fields = {"customer_id", "kind", "severity", "reason"},
                             .limit = count})) {
    const Id customer = alert.get("customer_id").id();
    alerts.push_back({.name = shown_name(view, customer, view.get("customer", customer)),
                      .kind = std::string(alert.get("kind").text()),
                      .reason = std::string(alert.get("reason").text()),
                      .severity = alert.get("severity").integer()});
  }
  return alerts;
}

std::string shown_name(const View& view, Id id, const std::optional<Record>& customer) {
  std::string name = customer ? std::string(customer->get("name").text()) : std::string();
  if (name.empty()) name = external_id_of(view, id);
  return name.empty() ? "#" + std::to_string(id.value) : name;
}

ReportFigures gather_figures(Session& session, const ReportOptions& options) {
  const Facts facts = read_facts(session);
  const View view = session.view();
  ReportFigures figures;
  figures.info = view.info();
  count_base(view, figures);
  Months months;
  add_known(facts, months);
  add_anonymous(view, months, figures);
  figures.periods = months.periods();
  figures.rfm = score_rfm(facts, {.measures = {.as_of = options.as_of}});
  const Measures& measures = figures.rfm.measures;
  figures.classes = classify_by_value(measures.customer, measures.monetary);
  figures.touches = count_touches(view, measures);
  figures.groups = group_by_interaction(figures.touches.customer, figures.touches.value, figures.touches.count);
  figures.segments = segment_figures(figures.rfm);
  figures.top = top_customers(view, measures, options.top_customers);
  figures.leaving = leaving_customers(view, measures, options.top_customers);
  add_alerts(view, options.top_customers, figures);
  add_worth(view, options.top_customers, figures);
  figures.campaigns = campaigns_on_record(view, options.top_customers);
  figures.outcome = outcome_on_record(view, options.top_customers);
  figures.verdicts = verdicts_on_record(view);
  figures.composition = composition_on_record(view);
  figures.fraud = fraud_on_record(view, options.top_customers);
  figures.market = market_on_record(view);
  figures.value = gather_value(view, options.top_customers);
  figures.habits = state_of_model(view, "habits");
  figures.preferences = state_of_model(view, "preferences");
  figures.usage = state_of_model(view, "usage");
  figures.change = gather_changes(view);
  add_risk(view, figures);
  figures.track = kept_track(view);
  return figures;
}

}  // namespace emptor
