// Rules of chess at 1,200 baskets, 91.7 million candidates; then additions for baskets of 20 items among 100,000 rules.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "bound.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/rule_server.hpp"

namespace {

using namespace emptor;
using namespace emptor::mine;
using bench::Is;

bool stream_rules(const std::string& path) {
  const BasketTable baskets = read_fimi_file(path);
  std::uint64_t left = 0;
  RuleSummary summary;
  const auto take = [&left](const Rule& rule) {
    left += rule.left.size();
    return true;
  };
  const RuleOptions options{.itemsets = {.min_support = 1'200}, .min_confidence = 0.95, .min_lift = 1.1};
  const double seconds = bench::seconds_of([&] { summary = mine_rules(baskets, options, take); });
  const Run two{.executor = thread_executor(2)};
  bench::figure("two threads", bench::seconds_of([&] { (void)mine_rules(baskets, options, take, two); }), "s");
  bench::figure("candidates", static_cast<double>(summary.candidates), "");
  bench::figure("rules given", static_cast<double>(summary.rules), "");
  return bench::bound("rules of chess at 1200, filtered and streamed", seconds, Is::at_most, 3, "s");
}

/// Rules of two to four items on the left among 2,000, as many popular ones as unpopular.
RuleTable made_rules(std::size_t count, Random& random) {
  RuleTable rules;
  for (std::size_t rule = 0; rule < count; ++rule) {
    std::vector<std::uint32_t> items;
    for (std::uint64_t size = 3 + random.below(3); items.size() < size;) {
      const auto item = static_cast<std::uint32_t>(random.below(1 + random.below(2'000)));
      if (std::find(items.begin(), items.end(), item) == items.end()) items.push_back(item);
    }
    std::sort(items.begin(), items.end() - 1);
    rules.items.insert(rules.items.end(), items.begin(), items.end());
    rules.starts.push_back(rules.items.size());
    rules.left_size.push_back(static_cast<std::uint32_t>(items.size() - 1));
    const auto both = static_cast<std::uint32_t>(1 + random.below(500));
    rules.counts.push_back({both, both + static_cast<std::uint32_t>(random.below(500)), 2'000, 100'000});
  }
  return rules;
}

bool serve() {
  Random random(1);
  const RuleServer server(made_rules(100'000, random));
  std::vector<double> times;
  std::size_t found = 0;
  for (int asked = 0; asked < 100'000; ++asked) {
    std::vector<std::uint32_t> basket;
    for (int item = 0; item < 20; ++item)
      basket.push_back(static_cast<std::uint32_t>(random.below(1 + random.below(2'000))));
    times.push_back(bench::seconds_of([&] { found += server.additions(basket, 5).size(); }));
  }
  std::nth_element(times.begin(), times.begin() + 99'000, times.end());
  bench::figure("additions found a basket", static_cast<double>(found) / 1e5, "");
  return bench::bound("rule server, 20 items, 100,000 rules, p99", times[99'000] * 1e6, Is::at_most, 20, "us");
}

}  // namespace

int main() {
  bool held = serve();
  const char* const folder = std::getenv("EMPTOR_DATA");
  const std::string path = std::string(folder == nullptr ? "" : folder) + "/fimi/chess.dat";
  if (std::filesystem::exists(path)) held = stream_rules(path) && held;
  return held ? 0 : 1;
}
