// Whether 90 % intervals hold the parameters that made the data nine times in ten: counted over all parameters of a
// model together, on simulated sets (EMPTOR_RUNS of them, 50 without it; seeds 1 ... runs). A set whose fit gives no
// estimate counts as one that none of its intervals held.
#include <doctest/doctest.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>

#include "emptor/core/random.hpp"
#include "emptor/mine/discrete_lifetime.hpp"
#include "emptor/mine/lifetime.hpp"
#include "emptor/mine/retention.hpp"
#include "emptor/mine/spend.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

std::size_t runs() {
  const char* asked = std::getenv("EMPTOR_RUNS");
  return asked == nullptr ? 50 : std::strtoull(asked, nullptr, 10);
}

/// The intervals of one set; empty where its fit gives no estimate.
using Terms = std::function<std::vector<FitTerm>(std::uint64_t seed)>;

template <class Model>
std::vector<FitTerm> terms_if_any(const Model& model) {
  const bool estimate = model.end == FitEnd::certified || model.end == FitEnd::vague;
  return estimate ? terms_of(model, 0.9) : std::vector<FitTerm>{};
}

void check_coverage(std::string_view name, const std::vector<double>& truth, const Terms& terms_of_seed) {
  const std::size_t sets = runs();
  std::size_t held = 0, none = 0;
  for (std::uint64_t seed = 1; seed <= sets; ++seed) {
    const std::vector<FitTerm> terms = terms_of_seed(seed);
    none += terms.empty() ? 1 : 0;
    for (std::size_t i = 0; i < terms.size(); ++i)
      held += terms[i].lower <= truth[i] && truth[i] <= terms[i].upper ? 1 : 0;
  }
  const double share = static_cast<double>(held) / static_cast<double>(sets * truth.size());
  MESSAGE(std::string(name) << ": " << held << " of " << sets * truth.size() << " intervals held, " << share << "; " << none
               << " sets without an estimate");
  const bool many = sets >= 400;
  CHECK(share >= (many ? 0.87 : 0.8));
  CHECK(share <= (many ? 0.93 : 0.98));
}

std::vector<double> drawn_ages(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> ages(count);
  for (double& age : ages) age = 27 + 52 * random.uniform();
  return ages;
}

void check_lifetime(LifetimeKind kind, const std::vector<double>& truth) {
  const LifetimeModel model = lifetime_of(kind, truth);
  check_coverage(name_of(kind), truth, [&](std::uint64_t seed) {
    return terms_if_any(fit_lifetime(simulate_lifetimes(model, drawn_ages(3'000, seed), seed).view(), {.kind = kind}));
  });
}

}  // namespace

TEST_CASE("intervals of 90 % hold the truth: NBD, BG/NBD, MBG/NBD, Pareto/NBD") {
  check_lifetime(LifetimeKind::nbd, {.385, 12.07});
  check_lifetime(LifetimeKind::bg_nbd, {.243, 4.414, .793, 2.426});
  check_lifetime(LifetimeKind::mbg_nbd, {.525, 6.183, .891, 1.614});
  check_lifetime(LifetimeKind::pareto_nbd, {.553, 10.58, .606, 11.67});
}

TEST_CASE("intervals of 90 % hold the truth: BG/BB") {
  const std::vector<double> truth{1.204, .750, .657, 2.783};
  const DiscreteLifetimeModel model = discrete_lifetime_of(truth);
  check_coverage("BG/BB", truth, [&](std::uint64_t seed) {
    const std::vector<double> opportunities(3'000, 6);
    return terms_if_any(fit_discrete_lifetime(simulate_discrete_lifetimes(model, opportunities, seed).view()));
  });
}

TEST_CASE("intervals of 90 % hold the truth: Gamma-Gamma") {
  const SpendModel model = spend_of(6.25, 3.744, 15.44);
  check_coverage("Gamma-Gamma", {6.25, 3.744, 15.44}, [&](std::uint64_t seed) {
    Random random(seed);
    std::vector<double> counts(1'000);
    for (double& count : counts) count = 1 + static_cast<double>(random.below(6));
    const std::vector<double> means = simulate_spend(model, counts, seed);
    return terms_if_any(fit_spend({counts, means}));
  });
}

TEST_CASE("intervals of 90 % hold the truth: sBG and BdW") {
  const auto check = [](const char* name, const std::vector<double>& truth) {
    const RetentionModel model = retention_of(truth);
    check_coverage(name, truth, [&](std::uint64_t seed) {
      constexpr double seen = 12;
      const std::vector<double> leaves = simulate_retention(model, 3'000, seen, seed);
      std::vector<double> periods;
      std::vector<std::uint8_t> lost;
      for (const double left : leaves) {
        lost.push_back(left <= seen ? 1 : 0);
        periods.push_back(std::min(left, seen));
      }
      return terms_if_any(fit_retention({periods, lost}, {.duration = truth.size() == 3}));
    });
  };
  check("sBG", {.668, 3.806});
  check("BdW", {.9, 3, 1.2});
}
