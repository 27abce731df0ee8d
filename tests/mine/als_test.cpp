#include "emptor/mine/als.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "support/same_bits.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

struct Shop {
  std::vector<std::uint64_t> starts{0};
  std::vector<std::uint32_t> items;
  std::vector<double> counts;
  std::vector<std::uint64_t> ids;
  ItemPurchases view() const { return {starts, items, counts, ids}; }
  std::size_t size() const { return ids.size(); }
  std::vector<std::uint32_t> items_of(std::size_t u) const {
    return {items.begin() + static_cast<std::ptrdiff_t>(starts[u]),
            items.begin() + static_cast<std::ptrdiff_t>(starts[u + 1])};
  }
  std::vector<double> counts_of(std::size_t u) const {
    return {counts.begin() + static_cast<std::ptrdiff_t>(starts[u]),
            counts.begin() + static_cast<std::ptrdiff_t>(starts[u + 1])};
  }
};

/// Customers of some tastes, each buying mostly of its own part of the items.
Shop drawn(std::size_t customers, std::uint32_t items, std::uint64_t seed, std::uint32_t tastes = 4) {
  Random random(seed);
  Shop shop;
  for (std::size_t u = 0; u < customers; ++u) {
    std::map<std::uint32_t, double> basket;
    for (std::uint64_t left = random.below(12); left > 0; --left) {
      auto item = static_cast<std::uint32_t>(random.below(items));
      if (random.below(5) > 0) item = item / tastes * tastes + static_cast<std::uint32_t>(u % tastes);
      basket[5 * item + 2] += static_cast<double>(1 + random.below(3)) / 2;
    }
    for (const auto& [item, count] : basket) {
      shop.items.push_back(item);
      shop.counts.push_back(count);
    }
    shop.starts.push_back(shop.items.size());
    shop.ids.push_back(100 + 3 * u);
  }
  return shop;
}

Shop reversed(const Shop& shop) {
  Shop out;
  for (std::size_t u = shop.size(); u-- > 0;) {
    const auto items = shop.items_of(u);
    const auto counts = shop.counts_of(u);
    out.items.insert(out.items.end(), items.rbegin(), items.rend());
    out.counts.insert(out.counts.end(), counts.rbegin(), counts.rend());
    out.starts.push_back(out.items.size());
    out.ids.push_back(shop.ids[u]);
  }
  return out;
}

/// The loss by its definition, over every pair.
double plain_loss(const Shop& shop, const AlsModel& model) {
  const std::size_t f = model.options.factors;
  double loss = 0;
  for (std::size_t u = 0; u < shop.size(); ++u) {
    std::map<std::uint32_t, double> bought;
    for (std::uint64_t at = shop.starts[u]; at < shop.starts[u + 1]; ++at) bought[shop.items[at]] += shop.counts[at];
    for (std::size_t i = 0; i < model.items.size(); ++i) {
      double score = 0;
      for (std::size_t k = 0; k < f; ++k) score += model.customer_vectors[u * f + k] * model.item_vectors[i * f + k];
      const auto at = bought.find(model.items[i]);
      const double p = at == bought.end() ? 0 : 1, c = at == bought.end() ? 1 : 1 + model.options.alpha * at->second;
      loss += c * (p - score) * (p - score);
    }
  }
  for (const double value : model.customer_vectors) loss += model.options.regularisation * value * value;
  for (const double value : model.item_vectors) loss += model.options.regularisation * value * value;
  return loss;
}

/// A customer's vector from the full equations over all items, by Gauss with pivots: (sum of c y y' + r) x = sum of c p
/// y.
std::vector<double> plain_vector(const AlsModel& model, const std::map<std::uint32_t, double>& confidence) {
  const std::size_t f = model.options.factors;
  std::vector<std::vector<double>> a(f, std::vector<double>(f + 1));
  for (std::size_t k = 0; k < f; ++k) a[k][k] = model.options.regularisation;
  for (std::size_t i = 0; i < model.items.size(); ++i) {
    const double* y = model.item_vectors.data() + i * f;
    const auto at = confidence.find(model.items[i]);
    const double c = at == confidence.end() ? 1 : at->second;
    for (std::size_t r = 0; r < f; ++r) {
      for (std::size_t k = 0; k < f; ++k) a[r][k] += c * y[r] * y[k];
      if (at != confidence.end()) a[r][f] += c * y[r];
    }
  }
  for (std::size_t i = 0; i < f; ++i) {
    std::size_t best = i;
    for (std::size_t r = i; r < f; ++r)
      if (std::abs(a[r][i]) > std::abs(a[best][i])) best = r;
    std::swap(a[i], a[best]);
    for (std::size_t r = 0; r < f; ++r) {
      if (r == i) continue;
      const double factor = a[r][i] / a[i][i];
      for (std::size_t k = i; k <= f; ++k) a[r][k] -= factor * a[i][k];
    }
  }
  std::vector<double> x;
  for (std::size_t i = 0; i < f; ++i) x.push_back(a[i][f] / a[i][i]);
  return x;
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

TEST_CASE("als: every customer's vector solves the equations over all items, written out") {
  for (const std::size_t factors : {1, 5, 8, 11, 16, 29}) {
    const Shop shop = drawn(60, 40, factors);
    for (const AlsConfidence kind : {AlsConfidence::linear, AlsConfidence::logarithmic}) {
      const AlsModel model =
          fit_als(shop.view(), {.factors = factors, .alpha = 7, .sweeps = 3, .confidence = kind, .epsilon = 0.5});
      for (std::size_t u = 0; u < shop.size(); ++u) {
        std::map<std::uint32_t, double> confidence;
        for (std::uint64_t at = shop.starts[u]; at < shop.starts[u + 1]; ++at) {
          const double r = shop.counts[at];
          confidence[shop.items[at]] = 1 + 7 * (kind == AlsConfidence::linear ? r : std::log(1 + r / 0.5));
        }
        const std::vector<double> expected = plain_vector(model, confidence);
        const auto found = vector_of(model, shop.ids[u]);
        REQUIRE(found);
        for (std::size_t k = 0; k < factors; ++k) CHECK(std::abs((*found)[k] - expected[k]) < 1e-8);
      }
    }
  }
}

TEST_CASE("als: the loss is its definition's, and falls at every sweep with either solver") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Shop shop = drawn(80, 60, seed);
    for (const AlsSolver solver : {AlsSolver::cholesky, AlsSolver::conjugate_gradients}) {
      AlsOptions options{.factors = 6, .alpha = 10, .sweeps = 12, .solver = solver, .seed = seed};
      const AlsModel model = fit_als(shop.view(), options);
      REQUIRE(model.losses.size() == 12);
      CHECK(model.losses.back() == doctest::Approx(plain_loss(shop, model)).epsilon(1e-10));
      for (std::size_t i = 1; i < 12; ++i) CHECK(model.losses[i] <= model.losses[i - 1] * (1 + 1e-12));
      CHECK(model.losses.back() < 0.9 * model.losses.front());
    }
  }
}

TEST_CASE("als: many steps of conjugate gradients end where Cholesky does") {
  const Shop shop = drawn(100, 50, 3);
  AlsOptions options{.factors = 8, .alpha = 5, .sweeps = 4, .steps = 60};
  const AlsModel exact = fit_als(shop.view(), options);
  options.solver = AlsSolver::conjugate_gradients;
  const AlsModel near = fit_als(shop.view(), options);
  for (std::size_t i = 0; i < exact.losses.size(); ++i) CHECK(near.losses[i] == doctest::Approx(exact.losses[i]));
}

TEST_CASE("als: what is offered is of the customer's own taste, and nothing that is owned") {
  const Shop shop = drawn(800, 120, 5);
  const AlsModel model = fit_als(shop.view(), {.factors = 8, .sweeps = 10});
  std::size_t own_taste = 0, offered = 0;
  for (std::size_t u = 0; u < shop.size(); ++u) {
    const std::vector<std::uint32_t> owned = shop.items_of(u);
    if (owned.size() < 4) continue;
    const auto vector = vector_of(model, shop.ids[u]);
    const std::vector<ScoredItem> offers = recommend(model, *vector, owned, 5);
    REQUIRE(offers.size() == 5);
    double least = 1e9;
    for (const ScoredItem& offer : offers) {
      CHECK(std::find(owned.begin(), owned.end(), offer.item) == owned.end());
      own_taste += (offer.item - 2) / 5 % 4 == u % 4;
      ++offered;
      CHECK(offer.score <= least);
      least = offer.score;
      const auto y = item_vector_of(model, offer.item);
      double score = 0;
      for (std::size_t k = 0; k < 8; ++k) score += (*vector)[k] * (*y)[k];
      CHECK(offer.score == doctest::Approx(score));
    }
  }
  CHECK(static_cast<double>(own_taste) > 0.8 * static_cast<double>(offered));  // chance: a quarter
}

TEST_CASE("als: reasons add up to the score, and a customer folded in is the one that was fitted") {
  const Shop shop = drawn(150, 60, 6);
  const AlsModel model = fit_als(shop.view(), {.factors = 10, .alpha = 20, .sweeps = 5});
  const std::vector<double> folded = fold_in(model, shop.view());
  CHECK(folded == model.customer_vectors);
  for (std::size_t u = 0; u < shop.size(); u += 7) {
    for (const std::uint32_t item : {model.items[0], model.items[20]}) {
      double sum = 0, score = 0;
      for (const AlsReason& reason : explain(model, shop.items_of(u), shop.counts_of(u), item)) {
        sum += reason.contribution;
      }
      const auto y = item_vector_of(model, item);
      for (std::size_t k = 0; k < 10; ++k) score += folded[u * 10 + k] * (*y)[k];
      CHECK(std::abs(sum - score) < 1e-9);
    }
  }
  // Items that the model does not know say nothing.
  const std::vector<std::uint64_t> starts{0, 2, 2};
  const std::vector<std::uint32_t> items{model.items[3], 4'000'000'000U};
  const std::vector<std::uint64_t> alone{0, 1, 1};
  const std::vector<double> with = fold_in(model, ItemPurchases{starts, items});
  CHECK(with == fold_in(model, ItemPurchases{alone, std::span(items).first(1)}));
  CHECK(std::all_of(with.begin() + 10, with.end(), [](double x) { return x == 0; }));
  CHECK(explain(model, items, {}, 4'000'000'000U).empty());
}

TEST_CASE("als: threads, the order of customers and the kind of vectors do not change a bit") {
  const Shop shop = drawn(1'500, 3'000, 7);
  for (const AlsSolver solver : {AlsSolver::cholesky, AlsSolver::conjugate_gradients}) {
    const AlsOptions options{.factors = 21, .sweeps = 2, .solver = solver, .seed = 3};
    const std::string one = save(fit_als(shop.view(), options));
    CHECK(save(fit_als(shop.view(), options, {thread_executor(4), {}})) == one);
    CHECK(save(fit_als(reversed(shop).view(), options)) == one);
    test::on_every_target([&](const char* name) {
      CAPTURE(name);
      CHECK(save(fit_als(shop.view(), options)) == one);
    });
  }
  CHECK(fit_als(shop.view(), {.factors = 4, .sweeps = 1, .seed = 1}).losses !=
        fit_als(shop.view(), {.factors = 4, .sweeps = 1, .seed = 2}).losses);
}

TEST_CASE("als: a model is what was saved; damage is refused") {
  AlsModel model = fit_als(drawn(60, 30, 2).view(), {.factors = 3, .confidence = AlsConfidence::logarithmic});
  model.data_version = "feed 8";
  const std::string bytes = save(model);
  CHECK(load_als(bytes) == model);
  for (std::size_t i = 0; i < bytes.size(); i += 41) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    CHECK_THROWS_AS(load_als(bad), Error);
    CHECK_THROWS_AS(load_als(bytes.substr(0, i)), Error);
  }
}

TEST_CASE("als: wrong input is refused by field and customer, and budgets hold") {
  Shop shop = drawn(50, 20, 1);
  const auto of = [&](const AlsOptions& options = {.factors = 2, .sweeps = 1}) {
    return problem_of([&] { (void)fit_als(shop.view(), options); });
  };
  CHECK(of().code == Code::ok);
  CHECK(of({.factors = 0}).field == "factors");
  CHECK(of({.factors = 5'000}).field == "factors");
  CHECK(of({.alpha = NAN}).field == "alpha");
  CHECK(of({.regularisation = 0}).field == "regularisation");
  CHECK(of({.sweeps = 0}).field == "sweeps");
  CHECK(of({.epsilon = -1}).field == "epsilon");
  CHECK(of({.steps = 0}).field == "steps");
  CHECK(of({.memory_bytes = 1'000}).code == Code::budget);
  shop.ids[4] = shop.ids[9];
  CHECK(of().field == "ids");
  CHECK(of().row == 9);
  shop.ids[4] = 1;
  for (const double bad : {0.0, -2.0, double(NAN), double(INFINITY)}) {
    shop.counts[0] = bad;
    CHECK(of().field == "counts");
  }
  shop = {};
  CHECK(of().field == "items");
  const AlsModel model = fit_als(drawn(50, 20, 1).view(), {.factors = 2, .sweeps = 1});
  CHECK(problem_of([&] { (void)recommend(model, std::vector<double>{1}); }).field == "vector");
  CHECK(problem_of([&] { (void)recommend(model, std::vector<double>{1, NAN}); }).field == "vector");
  CHECK_FALSE(vector_of(model, 999'999));
}

TEST_CASE("als: the host stops it") {
  const Shop shop = drawn(2'000, 500, 1);
  CHECK(problem_of([&] {
          (void)fit_als(shop.view(), {}, {serial_executor(), [](auto, auto, auto) { return false; }});
        }).code == Code::cancelled);
}
