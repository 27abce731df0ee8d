"""Logistic regression of two classes on twenty columns, to a gradient of the mean loss below 1e-10.

Ours is the program bench_logistic (EMPTOR_BENCH names its folder), which has read the data before it is asked; its processor
time and memory are not those of this worker. scikit-learn runs its solvers for dense data; one whose gradient is not as
small as was asked for gets no time."""
import subprocess

import numpy as np

from programs import program

COLUMNS = 20


def unit(rows):
    return rows, "rows"


def make(rows, folder):
    random = np.random.default_rng(1)
    x = random.standard_normal((rows, COLUMNS))
    slopes = random.standard_normal(COLUMNS) * 0.5
    y = (random.random(rows) < 1 / (1 + np.exp(-(x @ slopes - 0.5)))).astype(float)
    x.tofile(folder / "x.f64")
    y.tofile(folder / "y.f64")


def read(folder):
    return np.fromfile(folder / "x.f64").reshape(-1, COLUMNS), np.fromfile(folder / "y.f64")


def gradient(x, y, coefficients, intercept):
    residual = 1 / (1 + np.exp(-(x @ coefficients + intercept))) - y
    return float(max(abs(x.T @ residual + coefficients).max(), abs(residual.sum())) / len(y))


def same(ours, theirs):
    if theirs["gradient"] >= 1e-10:
        return f"a gradient of {theirs['gradient']:.1e}"
    return None if abs(ours["sum"] - theirs["sum"]) < 1e-7 else f"another optimum ({theirs['sum']}, ours {ours['sum']})"


def emptor_(folder, threads):
    ours = program("bench_logistic")
    rows = (folder / "y.f64").stat().st_size // 8
    served = subprocess.Popen([ours, str(rows), str(threads), str(folder), "serve"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)

    def run():
        served.stdin.write("\n")
        served.stdin.flush()
        return served.stdout.readline().split()
    return "program", run, lambda found: {"gradient": float(found[0]), "sum": float(found[2])}


def solver(name):
    def load(folder, threads):
        import sklearn
        from sklearn.linear_model import LogisticRegression
        x, y = read(folder)
        run = lambda: LogisticRegression(C=1, solver=name, tol=1e-10, max_iter=1_000).fit(x, y)

        def answer(model):
            return {"gradient": gradient(x, y, model.coef_[0], model.intercept_[0]),
                    "sum": float(model.coef_.sum() + model.intercept_[0])}
        return sklearn.__version__, run, answer
    return load


contestants = {"emptor": emptor_, "newton-cholesky": solver("newton-cholesky"), "newton-cg": solver("newton-cg"),
               "lbfgs": solver("lbfgs")}
