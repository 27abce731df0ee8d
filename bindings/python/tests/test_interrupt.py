"""Ctrl-C ends a long import at once, and nothing is half-written."""

import signal
import subprocess
import sys
import time

import emptor
from conftest import order_lines, write_csv

ROWS = 60_000

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


def interrupt(folder):
    """Imports in another process, presses Ctrl-C when it has begun, and tells how long that took in seconds."""
    with subprocess.Popen([sys.executable, "-c", IMPORTING], cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "importing\n"
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        ended = float(process.stdout.readline())
    assert process.returncode == 0
    return ended - pressed


def test_ctrl_c_ends_an_import_within_100_ms_as_keyboard_interrupt(tmp_path):
    write_csv(tmp_path / "order_lines.csv", order_lines(ROWS))
    # Other programs of this machine only make it slower: the quickest of five counts.
    took = []
    while not took or (min(took) >= 0.1 and len(took) < 5):
        for left in tmp_path.glob("shop.emptor*"):
            left.unlink()
        took.append(interrupt(tmp_path))
    print(f"Ctrl-C to KeyboardInterrupt: {min(took) * 1000:.0f} ms")
    assert min(took) < 0.1, took
    with emptor.open(tmp_path / "shop.emptor") as store, store.session() as session:
        assert session.verify(deep=True)["intact"]
        assert session.count("order_line") < ROWS
        report = session.import_(tmp_path / "order_lines.csv", source="shop")
        assert report["entities"]["order_line"]["read"] == ROWS
        assert session.count("order_line") == ROWS
        assert session.verify(deep=True)["intact"]
