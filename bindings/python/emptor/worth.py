"""What customers of a plain frame are worth."""

from __future__ import annotations

from typing import Any

from .findings import Concluded, Told, run
from .frames import like


def rfm(frame: Any, *, customer: str, date: str, amount: str, as_of: Any = None, **options: Any) -> Any:
    """Recency, frequency and monetary value of each customer, with scores and segments, without a store.

    `frame` is anything with the Arrow PyCapsule protocol, a purchase a row; `customer`, `date` and `amount` are the names
    of its columns. Recency is counted in days up to `as_of` (a date; the last purchase unless given). The other
    keywords are the options of the insight "rfm". Returns a frame of the kind that was given (pandas, Polars, PyArrow;
    an emptor.Table otherwise): customer, recency, frequency, monetary, r, f, m, segment. docs/rfm.md says how they are
    defined.
    """
    return like(frame, run("rfm", frame, options, customer=customer, date=date, amount=amount, as_of=as_of))


class Value(Concluded, computation="value"):
    """What customers are worth in five dimensions: a row a customer, and how each dimension held on the window just past."""

    customers: Any
    dimensions: Told[dict[str, dict[str, Any]]] = Told(
        'Each dimension by name: "state" (judged, index, absent) and its hold-out criterion, or "why" there is none.', {}
    )
    rank_correlations: Told[list[dict[str, Any]]] = Told(
        "Spearman's rank correlation of each pair of dimensions that are there.", []
    )
    tiers: Told[list[dict[str, Any]]] = Told(
        "The tiers from the best down: customers, what they earned in the last window, their spend, the least score.", []
    )
    portrait: Told[dict[str, Any]] = Told(
        'What sets the group apart from the others: its "findings", the greatest first, in words of "en" and "zh".'
    )


def value(
    frame: Any,
    *,
    customer: str = "customer",
    date: str = "date",
    amount: str = "amount",
    period_days: int = 90,
    as_of: Any = None,
    **options: Any,
) -> Value:
    """What each customer is worth: contribution, future, loyalty, credit and growth, one score and a tier, without a store.

    `frame` is anything with the Arrow PyCapsule protocol, a line item a row. Every dimension is measured up to `as_of` and
    judged on the window of `period_days` just past, from what was known before it. Other keywords: cost, discount,
    list_price, brand, category, order, quantity (columns that tell more), horizon_days, weights, combine ("weights",
    "learned"), tiers, tier_by, key_share, false_alarms, group, language, purchases, zone. docs/value.md says how it is done.
    """
    return Value.of(
        frame, options, customer=customer, date=date, amount=amount, period_days=period_days, as_of=as_of
    )


class CustomerProfit(Concluded, computation="customer_profit"):
    """What customers bring after all costs: a row a customer, with what is expected where that could be learnt."""

    customers: Any
    now: Told[dict[str, Any]] = Told("Of all customers in the window: revenue, margin, each kind of cost, profit.", {})
    groups: Told[list[dict[str, Any]]] = Told(
        "Each group with its profit and the mean of a customer, and whether it costs more than it brings.", []
    )
    judged: Told[dict[str, Any] | None] = Told(
        "How near to what came the expectation of one window ago was, beside the profit before it; None where too few.",
        None,
    )


def customer_profit(
    frame: Any,
    *,
    customer: str = "customer",
    date: str = "date",
    amount: str = "amount",
    cost: str | None = None,
    contact_cost: str | None = None,
    service_cost: str | None = None,
    campaign_cost: str | None = None,
    by: Any = (),
    as_of: Any = None,
    **options: Any,
) -> CustomerProfit:
    """What each customer brings after all costs, now and to come, and which groups cost more than they bring, without a
    store.

    `frame` is anything with the Arrow PyCapsule protocol, a line item or a cost a row; a row that is a cost alone has the
    amount 0. `cost` is the column of what the goods cost, the other costs are taken off the margin; `by` are columns by
    which groups are told, of each customer the newest row. Other keywords: order, quantity (columns), period_days,
    horizon_days, discount, level, language ("en", "zh"), zone. docs/customer_profit.md says how it is done.
    """
    named = {"customer": customer, "date": date, "amount": amount, "as_of": as_of, "cost": cost}
    costs = {"contact_cost": contact_cost, "service_cost": service_cost, "campaign_cost": campaign_cost}
    return CustomerProfit.of(frame, options, by=list(by), **named, **costs)
