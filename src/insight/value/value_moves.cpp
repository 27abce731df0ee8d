#include "insight/value/value_moves.hpp"

#include <algorithm>
#include <utility>

#include "emptor/mine/false_discovery.hpp"
#include "emptor/mine/rank_sum.hpp"
#include "insight/facts/measure_rule.hpp"
#include "insight/words/filled_words.hpp"
#include "mine/row_blocks.hpp"

namespace emptor {
namespace {

constexpr std::size_t recent_days = 5, least_past_days = 8, most_past_days = 35;

/// Days with a purchase, by customer and time.
struct PurchaseDays {
  std::vector<std::uint64_t> customer;  ///< place among the customers
  std::vector<std::uint32_t> item;
  std::vector<std::int64_t> day;
  std::vector<double> amount;

  mine::PurchaseEvents events() const { return {customer, item, day}; }
};

PurchaseDays purchase_days(const CustomerLines& lines, std::span<const std::int64_t> customers, Date until,
                           Purchases purchases) {
  PurchaseDays days;
  std::size_t at = 0;
  lines.each([&](std::int64_t customer, std::span<const TimedLine> own) {
    while (at < customers.size() && customers[at] < customer) ++at;
    if (at == customers.size() || customers[at] != customer) return;
    for (const TimedLine& line : own) {
      if (line.day > until.days || !is_purchase(line.amount, line.quantity, least_amount(purchases))) continue;
      const double amount = static_cast<double>(line.amount) / static_cast<double>(Decimal::micros_per_unit);
      if (!days.customer.empty() && days.customer.back() == at && days.day.back() == line.day) {
        days.amount.back() += amount;
        continue;
      }
      days.customer.push_back(at);
      days.item.push_back(0);
      days.day.push_back(line.day);
      days.amount.push_back(amount);
    }
  });
  return days;
}

bool repeats(const PurchaseDays& days) {
  return std::adjacent_find(days.customer.begin(), days.customer.end()) != days.customer.end();
}

MoveKind kind_of(mine::ChangeKind kind) {
  if (kind == mine::ChangeKind::silent) return MoveKind::silent;
  return kind == mine::ChangeKind::faster ? MoveKind::faster : MoveKind::slower;
}

void test_rhythm(const PurchaseDays& days, Date until, const mine::ChangeOptions& options, const mine::Run& run,
                 std::vector<ValueMove>& tests) {
  const mine::RhythmModel model = mine::fit_rhythm(days.events(), until.days, {}, run);
  mine::ChangeOptions each = options;
  each.control = mine::AlarmControl::each;  // all tests are adjusted together, those of amounts among them
  for (const mine::RhythmChange& change : mine::find_changes(model, days.events(), until.days, each, run))
    tests.push_back({static_cast<std::size_t>(change.customer), kind_of(change.kind), change.p_value, 1, change.ratio});
}

double mean_of(std::span<const double> numbers) {
  double sum = 0;
  for (const double number : numbers) sum += number;
  return sum / static_cast<double>(numbers.size());
}

ValueMove amount_test(const PurchaseDays& days, std::size_t first, std::size_t end) {
  const std::span<const double> own(days.amount.data() + first, end - first);
  const std::span<const double> recent = own.last(recent_days), before = own.first(own.size() - recent_days);
  const std::span<const double> past = before.last(std::min(before.size(), most_past_days));
  const mine::RankSum ranks = mine::rank_sum(recent, past);
  return {days.customer[first], ranks.delta > 0 ? MoveKind::spends_more : MoveKind::spends_less, ranks.p_value, 1,
          mean_of(recent) / mean_of(past)};
}

void test_amounts(const PurchaseDays& days, const mine::Run& run, std::vector<ValueMove>& tests) {
  std::vector<std::pair<std::size_t, std::size_t>> stretches;  // of customers with days enough
  for (std::size_t first = 0, end = 0; first < days.customer.size(); first = end) {
    while (end < days.customer.size() && days.customer[end] == days.customer[first]) ++end;
    if (end - first >= recent_days + least_past_days) stretches.emplace_back(first, end);
  }
  const std::size_t before = tests.size();
  tests.resize(before + stretches.size());
  mine::in_blocks(stretches.size(), 16, run, "moves", [&](std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end; ++i)
      tests[before + i] = amount_test(days, stretches[i].first, stretches[i].second);
  });
}

void adjust(std::vector<ValueMove>& tests, mine::AlarmControl control) {
  std::vector<double> p_values;
  for (const ValueMove& test : tests) p_values.push_back(test.p_value);
  if (control == mine::AlarmControl::benjamini_hochberg) p_values = mine::false_discovery(p_values);
  for (std::size_t i = 0; i < tests.size(); ++i) tests[i].adjusted = p_values[i];
}

/// Of each customer the alarm of the least p-value.
std::vector<ValueMove> strongest(std::vector<ValueMove> tests, double false_alarms) {
  std::erase_if(tests, [&](const ValueMove& test) { return test.adjusted > false_alarms; });
  std::sort(tests.begin(), tests.end(), [](const ValueMove& a, const ValueMove& b) {
    if (a.row != b.row) return a.row < b.row;
    return a.p_value != b.p_value ? a.p_value < b.p_value : a.kind < b.kind;
  });
  const auto last =
      std::unique(tests.begin(), tests.end(), [](const ValueMove& a, const ValueMove& b) { return a.row == b.row; });
  tests.erase(last, tests.end());
  return tests;
}

}  // namespace

ValueMoves find_moves(const CustomerLines& lines, std::span<const std::int64_t> customers, Date day,
                      Purchases purchases, const mine::ChangeOptions& options, const mine::Run& run) {
  ValueMoves moves;
  if (options.false_alarms <= 0) {
    moves.why = "no alarms were asked for";
    return moves;
  }
  const PurchaseDays days = purchase_days(lines, customers, day, purchases);
  if (!repeats(days)) {
    moves.why = "no customer bought on more than one day";
    return moves;
  }
  std::vector<ValueMove> tests;
  test_rhythm(days, day, options, run, tests);
  test_amounts(days, run, tests);
  moves.tests = tests.size();
  if (tests.empty()) moves.why = "no customer has enough of a past to be tested against";
  adjust(tests, options.control);
  moves.alarms = strongest(std::move(tests), options.false_alarms);
  return moves;
}

std::string move_reason(const ValueMove& move, Language language) {
  static constexpr FilledWords words[] = {
      {"buys faster than before: the last gaps took # of the usual time", "购买加快：最近的间隔只有平常的 # 倍"},
      {"buys more slowly than before: the last gaps took # times the usual", "购买放慢：最近的间隔是平常的 # 倍"},
      {"silent for # times the usual gap", "沉默时间是平常间隔的 # 倍"},
      {"spends more than before: # times as much on a day", "消费增加：每次是以前的 # 倍"},
      {"spends less than before: # of what a day brought", "消费减少：每次只有以前的 # 倍"}};
  return words[static_cast<std::size_t>(move.kind)].fill(move.ratio, 0, language);
}

}  // namespace emptor
