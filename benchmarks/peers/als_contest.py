"""Alternating least squares of implicit feedback: ALS_SWEEPS (5) sweeps, ALS_FACTORS (64) factors.

Rows are customers, who buy 20 of a tenth as many items on average, the popular ones more; alpha 1, regularisation .01.
ALS_SOLVER is conjugate_gradients (three steps, the default of implicit) or cholesky. Ours is benchmarks/als_bench.cpp
(EMPTOR_BENCH names its folder, or where `make bench` builds it), in 64-bit numbers; implicit works in 32-bit ones. It
takes what we call 1 + alpha r as its values, and starts elsewhere.

An answer is judged by the loss, computed here in double precision from the vectors: ours may not be above a rival's by
more than 1 %."""
import importlib.metadata
import os
import subprocess

import numpy as np

from programs import program

FACTORS = int(os.environ.get("ALS_FACTORS", "64"))
SWEEPS = int(os.environ.get("ALS_SWEEPS", "5"))
SOLVER = os.environ.get("ALS_SOLVER", "conjugate_gradients")
BENCH = program("bench_als")


def unit(rows):
    return rows * SWEEPS, "customers"


def make(rows, folder):
    random = np.random.default_rng(1)
    items = max(rows // 10, 10)
    lengths = random.poisson(20, rows)
    customer = np.repeat(np.arange(rows), lengths)
    place = random.random(len(customer))
    item = ((place ** 2.5 * items).astype(np.int64) + customer % 7 * 137 * (place > 0.2)) % items
    pairs, counts = np.unique(customer * items + item, return_counts=True)
    counts = counts * random.integers(1, 6, len(pairs))
    starts = np.searchsorted(pairs // items, np.arange(rows + 1))
    starts.astype(np.uint64).tofile(folder / "starts.u64")
    (pairs % items).astype(np.uint32).tofile(folder / "items.u32")
    counts.astype(np.float64).tofile(folder / "counts.f64")


def data(folder):
    return (np.fromfile(folder / "starts.u64", np.uint64), np.fromfile(folder / "items.u32", np.uint32),
            np.fromfile(folder / "counts.f64"))


def loss(folder, customers, items):
    starts, bought, counts = data(folder)
    owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts).astype(np.int64))
    total = float(((customers.T @ customers) * (items.T @ items)).sum())
    for begin in range(0, len(owner), 100_000):
        part = slice(begin, begin + 100_000)
        score = np.einsum("ij,ij->i", customers[owner[part]], items[bought[part]])
        total += float(((1 + counts[part]) * (1 - score) ** 2 - score ** 2).sum())
    return total + 0.01 * float((customers ** 2).sum() + (items ** 2).sum())


def same(ours, theirs):
    return f"a lower loss ({theirs:.6g} against {ours:.6g})" if ours > 1.01 * theirs else None


def emptor_(folder, threads):
    command = [str(BENCH), str(folder), str(FACTORS), str(SWEEPS), SOLVER, str(threads)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(what):
        process.stdin.write(what + "\n")
        process.stdin.flush()
        return process.stdout.readline()

    def answer(_):
        ask("answer")
        # Items are numbered as far as they were bought, in order.
        bought = np.unique(np.fromfile(folder / "items.u32", np.uint32))
        items = np.zeros((int(bought[-1]) + 1, FACTORS))
        items[bought] = np.fromfile(folder / "items.f64").reshape(-1, FACTORS)
        return loss(folder, np.fromfile(folder / "customers.f64").reshape(-1, FACTORS), items)

    return "this tree", lambda: ask("run"), answer


def implicit_(folder, threads):
    import scipy.sparse
    from implicit.cpu.als import AlternatingLeastSquares
    starts, bought, counts = data(folder)
    table = scipy.sparse.csr_matrix((1 + counts, bought.astype(np.int32), starts.astype(np.int32)))

    def run():
        model = AlternatingLeastSquares(factors=FACTORS, regularization=0.01, alpha=1.0, iterations=SWEEPS,
                                        use_cg=SOLVER != "cholesky", num_threads=threads, random_state=1)
        model.fit(table, show_progress=False)
        return model

    return importlib.metadata.version("implicit"), run, lambda model: loss(
        folder, model.user_factors.astype(np.float64), model.item_factors.astype(np.float64))


contestants = {"emptor": emptor_, "implicit": implicit_}
