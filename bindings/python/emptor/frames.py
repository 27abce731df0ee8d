"""Data frames: how they come in and go out by the Arrow PyCapsule protocol, and insights on plain frames."""

from __future__ import annotations

from typing import Any

from ._emptor import Table, compute


def stream_of(frame: Any) -> Any:
    """The Arrow stream of a frame. A pandas index without a name is no column."""
    if _library(frame) == "pandas" and frame.index.names == [None]:
        frame = frame.reset_index(drop=True)
    return frame.__arrow_c_stream__()


def to_arrow(table: Table) -> Any:
    import pyarrow

    return pyarrow.table(table)


def to_polars(table: Table) -> Any:
    import polars

    return polars.DataFrame(table)


def to_pandas(table: Table) -> Any:
    import pandas

    if hasattr(pandas.DataFrame, "from_arrow"):
        return pandas.DataFrame.from_arrow(table)
    return to_arrow(table).to_pandas()


_CONVERSIONS = {"pandas": to_pandas, "polars": to_polars, "pyarrow": to_arrow}


def _library(frame: Any) -> str:
    return type(frame).__module__.partition(".")[0]


def _like(frame: Any, table: Table) -> Any:
    """The table as the kind of frame that was given; itself where there is no such kind."""
    convert = _CONVERSIONS.get(_library(frame))
    return convert(table) if convert else table


def rfm(frame: Any, *, customer: str, date: str, amount: str, as_of: Any = None, **options: Any) -> Any:
    """Recency, frequency and monetary value of each customer, with scores and segments, without a store.

    `frame` is anything with the Arrow PyCapsule protocol, a purchase a row; `customer`, `date` and `amount` are the names
    of its columns. Recency is counted in days up to `as_of` (a date; the last purchase unless given). The other
    keywords are the options of the insight "rfm". Returns a frame of the kind that was given (pandas, Polars, PyArrow;
    an emptor.Table otherwise): customer, recency, frequency, monetary, r, f, m, segment. docs/rfm.md says how they are
    defined.
    """
    if as_of is not None:
        options["as_of"] = as_of
    return _like(frame, compute("rfm", frame, customer=customer, date=date, amount=amount, **options))


class _Judged:
    """What was learnt from a frame, and how well that held on the window just past."""

    def __init__(self, table: Table) -> None:
        self.summary: dict[str, Any] = table.summary

    @property
    def models(self) -> list[dict[str, Any]]:
        """Each model and what stands beside it, by name, with the measures by which it was judged."""
        return self.summary["models"]

    @property
    def chosen(self) -> str | None:
        """Which of them is used; None where the data do not allow any."""
        return self.summary["chosen"]

    @property
    def verdict(self) -> str:
        """ "sufficient", or what the data lack."""
        return self.summary["verdict"]

    def __repr__(self) -> str:
        told = f"{self.summary['customers']} customers, {self.chosen or 'no model'}; {self.verdict}"
        return f"<emptor.{type(self).__name__} {told}>"


class Offers(_Judged):
    """What to offer to whom: a row an offer. Judged by recall_at_10 and hit_rate_at_10, beside popularity."""

    def __init__(self, frame: Any, table: Table) -> None:
        super().__init__(table)
        self.offers = _like(frame, table)


def offers(
    frame: Any,
    *,
    customer: str = "customer",
    product: str = "product",
    date: str = "date",
    count: int = 3,
    as_of: Any = None,
    **options: Any,
) -> Offers:
    """What each customer is likely to buy next that they have not bought yet, and because of what, without a store.

    `frame` is anything with the Arrow PyCapsule protocol, a row for each product in a purchase. The offers are a frame of
    customer, rank, product, score and because. Other keywords: amount, quantity (columns), horizon_days, measure (cosine,
    jaccard, lift), least_together, neighbours, purchases, zone. docs/offers.md says how they are judged.
    """
    options.update(customer=customer, product=product, date=date, count=count)
    if as_of is not None:
        options["as_of"] = as_of
    return Offers(frame, compute("offers", frame, **options))


class Churn(_Judged):
    """Who will fall silent: a row a customer. Judged by auc, ks, top_decile_lift, and chances by brier and
    calibration_slope, beside recency and BG/NBD."""

    def __init__(self, frame: Any, table: Table) -> None:
        super().__init__(table)
        self.customers = _like(frame, table)


def churn(
    frame: Any,
    *,
    customer: str = "customer",
    date: str = "date",
    amount: str = "amount",
    horizon_days: int = 90,
    as_of: Any = None,
    **options: Any,
) -> Churn:
    """The chance that each customer buys nothing within `horizon_days` after `as_of`, and the reasons, without a store.

    `frame` is anything with the Arrow PyCapsule protocol, a purchase a row. The models learn from silence that was seen:
    they are fitted on what was known two horizons ago, judged on the window just past, and fitted again on both. Other
    keywords: active_days, purchases, language ("en", "zh"), order, quantity, zone. docs/churn.md says how it is done.
    """
    options.update(customer=customer, date=date, amount=amount, horizon_days=horizon_days)
    if as_of is not None:
        options["as_of"] = as_of
    return Churn(frame, compute("churn", frame, **options))


class Value:
    """What customers are worth in five dimensions: a row a customer, and how each dimension held on the window just past."""

    def __init__(self, frame: Any, table: Table) -> None:
        self.summary: dict[str, Any] = table.summary
        self.customers = _like(frame, table)

    @property
    def verdict(self) -> str:
        """ "sufficient", or what the data lack."""
        return self.summary["verdict"]

    @property
    def dimensions(self) -> dict[str, dict[str, Any]]:
        """Each dimension by name: "state" (judged, index, absent) and its hold-out criterion, or "why" there is none."""
        return self.summary.get("dimensions", {})

    @property
    def rank_correlations(self) -> list[dict[str, Any]]:
        """Spearman's rank correlation of each pair of dimensions that are there."""
        return self.summary.get("rank_correlations", [])

    @property
    def tiers(self) -> list[dict[str, Any]]:
        """The tiers from the best down: customers, what they earned in the last window, their spend, the least score."""
        return self.summary.get("tiers", [])

    @property
    def portrait(self) -> dict[str, Any]:
        """What sets the group apart from the others: its "findings", the greatest first, in words of "en" and "zh"."""
        return self.summary["portrait"]

    def __repr__(self) -> str:
        return f"<emptor.Value {self.summary['customers']} customers; {self.verdict}>"


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
    options.update(customer=customer, date=date, amount=amount, period_days=period_days)
    if as_of is not None:
        options["as_of"] = as_of
    return Value(frame, compute("value", frame, **options))
