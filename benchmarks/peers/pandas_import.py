#!/usr/bin/env python3
"""Import of a pandas frame of order lines against the import of the same rows as CSV, both into a new file:

    pandas_import.py [ROWS] [EMPTOR]

by an interpreter that has the wheel, pandas and PyArrow. EMPTOR is the program to import the CSV with; without it the
same library does it in this process. The bound is 1.3 x; ends with 1 if it does not hold."""
import datetime
import pathlib
import subprocess
import sys
import tempfile
import time

import emptor
import pandas

BOUND = 1.3
ROUNDS = 3


def order_lines(rows):
    """Lines by arithmetic: three an order, customers and articles in the proportions of a shop."""
    number = pandas.Series(range(rows), dtype="int64")
    order = number // 3
    day = pandas.Timestamp(datetime.date(2022, 1, 1)) + pandas.to_timedelta(order * 7919 % 1000, unit="D")
    return pandas.DataFrame(
        {
            "Order ID": "SO-" + order.astype(str),
            "Customer ID": "C" + (order * 104729 % (rows // 30 + 1)).astype(str),
            "Order Date": day,
            "Product": "Article " + (number * 31 % 997).astype(str),
            "Quantity": number % 9 + 1,
            "Unit Price": (number * 17 % 9900 + 100) / 100,
        }
    )


def import_with(folder, what):
    """Seconds that an import in this process takes, and what it says that it wrote."""
    with emptor.open(folder / "shop.emptor", create=True, currency="EUR") as store, store.session() as session:
        began = time.perf_counter()
        name = {} if isinstance(what, pathlib.Path) else {"name": "order_lines"}
        report = session.import_(what, source="shop", **name)
        took = time.perf_counter() - began
    return took, report["entities"]


def import_by(program, folder, table):
    command = [program, "import", folder / "shop.emptor", table, "--currency", "EUR", "--source", "shop"]
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began, None


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    program = sys.argv[2] if len(sys.argv) > 2 else None
    frame = order_lines(rows)
    frame_times, csv_times, entities = [], [], None
    with tempfile.TemporaryDirectory() as scratch:
        table = pathlib.Path(scratch) / "order_lines.csv"
        frame.to_csv(table, index=False, date_format="%Y-%m-%d")
        for i in range(ROUNDS):
            for kind, times in (("csv", csv_times), ("frame", frame_times)):
                folder = pathlib.Path(scratch) / f"{kind}{i}"
                folder.mkdir()
                by_program = kind == "csv" and program
                took, told = import_by(program, folder, table) if by_program else import_with(
                    folder, table if kind == "csv" else frame
                )
                times.append(took)
                print(f"  {kind}: {took:.2f} s", flush=True)
                if told and entities and told != entities:
                    sys.exit(f"the imports differ: {told} and {entities}")
                entities = told or entities
    ratio = min(frame_times) / min(csv_times)
    verdict = "holds" if ratio <= BOUND else "DOES NOT HOLD"
    print(f"{rows} rows: frame {min(frame_times):.2f} s, CSV {min(csv_times):.2f} s, {ratio:.2f} x (bound {BOUND}): {verdict}")
    return 0 if ratio <= BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
