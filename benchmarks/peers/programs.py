"""Where our own programs stand: EMPTOR_BENCH names the folder, build/bench/bin otherwise."""
import os
import pathlib


def program(name):
    built = pathlib.Path(__file__).resolve().parents[2] / "build/bench/bin"
    return pathlib.Path(os.environ.get("EMPTOR_BENCH") or built) / name
