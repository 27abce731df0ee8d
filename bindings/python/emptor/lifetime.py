"""Lifetime models on plain frames: whether each customer still is one, what they will buy, and what that is worth.

>>> model = emptor.lifetime.fit(orders, customer="id", date="day", amount="paid", model="bg-nbd", unit="week")
>>> model.parameters, model.verdict
>>> model.predict(horizon=39)        # a frame: customer, frequency, recency, age, alive, expected, ...

docs/lifetime.md has the method, docs/from-lifetimes.md the calls of the package lifetimes beside these.
"""

from __future__ import annotations

from typing import Any

from ._emptor import compute
from .frames import like


class Lifetime:
    """A fitted model with the purchases it was fitted on."""

    def __init__(self, frame: Any, options: dict[str, Any], table: Any) -> None:
        self._frame = frame
        self._options = options
        self._table = table
        self.summary: dict[str, Any] = table.summary

    @property
    def parameters(self) -> dict[str, float]:
        return self.summary.get("parameters", {})

    @property
    def standard_errors(self) -> dict[str, float]:
        return self.summary.get("standard_errors", {})

    @property
    def log_likelihood(self) -> float | None:
        return self.summary.get("log_likelihood")

    @property
    def gamma_gamma(self) -> dict[str, Any] | None:
        """The model of spend: parameters p, q, gamma and what goes with them; None where nobody bought twice."""
        return self.summary["gamma_gamma"]

    @property
    def diagnostics(self) -> dict[str, Any] | None:
        """Whether the model holds: hold_out, tracking, frequencies, independence (docs/lifetime.md); None without an
        estimate, and with diagnostics=False."""
        return self.summary["diagnostics"]

    @property
    def verdict(self) -> str:
        """ "sufficient", or what the data lack."""
        return self.summary["verdict"]

    def predict(self, horizon: float | None = None, **options: Any) -> Any:
        """A row a customer, as a frame of the kind that was given: alive (chance to be a customer still), expected
        (purchases within `horizon` units of time), expected_spend (of one) and value (discounted, times the margin).

        `discount` is a year's rate, `margin` the share of spend that is earned. With `interval_level` also purchases_low
        and purchases_high, between which the purchases will lie with that chance. Without arguments, of the horizon of
        fit(), where `interval_level` gives expected_low and expected_high, too: how well the expectation is known.
        """
        if horizon is not None:
            options["horizon"] = horizon
        if not options:
            return like(self._frame, self._table)
        known = {"parameters": list(self.parameters.values())}
        if self.gamma_gamma:
            known["spend_parameters"] = list(self.gamma_gamma["parameters"].values())
        return like(self._frame, compute("lifetime", self._frame, **{**self._options, **known, **options}))

    def __repr__(self) -> str:
        told = ", ".join(f"{name} {value:.6g}" for name, value in self.parameters.items())
        return f"<emptor.Lifetime {self.summary['options']['model']}: {told}; {self.verdict}>"


def fit(
    frame: Any,
    *,
    customer: str = "customer",
    date: str = "date",
    amount: str = "amount",
    model: str = "bg-nbd",
    unit: str = "week",
    until: Any = None,
    **options: Any,
) -> Lifetime:
    """Fits a lifetime model, and Gamma-Gamma for the spend, to a table of purchases.

    `frame` is anything with the Arrow PyCapsule protocol, a purchase a row. `model` is bg-nbd, mbg-nbd, pareto-nbd or nbd;
    `unit` day or week; `until` the last day that is seen (that of the last purchase). Other keywords: event (day,
    instant), first_spend (excluded, included), purchases (positive, non_negative, net), horizon, discount, margin;
    covariates and leaving_covariates (lists of columns that say the same in all rows of a customer, and may move how often
    they buy and when they leave), interval_level, diagnostics (True), hold_out (units of time that the check holds back).
    """
    options.update(customer=customer, date=date, amount=amount, model=model, unit=unit)
    if until is not None:
        options["as_of"] = until
    return Lifetime(frame, options, compute("lifetime", frame, **options))
