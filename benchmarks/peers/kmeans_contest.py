"""k-means from given starts: 20 updates and the final assignment.

Rows of 32-bit numbers in 32 Gaussian blobs (deviation 1, centres of deviation 3); the first k rows are the starts.
KMEANS_SHAPE="columns,k" changes the shape from 16,64. Ours is benchmarks/kmeans_bench.cpp (EMPTOR_BENCH names its folder, or where
`make bench` builds it), which loads the file first as the others do.

An answer is judged by the sum of squared distances of rows to their centres, computed here in double precision from
the labels and centres that each library returns: ours may not be above a rival's by more than 1e-6 of it, and must
be what it said it is to 1e-12. In other shapes than 16,8 and 16,64 it is 1e-5: after 20 updates most have not
converged, and the rivals' centres, rounded to single precision after each, go ways of their own, down or up.
KMEANS_TOLERANCE is another."""
import importlib.metadata
import json
import os
import subprocess

import numpy as np

from programs import program

COLUMNS, K = (int(part) for part in os.environ.get("KMEANS_SHAPE", "16,64").split(","))
UPDATES = 20
TOLERANCE = float(os.environ.get("KMEANS_TOLERANCE") or (1e-6 if (COLUMNS, K) in ((16, 8), (16, 64)) else 1e-5))
BENCH = program("bench_kmeans")


def unit(rows):
    return rows * (UPDATES + 1), "rows"


def make(rows, folder):
    random = np.random.default_rng(1)
    centres = random.normal(0, 3, (32, COLUMNS))
    x = np.empty((rows, COLUMNS), np.float32)
    for begin in range(0, rows, 100_000):
        part = x[begin:begin + 100_000]
        part[:] = centres[random.integers(0, 32, len(part))] + random.normal(0, 1, part.shape)
    x.tofile(folder / "x.f32")
    x[:K].astype(np.float64).tofile(folder / "starts.f64")


def data(folder):
    return (np.fromfile(folder / "x.f32", np.float32).reshape(-1, COLUMNS),
            np.fromfile(folder / "starts.f64").reshape(K, COLUMNS))


def inertia(x, labels, centres):
    total = []
    for begin in range(0, len(x), 50_000):
        away = x[begin:begin + 50_000].astype(np.float64) - centres[labels[begin:begin + 50_000]]
        total.append(np.einsum("ij,ij->", away, away))
    return float(np.sum(total))


def same(ours, theirs):
    if abs(ours["said"] - ours["inertia"]) > 1e-12 * ours["inertia"]:
        return f"ours said {ours['said']!r} where {ours['inertia']!r} is right"
    if ours["inertia"] > theirs["inertia"] * (1 + TOLERANCE):
        return f"a better partition ({theirs['inertia']!r} against {ours['inertia']!r})"
    return None


def emptor_(folder, threads):
    served = subprocess.Popen([BENCH, folder / "x.f32", str(COLUMNS), folder / "starts.f64", str(K), str(UPDATES),
                                str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(line):
        served.stdin.write(line + "\n")
        served.stdin.flush()
        return json.loads(served.stdout.readline())

    def answer(result):
        ask(f"dump {folder / 'ours'}")
        x, _ = data(folder)
        labels = np.fromfile(folder / "ours", np.uint32, len(x))
        centres = np.fromfile(folder / "ours", np.float64, offset=4 * len(x)).reshape(K, COLUMNS)
        return {"said": result["inertia"], "inertia": inertia(x, labels, centres), "updates": result["updates"]}
    return "this", lambda: ask("run"), answer


def like_scikit_learn(module, package):
    def load(folder, threads):
        import importlib
        x, starts = data(folder)
        library = importlib.import_module(module)
        run = lambda: library.KMeans(K, init=starts.astype(np.float32), n_init=1, max_iter=UPDATES, tol=0,
                                     algorithm="lloyd").fit(x)
        answer = lambda model: {"inertia": inertia(x, model.labels_, model.cluster_centers_.astype(np.float64)),
                                "updates": int(model.n_iter_)}
        return importlib.metadata.version(package), run, answer
    return load


def faiss_(folder, threads):
    import faiss
    faiss.omp_set_num_threads(threads)
    x, starts = data(folder)

    def run():
        clusters = faiss.Kmeans(COLUMNS, K, niter=UPDATES, min_points_per_centroid=1,
                                max_points_per_centroid=1 << 30)
        clusters.train(x, init_centroids=starts.astype(np.float32))
        return clusters.centroids, clusters.assign(x)[1]
    return faiss.__version__, run, lambda found: {"inertia": inertia(x, found[1], found[0].astype(np.float64))}


contestants = {"emptor": emptor_, "scikit-learn": like_scikit_learn("sklearn.cluster", "scikit-learn"),
               "scikit-learn-intelex": like_scikit_learn("sklearnex.cluster", "scikit-learn-intelex"), "faiss": faiss_}
