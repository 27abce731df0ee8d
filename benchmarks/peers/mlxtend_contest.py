"""Frequent itemsets with their supports, beside mlxtend's.

ROWS is the number of baskets, the first of Groceries or, with MLXTEND_DATA=retail, of retail (both of EMPTOR_DATA); sets
are asked for that are in MLXTEND_SHARE of them (.001). Ours is the program bench_itemsets (EMPTOR_BENCH names the folder
that holds it, build/bench/bin otherwise), from its baskets in memory to every set given to a callback; theirs go from
the one-hot frame in memory, which they ask for, to their frame of sets."""
import csv
import importlib
import math
import os
import pathlib
import subprocess

from programs import program

DATA = pathlib.Path(os.environ.get("EMPTOR_DATA", "."))
SHARE = float(os.environ.get("MLXTEND_SHARE", "0.001"))


def unit(rows):
    return rows, "baskets"


def groceries():
    numbers = {}
    with open(DATA / "groceries-arules/groceries_basket.csv", newline="", encoding="utf-8") as lines:
        return [{numbers.setdefault(item, len(numbers)) for item in line if item} for line in csv.reader(lines)]


def retail():
    return [{int(item) for item in line.split()} for line in open(DATA / "fimi/retail.dat", encoding="ascii")]


def make(rows, folder):
    baskets = {"groceries": groceries, "retail": retail}[os.environ.get("MLXTEND_DATA", "groceries")]()[:rows]
    (folder / "support").write_text(str(math.ceil(SHARE * len(baskets))))
    (folder / "baskets").write_text("".join(" ".join(map(str, sorted(basket))) + "\n" for basket in baskets))


def same(ours, theirs):
    return None if ours == theirs else f"{theirs} sets, not {ours}"


def emptor_(folder, threads):
    ours = program("bench_itemsets")
    command = [ours, folder / "baskets", (folder / "support").read_text(), "all", "list", str(threads), "serve"]
    served = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run():
        served.stdin.write("again\n")
        served.stdin.flush()
        return served.stdout.readline()
    return "this tree", run, lambda text: int(text.split()[0])


def one_hot(folder):
    import numpy as np
    import pandas as pd
    baskets = [list(map(int, line.split())) for line in open(folder / "baskets", encoding="ascii")]
    items = sorted({item for basket in baskets for item in basket})
    column = {item: at for at, item in enumerate(items)}
    held = np.zeros((len(baskets), len(items)), bool)
    for row, basket in enumerate(baskets):
        held[row, [column[item] for item in basket]] = True
    return pd.DataFrame(held, columns=items)


def mlxtend(name):
    def load(folder, threads):
        import mlxtend as library
        search = getattr(importlib.import_module("mlxtend.frequent_patterns"), name)
        frame = one_hot(folder)
        share = (int((folder / "support").read_text()) - 0.5) / len(frame)  # half a basket keeps it off the edge
        return library.__version__, lambda: search(frame, min_support=share), len
    return load


contestants = {"emptor": emptor_, "mlxtend fpgrowth": mlxtend("fpgrowth"), "mlxtend apriori": mlxtend("apriori")}
