"""Scorecards of frames: learnt, kept as JSON, and used on other rows."""

import base64
import json
import math
import pickle
import random

import emptor
import pytest


def loans(count=2000, seed=1, shift=0.0):
    """Income and purpose bear on the outcome, age too; noise does not."""
    chance = random.Random(seed)
    weights = {"car": 0.0, "house": -0.8, "travel": 0.9}
    columns = {name: [] for name in ("income", "age", "noise", "purpose", "bad")}
    for _ in range(count):
        income, age, purpose = chance.gauss(shift, 1), chance.randrange(18, 68), chance.choice(list(weights))
        log_odds = -1 - income - 0.04 * (age - 40) + weights[purpose]
        columns["income"].append(income)
        columns["age"].append(age)
        columns["noise"].append(chance.gauss(0, 1))
        columns["purpose"].append(purpose)
        columns["bad"].append(chance.random() < 1 / (1 + math.exp(-log_odds)))
    return columns


def frame_of(library, columns):
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    return module.DataFrame(columns)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_card_is_learnt_and_scores_other_rows(library):
    card = emptor.scorecard(frame_of(library, loans()), target="bad")
    assert card.verdict == "sufficient" and 0.65 < card.quality["auc"] < 0.85
    assert card.left_out == {"age": "protected"}
    assert card.information_values["income"] > 0.3 > 0.02 > card.information_values["noise"]
    assert list(card.card.columns)[:2] == ["attribute", "bin"] and "points" in card.card.columns
    others = frame_of(library, loans(seed=2))
    scored = card.score(others)
    assert type(scored) is type(others) and len(scored) == len(others)
    assert list(scored.columns)[:3] == ["points", "chance", "reason_1"]
    # The scale: 600 points where good is to bad as 50 to 1, 20 more where the odds are twice that.
    for points, chance in zip(scored["points"], scored["chance"]):
        assert math.isclose(600 + 20 * math.log2((1 - chance) / chance / 50), points, rel_tol=1e-9)
    assert abs(card.judge(others)["auc"] - card.quality["auc"]) < 0.05
    assert card.stability(others)["verdict"] == "stable"
    assert card.stability(frame_of(library, loans(shift=-2.0)))["verdict"] == "moved"


def test_a_card_is_kept_as_json_and_is_the_same_again():
    frame = frame_of("pandas", loans())
    card = emptor.scorecard(frame, target="bad", positive=True, allow=["age"], whole_points=True)
    again = emptor.Scorecard(json.loads(json.dumps(card.document)))
    assert again == card and pickle.loads(pickle.dumps(again)) == card
    assert list(again.score(frame)["points"]) == list(card.score(frame)["points"])
    assert all(points == round(points) for points in again.score(frame)["points"])
    model = emptor.Model.load(base64.b64decode(card.document["model"]))
    assert model.info()["algorithm"] == "scorecard" and pickle.loads(pickle.dumps(model)).save() == model.save()
    used = {row["attribute"] for row in card.card.to_dict("records") if row["use"] == "used"}
    assert used == {"income", "age", "purpose"}
    assert "bad" in repr(again)


def test_points_of_the_card_add_up_to_those_of_a_row():
    frame = frame_of("pandas", loans())
    card = emptor.scorecard(frame, target="bad", columns=["purpose"])
    points = {row["bin"]: row["points"] for row in card.card.to_dict("records")}
    assert list(card.score(frame, reasons=1)["points"]) == [points[purpose] for purpose in frame["purpose"]]
    best = max(points.values())
    lost = card.score(frame, reasons=1)["lost_1"]
    for purpose, cost in zip(frame["purpose"], lost):
        assert math.isnan(cost) if points[purpose] == best else math.isclose(cost, best - points[purpose])


def test_what_is_wrong_is_told_by_name_and_never_by_value():
    frame = frame_of("pandas", {**loans(200), "secret": ["Ada Lovelace"] * 200})
    with pytest.raises(emptor.NotFound):
        emptor.scorecard(frame, target="nothing")
    with pytest.raises(emptor.Invalid) as told:
        emptor.scorecard(frame, target="purpose")
    assert told.value.field == "positive" and "car" not in str(told.value)
    with pytest.raises(emptor.Invalid) as told:
        emptor.scorecard(frame, target="bad", shape="round")
    assert told.value.field == "shape"
    card = emptor.scorecard(frame, target="bad")
    spoilt = frame.assign(income=["Ada Lovelace"] * 200)
    with pytest.raises(emptor.Invalid) as told:
        card.score(spoilt)
    assert told.value.field == "income" and told.value.row == 1 and "Ada" not in str(told.value)
    with pytest.raises(emptor.Error):
        emptor.Scorecard({**card.document, "model": card.document["model"][:-40]}).score(frame)


def test_few_rows_give_a_card_but_no_judgement():
    card = emptor.scorecard(frame_of("pandas", loans(90)), target="bad")
    assert card.verdict.startswith("insufficient") and card.quality is None
    assert len(card.score(frame_of("pandas", loans(5)))) == 5


def test_credit_of_a_store_without_receivables_says_so(session, sales):
    session.import_(sales, source="shop")
    told = session.insight("credit")
    assert told["verdict"].startswith("insufficient: there are no receivables")
    assert told["scored"] == 0
