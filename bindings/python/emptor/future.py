"""What customers of a plain frame will do, and what a contact changes."""

from __future__ import annotations

from typing import Any

from .findings import Concluded, Judged, Told


class Offers(Judged, computation="offers", rows="offers"):
    """What to offer to whom: a row an offer. Judged by recall_at_10 and hit_rate_at_10, beside popularity."""

    offers: Any


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
    return Offers.of(frame, options, customer=customer, product=product, date=date, count=count, as_of=as_of)


class Replenishment(Judged, computation="replenishment", rows="due"):
    """What falls due: a row a customer and product. Judged on the window just past beside what was not due."""

    due: Any


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
    return Replenishment.of(
        frame, options, customer=customer, product=product, date=date, ahead_days=ahead_days, as_of=as_of
    )


class Churn(Judged, computation="churn"):
    """Who will fall silent: a row a customer. Judged by auc, ks, top_decile_lift, and chances by brier and
    calibration_slope, beside recency and BG/NBD."""

    customers: Any
    decision: Told[dict[str, Any] | None] = Told(
        "To whom an offer to stay should be made, and what that would have brought on the window just past; "
        '"verdict" alone where nothing is known of what customers are worth, None without a model.',
        None,
    )
    alerts: Told[dict[str, Any] | None] = Told(
        'From which chance on customers are marked in the column "alert", and how many of those marks would have been '
        "false on the window just past.",
        None,
    )
    groups: Told[list[dict[str, Any]]] = Told(
        "Of all customers and of each segment of RFM: the mean chance, the expected loss, and what the model goes by.", []
    )
    what_if: Told[dict[str, Any] | None] = Told(
        "What the model would say of the same customers if a feature were another; about the model, not the world.", None
    )


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
    return Churn.of(
        frame, options, customer=customer, date=date, amount=amount, horizon_days=horizon_days, as_of=as_of
    )


class Survival(Concluded, computation="survival", rows="curves"):
    """How long rows last. `curves` is a frame of group (missing: all rows), time, at_risk, events, censored, survival,
    standard_error, lower, upper."""

    curves: Any
    log_rank: Told[dict[str, Any] | None] = Told(
        "Whether groups last alike: statistic, degrees, p_value; None without groups."
    )
    cox: Told[dict[str, Any] | None] = Told(
        "Cox's model of the covariates: log_likelihood, concordance and terms with hazard_ratio and interval."
    )

    @property
    def medians(self) -> dict[str | None, float | None]:
        """The time that half of the rows survive, by group; None is the group of all rows, and a time not reached."""
        return {curve["group"]: curve["median"] for curve in self.summary["curves"]}

    @property
    def hazard_ratios(self) -> dict[str, float]:
        """How many times the risk of ending is, a unit of each covariate."""
        return {term["name"]: term["hazard_ratio"] for term in (self.cox or {"terms": []})["terms"]}

    def _words(self) -> str:
        return f"{self.summary['kept']} rows, {self.summary['events']:g} ended"


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
    end = None if ended is None else str(ended)
    return Survival.of(
        frame, options, duration=duration, event=event, ended=end, group=group, covariates=list(covariates)
    )


class Uplift(Concluded, computation="uplift"):
    """What a contact did, arm by arm, and whom it pays to contact.

    `customers` is a frame with a row for each of the given one: customer, arm, and for each arm uplift_ARM (what a contact
    by it is expected to change; of the rows learnt from, by models that never saw them) and target_ARM.
    """

    customers: Any
    arms: Told[list[dict[str, Any]]] = Told(
        "Each arm against the one that was left alone: effect, uplift (Qini by name, targeting), verdict."
    )
    sample_ratio: Told[dict[str, Any]] = Told("Whether the arms have the sizes that were planned.")

    def _words(self) -> str:
        effects = ", ".join(f"{one['arm']} {one['effect']['difference']:+.4g}" for one in self.arms)
        return f"against {self.summary['control']}: {effects}"


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
    alone = None if control is None else str(control)
    return Uplift.of(
        frame,
        options,
        treatment=treatment,
        outcome=outcome,
        covariates=list(covariates),
        control=alone,
        value=value,
        cost=cost,
    )
