"""The caller card, the profile, and what is said to customers."""

import datetime

import emptor
import pytest

UTC = datetime.timezone.utc


@pytest.fixture
def ada(session):
    changes = session.changes()
    customer = changes.put("customer", {"name": "Ada Lovelace"}, by=("erp", "C-1"))
    changes.put("contact_point", {"customer_id": customer, "channel": "phone", "value": "+49 228 123456"})
    changes.put("contact_point", {"customer_id": customer, "channel": "email", "value": "ada@example.org"})
    changes.put("order", {"customer_id": customer, "number": "SO-7", "ordered_at": datetime.datetime(2024, 5, 1, tzinfo=UTC)})
    return session.apply(changes).ids[0]


def test_the_card_of_a_caller_is_found_by_number_address_identity_and_id(session, ada):
    card = session.card("0228 123456", region="DE")
    assert card["state"] == "known"
    for other in (
        session.card("0049228123456"),
        session.card_by_email("ADA@example.org"),
        session.card_by_identity("erp", "C-1"),
        session.card_of(ada),
    ):
        assert other["state"] == "known" and other["customer"]["id"] == card["customer"]["id"]
    assert "Ada Lovelace" in card._repr_html_()


def test_nobody_is_a_state_not_an_error(session, ada):
    assert session.card("+49 30 999999")["state"] == "unknown"
    assert session.card("anonymous")["state"] == "withheld"
    with pytest.raises(emptor.Invalid):
        session.card("+49 30 999999", lines=101)


def test_a_call_is_logged_once(session, ada):
    when = datetime.datetime(2024, 5, 2, 9, 30, tzinfo=UTC)
    first = session.log_interaction(call_id="pbx-1", customer=ada, channel="phone", direction="in", at=when, duration=65)
    assert session.log_interaction(call_id="pbx-1", customer=ada, channel="phone", direction="in", at=when) == first
    assert session.count("interaction") == 1
    assert session.get("interaction", first).at == when


def test_a_call_may_be_logged_without_waiting_for_the_disk(tmp_path):
    with emptor.open(tmp_path / "shop.emptor", create=True) as store, store.session() as session:
        session.log_interaction(call_id="pbx-1", channel="phone", direction="in", durable=False)
        store.sync()
        assert session.count("interaction") == 1


def test_whether_a_customer_may_be_contacted_is_told_with_its_reason(session, ada):
    assert session.contact_allowed(ada, "phone", "service") is True
    answer = session.contact_explain(ada, "email", "marketing")
    assert answer["allowed"] is session.contact_allowed(ada, "email", "marketing")
    assert answer["reason"]
    with pytest.raises(emptor.NotFound):
        session.contact_allowed(4711, "phone", "service")


def test_the_profile_tells_all_that_is_recorded(session, ada):
    profile = session.profile(ada)
    sections = {section["entity"]: section for section in profile["sections"]}
    assert sections["order"]["records"][0]["number"] == "SO-7"
    before = session.profile(ada, entity="order", until=datetime.datetime(2024, 1, 1, tzinfo=UTC))
    assert not any(section["records"] for section in before["sections"])


def test_somebody_is_known_and_everything_is_counted(session, ada):
    assert session.known_customer("ada@example.org")["known"] is True
    assert session.known_customer("+49 30 999999")["known"] is False
    assert session.statistics()["tables"]


def test_a_number_is_understood_in_any_notation():
    for number in ("0228 123456", "0049 228 123456", "+49 (228) 12 34 56"):
        assert emptor.phone(number, region="DE")["e164"] == "+49228123456"
    assert emptor.phone("anonymous")["state"] == "withheld"
