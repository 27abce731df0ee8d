"""How the business in a plain frame goes, why it changed, and which columns of a frame know too much."""

from __future__ import annotations

from typing import Any

from .findings import Concluded, Findings, Told


class Trends(Concluded, computation="trends", rows="periods"):
    """How the business goes. `periods` is a frame with a row a series and period: measure, dimension, value, begins,
    number, trend, season, remainder."""

    periods: Any
    series: Told[list[dict[str, Any]]] = Told(
        'Each series: slope, changes, forecast (beside naive ones), and what that says in words of "en" and "zh".', []
    )
    leads: Told[list[dict[str, Any]]] = Told(
        "Which measure moves before which other one; association, not cause.", []
    )

    def _words(self) -> str:
        return f"{len(self.series)} series of {self.summary.get('periods', 0)} periods"


def trends(
    frame: Any,
    *,
    customer: str = "customer",
    date: str = "date",
    amount: str = "amount",
    period: str = "month",
    dimensions: Any = (),
    as_of: Any = None,
    **options: Any,
) -> Trends:
    """How the business in a frame of purchases goes: trend, season, changes of level and slope, the next period, and
    which figure moves before which, without a store.

    `frame` is anything with the Arrow PyCapsule protocol, a line item a row; `period` is "month", "quarter" or "week", and
    only whole ones count up to `as_of` (the last day unless given). `dimensions` are columns by which revenue is divided.
    Other keywords: order, quantity, product, cost, category, brand (columns), lapse, groups, level, false_alarms, most_lag,
    language, zone. docs/trends.md says how it is done.
    """
    named = {"customer": customer, "date": date, "amount": amount, "period": period, "as_of": as_of}
    return Trends.of(frame, options, dimensions=list(dimensions), **named)


class Causes(Concluded, computation="causes", rows="parts"):
    """Why revenue changed. `parts` is a frame with a row a part: compared_with, kind, name, amount, share."""

    parts: Any
    comparisons: Told[list[dict[str, Any]]] = Told(
        "The last whole period against the one before and the same a year before: factors, customers, categories, "
        'groups, what happened meanwhile, and all of it in words of "en" and "zh".'
    )

    def _words(self) -> str:
        told = ", ".join(f"{one['change']} against {one['before']}" for one in self.comparisons)
        return told or "nothing compared"


def causes(
    frame: Any,
    *,
    customer: str = "customer",
    date: str = "date",
    amount: str = "amount",
    period: str = "month",
    dimensions: Any = (),
    as_of: Any = None,
    **options: Any,
) -> Causes:
    """Why revenue in a frame of purchases changed from one whole period to another, without a store: parts that add up
    exactly, groups that moved beyond their share and their usual fluctuation, and what else happened then.

    `frame` is anything with the Arrow PyCapsule protocol, a line item a row. `dimensions` are columns by which groups are
    made, alone and in pairs. Other keywords: order, quantity, product, category, brand (columns), false_alarms,
    least_share, groups, language, zone. docs/causes.md says how it is done.
    """
    named = {"customer": customer, "date": date, "amount": amount, "period": period, "as_of": as_of}
    return Causes.of(frame, options, dimensions=list(dimensions), **named)


class LeakScreen(Findings, computation="leak_screen", rows="columns"):
    """Columns that know too much of a target. `columns` is a frame of column, auc (alone), suspect ("certain",
    "more_than_the_others"; missing of all others) and rest_auc (of all others together, where it was compared)."""

    columns: Any

    @property
    def suspects(self) -> list[str]:
        """Names of columns, the strongest first. Whether one was known in time, only who knows the data can tell."""
        return [one["column"] for one in self.summary["suspects"]]

    @property
    def left_out(self) -> dict[str, str]:
        """Columns that were not screened, and why: "too many texts", "neither numbers nor texts"."""
        return {one["column"]: one["why"] for one in self.summary["left_out"]}

    def _words(self) -> str:
        return f"of {self.summary['options']['target']}: {', '.join(self.suspects) or 'no suspects'}"


def leak_screen(frame: Any, *, target: str, positive: Any = None, **options: Any) -> LeakScreen:
    """Which columns know too much of a target: written after the outcome, or because of it.

    `frame` is anything with the Arrow PyCapsule protocol, a row a case; `target` the column of what came of each,
    `positive` what stands there for the event (1 or True without it). Other keywords: columns, categorical, most_categories,
    least_auc, certain_auc, least_others, sample, seed. docs/leak_screen.md has the rule and its limits.
    """
    return LeakScreen.of(frame, options, target=target, positive=positive)
