#include "insight/market/market_segments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "emptor/core/error.hpp"
#include "insight/composition/sum_ratio.hpp"
#include "mine/special.hpp"

namespace emptor {
namespace {

constexpr std::size_t behaviour_columns = 4;  // recency, orders, mean amount, tenure
constexpr std::size_t least_buyers = 100;
constexpr std::size_t least_of_segment = 10;  // customers
constexpr double most_chance = 0.05;          // that a cloud's clusters are as clear
constexpr double least_rand = 0.75;           // adjusted Rand index of halves
constexpr double least_overlap = 0.6;         // Hennig 2007: below it a cluster is not to be trusted
constexpr std::size_t most_kinds = 10;        // of an attribute, the most frequent
constexpr double kind_weight = 0.5;           // two indicators differ where one number does
constexpr std::size_t least_buyers_of_growth = 10;

double units(std::int64_t micros) { return static_cast<double>(micros) / Decimal::micros_per_unit; }

/// Rows of columns that are made one after another.
struct RawColumns {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;

  void add(std::string name, std::vector<double> column) {
    names.push_back(std::move(name));
    columns.push_back(std::move(column));
  }
  void add_logarithm(const char* name, std::vector<double> column) {
    for (double& value : column) value = mine::special::log1p(std::max(value, 0.0));
    add(name, std::move(column));
  }
};

std::vector<std::size_t> frequent(const PortraitKinds& column) {
  std::vector<std::size_t> counts(column.kinds.size()), order(column.kinds.size());
  for (const std::uint32_t kind : column.of)
    if (kind != PortraitKinds::none) ++counts[kind];
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return counts[a] != counts[b] ? counts[a] > counts[b] : column.kinds[a] < column.kinds[b];
  });
  order.resize(std::min(order.size(), most_kinds));
  return order;
}

void add_attribute(const PortraitColumns& attributes, const std::string& name, RawColumns& out) {
  for (const PortraitNumbers& one : attributes.numbers)
    if (one.name == name) return out.add(name, one.values);
  for (const PortraitKinds& one : attributes.kinds) {
    if (one.name != name) continue;
    for (const std::size_t kind : frequent(one)) {
      std::vector<double> marks;
      for (const std::uint32_t of : one.of) marks.push_back(of == kind ? 1 : 0);
      out.add(name + "=" + one.kinds[kind], std::move(marks));
    }
    return;
  }
  throw Error(Problem{.code = Code::invalid,
                      .message = "'" + name + "' is no number, flag or class that is known of customers",
                      .field = "attributes",
                      .hint = "name fields of customers, custom ones too, that are not personal"});
}

/// The fields that a model's columns came from.
std::vector<std::string> attributes_of(const SegmentColumns& columns) {
  std::vector<std::string> fields;
  for (std::size_t c = behaviour_columns; c < columns.names.size(); ++c) {
    std::string field = columns.names[c].substr(0, columns.names[c].find('='));
    if (fields.empty() || fields.back() != field) fields.push_back(std::move(field));
  }
  return fields;
}

RawColumns raw_columns(const BuyerRows& rows, const PortraitColumns& attributes,
                       const std::vector<std::string>& fields) {
  RawColumns out;
  out.add_logarithm("recency", rows.recency);
  out.add_logarithm("orders", rows.orders);
  out.add_logarithm("mean_amount", rows.mean_amount);
  out.add_logarithm("tenure", rows.tenure);
  for (const std::string& name : fields) add_attribute(attributes, name, out);
  return out;
}

double median_of(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Row by row, in the order of a model's names; a kind that the rows do not have is nowhere marked.
std::vector<double> matrix_of(const RawColumns& raw, const SegmentColumns& as, std::size_t rows) {
  std::vector<double> x(rows * as.names.size());
  for (std::size_t c = 0; c < as.names.size(); ++c) {
    const auto at = std::find(raw.names.begin(), raw.names.end(), as.names[c]);
    for (std::size_t r = 0; r < rows; ++r) {
      const double value = at == raw.names.end() ? 0 : raw.columns[static_cast<std::size_t>(at - raw.names.begin())][r];
      x[r * as.names.size() + c] = std::isnan(value) ? as.missing[c] : value;
    }
  }
  return x;
}

mine::NumberView view_of(const std::vector<double>& x, std::size_t columns) {
  return {x.data(), x.size() / columns, columns, columns, 1};
}

std::vector<double> scaled(const SegmentColumns& columns, const std::vector<double>& x) {
  std::vector<double> out(x.size());
  mine::apply(columns.scaling, view_of(x, columns.names.size()), out);
  for (std::size_t c = 0; c < columns.names.size(); ++c)
    if (columns.names[c].find('=') != std::string::npos)
      for (std::size_t i = c; i < out.size(); i += columns.names.size()) out[i] *= kind_weight;
  return out;
}

SegmentColumns fit_columns(const RawColumns& raw, std::size_t rows, const mine::Run& run) {
  SegmentColumns columns{.names = raw.names, .missing = {}, .scaling = {}};
  for (const std::vector<double>& one : raw.columns) columns.missing.push_back(median_of(one));
  const std::vector<double> x = matrix_of(raw, columns, rows);
  columns.scaling = mine::fit_scaling(view_of(x, columns.names.size()), {.constant = mine::ConstantColumn::keep}, run);
  return columns;
}

std::string shown(double number) {
  const auto hundredths = static_cast<int>(std::lround(number * 100));
  return (hundredths < 0 ? "-" : "") + std::to_string(std::abs(hundredths) / 100) + "." +
         (std::abs(hundredths) % 100 < 10 ? "0" : "") + std::to_string(std::abs(hundredths) % 100);
}

std::string lack_of(const Segmentation& out) {
  if (out.clouds.p_value > most_chance)
    return "no segments: customers who differ by degrees only would give clusters as clear (p " +
           shown(out.clouds.p_value) + ", silhouette " + shown(out.clouds.silhouette) + " against " +
           shown(out.clouds.cloud_silhouette) + ")";
  const std::vector<double>& overlap = out.stability.cluster_overlap;
  const double least = *std::min_element(overlap.begin(), overlap.end());
  if (out.stability.mean_rand_index < least_rand || least < least_overlap)
    return "no stable segments: halves of the customers give other ones (adjusted Rand index " +
           shown(out.stability.mean_rand_index) + ", least overlap of a cluster " + shown(least) + ")";
  const std::vector<std::uint64_t>& sizes = out.model->clusters.sizes;
  if (*std::min_element(sizes.begin(), sizes.end()) < least_of_segment)
    return "no segments: one of the clusters is a handful of unusual customers";
  return "sufficient";
}

PortraitColumns portrait_columns(const BuyerRows& rows, const PortraitColumns& attributes) {
  PortraitColumns all = attributes;
  all.numbers.insert(
      all.numbers.begin(),
      {{"recency", rows.recency}, {"orders", rows.orders}, {"mean_spend", rows.mean_amount}, {"tenure", rows.tenure}});
  return all;
}

void add_growth(const BuyerRows& rows, const std::vector<std::uint8_t>& within, MarketSegment& segment) {
  std::size_t now = 0, before = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    now += within[i] && rows.revenue[i] > 0 ? 1U : 0U;
    before += within[i] && rows.before[i] > 0 ? 1U : 0U;
  }
  if (!rows.has_before || std::min(now, before) < least_buyers_of_growth) return;
  if (segment.revenue <= 0 || segment.before <= 0) return;
  SumRatio ratio(segment.revenue, segment.before);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (within[i]) ratio.add(rows.revenue[i], rows.before[i]);
  segment.growth = ratio.interval();
  for (double* one : {&segment.growth->value, &segment.growth->lower, &segment.growth->upper}) *one -= 1;
}

void describe(const BuyerRows& rows, const PortraitColumns& attributes, Segmentation& out) {
  const std::size_t k = out.model->clusters.k();
  const PortraitColumns columns = portrait_columns(rows, attributes);
  for (std::uint32_t s = 0; s < k; ++s) {
    MarketSegment segment{.name = "segment_" + std::to_string(s + 1), .growth = {}, .portrait = {}};
    std::vector<std::uint8_t> within(rows.size());
    DoubleSum revenue, before;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (out.segment[i] != s) continue;
      within[i] = 1;
      ++segment.customers;
      revenue.add(rows.revenue[i]);
      before.add(rows.before[i]);
    }
    segment.share = static_cast<double>(segment.customers) / static_cast<double>(rows.size());
    segment.revenue = revenue.value();
    segment.before = before.value();
    add_growth(rows, within, segment);
    segment.portrait = draw_portrait(columns, within);
    out.segments.push_back(std::move(segment));
  }
  const std::vector<double>& overlap = out.stability.cluster_overlap;
  for (std::size_t cluster = 0; cluster < overlap.size(); ++cluster)
    out.segments[out.model->rank[cluster]].overlap = overlap[cluster];
}

/// Clusters in the order of revenue a customer.
std::vector<std::uint32_t> rank_clusters(const BuyerRows& rows, const std::vector<std::uint32_t>& label,
                                         std::size_t k) {
  std::vector<DoubleSum> revenue(k);
  std::vector<double> mean(k), customers(k);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    revenue[label[i]].add(rows.revenue[i]);
    customers[label[i]] += 1;
  }
  for (std::size_t c = 0; c < k; ++c) mean[c] = customers[c] > 0 ? revenue[c].value() / customers[c] : 0;
  std::vector<std::uint32_t> order(k), rank(k);
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return mean[a] > mean[b]; });
  for (std::uint32_t place = 0; place < k; ++place) rank[order[place]] = place;
  return rank;
}

}  // namespace

BuyerRows buyer_rows(const CustomerLines& lines, std::int32_t until, std::int32_t window_days) {
  BuyerRows rows;
  std::int32_t earliest = std::numeric_limits<std::int32_t>::max();
  const std::int32_t first = until - window_days + 1, first_before = first - window_days;
  lines.each([&](std::int64_t customer, std::span<const TimedLine> own) {
    std::int64_t amount = 0, last_at = 0;
    double orders = 0;
    IntegerSum revenue, before;
    std::int32_t came = until + 1, last = 0;
    for (const TimedLine& line : own) {
      if (line.day > until) break;
      if (line.day >= first)
        revenue.add(line.amount);
      else if (line.day >= first_before)
        before.add(line.amount);
      if (line.amount <= 0) continue;
      amount += line.amount;
      orders += orders == 0 || line.at != last_at ? 1 : 0;  // the lines of an order stand at one instant
      last_at = line.at;
      came = std::min(came, line.day);
      last = line.day;
    }
    if (orders == 0) return;
    earliest = std::min(earliest, came);
    rows.customer.push_back(customer);
    rows.recency.push_back(until - last);
    rows.orders.push_back(orders);
    rows.mean_amount.push_back(units(amount) / orders);
    rows.tenure.push_back(until - came);
    rows.revenue.push_back(static_cast<double>(revenue.value()) / Decimal::micros_per_unit);
    rows.before.push_back(static_cast<double>(before.value()) / Decimal::micros_per_unit);
  });
  rows.has_before = earliest <= first_before;
  return rows;
}

Segmentation segment_market(const BuyerRows& rows, const PortraitColumns& attributes, const SegmentOptions& options,
                            const std::optional<SegmentModel>& kept, const mine::Run& run) {
  Segmentation out;
  if (rows.size() == 0 || (!kept && rows.size() < least_buyers)) {
    out.verdict = "insufficient: " + std::to_string(rows.size()) + " buyers, " + std::to_string(least_buyers) +
                  " are needed for segments";
    return out;
  }
  const RawColumns raw = raw_columns(rows, attributes, kept ? attributes_of(kept->columns) : options.attributes);
  if (kept) {
    out.kept = true;
    out.model = kept;
  } else {
    out.model = SegmentModel{fit_columns(raw, rows.size(), run), {}, {}};
  }
  SegmentModel& model = *out.model;
  const std::size_t columns = model.columns.names.size();
  const std::vector<double> x = scaled(model.columns, matrix_of(raw, model.columns, rows.size()));
  if (!kept) {
    const std::vector<std::uint64_t> ids(rows.customer.begin(), rows.customer.end());
    const mine::TrainingRows training{.x = view_of(x, columns), .y = {}, .weights = {}, .ids = ids};
    const mine::KmeansOptions fit{.seed = 1, .restarts = 5};
    mine::ChosenKmeans chosen = mine::fit_chosen_kmeans(
        training,
        {.choice = {.least_k = options.least_k, .greatest_k = options.greatest_k, .fit = fit}, .by = options.by}, run);
    model.clusters = std::move(chosen.model);
    out.choice = std::move(chosen.choice);
    out.stability = std::move(chosen.stability);
    out.clouds = compare_with_clouds(x, columns, model.clusters.k(), run);
  }
  const std::vector<std::uint32_t> label = mine::predict_kmeans(model.clusters, view_of(x, columns), run);
  if (!kept) model.rank = rank_clusters(rows, label, model.clusters.k());
  for (const std::uint32_t one : label) out.segment.push_back(model.rank[one]);
  out.verdict = kept ? "sufficient" : lack_of(out);
  if (out.verdict == "sufficient") describe(rows, attributes, out);
  return out;
}

}  // namespace emptor
