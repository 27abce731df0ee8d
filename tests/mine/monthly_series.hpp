/// Forty months with a trend, a season, noise and one outlier (the 18th).
#pragma once

namespace emptor::mine {

inline constexpr double monthly_series[] = {
    101.86, 108.36, 120.82, 117.38, 120.32, 113.38, 105.43, 93.34,  85.36,  84.79,  93.59,  93.77,  105.97, 120.82,
    130.6,  136.35, 132.13, 190.0,  113.07, 104.81, 93.68,  97.15,  100.67, 111.85, 114.75, 126.85, 138.02, 141.78,
    132.99, 124.49, 124.39, 106.19, 106.25, 100.05, 107.16, 114.68, 123.97, 132.09, 145.67, 149.9};

}  // namespace emptor::mine
