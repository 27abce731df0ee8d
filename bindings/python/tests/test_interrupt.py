"""Ctrl-C ends a long import at once, and nothing is half-written."""

import signal
import statistics
import subprocess
import sys
import time

import emptor
from conftest import order_lines, write_csv

ROWS = 120_000

IMPORTING = """
import sys, time
import emptor

heard = False

def listen(stage, done, total):
    global heard
    if not heard and done > 0:
        heard = True
        print("importing", flush=True)

with emptor.open("shop.emptor", create=True) as store, store.session() as session:
    try:
        session.import_("order_lines.csv", source="shop", progress=listen)
        print("ended", flush=True)
    except KeyboardInterrupt:
        print(time.monotonic(), flush=True)
"""


def interrupt(folder, delay):
    """Imports in another process, presses Ctrl-C in the middle of it, and tells how long that took in seconds."""
    with subprocess.Popen([sys.executable, "-c", IMPORTING], cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "importing\n"
        time.sleep(delay)
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        ended = float(process.stdout.readline())
    assert process.returncode == 0
    return ended - pressed


def test_ctrl_c_ends_an_import_within_100_ms_as_keyboard_interrupt(tmp_path):
    write_csv(tmp_path / "order_lines.csv", order_lines(ROWS))
    took = []
    for delay in (0.0, 0.05, 0.1, 0.15, 0.2):
        for left in tmp_path.glob("shop.emptor*"):
            left.unlink()
        took.append(interrupt(tmp_path, delay))
    print("Ctrl-C to KeyboardInterrupt:", *(f"{seconds * 1000:.0f} ms" for seconds in took))
    # Other programs of the machine only make it slower, now and then: the median counts.
    assert statistics.median(took) < 0.1, took
    with emptor.open(tmp_path / "shop.emptor") as store, store.session() as session:
        assert session.verify(deep=True)["intact"]
        assert session.count("order_line") < ROWS
        report = session.import_(tmp_path / "order_lines.csv", source="shop")
        assert report["entities"]["order_line"]["read"] == ROWS
        assert session.count("order_line") == ROWS
        assert session.verify(deep=True)["intact"]
