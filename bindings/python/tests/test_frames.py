"""Frames of pandas, Polars and DuckDB: in by import, out by tables, and insights on them without a store."""

import datetime
import math
import os
import pathlib
import random
from decimal import Decimal

import emptor
import pytest
from conftest import order_lines

ROWS = 3000


def pandas_frame(count=ROWS):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (pandas needs it for Arrow)")
    frame = pandas.DataFrame(list(order_lines(count)))
    frame["Order Date"] = pandas.to_datetime(frame["Order Date"])
    frame["Unit Price"] = frame["Unit Price"].astype(float)
    return frame


def polars_frame(count=ROWS):
    polars = pytest.importorskip("polars", reason="polars is not installed")
    return polars.DataFrame(list(order_lines(count))).with_columns(polars.col("Unit Price").cast(polars.Float64))


def duckdb_relation(count=ROWS):
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    frame = pandas_frame(count)  # DuckDB finds the variable by its name
    return duckdb.sql("SELECT * FROM frame")


FRAMES = {"pandas": pandas_frame, "polars": polars_frame, "duckdb": duckdb_relation}


@pytest.mark.parametrize("library", FRAMES)
def test_a_frame_is_imported(session, library):
    report = session.import_(FRAMES[library](), name="order_lines", source="shop")
    assert report["entities"]["order_line"]["written"] == ROWS
    total = sum(Decimal(row["Unit Price"]) * row["Quantity"] for row in order_lines(ROWS))
    assert Decimal(report["amount"]["EUR"]) == total
    assert session.find("customer", "shop", "C5").name == "Customer 5"


def test_the_index_of_a_filtered_frame_is_no_column(session):
    frame = pandas_frame()
    report = session.import_(frame[frame["Quantity"] > 2], name="order_lines", source="shop")
    assert report["problems"] == [] or not any("index" in problem["text"] for problem in report["problems"])
    assert not [field.name for field in session.fields("order_line") if "index" in field.name]


def test_records_go_out_as_frames(session, sales):
    session.import_(sales, source="shop")
    table = session.table("customer", fields=["id", "name"], order_by="id")
    names = [record.name for record in session.select("customer")]
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    polars = pytest.importorskip("polars", reason="polars is not installed")
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    assert isinstance(table.to_pandas(), pandas.DataFrame) and list(table.to_pandas()["name"]) == names
    assert isinstance(table.to_polars(), polars.DataFrame) and table.to_polars()["name"].to_list() == names
    assert polars.DataFrame(table)["name"].to_list() == names
    arrow = table.to_arrow()
    assert duckdb.sql("SELECT name FROM arrow ORDER BY id").fetchall() == [(name,) for name in names]


PURCHASES = [
    ("ann", datetime.date(2024, 1, 5), 10.0),
    ("ann", datetime.date(2024, 3, 1), 5.5),
    ("bob", datetime.date(2023, 12, 1), 100.0),
    ("cho", datetime.date(2024, 2, 28), 7.25),
    ("cho", datetime.date(2024, 2, 28), 1.0),
]


def by_hand(as_of):
    """Recency in days, number of purchases and sum, counted without the library."""
    answer = {}
    for who in sorted({who for who, _, _ in PURCHASES}):
        days = [day for other, day, _ in PURCHASES if other == who]
        paid = [paid for other, _, paid in PURCHASES if other == who]
        answer[who] = ((as_of - max(days)).days, len(days), Decimal(str(sum(paid))))
    return answer


def columns():
    return {name: [row[i] for row in PURCHASES] for i, name in enumerate(("who", "day", "paid"))}


def rows_of(frame):
    rows = frame.to_dict("records") if hasattr(frame, "iloc") else frame.to_dicts()
    return {row["customer"]: (row["recency"], row["frequency"], Decimal(str(row["monetary"]))) for row in rows}


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_rfm_of_a_plain_frame_gives_the_same_kind_of_frame(library):
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    if library == "pandas":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed (pandas needs it for Arrow)")
    frame = module.DataFrame(columns())
    as_of = datetime.date(2024, 3, 31)
    result = emptor.rfm(frame, customer="who", date="day", amount="paid", as_of=as_of)
    assert isinstance(result, module.DataFrame)
    assert list(result.columns) == ["customer", "recency", "frequency", "monetary", "r", "f", "m", "segment"]
    assert rows_of(result) == by_hand(as_of)
    assert all(1 <= score <= 5 for name in "rfm" for score in result[name])


def test_rfm_tells_a_column_that_is_not_there():
    polars = pytest.importorskip("polars", reason="polars is not installed")
    with pytest.raises(emptor.Error):
        emptor.rfm(polars.DataFrame(columns()), customer="nobody", date="day", amount="paid")


def purchases_of_a_shop(library):
    """1,200 customers who buy at rates of their own from a first day on, and leave at some time (a Pareto/NBD process)."""
    chance = random.Random(7)
    rows = []
    for customer in range(1200):
        day = chance.uniform(0, 200)
        gap, end = 1 / chance.gammavariate(2, 0.02), day + chance.expovariate(chance.gammavariate(1.5, 0.002))
        scale = 1 / chance.gammavariate(4, 0.1)
        while day <= min(end, 500):
            at = datetime.date(2023, 1, 1) + datetime.timedelta(days=int(day))
            rows.append({"who": customer, "when": at, "paid": round(chance.gammavariate(6, scale) + 0.01, 2)})
            day += chance.expovariate(1 / gap)
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    return module.DataFrame(rows)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_lifetimes_of_a_frame(library):
    frame = purchases_of_a_shop(library)
    model = emptor.lifetime.fit(frame, customer="who", date="when", amount="paid", model="pareto-nbd", unit="day")
    assert list(model.parameters) == ["r", "alpha", "s", "beta"] and set(model.standard_errors) == set(model.parameters)
    assert "Lifetime pareto-nbd" in repr(model) and model.summary["certificate"] < 1e-6
    near, far = model.predict(horizon=30), model.predict(horizon=300, margin=0.5)
    assert type(near) is type(frame) and len(near) == len(set(frame["who"]))
    assert all(near["expected"] <= far["expected"])
    assert all((near["alive"] >= 0) & (near["alive"] <= 1))
    # A customer's value is what he is expected to spend, discounted and times the margin.
    assert all(far["value"] <= 0.5 * far["expected"] * far["expected_spend"] + 1e-9)
    assert list(model.predict()["frequency"]) == list(near["frequency"])


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_lifetimes_with_covariates_of_a_frame(library):
    chance = random.Random(5)
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    rows = []
    for customer in range(900):
        web = customer % 3 == 0  # who buys three times as often
        rate, day = 0.03 * chance.gammavariate(1.5, 1) * (3 if web else 1), 100 * chance.random()
        ends = day + chance.expovariate(1) * 300 / chance.gammavariate(1.5, 1)
        while day <= min(ends, 400):
            when = datetime.date(2023, 1, 1) + datetime.timedelta(days=int(day))
            rows.append({"customer": customer, "date": when, "amount": 5.0 + chance.random(), "by": "web" if web else "shop"})
            day += chance.expovariate(rate)
    model = emptor.lifetime.fit(module.DataFrame(rows), model="pareto-nbd", covariates=["by"], interval_level=0.9)
    assert list(model.parameters)[4:] == ["rate.by=web", "leaving.by=web"]
    assert abs(model.parameters["rate.by=web"] - math.log(3)) < 4 * model.standard_errors["rate.by=web"]
    table = model.predict()
    assert all(table["expected_low"] <= table["expected"]) and all(table["expected"] <= table["expected_high"])
    assert all(table["purchases_low"] <= table["purchases_high"])
    assert list(model.predict(horizon=52)["expected"]) == pytest.approx(list(table["expected"]), rel=1e-12)
    held = model.diagnostics["hold_out"]
    assert held["model"]["root_mean_square_error"] < held["mean_rate"]["root_mean_square_error"]
    tracking = model.diagnostics["tracking"]
    assert sum(tracking["actual"]) == model.summary["repeat_purchases"]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_offers_of_a_frame(library):
    chance = random.Random(3)
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    rows = []
    for customer in range(1500):
        for _ in range(4):  # who has "p<even>" buys the next one some weeks later
            day, product = chance.randrange(400), chance.randrange(0, 100, 2)
            for at, item in ((day, product), (day + chance.randrange(20, 100), product + 1)):
                if at <= 400:
                    when = datetime.date(2023, 1, 1) + datetime.timedelta(days=at)
                    rows.append({"customer": customer, "date": when, "product": f"p{item}"})
    offers = emptor.offers(module.DataFrame(rows), count=1)
    assert offers.verdict == "sufficient" and offers.chosen == "item_similarity"
    quality = {model["name"]: model["recall_at_10"] for model in offers.models}
    assert quality["item_similarity"] > 2 * quality["popularity"]
    pairs = list(zip(offers.offers["product"], offers.offers["because"]))
    # By chance one in fifty would be of one pair; most customers have their pairs whole, so that nothing is planted for them.
    assert sum(int(a[1:]) // 2 == int(b[1:]) // 2 for a, b in pairs) > 0.3 * len(pairs)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_replenishment_of_a_frame(library):
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    chance, rows = random.Random(1), []
    for customer in range(300):
        day = chance.randrange(30)
        while day <= 400:
            when = datetime.date(2024, 1, 1) + datetime.timedelta(days=day)
            rows.append({"customer": f"c{customer}", "date": when, "product": "coffee"})
            day += chance.randrange(26, 35)
    due = emptor.replenishment(module.DataFrame(rows), ahead_days=7)
    assert due.verdict == "sufficient" and due.chosen == "rhythm"
    precision = {model["name"]: model["precision"] for model in due.models}
    assert precision["rhythm"] > precision["not_due"] + 0.3
    assert type(due.due) is module.DataFrame and set(due.due["product"]) == {"coffee"}
    assert all(26 <= gap <= 34 for gap in due.due["gap"])


def habits_of_a_shop(module):
    """Twenty purchases of each of 300 customers; the first 60 buy in the evening, by web."""
    chance, rows = random.Random(3), []
    for customer in range(300):
        for _ in range(20):
            fond = customer < 60 and chance.random() < 0.8
            hour = chance.randrange(18, 24) if fond else chance.randrange(24)
            when = datetime.datetime(2024, 1, 1, hour) + datetime.timedelta(days=chance.randrange(700))
            channel = "web" if fond or chance.random() < 0.3 else "shop"
            rows.append({"customer": f"c{customer}", "date": when, "amount": 10.0, "channel": channel})
    return module.DataFrame(rows)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_habits_of_a_frame(library):
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    habits = emptor.habits(habits_of_a_shop(module), channel="channel")
    assert habits.verdict == "sufficient" and type(habits.customers) is module.DataFrame
    cells = {cell["cell"]: cell for one in habits.dimensions for cell in one.get("cells", [])}
    assert 45 <= cells["evening"]["customers"] <= 75 and 30 <= cells["web"]["customers"] <= 75
    told = [words for words in habits.customers["habit"] if isinstance(words, str)]
    assert any(words.startswith("buys in the evening: ") for words in told)
    gain = {one["dimension"]: one["lower"] for one in habits.judged}
    assert gain["day_part"] > 0 > gain["weekday"]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_usage_of_a_frame(library):
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    day = datetime.date(2024, 1, 1)
    rows = []
    for customer in range(60):
        rows.append({"customer": customer, "product": "old", "date": day})
        rows.append({"customer": customer, "product": "new", "date": day + datetime.timedelta(days=500)})
        if customer < 15:
            rows.append({"customer": customer, "product": "old", "date": day + datetime.timedelta(days=450)})
    usage = emptor.usage(module.DataFrame(rows))
    assert usage.verdict == "sufficient"
    by_product = {product: place for place, product in enumerate(usage.products["product"])}
    assert list(usage.products["lost"])[by_product["old"]] == 45
    assert list(usage.products["losing"])[by_product["old"]]
    assert list(usage.products["in_use"])[by_product["new"]] == 60


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_fraud_of_a_frame(library):
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    chance, rows = random.Random(1), []

    def event(who, day, paid, kind="order", phone=None):
        when = datetime.datetime(2023, 1, 1, 12) + datetime.timedelta(days=day)
        rows.append({"who": who, "when": when, "paid": paid, "what": kind, "phone": phone or f"own {who}"})

    for number in range(400):
        day = chance.uniform(0, 20)
        while day < 400:
            event(f"c{number}", day, round(chance.uniform(40, 60), 2))
            day += chance.uniform(5, 25)
    event("c7", 399, 5000)
    for _ in range(5):
        event("c8", 398.5, 200, "refund")
    for number in range(6):
        event(f"ring {number}", 397 + number / 10, 50, phone="one for all")
    call = {"customer": "who", "date": "when", "amount": "paid", "kind": "what", "shared": ["phone"]}
    found = emptor.fraud(module.DataFrame(rows), false_alarms=0.01, **call)
    assert found.verdict == "sufficient" and type(found.customers) is module.DataFrame
    assert found.expected_false_alarms == 0.01 * len(found.customers)
    alerted = {who for who, alert in zip(found.customers["customer"], found.customers["alert"]) if alert}
    planted = {"c7", "c8"} | {f"ring {number}" for number in range(6)}
    assert planted <= alerted and len(alerted - planted) <= 12
    assert found.judgement["verdict"].startswith("insufficient")  # nobody is labelled
    with pytest.raises(emptor.Invalid):
        emptor.fraud(module.DataFrame(rows), **{**call, "kind": "phone"})  # no kinds of events


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_churn_of_a_frame(library):
    frame = purchases_of_a_shop(library)
    churn = emptor.churn(frame, customer="who", date="when", amount="paid", language="zh")
    assert churn.verdict == "数据充分" and churn.chosen in ("gradient_boosting", "logistic")
    quality = {model["name"]: model for model in churn.models}
    assert quality["gradient_boosting"]["auc"] > 0.75 and 0.6 < quality["gradient_boosting"]["calibration_slope"] < 1.5
    assert type(churn.customers) is type(frame) and len(churn.customers) == len(set(frame["who"]))
    assert all((churn.customers["chance"] > 0) & (churn.customers["chance"] < 1))
    assert any("天" in reason for reason in churn.customers["reason_1"])


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_churn_decides_alerts_and_answers_what_if(library):
    frame = purchases_of_a_shop(library)
    call = {"customer": "who", "date": "when", "amount": "paid"}
    churn = emptor.churn(frame, **call, offer_cost=1, false_alarms=0.2, what_if=[{"feature": "returned", "add": 0.1}])
    decision, alerts = churn.decision, churn.alerts
    assert decision["value_from"] == "lifetime" and decision["offer_cost"] == 1 and len(decision["curve"]) == 20
    assert decision["hold_out"]["profit"] <= decision["best_of_hold_out"]["profit"]
    assert sum(isinstance(kind, str) for kind in churn.customers["alert"]) == alerts["alerts"]
    assert alerts["hold_out"] is None or alerts["hold_out"]["realised_rate"] <= 0.2
    losses = churn.customers["chance"] * churn.customers["value"]
    assert abs(sum(losses) - churn.summary["expected_loss"]) < 1e-6 * sum(losses)
    assert churn.groups[0]["group"] is None and churn.groups[0]["customers"] == len(churn.customers)
    assert set(churn.customers["group"]) == {group["group"] for group in churn.groups[1:]}
    assert churn.what_if["about"].startswith("about the model, not the world")
    assert churn.what_if["changes"][0]["groups"][0]["customers"] == len(churn.customers)
    with pytest.raises(emptor.Invalid):
        emptor.churn(frame, **call, what_if=[{"feature": "recency", "set": 0}])  # nobody can act upon that


# Freireich and others, Blood 21 (1963): weeks in remission under 6-MP and placebo, and whether leukaemia came back.
REMISSION = {
    "6-MP": "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+",
    "placebo": "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23",
}


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_survival_of_a_frame(library):
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    rows = [
        {"arm": arm, "weeks": int(weeks.strip("+")), "back": "no" if weeks.endswith("+") else "yes"}
        for arm, told in REMISSION.items()
        for weeks in told.split()
    ]
    call = {"duration": "weeks", "event": "back", "ended": "yes"}
    found = emptor.survival(module.DataFrame(rows), **call, group="arm", covariates=["arm"])
    assert found.medians["6-MP"] == 23 and found.medians["placebo"] == 8
    # Kleinbaum and Klein, Survival Analysis (2012): 16.79; R's coxph with Efron's ties: 1.572125.
    assert abs(found.log_rank["statistic"] - 16.79) < 0.005
    assert abs(found.cox["terms"][0]["estimate"] - 1.572125) < 1e-6
    assert list(found.hazard_ratios) == ["arm=placebo"] and found.verdict == "sufficient"
    assert len(found.curves) > 40 and "Survival 42 rows, 30 ended" in repr(found)
    with pytest.raises(emptor.Invalid):
        emptor.survival(module.DataFrame(rows), duration="weeks", event="back")


def test_survival_of_telco_is_that_of_the_reference():
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    folder = pathlib.Path(os.environ.get("EMPTOR_DATA", pathlib.Path(__file__).parents[4] / "shared/data"))
    path = folder / "telco-churn/WA_Fn-UseC_-Telco-Customer-Churn.csv"
    if not path.exists():
        pytest.skip("the data are not at hand")
    telco = pandas.read_csv(path)
    known = ["gender", "SeniorCitizen", "Partner", "Dependents", "Contract", "PaperlessBilling", "MonthlyCharges"]
    found = emptor.survival(
        telco[telco["tenure"] > 0],
        duration="tenure",
        event="Churn",
        ended="Yes",
        group="Contract",
        covariates=[*known, "InternetService"],
        ties="breslow",
    )
    assert abs(found.cox["log_likelihood"] - -14163.481995) < 1e-6  # R survival 3.5-3
    assert found.medians["Month-to-month"] == 35 and abs(found.log_rank["statistic"] - 2352.9) < 0.05


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_uplift_of_a_frame(library):
    chance = random.Random(5)
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    rows = []
    for customer in range(6000):  # the young are moved by .2, the others not; the last are not in the trial
        age, contacted = chance.randrange(18, 78), chance.random() < 0.5
        answers = chance.random() < 0.1 + (0.2 if contacted and age < 40 else 0)
        arm = None if customer >= 5900 else contacted
        rows.append({"who": f"c{customer}", "age": age, "call": arm, "bought": answers})
    frame = module.DataFrame(rows)
    found = emptor.uplift(
        frame, customer="who", treatment="call", outcome="bought", covariates=["age"], value=10, cost=0.6, repetitions=50
    )
    arm = found.arms[0]
    assert found.verdict == "sufficient" and not found.sample_ratio["suspicious"]
    assert arm["effect"]["lower"] < 0.2 * 22 / 60 < arm["effect"]["upper"]
    assert arm["uplift"]["qini"]["radcliffe"]["lower"] > 0 and arm["uplift"]["targeting"]["advice"] == "chosen"
    assert type(found.customers) is type(frame) and len(found.customers) == 6000
    chosen = [age for age, target in zip(frame["age"], found.customers["target_1"]) if target]
    assert sum(age < 40 for age in chosen) > 0.8 * len(chosen) > 0
    assert "against 0" in repr(found)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_satisfaction_of_a_frame(library):
    chance = random.Random(7)
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    rows = []
    for customer in range(400):  # who waits longer is less satisfied; the day of birth says nothing
        hours, born = chance.expovariate(0.1), chance.randrange(28)
        score = max(0, min(10, round(10 - hours / 5 + chance.gauss(0, 1))))
        rows.append({"who": f"c{customer}", "on": f"2024-0{1 + customer % 6}-10", "said": score, "hours": hours, "born": born})
    frame = module.DataFrame(rows)
    found = emptor.satisfaction(frame, customer="who", date="on", score="said", by=["born"], measures=["hours", "born"])
    said = list(frame["said"])
    nps = 100 * (sum(score >= 9 for score in said) - sum(score <= 6 for score in said)) / len(said)
    assert abs(found.headline["value"] - nps) < 1e-9 and found.headline["lower"] < nps < found.headline["upper"]
    assert [one["name"] for one in found.groups if one.get("by") == "period"] == ["2024-Q1", "2024-Q2"]
    assert found.drivers[0]["measure"] == "hours" and found.drivers[0]["correlation"]["upper"] < -0.5
    assert not found.drivers[1]["holds"]
    assert type(found.customers) is type(frame) and len(found.customers) == 400
    assert "NPS" in repr(found)
    with pytest.raises(emptor.Invalid, match="score of its scale"):
        emptor.satisfaction(frame, customer="who", date="on", score="said", scale="csat")


def test_too_few_purchases_have_a_verdict_and_no_chances():
    frame = purchases_of_a_shop("pandas").head(50)
    assert emptor.churn(frame, customer="who", date="when", amount="paid").verdict.startswith("insufficient")


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_value_of_a_frame(library):
    frame = purchases_of_a_shop(library)
    value = emptor.value(frame, customer="who", date="when", amount="paid", tiers=[{"name": "top", "share": 0.1}, {"name": "rest"}])
    assert value.verdict == "sufficient" or value.verdict.startswith("no better")
    assert value.dimensions["contribution"]["gini"] > 0.2 and value.dimensions["loyalty"]["auc"] > 0.6
    assert value.dimensions["credit"]["state"] == "absent"
    assert type(value.customers) is type(frame) and len(value.customers) == len(set(frame["who"]))
    assert [tier["name"] for tier in value.tiers] == ["top", "rest"]
    assert list(value.customers["tier"]).count("top") == value.tiers[0]["customers"]
    assert {pair["first"] for pair in value.rank_correlations} <= set(value.dimensions)
    assert value.portrait["group"] == "tier:top" and value.portrait["findings"]
    with pytest.raises(emptor.Invalid):
        emptor.value(frame, customer="who", date="when", amount="paid", tiers=[{"name": "alone"}])


def shop_lines(months=26):
    """Two regions; in the last month the north buys a third of what it used to. Prices never move."""
    random_ = random.Random(4)
    rows = []
    for month in range(months):
        for n in range(60):
            region = "north" if n % 2 == 0 else "south"
            if month == months - 1 and region == "north" and n % 6:
                continue
            day = datetime.date(2022 + month // 12, month % 12 + 1, 1 if n == 1 else 28 if n == 3 else random_.randint(1, 28))
            rows.append({"customer": n % 25, "date": day, "amount": random_.choice([9.0, 10.0, 11.0]), "region": region})
    return rows


def test_trends_and_causes_of_a_frame():
    polars = pytest.importorskip("polars", reason="polars is not installed")
    rows = shop_lines()
    frame = polars.DataFrame(rows)
    last = datetime.date(2024, 2, 29)
    trends = emptor.trends(frame, dimensions=["region"], as_of=last)
    by_month = {}
    for row in rows:
        key = row["date"].strftime("%Y-%m")
        by_month[key] = by_month.get(key, 0) + row["amount"]
    revenue = trends.series[0]
    assert revenue["measure"] == "revenue" and revenue["numbers"] == pytest.approx([by_month[key] for key in sorted(by_month)])
    assert {one["value"] for one in trends.series if "value" in one} == {"north", "south"}
    assert isinstance(trends.periods, polars.DataFrame)
    assert trends.periods["number"].head(26).to_list() == pytest.approx(revenue["numbers"])
    causes = emptor.causes(frame, dimensions=["region"], as_of=last)
    first = causes.comparisons[0]
    assert sum(Decimal(one["amount"]) for one in first["factors"]) == Decimal(first["change"])
    assert first["groups"]["named"][0]["of"] == [{"dimension": "region", "value": "north"}]
    assert "region north" in first["en"] and causes.verdict == "sufficient"
    assert set(causes.parts["kind"].to_list()) == {"factor", "customers", "group"}


def test_series_by_name():
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    steps = [10.0 + 5 * (n >= 20) + (0.5 if n % 3 else -0.7) for n in range(40)]
    frame = pyarrow.table({"value": steps, "late": [0.0, 0.0, *steps[:-2]]})
    found = emptor.compute("change_points", frame, simulations=99)
    assert pyarrow.table(found)["at"].to_pylist() == [20]
    parts = pyarrow.table(emptor.compute("seasonal_decomposition", frame, period=3, seasonal_window=0))
    sums = [sum(row) for row in zip(*(parts[name].to_pylist() for name in ("trend", "season", "remainder")))]
    assert sums == pytest.approx(steps)
    ahead = emptor.compute("exponential_smoothing", frame, steps=3)
    assert len(pyarrow.table(ahead)["value"]) == 3 and ahead.summary["origins"] == 13
    with pytest.raises(emptor.Invalid) as caught:
        emptor.compute("lagged_correlation", frame, values=["value"])
    assert caught.value.field == "values"
