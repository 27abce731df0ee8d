#!/usr/bin/env python3
"""The log-loss of boosting, ours and the rivals', over several seeds of the contest's data.

    boosting_seeds.py ROWS SEEDS        (EMPTOR_BENCH names the folder of bench_trees)

One seed decides nothing: the data has a product of two features without a trend in either, which greedy trees meet by
chance, sooner or later. XGBoost's own log-loss moves by .004 between 254 and 256 bins on the same rows. So means over
seeds are compared, with their standard errors over the paired differences. Ends with 1 where a rival's mean is better."""
import os
import pathlib
import statistics
import sys
import tempfile

import trees_rows
from gradient_boosting_contest import contestants


def main():
    rows, seeds = int(sys.argv[1]), int(sys.argv[2])
    losses = {name: [] for name in contestants}
    for seed in range(1, seeds + 1):
        os.environ["EMPTOR_CONTEST_SEED"] = str(seed)
        with tempfile.TemporaryDirectory() as path:
            trees_rows.write(rows, pathlib.Path(path))
            for name, load in contestants.items():
                _, run, answer = load(pathlib.Path(path), 2)
                losses[name].append(answer(run()))
        print(rows, seed, *(f"{name} {values[-1]:.6f}" for name, values in losses.items()), flush=True)
    ours = losses["emptor"]
    worse = False
    for name, values in losses.items():
        apart = [a - b for a, b in zip(ours, values)]
        error = statistics.stdev(apart) / len(apart) ** 0.5 if len(apart) > 1 else float("nan")
        print(f"{name:10} mean {statistics.mean(values):.6f}  ours less theirs {statistics.mean(apart):+.6f} +- {error:.6f}")
        worse = worse or statistics.mean(apart) > 0
    return worse


if __name__ == "__main__":
    sys.exit(main())
