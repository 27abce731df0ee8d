"""Tables to and from PyArrow, which is an implementation of Arrow that shares no code with ours."""

import datetime
import gc
import pathlib
from decimal import Decimal

import emptor
import pytest
from conftest import order_lines

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")

UTC = datetime.timezone.utc


def lines_table(count, chunk=None):
    rows = list(order_lines(count))
    table = pa.Table.from_pylist(rows)
    return table if chunk is None else pa.Table.from_batches(table.to_batches(max_chunksize=chunk))


@pytest.fixture
def shop(session, sales):
    session.import_(sales, source="shop")
    return session


def test_a_table_holds_what_records_hold(session):
    for kind in ("integer", "decimal", "real", "boolean", "text", "date", "instant"):
        session.define_field("customer", f"a_{kind}", kind)
    values = {
        "x_a_integer": -(2**63),
        "x_a_decimal": Decimal("-9223372036854.775807"),
        "x_a_real": 0.1,
        "x_a_boolean": False,
        "x_a_text": "客户",
        "x_a_date": datetime.date(1, 1, 1),
        "x_a_instant": datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    }
    session.put("customer", {"name": "Ada", **values})
    session.put("customer", {"name": "Nothing else"})
    table = pa.table(session.table("customer"))
    table.validate(full=True)
    records = session.select("customer")
    assert table.column_names == records[0].keys()
    for row, record in zip(table.to_pylist(), records, strict=True):
        assert row == dict(record)


def test_a_whole_entity_goes_out_in_batches(shop):
    table = pa.table(shop.table("order_line", fields=["id", "order_id", "amount"], order_by="id"))
    table.validate(full=True)
    assert table.column_names == ["id", "order_id", "amount"]
    assert table.column("id").to_pylist() == [record.id for record in shop.select("order_line", limit=10_000)]
    assert shop.table("order_line", limit=7).to_arrow().num_rows == 7
    assert shop.table("customer", {"name": "Customer 5"}).to_arrow().num_rows == 1


def test_a_table_is_read_anew_each_time(session):
    table = session.table("customer")
    assert pa.table(table).num_rows == 0
    session.put("customer", {"name": "Ada"})
    assert pa.table(table).num_rows == 1


def test_a_table_of_a_rule_holds_whom_it_says(session):
    for city in ("Bonn", "Ulm", "Bonn"):
        session.put("customer", {"name": f"of {city}", "city": city})
    table = session.table("customer", "city = 'Bonn' and name starts with 'of'", fields=["city"])
    assert pa.table(table).column("city").to_pylist() == ["Bonn", "Bonn"]


def test_an_unknown_column_is_told(session):
    with pytest.raises(emptor.NotFound):
        pa.table(session.table("customer", fields=["nothing"]))


def test_a_stream_outlives_its_session_and_store(tmp_path, sales):
    with emptor.open(tmp_path / "shop.emptor", create=True) as store, store.session() as session:
        session.import_(sales)
        reader = pa.RecordBatchReader.from_stream(session.table("order_line"))
        never_read = session.table("order_line").__arrow_c_stream__()
    del session, store
    gc.collect()
    assert sum(batch.num_rows for batch in reader) == 3000
    del never_read


def mapped_file(address):
    """The file whose memory an address lies in, as the kernel tells it."""
    for line in pathlib.Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        span, *_, name = line.split()
        first, last = (int(end, 16) for end in span.split("-"))
        if first <= address < last:
            return name
    return None


def test_the_facts_are_the_memory_of_their_file_not_a_copy(tmp_path, sales):
    with emptor.open(tmp_path / "shop.emptor", create=True) as store, store.session() as session:
        session.import_(sales)
        session.facts().to_arrow()  # lays out the file
        facts = pa.table(session.facts())
    facts.validate(full=True)
    assert facts.num_rows == 3000
    for name in ("line_id", "order_id", "at", "amount_micros", "quantity_micros"):
        file = mapped_file(facts.column(name).chunk(0).buffers()[1].address)
        assert file and file.startswith(str(tmp_path / "shop.emptor")), (name, file)
    total = sum(Decimal(row["Unit Price"]) * row["Quantity"] for row in order_lines(3000))
    assert sum(facts.column("amount_micros").to_pylist()) == total * 1_000_000


def test_a_table_is_imported_as_its_file_would_be(store, sales):
    with store.session() as session:
        from_file = session.import_(sales, source="shop")
    with emptor.open(":memory:", create=True, currency="EUR") as other, other.session() as session:
        from_table = session.import_(lines_table(3000, chunk=1000), name="order_lines", source="shop")
        assert from_table["entities"] == from_file["entities"]
        assert from_table["amount"] == from_file["amount"]
        again = session.import_(lines_table(3000), name="order_lines", source="shop")
        assert again["entities"]["order_line"]["unchanged"] == 3000
        # The same lines as a file are the same lines.
        assert session.import_(sales, source="shop")["entities"]["order_line"]["unchanged"] == 3000


@pytest.mark.parametrize("quantity", [pa.int8(), pa.uint16(), pa.int64(), pa.float32(), pa.float64()])
@pytest.mark.parametrize("day", [pa.date32(), pa.date64(), pa.timestamp("s"), pa.timestamp("ns", "UTC")])
def test_columns_of_any_width_are_understood(session, quantity, day):
    table = lines_table(300)
    table = table.set_column(5, "Quantity", table.column("Quantity").cast(quantity))
    table = table.set_column(3, "Order Date", table.column("Order Date").cast(pa.timestamp("s")).cast(day, safe=False))
    prices = [Decimal(price) for price in table.column("Unit Price").to_pylist()]
    table = table.set_column(6, "Unit Price", pa.array(prices, pa.decimal128(12, 4)))
    table = table.set_column(4, "Product", table.column("Product").dictionary_encode())
    report = session.import_(table, name="order_lines", source="shop")
    assert report["entities"]["order_line"]["written"] == 300
    expected = sum(Decimal(row["Unit Price"]) * row["Quantity"] for row in order_lines(300))
    assert sum(record.amount for record in session.select("order_line")) == expected
    days = {record.ordered_at.date() for record in session.select("order")}
    assert days == {row["Order Date"] for row in order_lines(300)}


def test_a_frame_without_a_name_or_with_a_strange_column_is_refused(session):
    with pytest.raises(emptor.Invalid, match="name"):
        session.import_(lines_table(30))
    table = lines_table(30).append_column("Sizes", pa.array([[1, 2]] * 30))
    with pytest.raises(emptor.Unsupported, match="Sizes"):
        session.import_(table, name="order_lines")


def test_a_stream_that_fails_fails_the_import(session):
    def batches():
        yield lines_table(30).to_batches()[0]
        raise RuntimeError("the source is gone")

    reader = pa.RecordBatchReader.from_batches(lines_table(30).schema, batches())
    with pytest.raises(emptor.Error):
        session.import_(reader, name="order_lines")
    assert session.count("order_line") == 0


def test_an_answer_can_be_taken_again_and_outlives_what_made_it():
    purchases = pa.table(
        {
            "who": ["a", "a", "b"],
            "when": [datetime.date(2024, 1, 1), datetime.date(2024, 3, 1), datetime.date(2024, 2, 1)],
            "paid": [Decimal("10"), Decimal("5.50"), Decimal("7")],
        }
    )
    answer = emptor.compute("rfm", purchases, customer="who", date="when", amount="paid")
    first = pa.table(answer)
    taken = first.column("customer")
    again = pa.table(answer)
    assert first.equals(again)
    del answer, first
    gc.collect()
    assert taken.to_pylist() == ["a", "b"]
    again.validate(full=True)


def test_operations_are_listed_and_run_by_name(shop):
    operations = {operation["name"]: operation for operation in emptor.operations()}
    assert operations["rfm"]["options"]["type"] == "object"
    assert shop.run("verify")["intact"] is True
    with pytest.raises(emptor.NotFound):
        shop.run("nothing")
    with pytest.raises(emptor.Invalid):
        shop.run("verify", deep="perhaps")


def test_a_table_shows_its_first_rows_in_a_notebook(shop):
    html = shop.table("customer", fields=["name"])._repr_html_()
    assert "Customer 5" in html and html.count("<tr>") == 21


def test_what_this_build_has():
    assert emptor.has("arrow") and emptor.has("memory") and not emptor.has("nothing")
