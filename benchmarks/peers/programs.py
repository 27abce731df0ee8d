"""Where our own programs stand: EMPTOR_BENCH names the folder, build/bench/bin otherwise."""
import os
import pathlib


def program(name):
    return pathlib.Path(os.environ.get("EMPTOR_BENCH") or pathlib.Path(__file__).resolve().parents[2] / "build/bench/bin") / name
