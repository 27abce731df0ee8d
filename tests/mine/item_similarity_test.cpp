#include "emptor/mine/item_similarity.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "support/data.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

struct Shop {
  std::vector<std::uint64_t> starts{0};
  std::vector<std::uint32_t> items;
  std::vector<double> counts;
  void add(const std::vector<std::uint32_t>& basket, const std::vector<double>& of = {}) {
    items.insert(items.end(), basket.begin(), basket.end());
    counts.insert(counts.end(), of.begin(), of.end());
    starts.push_back(items.size());
  }
  ItemPurchases view() const { return {starts, items, counts}; }
};

Shop drawn(std::size_t customers, std::uint32_t items, bool counted, std::uint64_t seed) {
  Random random(seed);
  Shop shop;
  for (std::size_t u = 0; u < customers; ++u) {
    std::vector<std::uint32_t> basket;
    std::vector<double> counts;
    for (std::uint64_t left = random.below(9); left > 0; --left) {
      const double place = random.uniform();
      basket.push_back(7 + 3 * static_cast<std::uint32_t>(place * place * items));
      if (counted) counts.push_back(static_cast<double>(1 + random.below(5)) / 4);
    }
    shop.add(basket, counts);
  }
  return shop;
}

/// All pairs from a dense table.
std::map<std::uint32_t, std::vector<ItemNeighbour>> plain(const Shop& shop, const ItemSimilarityOptions& options) {
  std::map<std::uint32_t, std::map<std::size_t, double>> bought;
  for (std::size_t u = 0; u + 1 < shop.starts.size(); ++u) {
    for (std::uint64_t at = shop.starts[u]; at < shop.starts[u + 1]; ++at) {
      double& count = bought[shop.items[at]][u];
      count = shop.counts.empty() ? 1 : count + shop.counts[at];
    }
  }
  const auto customers = static_cast<double>(shop.starts.size() - 1);
  std::map<std::uint32_t, std::vector<ItemNeighbour>> result;
  for (const auto& [a, of_a] : bought) {
    auto& list = result[a];
    for (const auto& [b, of_b] : bought) {
      double both = 0, product = 0, squares_a = 0, squares_b = 0;
      for (const auto& [u, count] : of_a) {
        squares_a += count * count;
        const auto other = of_b.find(u);
        if (other == of_b.end()) continue;
        both += 1;
        product += count * other->second;
      }
      for (const auto& [u, count] : of_b) squares_b += count * count;
      if (a == b || both < static_cast<double>(options.least_together)) continue;
      const auto n = static_cast<double>(of_a.size()), m = static_cast<double>(of_b.size());
      double score = product / (std::sqrt(squares_a) * std::sqrt(squares_b));
      if (options.measure == ItemMeasure::jaccard) score = both / (n + m - both);
      if (options.measure == ItemMeasure::lift) score = both * customers / (n * m);
      list.push_back({b, score, static_cast<std::uint32_t>(both)});
    }
    std::sort(list.begin(), list.end(),
              [](const auto& x, const auto& y) { return x.score != y.score ? x.score > y.score : x.item < y.item; });
    if (list.size() > options.neighbours) list.resize(options.neighbours);
  }
  return result;
}

template <class Work>
Problem problem_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.first();
  }
  return {.code = Code::ok};
}

}  // namespace

TEST_CASE("item similarity: the three measures of four baskets by hand") {
  Shop shop;
  shop.add({1, 2});
  shop.add({1, 2, 3});
  shop.add({1});
  shop.add({});
  const auto score = [&](ItemMeasure measure) {
    return fit_item_similarity(shop.view(), {.measure = measure}).neighbours_of(1).front();
  };
  CHECK(score(ItemMeasure::cosine) == ItemNeighbour{2, 2 / (std::sqrt(3.0) * std::sqrt(2.0)), 2});
  CHECK(score(ItemMeasure::jaccard) == ItemNeighbour{2, 2.0 / 3, 2});
  CHECK(score(ItemMeasure::lift) == ItemNeighbour{2, 2 * 4 / (3.0 * 2), 2});  // 3 has 4/3 too, and is not the lowest
}

TEST_CASE("item similarity: all measures are those of a dense table, for binary and counted purchases") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Shop shop = drawn(20 + 5 * seed, 10 + static_cast<std::uint32_t>(seed), seed % 2 == 1, seed);
    for (const ItemMeasure measure : {ItemMeasure::cosine, ItemMeasure::jaccard, ItemMeasure::lift}) {
      const ItemSimilarityOptions options{
          .measure = measure, .neighbours = 1 + seed % 7, .least_together = 1 + seed % 3};
      const ItemSimilarity model = fit_item_similarity(shop.view(), options);
      const auto expected = plain(shop, options);
      REQUIRE(model.items.size() == expected.size());
      for (const auto& [item, list] : expected) {
        const auto found = model.neighbours_of(item);
        CHECK(std::vector<ItemNeighbour>(found.begin(), found.end()) == list);
      }
    }
  }
}

TEST_CASE("item similarity: threads and the order of customers do not change a bit") {
  Shop shop = drawn(3'000, 200, true, 4), reversed;
  for (double& count : shop.counts) count /= 3;
  for (std::size_t u = 3'000; u-- > 0;) {
    std::vector<std::uint32_t> basket;
    std::vector<double> counts;
    for (std::uint64_t at = shop.starts[u + 1]; at-- > shop.starts[u];) {
      basket.push_back(shop.items[at]);
      counts.push_back(shop.counts[at]);
    }
    reversed.add(basket, counts);
  }
  const std::string one = save(fit_item_similarity(shop.view()));
  CHECK(save(fit_item_similarity(shop.view(), {}, {thread_executor(4), {}})) == one);
  CHECK(save(fit_item_similarity(reversed.view())) == one);
}

TEST_CASE("item similarity: offers are what is near to what is owned, and the reasons add up") {
  const Shop shop = drawn(500, 30, false, 9);
  const ItemSimilarity model = fit_item_similarity(shop.view(), {.neighbours = 8});
  const std::vector<std::uint32_t> owned{10, 7, 10, 4'000'000'000U, 13};
  const std::vector<ScoredItem> offers = recommend(model, owned, 5);
  REQUIRE(offers.size() == 5);
  std::map<std::uint32_t, double> expected;
  for (const std::uint32_t own : {7U, 10U, 13U})
    for (const ItemNeighbour& near : model.neighbours_of(own)) expected[near.item] += near.score;
  for (const std::uint32_t own : owned) expected.erase(own);
  for (std::size_t i = 0; i < offers.size(); ++i) {
    CHECK(offers[i].score == doctest::Approx(expected[offers[i].item]));
    double sum = 0;
    for (const ScoredItem& reason : explain(model, owned, offers[i].item)) sum += reason.score;
    CHECK(sum == doctest::Approx(offers[i].score));
    if (i > 0) CHECK(offers[i - 1].score >= offers[i].score);
  }
  double most = 0;
  for (const auto& [item, score] : expected) most = std::max(most, score);
  CHECK(offers[0].score == doctest::Approx(most));
  CHECK(recommend(model, std::vector<std::uint32_t>{}, 5).empty());
}

TEST_CASE("item similarity: a model is what was saved; damage is refused") {
  ItemSimilarity model = fit_item_similarity(drawn(200, 20, true, 2).view(), {.least_together = 2});
  model.data_version = "feed 8";
  const std::string bytes = save(model);
  CHECK(load_item_similarity(bytes) == model);
  for (std::size_t i = 0; i < bytes.size(); i += 13) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    CHECK_THROWS_AS(load_item_similarity(bad), Error);
    CHECK_THROWS_AS(load_item_similarity(bytes.substr(0, i)), Error);
  }
}

TEST_CASE("item similarity: wrong input is refused by field and customer, and budgets hold") {
  Shop shop = drawn(100, 10, true, 1);
  const auto of = [&](const ItemSimilarityOptions& options = {}) {
    return problem_of([&] { (void)fit_item_similarity(shop.view(), options); });
  };
  CHECK(of().code == Code::ok);
  CHECK(of({.neighbours = 0}).field == "neighbours");
  CHECK(of({.least_together = 0}).field == "least_together");
  CHECK(of({.memory_bytes = 100}).code == Code::budget);
  for (const double bad : {0.0, -1.0, double(NAN), double(INFINITY), 1e10}) {
    const double kept = shop.counts[5];
    shop.counts[5] = bad;
    CHECK(of().field == "counts");
    CHECK(of().row.has_value());
    shop.counts[5] = kept;
  }
  shop.counts.pop_back();
  CHECK(of().field == "counts");
  shop.counts.clear();
  shop.starts[3] = 1'000'000;
  CHECK(of().field == "starts");
  CHECK(of().row == 2);
  shop = {};
  CHECK(fit_item_similarity(shop.view()).items.empty());
  CHECK(fit_item_similarity(ItemPurchases{}).neighbours.empty());
  const std::vector<std::uint64_t> starts{0, 2};
  const std::vector<std::uint32_t> far{4'294'967'295U, 0};  // no table of 2^32 places
  CHECK(fit_item_similarity(ItemPurchases{starts, far}).neighbours_of(0).front().item == 4'294'967'295U);
}

TEST_CASE("item similarity: the host stops it") {
  const Shop shop = drawn(2'000, 500, false, 1);
  CHECK(problem_of([&] {
          (void)fit_item_similarity(shop.view(), {}, {serial_executor(), [](auto, auto, auto) { return false; }});
        }).code == Code::cancelled);
}
