"""What several tests start from. None of it needs anything but the wheel and pytest."""

import csv
import datetime

import emptor
import pytest

FIRST_DAY = datetime.date(2024, 1, 1)


def order_lines(count, customers=97):
    """Lines of a shop's orders, made by arithmetic: the same every time."""
    for i in range(count):
        yield {
            "Order ID": f"SO-{i // 3}",
            "Customer ID": f"C{i // 3 % customers}",
            "Customer Name": f"Customer {i // 3 % customers}",
            "Order Date": FIRST_DAY + datetime.timedelta(days=i // 3 % 366),
            "Product": f"Article {i % 13}",
            "Quantity": i % 5 + 1,
            "Unit Price": f"{i % 40 + 1}.50",
        }


def write_csv(path, rows):
    rows = list(rows)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def store():
    with emptor.open(":memory:", create=True, currency="EUR") as opened:
        yield opened


@pytest.fixture
def session(store):
    with store.session(actor="tester") as opened:
        yield opened


@pytest.fixture
def sales(tmp_path):
    return write_csv(tmp_path / "order_lines.csv", order_lines(3000))
