#include "insight/words/portrait.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/sort_stably.hpp"
#include "emptor/mine/false_discovery.hpp"

namespace emptor {
namespace {

void contrast(const PortraitNumbers& column, const std::vector<std::uint8_t>& within, const PortraitOptions& options,
              std::vector<PortraitFinding>& findings) {
  std::vector<double> own, others;
  for (std::size_t i = 0; i < column.values.size(); ++i)
    if (std::isfinite(column.values[i])) (within[i] ? own : others).push_back(column.values[i]);
  if (own.size() < std::max<std::size_t>(options.least_rows, 2)) return;
  if (others.size() < std::max<std::size_t>(options.least_rows, 2)) return;
  PortraitFinding finding{column.name, {}};
  finding.number = mine::contrast_numbers(own, others, options.level);
  finding.p_value = finding.number.p_value;
  findings.push_back(std::move(finding));
}

/// The most frequent kinds, those first that come first of equals.
std::vector<std::size_t> frequent_kinds(const std::vector<mine::Share>& own, const std::vector<mine::Share>& others,
                                        const PortraitOptions& options) {
  const auto having = [&](std::size_t kind) { return own[kind].having + others[kind].having; };
  std::vector<std::size_t> order(own.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t kind) { return having(kind) < options.least_rows; });
  sort_stably(order, [&](std::size_t a, std::size_t b) { return having(a) > having(b); });
  if (order.size() > options.most_kinds) order.resize(options.most_kinds);
  return order;
}

void contrast(const PortraitKinds& column, const std::vector<std::uint8_t>& within, const PortraitOptions& options,
              std::vector<PortraitFinding>& findings) {
  std::vector<mine::Share> own(column.kinds.size()), others(column.kinds.size());
  std::size_t own_rows = 0, other_rows = 0;
  for (std::size_t i = 0; i < column.of.size(); ++i) {
    if (column.of[i] == PortraitKinds::none) continue;
    ++(within[i] ? own_rows : other_rows);
    ++(within[i] ? own : others)[column.of[i]].having;
  }
  if (own_rows < options.least_rows || other_rows < options.least_rows) return;
  for (const std::size_t kind : frequent_kinds(own, others, options)) {
    if (own[kind].having == own_rows && others[kind].having == other_rows) continue;  // all are alike
    PortraitFinding finding{column.name, column.kinds[kind]};
    finding.share =
        mine::contrast_shares({own[kind].having, own_rows}, {others[kind].having, other_rows}, options.level);
    finding.p_value = finding.share.p_value;
    findings.push_back(std::move(finding));
  }
}

void keep_what_holds(std::vector<PortraitFinding>& findings, double false_findings) {
  std::vector<double> p_values;
  for (const PortraitFinding& one : findings) p_values.push_back(one.p_value);
  const std::vector<double> adjusted = mine::false_discovery(p_values);
  for (std::size_t i = 0; i < findings.size(); ++i) findings[i].adjusted = adjusted[i];
  std::erase_if(findings, [&](const PortraitFinding& one) { return one.adjusted > false_findings; });
  sort_stably(findings, [](const PortraitFinding& a, const PortraitFinding& b) {
    return std::abs(a.effect()) > std::abs(b.effect());
  });
}

}  // namespace

Portrait draw_portrait(const PortraitColumns& columns, const std::vector<std::uint8_t>& within,
                       const PortraitOptions& options) {
  Portrait portrait;
  portrait.within =
      static_cast<std::size_t>(std::count_if(within.begin(), within.end(), [](auto one) { return one != 0; }));
  portrait.outside = within.size() - portrait.within;
  if (portrait.within < options.least_rows || portrait.outside < options.least_rows) {
    portrait.why = "the group has " + std::to_string(portrait.within) + " customers and there are " +
                   std::to_string(portrait.outside) + " others; " + std::to_string(options.least_rows) +
                   " of each are needed";
    return portrait;
  }
  for (const PortraitNumbers& column : columns.numbers) contrast(column, within, options, portrait.findings);
  for (const PortraitKinds& column : columns.kinds) contrast(column, within, options, portrait.findings);
  portrait.tests = portrait.findings.size();
  keep_what_holds(portrait.findings, options.false_findings);
  return portrait;
}

}  // namespace emptor
