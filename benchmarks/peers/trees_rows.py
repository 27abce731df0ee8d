"""Rows for the contests of trees, and our side of them: bench_trees serves a task as long as it is asked."""
import os
import subprocess

import numpy as np

from programs import program

COLUMNS = 20
PROGRAM = program("bench_trees")


def made(rows, seed):
    random = np.random.default_rng(seed)
    x = random.standard_normal((rows, COLUMNS)).astype(np.float32)
    z = (1.2 * x[:, 0] - .8 * x[:, 1] + x[:, 2] * x[:, 3] + np.sin(2 * x[:, 4]) + .5 * np.abs(x[:, 5])
         - .7 * (x[:, 6] > .5) + .4 * x[:, 7] * x[:, 8] * x[:, 9] - .3)
    return x, (random.random(rows) < 1 / (1 + np.exp(-z))).astype(np.float64)


def write(rows, folder):
    seed = int(os.environ.get("EMPTOR_CONTEST_SEED", "1"))
    for name, count, own in (("", rows, 2 * seed), ("t", max(rows // 5, 1_000), 2 * seed + 1)):
        x, y = made(count, own)
        x.tofile(folder / f"x{name}.f32")
        y.tofile(folder / f"y{name}.f64")


def read(folder):
    x, xt = (np.fromfile(folder / name, dtype=np.float32).reshape(-1, COLUMNS) for name in ("x.f32", "xt.f32"))
    return x, np.fromfile(folder / "y.f64"), xt, np.fromfile(folder / "yt.f64")


def ours(task, *more):
    def load(folder, threads):
        served = subprocess.Popen([PROGRAM, "serve", task, str(folder), str(threads), *map(str, more)],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert served.stdout.readline() == "ready\n", f"{PROGRAM} does not serve"

        def ask(what):
            served.stdin.write(what + "\n")
            served.stdin.flush()
            return served.stdout.readline().strip()
        return "this tree", lambda: ask("run"), lambda result: float(ask("answer"))
    return load


def log_loss(y, shares):
    shares = np.clip(np.asarray(shares, dtype=np.float64), 1e-15, 1 - 1e-15)
    return float(-np.mean(y * np.log(shares) + (1 - y) * np.log1p(-shares)))


def not_worse(ours_, theirs, tolerance, more_is_better=False):
    """None where ours is at least as good, to the tolerance."""
    behind = theirs - ours_ if more_is_better else ours_ - theirs
    return None if behind <= tolerance else f"ours {ours_:.6f}, theirs {theirs:.6f}"
