/// What a customer who has not left will do, by the processes of leaving.
///
/// Purchases come at a rate whose distribution is Gamma with shape m and rate A (after x purchases by T: r + x and
/// alpha + T). BG/NBD: after each purchase he leaves with a chance p, distributed as Beta(a, b). Of n purchases that
/// would be made, those before he leaves number S(n) = the sum over k < n of (b)_k / (a + b)_k on average, so that the
/// mean is the sum over n of P(n) S(n), P being negative binomial: every term is above 0, and a = 1 or a + b < 1 is no
/// case of its own (it is in the usual form with 2F1). Where that sum is long, the mean over p is integrated.
#pragma once

namespace emptor::mine {

struct BetaLeaving {
  double m, a, b;
  /// Expected purchases while time grows by u, as u / A = `until`, from `from` on.
  double purchases(double from, double until) const;
  /// The chance still to be there then.
  double stays(double until) const;
  /// Expected purchases, discounted by e^(-rate u), u and the rate in units of A.
  double discounted(double rate, double horizon) const;

 private:
  double by_sum(double until, bool count) const;
  double by_integral(double from, double until, bool count) const;
};

/// Pareto/NBD: the time that a customer is still there in (from, until], with e^(-rate u) and a hazard that is Gamma
/// distributed with shape s and rate `age` (beta + T).
double pareto_time(double s, double age, double from, double until);
double discounted_pareto_time(double s, double age, double rate, double horizon);

/// P(N >= n) of a negative binomial count with shape m and success z / (1 + z) a trial.
double negative_binomial_above(double m, double z, double n);

}  // namespace emptor::mine
