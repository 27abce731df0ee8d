"""Who the customers of a plain frame are, how they buy, what they say, and who stands out."""

from __future__ import annotations

from typing import Any

from .findings import Concluded, Findings, Told


class Composition(Concluded, computation="composition", rows="groups"):
    """Who the customers are: a row a group, with its share, what it brings, how that moves, and whether that is beyond
    chance more or less than others bring."""

    groups: Any
    dimensions: Told[list[dict[str, Any]]] = Told(
        'Each column by which customers were told apart: its groups, and of places the "white_spots".', []
    )
    findings: Told[list[dict[str, Any]]] = Told(
        'The groups that bring more or less than others, the clearest first, in words of "en" and "zh".', []
    )
    concentration: Told[dict[str, Any] | None] = Told(
        "How much hangs on few customers: gini, top_1, top_10, top_20, herfindahl; None without customers.", None
    )


def composition(
    frame: Any,
    *,
    customer: str = "customer",
    date: str = "date",
    amount: str = "amount",
    by: Any = (),
    places: Any = (),
    as_of: Any = None,
    **options: Any,
) -> Composition:
    """Which share of the customers each group is, what it brings and how that moves, without a store.

    `frame` is anything with the Arrow PyCapsule protocol, a line item a row. `by` are columns that tell customers apart,
    `places` those of them that are places; of each customer the newest row counts. Groups of fewer than `least_cell`
    customers are told together only. Other keywords: order, quantity, cost (columns), window_days, least_cell,
    most_groups, false_findings, language ("en", "zh"), zone. docs/composition.md says how it is done.
    """
    named = {"customer": customer, "date": date, "amount": amount, "as_of": as_of}
    return Composition.of(frame, options, by=list(by), places=list(places), **named)


class Market(Concluded, computation="market"):
    """Which customers behave alike: a row a buyer, with its segment (missing where there are no segments)."""

    customers: Any
    share_of_wallet: Told[dict[str, Any] | None] = Told(
        "What the customers spend with us of what they spend with anybody; None where no column says that."
    )

    @property
    def segments(self) -> list[dict[str, Any]]:
        """Each segment with its size, revenue, growth and what sets it apart; empty where there are none."""
        return self.summary["segmentation"]["segments"]

    def _words(self) -> str:
        return f"{super()._words()}, {len(self.segments)} segments"


def market(
    frame: Any,
    *,
    customer: str = "customer",
    date: str = "date",
    amount: str = "amount",
    attributes: Any = (),
    as_of: Any = None,
    **options: Any,
) -> Market:
    """Segments of the buyers in a frame of purchases, where there are such groups at all, without a store.

    `frame` is anything with the Arrow PyCapsule protocol, a line item a row. Segments are made of recency, orders, mean
    amount and tenure, and of the columns `attributes`; clusters are called segments only where they are clearer than those
    of a cloud without any, and found again in halves of the customers. Other keywords: wallet (a column of what a customer
    spends in a year with anybody), order, quantity (columns), least_k, greatest_k, choose_by ("silhouette", "elbow"),
    window_days, false_findings, language ("en", "zh"), zone. docs/market.md says how it is done.
    """
    named = {"customer": customer, "date": date, "amount": amount, "as_of": as_of}
    return Market.of(frame, options, attributes=list(attributes), **named)


class Preferences(Concluded, computation="preferences", rows="preferences"):
    """What customers like, dislike and ask for: a row a customer and topic that they named."""

    preferences: Any
    topics: Told[list[dict[str, Any]]] = Told("What most customers named, and how many of them like it or do not.")
    tone: Told[dict[str, Any]] = Told('How well good texts are told from bad ones, or "why" they cannot be.')
    judged: Told[dict[str, Any]] = Told(
        "How much better words and purchases foretold the category bought next than purchases alone, in nats."
    )

    def _words(self) -> str:
        return f"{super()._words()}, {self.summary['naming']} of {self.summary['texts']} texts name something sold"


def preferences(
    frame: Any,
    *,
    customer: str = "customer",
    date: str = "date",
    text: str = "text",
    rating: str | None = None,
    amount: str | None = None,
    product: str | None = None,
    category: str | None = None,
    brand: str | None = None,
    as_of: Any = None,
    **options: Any,
) -> Preferences:
    """What customers like, dislike and ask for by their own words, and what that tells of what they buy next, without a
    store.

    `frame` is anything with the Arrow PyCapsule protocol, a row a line item, a text of a customer, or both. What is sold,
    and may be named in a text, stands in the columns `product`, `category` and `brand`. Rows with an `amount` are
    purchases (without that column: rows without a text). `rating` is what the customer gave, 1 to 5: the tone of words is
    learnt from rated texts alone. Other keywords: order, quantity (columns), window_days, clear_tone, purchases, language
    ("en", "zh"), zone. docs/preferences.md says how it is done.
    """
    named = {"customer": customer, "date": date, "text": text, "rating": rating, "amount": amount, "as_of": as_of}
    return Preferences.of(frame, options, product=product, category=category, brand=brand, **named)


class Habits(Concluded, computation="habits"):
    """When, how and what customers buy: a row a customer. Judged on the window just past beside the shares of all."""

    customers: Any
    dimensions: Told[list[dict[str, Any]]] = Told(
        'Of each dimension its cells with the share of all purchases and the customers whose habit it is, or its "lack".'
    )
    judged: Told[list[dict[str, Any]]] = Told(
        "How much more customers' own shares told of the window just past than those of all, in nats an occasion."
    )
    groups: Told[dict[str, Any]] = Told(
        'Groups by habit, each with its name and how firm it is; or "why" there are none.'
    )

    def _words(self) -> str:
        return f"{super()._words()}, {self.summary['with_habit']} with a habit"


def habits(
    frame: Any,
    *,
    customer: str = "customer",
    date: str = "date",
    amount: str = "amount",
    as_of: Any = None,
    **options: Any,
) -> Habits:
    """When, how and what each customer buys, and which of it is a habit of their own, without a store.

    `frame` is anything with the Arrow PyCapsule protocol, a line of a purchase a row. Other keywords: order, quantity, category,
    brand, discount, list_price, channel, payment_method (columns), least_occasions, false_findings, least_lift,
    recent_days, false_alarms, most_groups, purchases, language ("en", "zh"), zone. docs/habits.md says how it is done.
    """
    return Habits.of(frame, options, customer=customer, date=date, amount=amount, as_of=as_of)


class Usage(Concluded, computation="usage", rows="products"):
    """Which products are in use: a row a product."""

    products: Any

    def _words(self) -> str:
        return f"{len(self.summary['products'])} products told, {self.summary['users']} users"


def usage(
    frame: Any,
    *,
    customer: str = "customer",
    product: str = "product",
    date: str = "date",
    window_days: int = 365,
    as_of: Any = None,
    **options: Any,
) -> Usage:
    """Which products are in use, by how many, how often again, and which lose users, without a store.

    `frame` is anything with the Arrow PyCapsule protocol, a row for each product in a purchase. Other keywords: amount,
    quantity (columns), false_findings, purchases, zone. docs/usage.md says what each column means.
    """
    return Usage.of(
        frame, options, customer=customer, product=product, date=date, window_days=window_days, as_of=as_of
    )


class Satisfaction(Findings, computation="satisfaction"):
    """What customers answered: by period and group, what goes with it, and an index a customer.

    `customers` is a frame with a row for each who answered: customer, index (0 to 100, weighted by age and shrunk to all),
    weight and up to three reasons in words.
    """

    customers: Any
    groups: Told[list[dict[str, Any]]] = Told(
        "All answers, those of each period, then those of each group; with the difference from all others."
    )
    drivers: Told[list[dict[str, Any]]] = Told(
        "What goes with the answers: rank correlations with intervals and adjusted p-values, those that hold first."
    )

    @property
    def headline(self) -> dict[str, Any] | None:
        """Of all answers: value, lower, upper, standard_error; None without any."""
        return next((one["headline"] for one in self.groups if "by" not in one), None)

    def _words(self) -> str:
        return next((one["words"] for one in self.groups if "by" not in one), "no answers")


def satisfaction(
    frame: Any,
    *,
    score: str = "score",
    customer: str = "customer",
    date: str = "date",
    scale: str = "nps",
    by: Any = (),
    measures: Any = (),
    as_of: Any = None,
    **options: Any,
) -> Satisfaction:
    """What the answers to a survey come to, without a store: NPS, CSAT or CES with intervals, and what goes with them.

    `frame` is anything with the Arrow PyCapsule protocol, a row an answer. `scale` says what was asked: nps (0 to 10), csat
    (1 to 5), ces (ease, 1 to 7), ces_effort (1 to 5) or questionnaire (0 to 1). `by` are columns that answers are grouped
    by, `measures` columns of numbers that were known before the answer. Other keywords: period (month, quarter, year),
    half_life_days, horizon_days, level, false_findings, zone, language ("en", "zh"). docs/satisfaction.md says how.
    """
    return Satisfaction.of(
        frame,
        options,
        score=score,
        customer=customer,
        date=date,
        scale=scale,
        by=list(by),
        measures=list(measures),
        as_of=as_of,
    )


class Fraud(Concluded, computation="fraud"):
    """Who is unusual: a row a customer that was active in the window, with a p-value and, where it is an alert, reasons."""

    customers: Any
    alerts: Told[int] = Told("How many customers are alerted.")
    expected_false_alarms: Told[float | None] = Told(
        "How many alerts honest customers give on average, at most; None where the data do not allow any.", None
    )
    judgement: Told[dict[str, Any]] = Told(
        "How well known fraud of a past window would have been found, beside the largest order."
    )

    def _words(self) -> str:
        return f"{super()._words()}, {self.alerts} alerts"


def fraud(
    frame: Any,
    *,
    customer: str = "customer",
    date: str = "date",
    amount: str = "amount",
    false_alarms: float = 0.005,
    as_of: Any = None,
    **options: Any,
) -> Fraud:
    """Whose orders, returns, refunds and coupons are so unusual that somebody should look, without a store.

    `frame` is anything with the Arrow PyCapsule protocol, an event a row. Of honest customers at most the share
    `false_alarms` is alerted on average. Other keywords: order, kind, account, label (columns), shared (columns that
    customers may share), window_days, history_days, label_days, most_alerts, language ("en", "zh"), zone. docs/fraud.md says
    how thresholds are set and judged.
    """
    return Fraud.of(
        frame, options, customer=customer, date=date, amount=amount, false_alarms=false_alarms, as_of=as_of
    )
