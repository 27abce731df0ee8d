"""Frequent itemsets, from a file to counts.

Ours is the program bench_itemsets (EMPTOR_BENCH names the folder that holds it, build/bench/bin otherwise), a process a
search, against the programs of Borgelt where they are at hand (BORGELT names the folder with fpgrowth and eclat), a
process a search too.
ROWS is the lowest support; the file and the kind of sets are FIMI_FILE (chess.dat of EMPTOR_DATA) and FIMI_KIND."""
import os
import pathlib
import re
import subprocess

from programs import program

FILE = os.environ.get("FIMI_FILE") or str(pathlib.Path(os.environ.get("EMPTOR_DATA", ".")) / "fimi" / "chess.dat")
KIND = os.environ.get("FIMI_KIND", "all")


def unit(rows):
    return rows, "baskets of support"


def make(rows, folder):
    (folder / "support").write_text(str(rows))


def support(folder):
    return (folder / "support").read_text()


def same(ours, theirs):
    return None if ours == theirs else f"{theirs} sets, not {ours}"


def emptor_(folder, threads):
    ours = program("bench_itemsets")
    command = [str(ours), FILE, support(folder), KIND, "count", str(threads)]
    run = lambda: subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return "this tree", run, lambda text: int(text.split()[0])


def borgelt(name):
    def load(folder, threads):
        theirs = pathlib.Path(os.environ["BORGELT"]) / name
        command = [str(theirs), {"all": "-ts", "closed": "-tc", "maximal": "-tm"}[KIND], "-s-" + support(folder), FILE]
        run = lambda: subprocess.run(command, check=True, capture_output=True, text=True).stderr
        version = re.search(r"version (\S+)", run()).group(1)
        return version, run, lambda text: int(re.search(r"\[(\d+) set\(s\)\]", text).group(1))
    return load


contestants = {"emptor": emptor_}
if "BORGELT" in os.environ:
    contestants |= {"fpgrowth": borgelt("fpgrowth"), "eclat": borgelt("eclat")}
