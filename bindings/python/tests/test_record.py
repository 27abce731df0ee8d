import collections.abc
import datetime
import json
from decimal import Decimal

import emptor
import pytest

UTC = datetime.timezone.utc


@pytest.fixture
def ada(session):
    number = session.put(
        "customer",
        {
            "name": "Ada Lovelace",
            "annual_revenue": Decimal("12.50"),
            "birth_date": datetime.date(1815, 12, 10),
        },
        by=("erp", "C-1"),
    )
    return session.get("customer", number)


def test_values_have_the_types_of_their_fields(session, ada):
    order = session.put(
        "order",
        {
            "customer_id": ada.id,
            "number": "SO-1",
            "ordered_at": datetime.datetime(2024, 2, 29, 12, 30, 0, 250, tzinfo=UTC),
        },
    )
    found = session.get("order", order)
    assert found.customer_id == ada.id and type(found.customer_id) is int
    assert found.ordered_at == datetime.datetime(2024, 2, 29, 12, 30, 0, 250, tzinfo=UTC)
    assert found.ordered_at.tzinfo is UTC
    assert ada.name == "Ada Lovelace"
    assert ada.birth_date == datetime.date(1815, 12, 10) and type(ada.birth_date) is datetime.date
    assert ada.annual_revenue == Decimal("12.5") and type(ada.annual_revenue) is Decimal


def test_each_type_of_field_is_read_as_it_was_written(session):
    values = {
        "integer": -(2**63),
        "decimal": Decimal("-9223372036854.775807"),
        "real": 0.1,
        "boolean": False,
        "text": "客户 \N{PILE OF POO} \"quoted\"\n",
        "date": datetime.date(9999, 12, 31),
        "instant": datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    }
    for kind in values:
        assert session.define_field("customer", f"a_{kind}", kind, doc=f"a field of type {kind}") == f"x_a_{kind}"
    number = session.put("customer", {"name": "Ada", **{f"x_a_{kind}": value for kind, value in values.items()}})
    record = session.get("customer", number)
    for kind, value in values.items():
        read = record[f"x_a_{kind}"]
        assert read == value and type(read) is type(value), kind


def test_an_instant_in_any_zone_is_the_same_instant_in_utc(session, ada):
    berlin = datetime.timezone(datetime.timedelta(hours=2))
    order = session.put(
        "order",
        {"customer_id": ada.id, "number": "1", "ordered_at": datetime.datetime(2024, 7, 1, 0, 30, tzinfo=berlin)},
    )
    assert session.get("order", order).ordered_at == datetime.datetime(2024, 6, 30, 22, 30, tzinfo=UTC)


def test_a_datetime_without_a_zone_is_refused(session, ada):
    with pytest.raises(emptor.Invalid, match="time zone"):
        session.put("order", {"customer_id": ada.id, "number": "1", "ordered_at": datetime.datetime(2024, 7, 1)})


def test_a_decimal_with_too_many_digits_is_refused_not_rounded(session, ada):
    ada.annual_revenue = Decimal("0.000001")
    with pytest.raises(emptor.Invalid):
        ada.annual_revenue = Decimal("0.0000001")
    with pytest.raises(emptor.Invalid):
        ada.annual_revenue = 0.1 + 0.2
    assert ada.annual_revenue == Decimal("0.000001")


def test_a_record_is_a_mapping_of_all_fields(session, ada):
    assert isinstance(ada, collections.abc.Mapping)
    assert list(ada) == ada.keys() == [field.name for field in session.fields("customer")]
    assert len(ada) == len(ada.keys()) == len(ada.values()) == len(ada.items())
    assert dict(ada)["name"] == "Ada Lovelace"
    assert "name" in ada and "nothing" not in ada and 7 not in ada
    assert ada.get("name") == "Ada Lovelace" and ada.get("notes", "none") == "none"


def test_only_present_fields_are_in_the_dictionary_and_the_json(ada):
    assert ada.to_dict().keys() == json.loads(ada.to_json()).keys()
    assert None not in ada.to_dict().values()
    assert json.loads(ada.to_json())["annual_revenue"] == "12.5"


def test_an_unknown_field_is_a_key_error_and_an_attribute_error(ada):
    with pytest.raises(KeyError) as raised:
        ada["nothing"]
    assert isinstance(raised.value, emptor.NotFound) and raised.value.field == "nothing"
    with pytest.raises(AttributeError):
        ada.nothing
    assert not hasattr(ada, "nothing")


def test_a_changed_record_is_put_and_only_its_changes_are(session, ada):
    other = session.get("customer", ada.id)
    ada.name = "Ada King"
    del ada["annual_revenue"]
    session.put(ada)
    assert session.get("customer", ada.id).annual_revenue is None
    other.birth_date = None
    with pytest.raises(emptor.Conflict) as raised:
        session.put(other)
    assert raised.value.entity == "customer"
    assert session.get("customer", ada.id).birth_date == datetime.date(1815, 12, 10)


def test_the_librarys_own_fields_cannot_be_set(ada):
    with pytest.raises(emptor.Misuse):
        ada.id = 7


def test_an_update_sets_all_or_nothing(ada):
    with pytest.raises(emptor.Invalid):
        ada.update({"name": "Ada King", "birth_date": "no day"})
    assert ada.name == "Ada Lovelace"


def test_what_is_no_value_is_a_type_error(ada):
    with pytest.raises(TypeError):
        ada.name = object()


def test_a_record_outlives_its_session_and_store():
    with emptor.open(":memory:", create=True) as store, store.session() as session:
        record = session.get("customer", session.put("customer", {"name": "Ada"}))
    assert record.name == "Ada"


def test_the_name_of_a_record_in_a_log_holds_no_personal_data(session, ada):
    assert repr(ada) == f"<emptor.Record customer {ada.id}>"
    assert repr(session.new("customer")) == "<emptor.Record customer new>"


def test_a_record_shows_itself_escaped_in_a_notebook(session):
    record = session.get("customer", session.put("customer", {"name": "<b>Ada</b>"}))
    html = record._repr_html_()
    assert html.startswith("<table>") and "&lt;b&gt;Ada&lt;/b&gt;" in html and "<b>" not in html


def test_fields_are_described(session):
    fields = {field.name: field for field in session.fields("customer")}
    assert fields["name"].personal and fields["name"].type == "text" and fields["name"].doc
    assert fields["id"].type == "id" and fields["id"].system
    assert "customer" in session.entities() and "order_line" in session.entities()
    session.define_field("customer", "points", "integer", doc="points", indexed=True)
    field = session.fields("customer")[-1]
    assert (field.name, field.custom, field.indexed, field.type) == ("x_points", True, True, "integer")
    with pytest.raises(emptor.Duplicate):
        session.define_field("customer", "points", "integer")
