"""What a program may put in the place of the system's clock and randomness, and what it may listen to."""

import datetime

import emptor
import pytest

UTC = datetime.timezone.utc
NOON = datetime.datetime(2024, 5, 17, 12, 0, 0, 123456, tzinfo=UTC)


def test_a_clock_of_the_program_dates_the_journal(store):
    with store.session(clock=lambda: NOON) as session:
        session.put("customer", {"name": "Ada"})
        assert session.feed()["items"][0]["at"] == "2024-05-17T12:00:00.123456Z"


def test_a_clock_that_went_far_back_is_refused_unless_it_is_accepted(store):
    with store.session(clock=lambda: NOON) as session:
        session.put("customer", {"name": "Ada"})
    earlier = NOON - datetime.timedelta(days=1)
    with store.session(clock=lambda: earlier) as session, pytest.raises(emptor.Invalid, match="clock"):
        session.put("customer", {"name": "Grace"})
    with store.session(clock=lambda: earlier, accept_clock_jump=True) as session:
        session.put("customer", {"name": "Grace"})


def test_what_a_clock_raises_comes_out_of_the_call_that_asked_it(store):
    def broken():
        raise RuntimeError("no time")

    with store.session(clock=broken) as session, pytest.raises(RuntimeError, match="no time"):
        session.put("customer", {"name": "Ada"})
    with store.session() as session:
        assert session.count("customer") == 0


def test_the_same_clock_and_randomness_make_the_same_journal():
    def head():
        with emptor.open(":memory:", create=True) as store:
            with store.session(clock=lambda: NOON, random=lambda n: bytes(range(n))) as session:
                session.put("customer", {"name": "Ada"})
                return session.verify()["head"]

    assert head() == head()


def test_randomness_of_the_wrong_length_is_refused(store):
    with store.session(random=lambda n: b"") as session, pytest.raises(emptor.Invalid, match="bytes"):
        session.put("customer", {"name": "Ada"})


def test_a_log_hears_of_an_import_and_of_no_personal_data(store, sales):
    lines = []
    with store.session(log=lambda level, line: lines.append((level, line))) as session:
        session.import_(sales)
    assert lines and {level for level, _ in lines} <= {"info", "warning", "error"}
    assert not any("Customer 5" in line for _, line in lines)
