"""Composition, market, profit and preferences of plain frames, with figures counted here; and analyse within budgets."""

import datetime
from decimal import Decimal

import emptor
import pytest

DAY = datetime.date(2024, 12, 31)


def frame_of(library, rows):
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    return module.Table.from_pylist(rows) if library == "pyarrow" else module.DataFrame(rows)


def rows_of(frame):
    if hasattr(frame, "iloc"):
        return frame.to_dict("records")
    return frame.to_pylist() if hasattr(frame, "to_pylist") else frame.to_dicts()


LIBRARIES = pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])


@LIBRARIES
def test_composition_of_a_frame(library):
    rows = [
        {"who": n, "when": DAY - datetime.timedelta(days=n), "paid": 3.5 if n % 4 == 0 else 1.25, "town": "Bonn" if n % 4 == 0 else "Ulm"}
        for n in range(60)
    ]
    told = emptor.composition(frame_of(library, rows), customer="who", date="when", amount="paid", places=["town"])
    assert told.verdict == "sufficient" and repr(told) == "<emptor.Composition 60 customers; sufficient>"
    groups = {one["group"]: one for one in rows_of(told.groups)}
    for town in ("Bonn", "Ulm"):
        paid = [Decimal(str(row["paid"])) for row in rows if row["town"] == town]
        assert groups[town]["customers"] == len(paid) and Decimal(str(groups[town]["revenue"])) == sum(paid)
        assert groups[town]["brings"] == ("more" if town == "Bonn" else "less")
    assert [one["name"] for one in told.dimensions] == ["town"] and told.concentration["customers"] == 60


@LIBRARIES
def test_market_of_a_frame(library):
    rows = []
    for n in range(120):
        often = n % 2 == 0
        for k in range(20 + n % 5 if often else 2):
            day = DAY - datetime.timedelta(days=k * (10 if often else 90) + n % 7)
            rows.append({"customer": n, "date": day, "amount": (20 if often else 900) + n % 11})
    told = emptor.market(frame_of(library, rows))
    assert told.verdict == "sufficient" and len(told.segments) == 2
    assert {one["segment"] for one in rows_of(told.customers) if one["customer"] % 2} == {"segment_1"}
    assert told.share_of_wallet is None and "2 segments" in repr(told)


@LIBRARIES
def test_customer_profit_of_a_frame(library):
    rows = [
        {"customer": n, "date": DAY, "amount": 20.0, "goods": 12.0, "calls": 14.0 if n % 3 == 0 else 0.0, "region": "far" if n % 3 == 0 else "near"}
        for n in range(60)
    ]
    told = emptor.customer_profit(frame_of(library, rows), cost="goods", contact_cost="calls", by=["region"])
    assert told.now["profit"] == str(60 * 8 - 20 * 14) and told.now["contacts"] == str(20 * 14)
    assert [(one["kind"], one["profit"]) for one in told.groups] == [("far", "-120"), ("near", "320")]
    assert all(Decimal(str(one["profit"])) == (-6 if one["customer"] % 3 == 0 else 8) for one in rows_of(told.customers))


@LIBRARIES
def test_preferences_of_a_frame(library):
    rows = [{"customer": n, "date": DAY, "category": ("tea", "coffee")[n % 2], "amount": 5.0, "text": None} for n in range(4)]
    rows.append({"customer": 0, "date": DAY, "category": None, "amount": None, "text": "I would like coffee. Tea is here"})
    told = emptor.preferences(frame_of(library, rows), amount="amount", category="category")
    said = [(one["topic"], one["mentions"], one["asked"]) for one in rows_of(told.preferences)]
    assert said == [("coffee", 1, 1), ("tea", 1, 0)]
    assert "why" in told.tone and told.judged["customers"] == 0 and {one["topic"] for one in told.topics} == {"tea", "coffee"}


def test_what_is_told_of_a_frame_cannot_be_changed():
    rows = [{"customer": 1, "date": DAY, "amount": 1.0}]
    told = emptor.market(frame_of("pyarrow", rows))
    with pytest.raises(AttributeError):
        told.verdict = "sufficient"
    assert emptor.customers.Market.verdict.__doc__


def test_analyse_keeps_to_its_budgets(session, sales):
    session.import_(sales, source="shop")
    before = session.count("model")
    none = session.run("analyse", memory_mib=1)
    assert none["insights"] == {} and session.count("model") == before
    assert all(verdict.startswith("left out: it may hold ") for verdict in none["verdicts"].values())
    some = session.run("analyse", rows=none["needs"]["rfm"]["rows"], memory_mib=100_000)
    assert some["verdicts"]["rfm"] == "sufficient" and session.count("model") > before
    with pytest.raises(emptor.Invalid):
        session.run("analyse", rows=0)
