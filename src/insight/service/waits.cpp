#include "insight/service/waits.hpp"

#include <algorithm>

#include "insight/insight_runs.hpp"

namespace emptor {

WaitFigures wait_figures(const Waits& waits, double level) {
  WaitFigures figures{.all = waits.size()};
  if (figures.all == 0) return figures;
  figures.open = static_cast<std::size_t>(std::count(waits.ended.begin(), waits.ended.end(), 0.0));
  const mine::KaplanMeier fit = mine::fit_kaplan_meier({waits.time, waits.ended, {}, {}},
                                                       {.interval = mine::SurvivalInterval::log_log, .level = level});
  const mine::SurvivalCurve& curve = fit.curves.front();
  figures.median = curve.median;
  figures.lower = curve.median_lower;
  figures.upper = curve.median_upper;
  figures.nine_in_ten = mine::quantile_of(curve, 0.9);
  return figures;
}

boost::json::object waits_json(const WaitFigures& waits) {
  return {{"all", waits.all},
          {"open", waits.open},
          {"median", number_json(waits.median)},
          {"lower", number_json(waits.lower)},
          {"upper", number_json(waits.upper)},
          {"nine_in_ten", number_json(waits.nine_in_ten)}};
}

}  // namespace emptor
