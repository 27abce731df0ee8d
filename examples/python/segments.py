"""From a CSV file of order lines to lists of customers: who are the champions, whom are we about to lose?

    python segments.py orders.csv lists/

Writes one CSV file a segment, with what each customer spent and when they last bought, most valuable first."""
import csv
import pathlib
import sys

import emptor


def customers_of(session, segment):
    """The customers of an RFM segment, with their measures."""
    rows = []
    for tag in session.select("tag", {"name": f"rfm.{segment}"}, limit=100_000):
        customer = session.get("customer", tag.customer_id)
        scores = {score.name: score.value for score in session.select("score", {"customer_id": customer.id})}
        rows.append({"customer": customer.name or customer.id, "days_since": int(scores["rfm.recency"]),
                     "orders": int(scores["rfm.frequency"]), "spent": f"{scores['rfm.monetary']:.2f}"})
    return sorted(rows, key=lambda row: -float(row["spent"]))


def main(extract, folder):
    folder.mkdir(parents=True, exist_ok=True)
    with emptor.open(":memory:", create=True, currency="EUR") as store, store.session() as session:
        report = session.import_(extract, source="shop")
        for problem in report["problems"]:
            print(f"{problem['code']}: {problem['rows']} rows. {problem['text']}")
        segments = session.insight("rfm")["segments"]
        for segment in segments:
            rows = customers_of(session, segment)
            with open(folder / f"{segment.replace(' ', '_')}.csv", "w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, ["customer", "days_since", "orders", "spent"])
                writer.writeheader()
                writer.writerows(rows)
            print(f"{segment}: {len(rows)} customers")


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
