"""Scores of an isolation forest of 100 trees on 256 rows each; twenty columns of normal numbers.

Ours is the program bench_isolation_forest (EMPTOR_BENCH names its folder), which has fitted before it is asked; its processor
time and memory are not those of this worker. Forests are drawn by chance, so answers are alike where mean scores are."""
import subprocess

import numpy as np

from programs import program

COLUMNS = 20


def unit(rows):
    return rows, "rows"


def make(rows, folder):
    np.random.default_rng(1).standard_normal((rows, COLUMNS)).tofile(folder / "x.f64")


def same(ours, theirs):
    return None if abs(ours["mean"] - theirs["mean"]) < 0.015 else f"another mean score ({theirs['mean']}, ours {ours['mean']})"


def emptor_(folder, threads):
    ours = program("bench_isolation_forest")
    rows = (folder / "x.f64").stat().st_size // (8 * COLUMNS)
    served = subprocess.Popen([ours, str(rows), str(threads), str(folder), "serve"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)

    def run():
        served.stdin.write("\n")
        served.stdin.flush()
        return served.stdout.readline()
    return "program", run, lambda mean: {"mean": float(mean)}


def scikit_learn(folder, threads):
    import sklearn
    from sklearn.ensemble import IsolationForest
    x = np.fromfile(folder / "x.f64").reshape(-1, COLUMNS)
    forest = IsolationForest(n_estimators=100, max_samples=256, random_state=1, n_jobs=threads).fit(x)
    return sklearn.__version__, lambda: forest.score_samples(x), lambda scores: {"mean": float(-scores.mean())}


contestants = {"emptor": emptor_, "scikit-learn": scikit_learn}
