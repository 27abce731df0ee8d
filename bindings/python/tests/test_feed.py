import random

import emptor
import pytest
from emptor import feed


def put(session, *names):
    changes = session.changes()
    for name in names:
        changes.put("customer", {"name": name})
    session.apply(changes)


def names(payloads):
    return [payload["record"]["name"] for payload in payloads]


def test_payloads_come_in_order_and_end_at_the_head(session):
    put(session, "a")
    put(session, "b", "c")
    session.put("product", {"name": "tea"})
    assert names(feed.payloads(session)) == ["a", "b", "c", "tea"]
    assert names(feed.payloads(session, limit=1)) == ["a", "b", "c", "tea"]
    assert names(feed.payloads(session, entities=["product"])) == ["tea"]
    first = next(feed.payloads(session))
    assert first["event_type"] == "customer.created" and len(first["event_id"]) == 32
    with pytest.raises(emptor.NotFound):
        list(feed.payloads(session, entities=["produkt"]))


def test_delivery_gives_up_where_it_is_refused_and_goes_on_there(session):
    put(session, "a")
    put(session, "b", "c")
    taken = []

    def take(payload):
        if payload["record"]["name"] == "c" and len(taken) < 3:
            return False
        taken.append(payload["record"]["name"])

    done = feed.deliver(session, take)
    assert done == (1, 2, True)
    done = feed.deliver(session, take, done.position)
    assert taken == ["a", "b", "b", "c"] and not done.refused
    assert feed.deliver(session, take, done.position) == (2, 0, False)


def test_a_receiver_that_fails_at_random_takes_each_change_once(session):
    chance = random.Random(3)
    seen, taken, position = set(), [], 0

    def take(payload):
        if chance.random() < 0.2:
            return False
        if payload["event_id"] not in seen:
            seen.add(payload["event_id"])
            taken.append(payload["record"]["name"])
        return chance.random() > 0.2

    expected = []
    for i in range(30):
        expected += [f"{i}a", f"{i}b"]
        put(session, f"{i}a", f"{i}b")
        position = feed.deliver(session, take, position, limit=3).position
    while feed.deliver(session, take, position).refused:
        position = feed.deliver(session, take, position).position
    assert taken == expected


def test_the_schema_tells_right_payloads_from_wrong_ones(session):
    jsonschema = pytest.importorskip("jsonschema")
    ada = session.put("customer", {"name": "Ada", "stage": "new"})
    session.put("customer", {"id": ada, "stage": "active"})
    validator = jsonschema.Draft202012Validator(feed.schema(session, "customer"))
    for payload in feed.payloads(session):
        validator.validate(payload)
        assert not validator.is_valid(payload | {"event_type": "customer.lost"})
    assert payload["changed"] == ["stage"]
