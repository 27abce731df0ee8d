// RFM from facts that are ready, on one core, under every convention.
//
//     rfm_bench [lines]
#include <cstdlib>
#include <string>

#include "bound.hpp"
#include "emptor/core/random.hpp"
#include "emptor/insight/rfm.hpp"
#include "insight/facts/facts_rows.hpp"

namespace {

using namespace emptor;
using bench::Is;

constexpr std::int64_t lines_an_order = 3;

Facts made(std::int64_t lines) {
  PurchaseHeap rows;
  const auto customers = static_cast<std::uint64_t>(lines / 10 + 1);
  for (std::int64_t line = 1; line <= lines; ++line) {
    const std::int64_t order = 1 + (line - 1) / lines_an_order;
    const std::int32_t day = 18'000 + static_cast<std::int32_t>(order * lines_an_order * 730 / (lines + 3));
    const auto customer = static_cast<std::int64_t>(1 + hash_of(1, static_cast<std::uint64_t>(order)) % customers);
    const auto amount = static_cast<std::int64_t>(hash_of(2, static_cast<std::uint64_t>(line)) % 10'000) * 10'000;
    rows.add({customer, line, order, 1, day * micros_per_day, amount, 1'000'000, day});
  }
  return lay_out(std::move(rows));
}

double best_of_five(const Facts& facts, RfmScoring scoring) {
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    best = std::min(best, bench::seconds_of([&] { score_rfm(facts, {.scoring = scoring}); }));
  }
  return best;
}

}  // namespace

int main(int count, char** arguments) {
  const std::int64_t lines = count > 1 ? std::atoll(arguments[1]) : 10'000'000;
  const Facts facts = made(lines);
  bench::figure("customers", static_cast<double>(facts.customers.size()), "");
  const double quantile = best_of_five(facts, RfmScoring::quantile);
  const bool held = bench::bound("RFM from ready facts, quantiles", quantile, Is::at_most, 0.15, "s");
  bench::figure("RFM, ranks in order of appearance", best_of_five(facts, RfmScoring::rank_first), "s");
  bench::figure("RFM, ntile", best_of_five(facts, RfmScoring::ntile), "s");
  bench::figure("RFM, SPSS independent", best_of_five(facts, RfmScoring::spss_independent), "s");
  bench::figure("RFM, SPSS nested", best_of_five(facts, RfmScoring::spss_nested), "s");
  return held ? 0 : 1;
}
