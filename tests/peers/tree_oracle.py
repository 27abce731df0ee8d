#!/usr/bin/env python3
"""Runs our trees elsewhere: the ONNX models in onnxruntime, the SQL in SQLite. Skipped (77) without onnxruntime.

    tree_oracle.py PROGRAM      (tree_files, which writes the models and what we predict)"""
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

COLUMNS = 5
MODELS = ("tree_2", "tree_3", "tree_number", "forest_2", "boost_2", "boost_3", "boost_number", "boost_count")


def largest_difference(found, ours):
    return float(abs(found - ours).max())


def check_onnx(folder, name, numpy, onnxruntime):
    x = numpy.fromfile(folder / f"{name}.x", dtype=numpy.float32).reshape(-1, COLUMNS)
    ours = numpy.fromfile(folder / f"{name}.predictions").reshape(len(x), -1)
    session = onnxruntime.InferenceSession(str(folder / f"{name}.onnx"), providers=["CPUExecutionProvider"])
    found = session.run(None, {"x": x})[-1].reshape(len(x), -1)
    # floats of sums of up to 20 trees
    return largest_difference(found, ours) / max(1.0, float(abs(ours).max())), 2e-6


def check_sql(folder, name, numpy):
    x = numpy.fromfile(folder / f"{name}.x", dtype=numpy.float32).reshape(-1, COLUMNS)
    ours = numpy.fromfile(folder / f"{name}.raw").reshape(len(x), -1)
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE t (x0 REAL, x1 REAL, x2 REAL, x3 REAL, x4 REAL)")
    rows = [tuple(None if value != value else float(value) for value in row) for row in x]
    base.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", rows)
    outputs = split_outputs((folder / f"{name}.sql").read_text())
    found = numpy.array(base.execute(f"SELECT {', '.join(outputs)} FROM t ORDER BY rowid").fetchall())
    return largest_difference(found, ours), 1e-12


def split_outputs(text):
    """A line an output; lines that go on are indented."""
    outputs = []
    for line in text.splitlines():
        if line.startswith("  "):
            outputs[-1] += line
        else:
            outputs.append(line)
    return outputs


def main():
    try:
        import numpy
        import onnxruntime
    except ImportError as missing:
        print(f"skipped: {missing}")
        return 77
    faults = 0
    with tempfile.TemporaryDirectory() as path:
        folder = pathlib.Path(path)
        subprocess.run([sys.argv[1], path], check=True)
        for name in MODELS:
            for way, (difference, bound) in (("onnx", check_onnx(folder, name, numpy, onnxruntime)),
                                             ("sql", check_sql(folder, name, numpy))):
                good = difference <= bound
                faults += not good
                print(f"{'ok  ' if good else 'FAIL'} {name:14}{way:6} largest difference {difference:.3g}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
