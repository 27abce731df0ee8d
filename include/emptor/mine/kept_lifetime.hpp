/// A lifetime model that is asked about one customer at a time, again and again: inside a write, at a till.
///
///     KeptLifetime kept(model, {.until = 52, .rate = .002});
///     const LifetimeAnswer answer = kept.ask(frequency, recency, age);
///
/// What is dear to compute is a function of few numbers and remembered, so that an answer takes some microseconds once
/// customers like this one were met.
#pragma once

#include <memory>

#include "emptor/mine/lifetime.hpp"

namespace emptor::mine {

struct LifetimeOutlook {
  double until = 52;  ///< units of time ahead
  double rate = 0;    ///< at which purchases in them are discounted
};

struct LifetimeAnswer {
  double alive = 0;       ///< as chance_alive(model, rows, 0, ...)
  double expected = 0;    ///< as expected_purchases(model, rows, 0, until, ...)
  double discounted = 0;  ///< as discounted_purchases(model, rows, rate, until, ...)
};

/// Not thread-safe. Its answers are those of the functions named above, bit for bit.
class KeptLifetime {
 public:
  /// Throws as these functions do.
  KeptLifetime(LifetimeModel model, const LifetimeOutlook& outlook);
  KeptLifetime(KeptLifetime&&) noexcept;
  ~KeptLifetime();

  /// Throws Code::invalid for a row that cannot be.
  LifetimeAnswer ask(double frequency, double recency, double age);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace emptor::mine
