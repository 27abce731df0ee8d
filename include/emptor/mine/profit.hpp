/// Profit: what it brings to make an offer to the rows of the highest scores (customers who may leave), and to how many
/// it should be made.
///
///     const OfferTerms terms{.value = 400, .cost = 20, .contact = 2, .success = 0.25};
///     const ProfitChoice best = most_profitable(left, chances, terms);      // best.threshold, best.profit a row
///     const ExpectedProfit score = expected_maximum_profit(left, chances, terms);
///
/// A row of class 1 that is made the offer takes it with the chance `success`, stays, and brings value - cost; a row of
/// class 0 takes it too, would have stayed anyway, and so only costs. Each contact costs besides. Sources: Neslin and
/// others, Journal of Marketing Research 43 (2006); Verbraken, Verbeke and Baesens, IEEE Transactions on Knowledge and
/// Data Engineering 25 (2013), 961: maximum profit, and its expectation where `success` is not known (EMPC).
#pragma once

#include <cstddef>
#include <vector>

#include "emptor/mine/judgement.hpp"

namespace emptor::mine {

/// The defaults are those of Verbraken and others.
struct OfferTerms {
  double value = 200;    ///< what a row of class 1 brings if it stays; above `cost`
  double cost = 10;      ///< of the offer, where it is taken; >= 0
  double contact = 1;    ///< of making it; >= 0
  double success = 0.3;  ///< the chance that one of class 1 stays for it; between 0 and 1
  double certainty =
      20;  ///< how sure `success` is: as if seen on so many rows. success ~ Beta(success x certainty, rest)

  friend bool operator==(const OfferTerms&, const OfferTerms&) noexcept = default;
};

/// Everything from a score up is made the offer.
struct ProfitChoice {
  double threshold = 0;  ///< infinity: nobody
  double share = 0;      ///< of all rows
  double profit = 0;     ///< a row, whether it is made the offer or not
  friend bool operator==(const ProfitChoice&, const ProfitChoice&) noexcept = default;
};

/// The chance from which the offer pays for a single row, if chances are what they say; infinity where it never does.
/// Throws Code::invalid for terms out of range, as all of these do (fields "value", "cost", "contact", "success",
/// "certainty"), and what judgement.hpp says of y, scores and weights.
double paying_chance(const OfferTerms& terms);
/// What came of a threshold that was chosen elsewhere.
ProfitChoice profit_at(Numbers y, Numbers scores, double threshold, const OfferTerms& terms, Numbers weights = {});
/// The threshold of the greatest profit on these rows; among equals the highest. Chosen and counted on the same rows,
/// it is a bound rather than a promise.
ProfitChoice most_profitable(Numbers y, Numbers scores, const OfferTerms& terms, Numbers weights = {});
/// In so many steps of equal weight (2 to 1,000), as `lift`: rows of equal scores are taken in part.
std::vector<ProfitChoice> profit_curve(Numbers y, Numbers scores, const OfferTerms& terms, std::size_t steps = 20,
                                       Numbers weights = {});

struct ExpectedProfit {
  double profit = 0;  ///< a row
  double share = 0;   ///< of rows that the best thresholds take
  friend bool operator==(const ExpectedProfit&, const ExpectedProfit&) noexcept = default;
};
/// The greatest profit, the best threshold being taken for each value of `success`, in the mean over its distribution.
/// Exact: the best thresholds are the corners of the convex hull of the ROC curve. O(rows log rows).
ExpectedProfit expected_maximum_profit(Numbers y, Numbers scores, const OfferTerms& terms, Numbers weights = {});

}  // namespace emptor::mine
