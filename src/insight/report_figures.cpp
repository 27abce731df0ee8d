#include "insight/report_figures.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>

#include "insight/facts_scan.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_months = 96;

template <class Visit>
void each_row(const View& view, const Query& query, const Visit& visit) {
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = view.scan(query, key, batch);
    for (std::size_t i = 0; i < batch.rows(); ++i) visit(batch, i);
  }
}

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
  std::stable_sort(segments.begin(), segments.end(), [](const SegmentFigures& a, const SegmentFigures& b) {
    return a.revenue.value() > b.revenue.value();
  });
  return segments;
}

std::vector<TopCustomer> top_customers(const View& view, const Measures& measures, std::size_t count) {
  std::vector<std::size_t> order(measures.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  count = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return measures.monetary[a] != measures.monetary[b] ? measures.monetary[a] > measures.monetary[b]
                                                                          : a < b;
                    });
  std::vector<TopCustomer> top;
  for (const std::size_t row : std::span(order).first(count)) {
    const Id id{measures.customer[row]};
    TopCustomer one{.row = row};
    if (const std::optional<Record> customer = view.get("customer", id)) {
      one.name = customer->get("name").text();
      one.country = customer->get("country").text();
    }
    if (one.name.empty()) one.name = external_id_of(view, id);
    if (one.name.empty()) one.name = "#" + std::to_string(id.value);
    top.push_back(std::move(one));
  }
  return top;
}

}  // namespace

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
  return figures;
}

}  // namespace emptor
