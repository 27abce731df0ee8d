#!/usr/bin/env python3
"""Time against size: the contests along rows, k, support and depth, as the tables of docs/charts.

    scaling.py [--only CHART,CHART] [--most-rows N] [--limit SECONDS] [--repetitions N] [--results FILE]
               [--tables FOLDER]

Every point is a contest of its own (contest.py): fresh data, fresh processes, no time for an answer that differs. The
points of a chart go from light to heavy; who took longer than the limit at one is left out of the heavier ones, and
after one where somebody took more than a second, runs are not repeated: the whole takes about ten minutes. Raw figures
are added to the results, and a table of every run is written for each chart, which scaling_charts.py draws. Charts of
itemsets need BORGELT (itemsets_contest.py)."""
import argparse
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import typing

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DATA = pathlib.Path(os.environ.get("EMPTOR_DATA") or ROOT.parent / "shared/data")
SLOW = 1  # second
ROWS = [1_000, 10_000, 100_000, 1_000_000, 10_000_000]


@dataclasses.dataclass
class Chart:
    title: str
    task: str
    axis: str
    values: list  # from light to heavy
    at: typing.Callable  # value -> rows and settings of its contest


def clusters(rows, k):
    # With few rows to a cluster, one that a rival's rounding sends elsewhere is more than a millionth of the whole.
    return rows, {"KMEANS_SHAPE": f"16,{k}", "KMEANS_TOLERANCE": "1e-4"}


def tree(rows, depth):
    # Two trees that are as good differ by chance: at 1,000 rows by .002 (standard deviation of 12 seeds).
    return rows, {"TREE_DEPTH": str(depth), "LOSS_TOLERANCE": str(max(.0005, .15 / rows ** .5))}


def fimi(name):
    return lambda support: (support, {"FIMI_FILE": str(DATA / "fimi" / name)})


CHARTS = {
    "kmeans_rows": Chart("k-means: 16 columns, 8 clusters, 20 updates, one thread", "kmeans", "rows", ROWS,
                         lambda rows: clusters(rows, 8)),
    "kmeans_k": Chart("k-means: 100,000 rows of 16 columns, 20 updates, one thread", "kmeans", "clusters",
                      [2, 4, 8, 16, 32, 64, 128, 256], lambda k: clusters(100_000, k)),
    "itemsets_chess": Chart("Frequent itemsets of chess (3,196 baskets), from the file to their number", "itemsets",
                            "support", [3000, 2500, 2000, 1750, 1500, 1250, 1000], fimi("chess.dat")),
    "itemsets_retail": Chart("Frequent itemsets of retail (88,162 baskets), from the file to their number", "itemsets",
                             "support", [1000, 500, 200, 100, 50, 20, 10, 5], fimi("retail.dat")),
    "tree_rows": Chart("One histogram tree of depth 10 on 20 columns, bins included, one thread", "histogram_tree",
                       "rows", ROWS, lambda rows: tree(rows, 10)),
    "tree_depth": Chart("One histogram tree on 300,000 rows of 20 columns, bins included, one thread",
                        "histogram_tree", "depth", [2, 4, 6, 8, 10, 12],
                        lambda depth: tree(300_000, depth)),
}


def run_point(chart, value, names, repetitions):
    """What contest.py recorded of each contestant (all where no names are given); nothing if one of them failed."""
    rows, settings = chart.at(value)
    with tempfile.TemporaryDirectory() as folder:
        results = pathlib.Path(folder) / "results.jsonl"
        subprocess.run([sys.executable, str(HERE / "contest.py"), chart.task, "--rows", str(rows), "--repetitions",
                        str(repetitions), "--only", ",".join(names), "--results", str(results)],
                       env={**os.environ, **settings}, cwd=ROOT)
        if not results.exists():
            return []
        return [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]


def run_chart(name, values, given):
    chart, names, points, slowest = CHARTS[name], [], [], 0
    for value in values:
        records = run_point(chart, value, names, given.repetitions if slowest < SLOW else 1)
        if not records:
            print(f"{name}: ends before {value}, for somebody failed there")
            break
        with open(given.results, "a", encoding="utf-8") as out:
            for record in records:
                out.write(json.dumps({"chart": name, "value": value, **record}) + "\n")
        points += [(value, record) for record in records]
        took = {record["contestant"]: max(run["wall"] for run in record["runs"]) for record in records}
        slowest = max(took.values())
        names = [each for each in took if took[each] <= given.limit]
        if "emptor" not in names:
            break  # nothing to compare with
    return points


def table(chart, points):
    """Every run as a line; above them what the chart says of itself."""
    machine, day = points[0][1]["machine"], points[0][1]["at"][:10]
    lines = [f"# {chart.title}", f"# {machine['cpu']}, {machine['cores']} cores, {machine['system']}, {day}",
             "\t".join((chart.axis, "contestant", "version", "seconds", "fault"))]
    for value, record in points:
        for run in record["runs"]:
            lines.append(f"{value}\t{record['contestant']}\t{record['version']}\t{run['wall']:.6f}\t"
                         f"{record['fault'] or ''}")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(CHARTS))
    parser.add_argument("--most-rows", type=int, default=ROWS[-1])
    parser.add_argument("--limit", type=float, default=6)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "build/bench/results.jsonl")
    parser.add_argument("--tables", type=pathlib.Path, default=ROOT / "docs/charts")
    given = parser.parse_args()
    given.tables.mkdir(parents=True, exist_ok=True)
    given.results.parent.mkdir(parents=True, exist_ok=True)
    for name in given.only.split(","):
        chart = CHARTS[name]
        if chart.task == "itemsets" and "BORGELT" not in os.environ:
            print(f"{name}: left out, for BORGELT does not name the folder of its rivals")
            continue
        values = [value for value in chart.values if chart.task == "itemsets" or chart.at(value)[0] <= given.most_rows]
        points = run_chart(name, values, given)
        if points:
            (given.tables / f"{name}.tsv").write_text(table(chart, points), encoding="utf-8")


if __name__ == "__main__":
    main()
