#include "emptor/mine/rules.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <set>

#include "brute_itemsets.hpp"
#include "emptor/core/error.hpp"
#include "emptor/desk/table.hpp"
#include "support/data.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

using Items = std::vector<std::uint32_t>;
using Sides = std::pair<Items, Items>;

/// All rules of all frequent sets by counting baskets anew for every side.
std::map<Sides, RuleCounts> brute_rules(const BasketTable& baskets, std::uint64_t min_support, std::size_t max_right) {
  const auto count = [&](const Items& side) {
    std::uint32_t found = 0;
    for (std::size_t basket = 0; basket < baskets.size(); ++basket) {
      const auto items = Baskets(baskets)[basket];
      found += std::all_of(side.begin(), side.end(), [&](std::uint32_t item) {
        return std::find(items.begin(), items.end(), item) != items.end();
      });
    }
    return found;
  };
  std::map<Sides, RuleCounts> rules;
  for (const auto& set : test::brute_itemsets(baskets, min_support, ItemsetKind::all)) {
    for (std::uint32_t side = 1; side + 1 < 1u << set.items.size(); ++side) {
      Items left, right;
      for (std::size_t at = 0; at < set.items.size(); ++at)
        ((side >> at & 1) != 0 ? right : left).push_back(set.items[at]);
      if (right.size() > max_right) continue;
      rules[{left, right}] = {set.support, count(left), count(right), static_cast<std::uint32_t>(baskets.size())};
    }
  }
  return rules;
}

std::map<Sides, RuleCounts> rules_in(const RuleTable& table) {
  std::map<Sides, RuleCounts> rules;
  for (std::size_t at = 0; at < table.size(); ++at) {
    const Rule rule = table[at];
    rules[{Items(rule.left.begin(), rule.left.end()), Items(rule.right.begin(), rule.right.end())}] = rule.counts;
  }
  return rules;
}

BasketTable groceries() {
  const auto path = test::data_path("groceries-arules/groceries_basket.csv");
  BasketTable baskets;
  if (!path) return baskets;
  std::ifstream lines(*path);
  std::map<std::string, std::uint32_t> numbers;
  for (std::string line; std::getline(lines, line);) {
    Items basket;
    for (std::size_t from = 0; from <= line.size();) {
      const std::size_t end = std::min(line.find(',', from), line.size());
      basket.push_back(numbers.emplace(line.substr(from, end - from), numbers.size()).first->second);
      from = end + 1;
    }
    baskets.add(basket);
  }
  return baskets;
}

/// P(at least both), term by term, in long double from the smallest.
long double exact_fisher(const RuleCounts& c) {
  const auto choose = [](unsigned n, unsigned k) {
    long double value = 1;
    for (unsigned i = 1; i <= k; ++i) value = value * (n - k + i) / i;
    return value;
  };
  long double sum = 0;
  for (unsigned both = std::min(c.left, c.right); both >= c.both && both <= c.left; --both) {
    if (c.left - both <= c.baskets - c.right) sum += choose(c.right, both) * choose(c.baskets - c.right, c.left - both);
    if (both == 0) break;
  }
  return sum / choose(c.baskets, c.left);
}

}  // namespace

TEST_CASE("rules: every rule, and its four counts, is what counting baskets anew finds") {
  Random random(11);
  for (int round = 0; round < 300; ++round) {
    const BasketTable baskets = test::random_baskets(random);
    RuleOptions options{.itemsets = {.min_support = 2 + random.below(6)}};
    options.max_right = static_cast<std::uint32_t>(random.below(3));
    const auto expected =
        brute_rules(baskets, options.itemsets.min_support, options.max_right == 0 ? 12 : options.max_right);
    const RuleTable found = mine_rules(baskets, options);
    REQUIRE(rules_in(found) == expected);
    REQUIRE(found.size() == expected.size());
    REQUIRE(found.summary.candidates == expected.size());
    REQUIRE(rules_of(mine_itemsets(baskets, options.itemsets), options) == found);
    REQUIRE(load_rules(save(found)) == found);
  }
}

TEST_CASE("rules: the redundant are those of which a part of the left side says as much") {
  Random random(12);
  for (int round = 0; round < 200; ++round) {
    const BasketTable baskets = test::random_baskets(random);
    RuleOptions options{.itemsets = {.min_support = 3}, .min_confidence = 0.4, .drop_redundant = true};
    const auto all = brute_rules(baskets, 3, 1);
    std::map<Sides, RuleCounts> expected;
    for (const auto& [sides, counts] : all) {
      const auto& left = sides.first;
      // Without a left side: as often as the right side occurs at all.
      bool redundant = std::uint64_t{counts.right} * counts.left >= std::uint64_t{counts.both} * counts.baskets;
      for (std::uint32_t part = 1; part + 1 < 1u << left.size(); ++part) {
        Items some;
        for (std::size_t at = 0; at < left.size(); ++at) {
          if ((part >> at & 1) != 0) some.push_back(left[at]);
        }
        const RuleCounts other = all.at({some, sides.second});
        redundant = redundant || std::uint64_t{other.both} * counts.left >= std::uint64_t{counts.both} * other.left;
      }
      if (!redundant && counts.both * 10 >= counts.left * 4) expected.emplace(sides, counts);
    }
    REQUIRE(rules_in(mine_rules(baskets, options)) == expected);
  }
}

TEST_CASE("rules: measures of a table worked out by hand") {
  const RuleMeasures m = measures_of({.both = 20, .left = 25, .right = 40, .baskets = 100});
  CHECK(m.support == doctest::Approx(0.2));
  CHECK(m.confidence == doctest::Approx(0.8));
  CHECK(m.lift == doctest::Approx(2));
  CHECK(m.leverage == doctest::Approx(0.1));
  CHECK(m.conviction == doctest::Approx(3));
  CHECK(m.cosine == doctest::Approx(20 / std::sqrt(1000.0)));
  CHECK(m.kulczynski == doctest::Approx(0.65));
  CHECK(m.jaccard == doctest::Approx(20.0 / 45));
  CHECK(m.odds_ratio == doctest::Approx(20.0 * 55 / (5 * 20)));
  CHECK(m.chi_square == doctest::Approx(100 * std::pow(20.0 * 55 - 5 * 20, 2) / (25.0 * 40 * 75 * 60)));
  CHECK(std::isinf(measures_of({.both = 25, .left = 25, .right = 40, .baskets = 100}).conviction));
}

TEST_CASE("rules: Fisher's p is the sum of the hypergeometric tail") {
  Random random(13);
  for (int round = 0; round < 2'000; ++round) {
    RuleCounts counts;
    counts.baskets = 1 + static_cast<std::uint32_t>(random.below(60));
    counts.left = static_cast<std::uint32_t>(random.below(counts.baskets + 1));
    counts.right = static_cast<std::uint32_t>(random.below(counts.baskets + 1));
    const std::uint32_t least =
        counts.left + counts.right > counts.baskets ? counts.left + counts.right - counts.baskets : 0;
    counts.both = least + static_cast<std::uint32_t>(random.below(std::min(counts.left, counts.right) - least + 1));
    REQUIRE(std::exp(log_fisher(counts)) == doctest::Approx(static_cast<double>(exact_fisher(counts))).epsilon(1e-7));
  }
  // A p of 10^-417, which no double holds: hypergeom.logsf(299, 100000, 1500, 500) of SciPy 1.17.1.
  CHECK(log_fisher({.both = 300, .left = 500, .right = 1'500, .baskets = 100'000}) ==
        doctest::Approx(-960.8022511439234).epsilon(1e-10));
}

TEST_CASE("rules: control counts every candidate, not only those that are shown") {
  Random random(14);
  BasketTable baskets;  // 1 and 2 go together; 3 ... 12 do what they like
  for (int row = 0; row < 400; ++row) {
    Items basket;
    if (random.below(2) == 0) basket = {1, 2};
    for (std::uint32_t item = 3; item <= 12; ++item) {
      if (random.below(2) == 0) basket.push_back(item);
    }
    baskets.add(basket);
  }
  RuleOptions options{.itemsets = {.min_support = 60, .max_length = 2}};
  const RuleTable all = mine_rules(baskets, options);
  options.min_confidence = 0.9;
  options.control = RuleControl::bonferroni;
  const RuleTable strict = mine_rules(baskets, options);
  CHECK(strict.summary.candidates == all.size());
  CHECK(strict.summary.log_p_limit == doctest::Approx(std::log(0.05 / static_cast<double>(all.size()))));
  CHECK(rules_in(strict).size() == 2);

  // Benjamini and Hochberg by their definition.
  std::vector<double> p;
  for (const RuleCounts& counts : all.counts) p.push_back(log_fisher(counts));
  std::sort(p.begin(), p.end());
  std::size_t k = p.size();
  while (k > 0 && p[k - 1] > std::log(0.05 * static_cast<double>(k) / static_cast<double>(p.size()))) --k;
  options.min_confidence = 0;
  options.control = RuleControl::benjamini_hochberg;
  CHECK(mine_rules(baskets, options).size() == k);
}

TEST_CASE("rules: the same rules in the same order for 1 to 4 threads, also where they are cut") {
  Random random(15);
  BasketTable baskets;  // enough sets for many parts, of lengths that differ
  for (int row = 0; row < 300; ++row) {
    Items basket;
    for (std::uint32_t item = 0; item < 14; ++item) {
      if (random.below(10) < 9 - item / 2) basket.push_back(item);
    }
    baskets.add(basket);
  }
  const auto stream = [&](const RuleOptions& options, std::size_t threads, std::size_t enough) {
    std::vector<std::pair<Sides, RuleCounts>> given;
    const auto take = [&](const Rule& rule) {
      given.push_back(
          {{Items(rule.left.begin(), rule.left.end()), Items(rule.right.begin(), rule.right.end())}, rule.counts});
      return given.size() < enough;
    };
    const RuleSummary summary = mine_rules(baskets, options, take, {.executor = thread_executor(threads)});
    return std::pair(given, summary);
  };
  const RuleOptions plain{.itemsets = {.min_support = 4}};
  RuleOptions strict = plain, wide = plain, cut = plain, unique = plain;
  strict.control = RuleControl::benjamini_hochberg;
  strict.min_lift = 1.05;
  wide.itemsets.min_support = 30;
  wide.max_right = 0;
  wide.empty_left = true;
  cut.max_rules = 5'000;
  unique.min_confidence = 0.9;
  unique.drop_redundant = true;
  for (const RuleOptions& options : {plain, strict, wide, cut, unique}) {
    for (const std::size_t enough : {SIZE_MAX, std::size_t{3'000}, std::size_t{1}}) {
      const auto alone = stream(options, 1, enough);
      REQUIRE(alone.second.sets > 600);
      for (const std::size_t threads : {2, 3, 4}) REQUIRE(stream(options, threads, enough) == alone);
    }
  }
  REQUIRE(mine_rules(baskets, strict, {.executor = thread_executor(3)}) == mine_rules(baskets, strict));
}

TEST_CASE("rules: sides can be chosen, and a receiver can have enough") {
  const BasketTable baskets = read_fimi("1 2 3\n1 2 3\n1 2\n2 3\n1 3\n");
  RuleOptions options{.itemsets = {.min_support = 2}, .right_only = {3}};
  for (const auto& [sides, counts] : rules_in(mine_rules(baskets, options))) CHECK(sides.second == Items{3});
  options.left_only = {1};
  CHECK(rules_in(mine_rules(baskets, options)) == std::map<Sides, RuleCounts>{{{{1}, {3}}, {3, 4, 4, 5}}});
  options = {.itemsets = {.min_support = 2}, .empty_left = true, .max_rules = 4};
  CHECK(mine_rules(baskets, options).summary.ending == Ending::max_sets);
  const RuleSummary summary = mine_rules(baskets, {.itemsets = {.min_support = 2}}, [](const Rule&) { return false; });
  CHECK(summary.rules == 1);
  CHECK(summary.ending == Ending::receiver);
  CHECK_THROWS_AS((void)mine_rules(baskets, {.min_confidence = 1.5}), Error);
  CHECK_THROWS_AS((void)mine_rules(baskets, {.itemsets = {.kind = ItemsetKind::closed}}), Error);
  CHECK_THROWS_AS((void)mine_rules(baskets, {.itemsets = {.max_sets = 2}}), Error);
}

TEST_CASE("rules: Groceries, as arules counts them") {
  const BasketTable baskets = groceries();
  if (baskets.size() == 0) return;
  CHECK(baskets.size() == 9'835);
  const auto sets = [&](std::uint64_t support) { return count_itemsets(baskets, {.min_support = support}).sets; };
  CHECK(sets(99) == 333);
  CHECK(sets(60) == 747);
  CHECK(sets(10) == 13'492);
  const auto rules = [&](std::uint64_t support, double confidence, std::uint32_t right) {
    return mine_rules(baskets, {.itemsets = {.min_support = support}, .max_right = right, .min_confidence = confidence})
        .size();
  };
  CHECK(rules(10, 0.8, 1) == 410);
  CHECK(rules(60, 0.25, 1) == 463);
  CHECK(rules(99, 0.5, 1) == 15);
  CHECK(rules(10, 0.5, 1) == 5'668);
  CHECK(rules(10, 0.8, 0) == 413);
  CHECK(rules(10, 0.5, 0) == 5'829);
}

// The reference: 392 baskets (five of them hold nothing but postage and stay in the denominator), 51 sets, 23 rules.
TEST_CASE("rules: [J2] Online Retail, what is bought together in France") {
  const auto path = test::data_path("online-retail/online_retail.csv.gz");
  if (!path) return;
  const std::string paths[] = {*path};
  const Tables tables = open_tables(paths);
  TableSource& table = *tables.sources.front();
  const auto column = [&](std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(table.columns(), name) - table.columns().begin());
  };
  const std::size_t invoice = column("InvoiceNo"), description = column("Description"), country = column("Country");
  std::map<std::string, std::set<std::string>> invoices;
  TableRow row;
  while (table.next(row)) {
    if (row.cells[country] != "France" || row.cells[invoice].starts_with("C")) continue;
    const std::string_view text = row.cells[description];
    const std::size_t first = text.find_first_not_of(' '), last = text.find_last_not_of(' ');
    auto& basket = invoices[std::string(row.cells[invoice])];
    if (first == std::string_view::npos) continue;
    if (const std::string item(text.substr(first, last - first + 1)); item != "POSTAGE") basket.insert(item);
  }
  std::map<std::string, std::uint32_t> numbers;
  BasketTable baskets;
  for (const auto& [number, basket] : invoices) {
    Items items;
    for (const std::string& item : basket)
      items.push_back(numbers.try_emplace(item, static_cast<std::uint32_t>(numbers.size())).first->second);
    baskets.add(items);
  }
  CHECK(baskets.size() == 392);
  const RuleOptions options{.itemsets = {.min_support = 28}, .min_confidence = .5};  // .07 x 392 = 27.4
  const RuleTable rules = mine_rules(baskets, options);
  CHECK(rules.summary.sets == 51);
  CHECK(rules.size() == 23);
  double lift = 0;
  for (std::size_t rule = 0; rule < rules.size(); ++rule) lift = std::max(lift, measures_of(rules[rule].counts).lift);
  CHECK(std::abs(lift - 8.643) < .0005);
}
