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


def _up_to(as_of: Any, computation: str, frame: Any, options: dict[str, Any]) -> Table:
    """A computation that stands for a day; the last day of the data if none is given."""
    if as_of is not None:
        options["as_of"] = as_of
    return compute(computation, frame, **options)


def rfm(frame: Any, *, customer: str, date: str, amount: str, as_of: Any = None, **options: Any) -> Any:
    """Recency, frequency and monetary value of each customer, with scores and segments, without a store.

    `frame` is anything with the Arrow PyCapsule protocol, a purchase a row; `customer`, `date` and `amount` are the names
    of its columns. Recency is counted in days up to `as_of` (a date; the last purchase unless given). The other
    keywords are the options of the insight "rfm". Returns a frame of the kind that was given (pandas, Polars, PyArrow;
    an emptor.Table otherwise): customer, recency, frequency, monetary, r, f, m, segment. docs/rfm.md says how they are
    defined.
    """
    options.update(customer=customer, date=date, amount=amount)
    return _like(frame, _up_to(as_of, "rfm", frame, options))


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
    customer, rank, product, score, chance, worth and because. Other keywords: amount, quantity (columns), horizon_days,
    rank_by (chance, amount), measure (cosine, jaccard, lift), least_together, neighbours, factors, purchases, zone.
    docs/offers.md says how they are judged.
    """
    options.update(customer=customer, product=product, date=date, count=count)
    return Offers(frame, _up_to(as_of, "offers", frame, options))


class Fraud:
    """Who is unusual: a row a customer that was active in the window, with a p-value and, where it is an alert, reasons."""

    def __init__(self, frame: Any, table: Table) -> None:
        self.summary: dict[str, Any] = table.summary
        self.customers = _like(frame, table)

    @property
    def verdict(self) -> str:
        """ "sufficient", or what the data lack."""
        return self.summary["verdict"]

    @property
    def alerts(self) -> int:
        """How many customers are alerted."""
        return self.summary["alerts"]

    @property
    def expected_false_alarms(self) -> float | None:
        """How many alerts honest customers give on average, at most; None where the data do not allow any."""
        return self.summary.get("expected_false_alarms")

    @property
    def judgement(self) -> dict[str, Any]:
        """How well known fraud of a past window would have been found, beside the largest order."""
        return self.summary["judgement"]

    def __repr__(self) -> str:
        return f"<emptor.Fraud {self.summary['customers']} customers, {self.alerts} alerts; {self.verdict}>"


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
    options.update(customer=customer, date=date, amount=amount, false_alarms=false_alarms)
    return Fraud(frame, _up_to(as_of, "fraud", frame, options))


class Replenishment(_Judged):
    """What falls due: a row a customer and product. Judged on the window just past beside what was not due."""

    def __init__(self, frame: Any, table: Table) -> None:
        super().__init__(table)
        self.due = _like(frame, table)


def replenishment(
    frame: Any,
    *,
    customer: str = "customer",
    product: str = "product",
    date: str = "date",
    ahead_days: int = 14,
    as_of: Any = None,
    **options: Any,
) -> Replenishment:
    """On which day each customer will want a product again, for what they are likely to buy within `ahead_days`, without a store.

    `frame` is anything with the Arrow PyCapsule protocol, a row for each product in a purchase. What is due is a frame of
    customer, product, chance, purchases, last, gap, due, from and to. Other keywords: amount, quantity (columns),
    least_chance, least_purchases, count, level, purchases, language ("en", "zh"), zone. docs/replenishment.md says how it is judged.
    """
    options.update(customer=customer, product=product, date=date, ahead_days=ahead_days)
    return Replenishment(frame, _up_to(as_of, "replenishment", frame, options))


class Habits:
    """When, how and what customers buy: a row a customer. Judged on the window just past beside the shares of all."""

    def __init__(self, frame: Any, table: Table) -> None:
        self.summary: dict[str, Any] = table.summary
        self.customers = _like(frame, table)

    @property
    def dimensions(self) -> list[dict[str, Any]]:
        """Of each dimension its cells with the share of all purchases and the customers whose habit it is, or its "lack"."""
        return self.summary["dimensions"]

    @property
    def judged(self) -> list[dict[str, Any]]:
        """How much more customers' own shares told of the window just past than those of all, in nats an occasion."""
        return self.summary["judged"]

    @property
    def groups(self) -> dict[str, Any]:
        """Groups by habit, each with its name and how firm it is; or "why" there are none."""
        return self.summary["groups"]

    @property
    def verdict(self) -> str:
        """ "sufficient", or what the data lack."""
        return self.summary["verdict"]

    def __repr__(self) -> str:
        told = f"{self.summary['customers']} customers, {self.summary['with_habit']} with a habit; {self.verdict}"
        return f"<emptor.Habits {told}>"


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
    options.update(customer=customer, date=date, amount=amount)
    return Habits(frame, _up_to(as_of, "habits", frame, options))


class Usage:
    """Which products are in use: a row a product."""

    def __init__(self, frame: Any, table: Table) -> None:
        self.summary: dict[str, Any] = table.summary
        self.products = _like(frame, table)

    @property
    def verdict(self) -> str:
        """ "sufficient", or what the data lack."""
        return self.summary["verdict"]

    def __repr__(self) -> str:
        told = f"{len(self.summary['products'])} products told, {self.summary['users']} users; {self.verdict}"
        return f"<emptor.Usage {told}>"


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
    options.update(customer=customer, product=product, date=date, window_days=window_days)
    return Usage(frame, _up_to(as_of, "usage", frame, options))


class Churn(_Judged):
    """Who will fall silent: a row a customer. Judged by auc, ks, top_decile_lift, and chances by brier and
    calibration_slope, beside recency and BG/NBD."""

    def __init__(self, frame: Any, table: Table) -> None:
        super().__init__(table)
        self.customers = _like(frame, table)

    @property
    def decision(self) -> dict[str, Any] | None:
        """To whom an offer to stay should be made, and what that would have brought on the window just past; "verdict" alone
        where nothing is known of what customers are worth, None without a model."""
        return self.summary.get("decision")

    @property
    def alerts(self) -> dict[str, Any] | None:
        """From which chance on customers are marked in the column "alert", and how many of those marks would have been
        false on the window just past."""
        return self.summary.get("alerts")

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Of all customers and of each segment of RFM: the mean chance, the expected loss, and what the model goes by."""
        return self.summary.get("groups", [])

    @property
    def what_if(self) -> dict[str, Any] | None:
        """What the model would say of the same customers if a feature were another; about the model, not the world."""
        return self.summary.get("what_if")


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
    keywords: active_days, purchases, language ("en", "zh"), order, quantity, zone; what_if ([{"feature": "returned",
    "set": 0}]); customer_value, margin, offer_cost, contact_cost, success_rate; false_alarms, false_alarms_of
    ("alerted", "stayers"), most_alerts, watch_days. docs/churn.md says how it is done.
    """
    options.update(customer=customer, date=date, amount=amount, horizon_days=horizon_days)
    return Churn(frame, _up_to(as_of, "churn", frame, options))


class Survival:
    """How long rows last. `curves` is a frame of group (missing: all rows), time, at_risk, events, censored, survival,
    standard_error, lower, upper."""

    def __init__(self, frame: Any, table: Table) -> None:
        self.summary: dict[str, Any] = table.summary
        self.curves = _like(frame, table)

    @property
    def medians(self) -> dict[str | None, float | None]:
        """The time that half of the rows survive, by group; None is the group of all rows, and a time not reached."""
        return {curve["group"]: curve["median"] for curve in self.summary["curves"]}

    @property
    def log_rank(self) -> dict[str, Any] | None:
        """Whether groups last alike: statistic, degrees, p_value; None without groups."""
        return self.summary["log_rank"]

    @property
    def cox(self) -> dict[str, Any] | None:
        """Cox's model of the covariates: log_likelihood, concordance and terms with hazard_ratio and interval."""
        return self.summary["cox"]

    @property
    def hazard_ratios(self) -> dict[str, float]:
        """How many times the risk of ending is, a unit of each covariate."""
        return {term["name"]: term["hazard_ratio"] for term in (self.cox or {"terms": []})["terms"]}

    @property
    def verdict(self) -> str:
        """ "sufficient", or what the data lack."""
        return self.summary["verdict"]

    def __repr__(self) -> str:
        return f"<emptor.Survival {self.summary['kept']} rows, {self.summary['events']:g} ended; {self.verdict}>"


def survival(
    frame: Any,
    *,
    duration: str = "duration",
    event: str = "event",
    ended: Any = None,
    group: str | None = None,
    covariates: Any = (),
    **options: Any,
) -> Survival:
    """How long the rows of a frame last where some have not ended yet: curves of Kaplan and Meier, the log-rank test
    between groups, and Cox's model of the covariates.

    `frame` is anything with the Arrow PyCapsule protocol, a row for each thing that lasts. `event` is 0 or 1 or a boolean;
    else `ended` is its value that means an end ("Yes", 2). Covariates are names of columns: texts become one column a
    category, the first by its bytes being what the others are compared with. Other keywords: interval ("log", "log_log",
    "plain"), level, ties ("efron", "breslow"), ridge. docs/survival.md says how it is done.
    """
    options.update(duration=duration, event=event, covariates=list(covariates))
    if ended is not None:
        options["ended"] = str(ended)
    if group is not None:
        options["group"] = group
    return Survival(frame, compute("survival", frame, **options))


class Uplift:
    """What a contact did, arm by arm, and whom it pays to contact.

    `customers` is a frame with a row for each of the given one: customer, arm, and for each arm uplift_ARM (what a contact
    by it is expected to change; of the rows learnt from, by models that never saw them) and target_ARM.
    """

    def __init__(self, frame: Any, table: Table) -> None:
        self.summary: dict[str, Any] = table.summary
        self.customers = _like(frame, table)

    @property
    def arms(self) -> list[dict[str, Any]]:
        """Each arm against the one that was left alone: effect, uplift (Qini by name, targeting), verdict."""
        return self.summary["arms"]

    @property
    def sample_ratio(self) -> dict[str, Any]:
        """Whether the arms have the sizes that were planned."""
        return self.summary["sample_ratio"]

    @property
    def verdict(self) -> str:
        """ "sufficient", or what the data lack."""
        return self.summary["verdict"]

    def __repr__(self) -> str:
        effects = ", ".join(f"{one['arm']} {one['effect']['difference']:+.4g}" for one in self.arms)
        return f"<emptor.Uplift against {self.summary['control']}: {effects}; {self.verdict}>"


def uplift(
    frame: Any,
    *,
    treatment: str = "treatment",
    outcome: str = "outcome",
    covariates: Any = (),
    control: Any = None,
    value: float = 1.0,
    cost: float = 0.0,
    **options: Any,
) -> Uplift:
    """The effect of a contact against a hold-out drawn by chance, whom it moves, and whom it pays to contact.

    `frame` is anything with the Arrow PyCapsule protocol, a row a customer: the arm it was in (`control` names the one that
    was left alone; 0 or False unless given), what came of it (0 and 1, or amounts), and in `covariates` the columns of what
    was known before. Rows without a treatment are scored and not learnt from. `value` is what a response brings (of
    amounts: the share that is earned), `cost` what a contact costs. Other keywords: customer (a column), shares (as the
    arms were to be divided), model (logistic, gradient_boosting), folds, seed, repetitions, level. docs/uplift.md says how.
    """
    options.update(treatment=treatment, outcome=outcome, covariates=list(covariates), value=value, cost=cost)
    if control is not None:
        options["control"] = str(control)
    return Uplift(frame, compute("uplift", frame, **options))


class Satisfaction:
    """What customers answered: by period and group, what goes with it, and an index a customer.

    `customers` is a frame with a row for each who answered: customer, index (0 to 100, weighted by age and shrunk to all),
    weight and up to three reasons in words.
    """

    def __init__(self, frame: Any, table: Table) -> None:
        self.summary: dict[str, Any] = table.summary
        self.customers = _like(frame, table)

    @property
    def headline(self) -> dict[str, Any] | None:
        """Of all answers: value, lower, upper, standard_error; None without any."""
        return next((one["headline"] for one in self.groups if "by" not in one), None)

    @property
    def groups(self) -> list[dict[str, Any]]:
        """All answers, those of each period, then those of each group; with the difference from all others."""
        return self.summary["groups"]

    @property
    def drivers(self) -> list[dict[str, Any]]:
        """What goes with the answers: rank correlations with intervals and adjusted p-values, those that hold first."""
        return self.summary["drivers"]

    def __repr__(self) -> str:
        words = next((one["words"] for one in self.groups if "by" not in one), "no answers")
        return f"<emptor.Satisfaction {words}>"


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
    options.update(score=score, customer=customer, date=date, scale=scale, by=list(by), measures=list(measures))
    return Satisfaction(frame, _up_to(as_of, "satisfaction", frame, options))


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
    return Value(frame, _up_to(as_of, "value", frame, options))


class LeakScreen:
    """Columns that know too much of a target. `columns` is a frame of column, auc (alone), suspect ("certain",
    "more_than_the_others"; missing of all others) and rest_auc (of all others together, where it was compared)."""

    def __init__(self, frame: Any, table: Table) -> None:
        self.summary: dict[str, Any] = table.summary
        self.columns = _like(frame, table)

    @property
    def suspects(self) -> list[str]:
        """Names of columns, the strongest first. Whether one was known in time, only who knows the data can tell."""
        return [one["column"] for one in self.summary["suspects"]]

    @property
    def left_out(self) -> dict[str, str]:
        """Columns that were not screened, and why: "too many texts", "neither numbers nor texts"."""
        return {one["column"]: one["why"] for one in self.summary["left_out"]}

    def __repr__(self) -> str:
        return f"<emptor.LeakScreen of {self.summary['options']['target']}: {', '.join(self.suspects) or 'no suspects'}>"


def leak_screen(frame: Any, *, target: str, positive: Any = None, **options: Any) -> LeakScreen:
    """Which columns know too much of a target: written after the outcome, or because of it.

    `frame` is anything with the Arrow PyCapsule protocol, a row a case; `target` the column of what came of each,
    `positive` what stands there for the event (1 or True without it). Other keywords: columns, categorical, most_categories,
    least_auc, certain_auc, least_others, sample, seed. docs/leak_screen.md has the rule and its limits.
    """
    options["target"] = target
    if positive is not None:
        options["positive"] = positive
    return LeakScreen(frame, compute("leak_screen", frame, **options))


class Trends:
    """How the business goes. `periods` is a frame with a row a series and period: measure, dimension, value, begins,
    number, trend, season, remainder."""

    def __init__(self, frame: Any, table: Table) -> None:
        self.summary: dict[str, Any] = table.summary
        self.periods = _like(frame, table)

    @property
    def series(self) -> list[dict[str, Any]]:
        """Each series: slope, changes, forecast (beside naive ones), and what that says in words of "en" and "zh"."""
        return self.summary.get("series", [])

    @property
    def leads(self) -> list[dict[str, Any]]:
        """Which measure moves before which other one; association, not cause."""
        return self.summary.get("leads", [])

    @property
    def verdict(self) -> str:
        """ "sufficient", or what cannot be told and why."""
        return self.summary["verdict"]

    def __repr__(self) -> str:
        return f"<emptor.Trends {len(self.series)} series of {self.summary.get('periods', 0)} periods; {self.verdict}>"


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
    options.update(customer=customer, date=date, amount=amount, period=period, dimensions=list(dimensions))
    return Trends(frame, _up_to(as_of, "trends", frame, options))


class Causes:
    """Why revenue changed. `parts` is a frame with a row a part: compared_with, kind, name, amount, share."""

    def __init__(self, frame: Any, table: Table) -> None:
        self.summary: dict[str, Any] = table.summary
        self.parts = _like(frame, table)

    @property
    def comparisons(self) -> list[dict[str, Any]]:
        """The last whole period against the one before and the same a year before: factors, customers, categories, groups,
        what happened meanwhile, and all of it in words of "en" and "zh"."""
        return self.summary["comparisons"]

    @property
    def verdict(self) -> str:
        """ "sufficient", or what cannot be told and why."""
        return self.summary["verdict"]

    def __repr__(self) -> str:
        told = ", ".join(f"{one['change']} against {one['before']}" for one in self.comparisons)
        return f"<emptor.Causes {told or 'nothing compared'}; {self.verdict}>"


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
    options.update(customer=customer, date=date, amount=amount, period=period, dimensions=list(dimensions))
    return Causes(frame, _up_to(as_of, "causes", frame, options))
