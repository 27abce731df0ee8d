import datetime
from decimal import Decimal

import emptor
import pytest


def test_changes_are_applied_as_one_and_refer_to_each_other(session):
    changes = session.changes()
    ada = changes.put("customer", {"name": "Ada"}, by=("erp", "C-1"))
    order = changes.put("order", {"customer_id": ada, "number": "SO-1"})
    assert ada < 0 and order < 0 and len(changes) == 2
    receipt = session.apply(changes, reason="order placed")
    assert (receipt.inserted, receipt.updated, receipt.erased, receipt.unchanged) == (2, 0, 0, 0)
    assert receipt.position == 1 and not receipt.repeated
    assert session.get("order", receipt.ids[1]).customer_id == receipt.ids[0]
    assert receipt.versions == [1, 1]
    assert "2 inserted" in repr(receipt)


def test_changes_with_a_fault_change_nothing(session):
    changes = session.changes()
    changes.put("customer", {"name": "Ada"})
    changes.put("order", {"customer_id": 4711, "number": "SO-1"})
    with pytest.raises(emptor.Error) as raised:
        session.apply(changes)
    assert raised.value.row == 1 and raised.value.entity == "order"
    assert session.count("customer") == 0


def test_the_same_operation_is_applied_once(session):
    for repeated in (False, True):
        changes = session.changes()
        changes.put("customer", {"name": "Ada"})
        receipt = session.apply(changes, op_id="shop:1")
        assert receipt.repeated is repeated
    assert session.count("customer") == 1


def test_a_dry_run_writes_nothing(session):
    changes = session.changes()
    changes.put("customer", {"name": "Ada"})
    assert session.apply(changes, dry_run=True).position == 0
    assert session.count("customer") == 0


def test_a_record_is_found_by_the_id_of_another_system_and_changed_by_it(session):
    first = session.put("customer", {"name": "Ada"}, by=("erp", "C-1"))
    assert session.put("customer", {"name": "Ada King"}, by=("erp", "C-1")) == first
    assert session.find("customer", "erp", "C-1").name == "Ada King"
    with pytest.raises(emptor.NotFound):
        session.find("customer", "erp", "C-2")


def test_a_new_record_is_filled_and_put(session):
    record = session.new("product")
    record.name = "Tea"
    record["price"] = Decimal("2.50")
    number = session.put(record, by=("shop", "T1"))
    assert session.get("product", number).price == Decimal("2.5")


def test_an_erased_record_is_gone_and_counted_with_the_deleted(session):
    number = session.put("customer", {"name": "Ada"})
    changes = session.changes()
    changes.erase(session.get("customer", number))
    assert session.apply(changes).erased == 1
    with pytest.raises(emptor.NotFound):
        session.get("customer", number)
    assert session.count("customer") == 0 and session.count("customer", with_deleted=True) == 1
    assert len(session.select("customer", with_deleted=True)) == 1


def test_an_erasure_that_expects_an_old_version_fails(session):
    number = session.put("customer", {"name": "Ada"})
    record = session.get("customer", number)
    session.put("customer", {"id": number, "name": "Ada King"})
    changes = session.changes()
    changes.erase("customer", number, record.version)
    with pytest.raises(emptor.Conflict):
        session.apply(changes)


def test_a_selection_is_filtered_ordered_and_limited(session):
    changes = session.changes()
    for i, city in enumerate(["Bonn", "Ulm", "Bonn", None, "Bonn"]):
        changes.put("customer", {"name": f"Customer {i}", "city": city})
    session.apply(changes)
    names = [record.name for record in session.select("customer", {"city": "Bonn"}, order_by="name", descending=True)]
    assert names == ["Customer 4", "Customer 2", "Customer 0"]
    assert [record.id for record in session.select("customer", limit=2)] == [1, 2]
    assert session.count("customer", {"city": "Bonn"}) == 3
    assert session.count("customer", {"city": None}) == 1
    with pytest.raises(emptor.Unsupported):
        session.count("customer", {"city": "Bonn", "name": "Customer 1"})
    assert session.count("customer", "city = 'Bonn' and name <> 'Customer 0'") == 2
    assert [record.id for record in session.select("customer", "city is missing")] == [
        record.id for record in session.select("customer", {"city": None})
    ]
    with pytest.raises(emptor.Invalid) as raised:
        session.count("customer", "city = Bonn")
    assert raised.value.field == "city"
    with pytest.raises(emptor.NotFound):
        session.select("customer", order_by="nothing")


def test_a_value_of_any_type_can_be_asked_for(session):
    day = datetime.date(1815, 12, 10)
    session.put("customer", {"name": "Ada", "birth_date": day, "annual_revenue": Decimal("12.50")})
    for where in ({"birth_date": day}, {"annual_revenue": Decimal("12.5")}, {"id": 1}, {"name": "Ada"}):
        assert session.count("customer", where) == 1, where
    with pytest.raises(emptor.Invalid):
        session.count("customer", {"birth_date": "yesterday"})


def test_the_feed_tells_of_changes_and_goes_on(session):
    session.put("customer", {"name": "Ada"})
    first = session.feed()
    assert [item["entity"] for item in first["items"]][0] == "customer"
    session.put("customer", {"name": "Grace"})
    after = session.feed(after=int(first["position"]))
    assert {item["kind"] for item in after["items"] if item["entity"] == "customer"} == {"insert"}


def test_a_verified_store_is_intact(session):
    session.put("customer", {"name": "Ada"})
    assert session.verify()["intact"] is True
    assert session.verify(deep=True)["intact"] is True


def test_a_customer_sees_their_own_page_only(store, session):
    ada = session.put("customer", {"name": "Ada", "notes": "haggles"})
    session.put("customer", {"name": "Bo"})
    with store.session(customer=ada) as page:
        assert [record["name"] for record in page.select("customer")] == ["Ada"]
        assert page.get("customer", ada).notes is None
        with pytest.raises(emptor.Denied):
            page.put("customer", {"id": ada, "name": "Queen Ada"})
        with pytest.raises(emptor.Denied):
            page.run("feed")
