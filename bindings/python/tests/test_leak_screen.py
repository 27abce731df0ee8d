"""The screen for columns that know too much, on frames."""

import math
import random

import emptor
import pytest


def calls(count=3000, seed=3):
    """Six columns tell a little, one nothing; the length of the call was written down after the answer."""
    chance = random.Random(seed)
    columns = {f"told_{i}": [] for i in range(6)} | {"noise": [], "city": [], "duration": [], "bought": []}
    for _ in range(count):
        score = 0.0
        for i in range(6):
            columns[f"told_{i}"].append(chance.gauss(0, 1))
            score += 0.35 * columns[f"told_{i}"][-1]
        bought = chance.random() < 1 / (1 + math.exp(-score))
        columns["noise"].append(chance.gauss(0, 1))
        columns["city"].append(chance.choice(["Lyon", "Porto", "Graz"]))
        columns["duration"].append(60 + 200 * bought + chance.gauss(0, 60))
        columns["bought"].append("yes" if bought else "no")
    return columns


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_what_was_written_afterwards_is_found(library):
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    frame = module.DataFrame(calls())
    screen = emptor.leak_screen(frame, target="bought", positive="yes")
    assert screen.suspects == ["duration"] and screen.left_out == {}
    assert type(screen.columns) is type(frame)
    auc = dict(zip(screen.columns["column"], screen.columns["auc"]))
    # 200 apart with a deviation of 60: normal scores give Phi(200 / (60 * sqrt 2)) = .991.
    assert abs(auc["duration"] - 0.991) < 0.01 and abs(auc["noise"] - 0.5) < 0.04
    assert "duration" in repr(screen)
    assert emptor.leak_screen(frame, target="bought", positive="yes", columns=["noise", "city"]).suspects == []


def test_faults_name_the_option():
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.DataFrame(calls(50))
    with pytest.raises(emptor.Invalid) as without_event:
        emptor.leak_screen(frame, target="bought")
    assert without_event.value.field == "positive"
    with pytest.raises(emptor.NotFound):
        emptor.leak_screen(frame, target="nothing")
    with pytest.raises(emptor.Invalid):
        emptor.leak_screen(frame, target="bought", positive="yes", least_auc=2)
