/// Judgement of offers: models learn from purchases up to a day and are asked for what customers bought for the first
/// time in the window since.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "emptor/core/time.hpp"
#include "emptor/mine/judgement.hpp"
#include "insight/offers/offer_models.hpp"

namespace emptor {

inline constexpr std::size_t judged_offers = 10;  ///< that quality is told at
inline constexpr std::size_t ranked_offers = 20;  ///< that chances are known for

struct OfferQuality {
  OfferMethod method = OfferMethod::popularity;
  mine::Interval recall;               ///< mean over customers of the share found among ten
  mine::Interval hit_rate;             ///< customers with at least one found
  mine::Interval ndcg;                 ///< as recall, an early place counting more
  std::vector<double> chance_of_rank;  ///< of a customer to buy what stands there; falling
};

struct OfferJudgement {
  Date judged_on;
  std::size_t judged = 0;               ///< customers with something new in the window
  std::vector<OfferQuality> qualities;  ///< of each model; none where nobody had bought before
  std::optional<OfferMethod> chosen;    ///< nothing where too few were judged
  mine::Interval gain;        ///< in recall, of the best model that knows customers over the best that does not
  bool better = false;        ///< the whole interval of the gain is above 0
  bool als_left_out = false;  ///< for its time

  const OfferQuality* of(OfferMethod method) const noexcept;
};

struct OfferWindow {
  Purchases purchases = Purchases::positive;
  std::int32_t last_day = 0, days = 90;
};
/// Chosen is what found most, and a model that knows customers only where it is better than what is popular.
OfferJudgement judge_offers(const CustomerLines& lines, std::span<const std::int64_t> products,
                            const OfferWindow& window, const OfferSettings& settings, const mine::Run& run);
/// Customers that a judgement needs.
inline constexpr std::size_t least_judged_customers = 50;

}  // namespace emptor
