#include "insight/outcome/outcome_drivers.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "emptor/core/exact_sum.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_reasons = 3;
constexpr double least_share = 0.01;  // of log-odds, that is worth telling

/// The mean share of each word of a column, where it has rows enough to tell.
void tell_words(const AnswerTable& table, const OutcomeResult& out, OutcomeDriver& driver) {
  constexpr double least_rows = 10;
  const AnswerColumn& column = table.columns[out.features[driver.feature]];
  std::vector<DoubleSum> sums(column.cells.words.size());
  std::vector<double> rows(sums.size());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (column.cells.codes[row] < 0) continue;
    const auto code = static_cast<std::size_t>(column.cells.codes[row]);
    sums[code].add(out.share(row, driver.feature));
    ++rows[code];
  }
  const auto mean = [&](std::size_t code) { return sums[code].value() / rows[code]; };
  for (std::size_t code = 0; code < sums.size(); ++code) {
    if (rows[code] < least_rows) continue;
    if (!driver.highest || mean(code) > mean(*driver.highest)) driver.highest = code;
    if (!driver.lowest || mean(code) < mean(*driver.lowest)) driver.lowest = code;
  }
}

/// Pearson's correlation of a number with what it adds.
double direction_of(const AnswerTable& table, const OutcomeResult& out, std::size_t feature) {
  const std::vector<double>& numbers = table.columns[out.features[feature]].cells.numbers;
  DoubleSum a, b, aa, bb, ab;
  double count = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (std::isnan(numbers[row])) continue;
    const double share = out.share(row, feature);
    a.add(numbers[row]), b.add(share), ++count;
    aa.add(numbers[row] * numbers[row]), bb.add(share * share), ab.add(numbers[row] * share);
  }
  if (count < 2) return 0;
  const double va = aa.value() - a.value() * a.value() / count, vb = bb.value() - b.value() * b.value() / count;
  return va > 0 && vb > 0 ? (ab.value() - a.value() * b.value() / count) / std::sqrt(va * vb) : 0;
}

std::vector<double> mean_shares(const OutcomeResult& out, const std::vector<std::size_t>& rows) {
  std::vector<double> means;
  for (std::size_t f = 0; f < out.features.size(); ++f) {
    DoubleSum sum;
    for (const std::size_t row : rows) sum.add(out.share(row, f));
    means.push_back(sum.value() / static_cast<double>(rows.size()));
  }
  return means;
}

OutcomeGroup group_of(const OutcomeResult& out, std::string name, const std::vector<std::size_t>& rows,
                      const std::vector<double>& of_all) {
  OutcomeGroup group{.name = std::move(name), .rows = rows.size()};
  DoubleSum chance;
  for (const std::size_t row : rows) {
    chance.add(out.chance[row]);
    if (std::isnan(out.y[row])) continue;
    ++group.answered;
    group.events += out.y[row] == 1 ? 1U : 0U;
  }
  group.mean_chance = chance.value() / static_cast<double>(rows.size());
  const std::vector<double> means = mean_shares(out, rows);
  for (std::size_t f = 0; f < means.size(); ++f)
    if (std::abs(means[f] - of_all[f]) >= least_share) group.reasons.emplace_back(f, means[f] - of_all[f]);
  std::stable_sort(group.reasons.begin(), group.reasons.end(),
                   [](const auto& a, const auto& b) { return std::abs(a.second) > std::abs(b.second); });
  group.reasons.resize(std::min(group.reasons.size(), most_reasons));
  return group;
}

}  // namespace

void find_drivers(const AnswerTable& table, OutcomeResult& out) {
  for (std::size_t f = 0; f < out.features.size(); ++f) {
    OutcomeDriver driver{.feature = f};
    DoubleSum sum;
    for (std::size_t row = 0; row < table.rows(); ++row) sum.add(std::abs(out.share(row, f)));
    driver.weight = sum.value() / static_cast<double>(table.rows());
    if (table.columns[out.features[f]].cells.is_number())
      driver.direction = direction_of(table, out, f);
    else
      tell_words(table, out, driver);
    out.drivers.push_back(driver);
  }
  std::stable_sort(out.drivers.begin(), out.drivers.end(),
                   [](const OutcomeDriver& a, const OutcomeDriver& b) { return a.weight > b.weight; });
}

void find_groups(const AnswerTable& table, const OutcomeRequest& request, OutcomeResult& out) {
  const AnswerColumn* by = request.groups.empty() ? nullptr : table.find(request.groups);
  const std::string_view levels[] = {"high", "medium", "low"};
  std::vector<std::pair<std::string, std::vector<std::size_t>>> groups;
  std::vector<std::size_t> all(table.rows());
  std::iota(all.begin(), all.end(), std::size_t{0});
  if (by == nullptr) {
    for (const std::string_view level : levels) {
      auto& [name, rows] = groups.emplace_back(level, std::vector<std::size_t>());
      for (const std::size_t row : all)
        if (outcome_level(out.chance[row], out.rate()) == level) rows.push_back(row);
    }
  } else {
    std::map<std::string, std::vector<std::size_t>> found;
    for (const std::size_t row : all) found[cell_text(*by, row)].push_back(row);
    groups.assign(found.begin(), found.end());
  }
  const std::vector<double> of_all = mean_shares(out, all);
  for (auto& [name, rows] : groups)
    if (!rows.empty()) out.groups.push_back(group_of(out, name, rows, of_all));
}

}  // namespace emptor
