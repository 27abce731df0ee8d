#!/usr/bin/env python3
"""Times one task with several libraries, each in its own process and its own native form.

    contest.py TASK [--rows N] [--threads N] [--repetitions N] [--only NAME,NAME] [--results FILE]

A task is a module `<task>_contest.py` beside this file, with

    make(rows, folder)   writes the data that all contestants read
    contestants          {name: load}; load(folder, threads) reads the data into the library's native form and
                         returns (version, run, answer): run() does the work, answer(result) sums it up
    same(ours, theirs)   None where two answers agree, else a sentence
    unit(rows)           what the rate counts: (number, word)

Every contestant loads first, then the repetitions go round: A B C A B C. The time is taken out here, from asking
to answer, with this process's clock; processor time and peak memory are the worker's. No time is printed for an
answer that differs from the first contestant's, which is ours."""
import argparse
import importlib
import json
import os
import pathlib
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS",
                   "RAYON_NUM_THREADS", "NUMEXPR_NUM_THREADS", "ARROW_NUM_THREADS")


# ---- the worker: one library, told what to do line by line ------------------------------------------------------

def work(task, name, folder, threads):
    sys.path.insert(0, str(HERE))
    version, run, answer = importlib.import_module(f"{task}_contest").contestants[name](pathlib.Path(folder), threads)
    reply({"version": version})
    result = None
    for line in sys.stdin:
        if line == "run\n":
            result = None  # the last one's memory is not this one's
            reset_peak()
            before = time.process_time()
            result = run()
            reply({"cpu": time.process_time() - before, "peak": peak_bytes()})
        else:
            reply(answer(result))


def reply(value):
    print(json.dumps(value), flush=True)


def reset_peak():
    try:
        pathlib.Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass  # the peak is then that of the whole process


def peak_bytes():
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


# ---- the umpire --------------------------------------------------------------------------------------------------

class Worker:
    def __init__(self, task, name, folder, threads):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("OPENBLAS_")}
        environment.update({setting: str(threads) for setting in THREAD_SETTINGS})
        self.name = name
        self.process = subprocess.Popen([sys.executable, __file__, "--work", task, name, str(folder), str(threads)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        self.version = self.read()["version"]
        self.runs = []

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended before it answered")
        return json.loads(line)

    def ask(self, what):
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        return self.read()

    def time_one(self):
        begun = time.perf_counter()
        used = self.ask("run")
        self.runs.append({"wall": time.perf_counter() - begun, **used})

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def machine():
    model = next((line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    return {"cpu": model, "cores": os.cpu_count(), "system": platform.freedesktop_os_release()["PRETTY_NAME"], "python": platform.python_version(),
            "load": os.getloadavg()[0]}


def spread(values):
    quarter = statistics.quantiles(values, n=4) if len(values) > 1 else [values[0]] * 3
    return min(values), statistics.median(values), quarter[2] - quarter[0]


def faults_of(task, workers):
    ours, *theirs = workers
    first = ours.ask("answer")
    return {worker.name: task.same(first, worker.ask("answer")) for worker in theirs}


def show(task, rows, workers, faults):
    count, word = task.unit(rows)
    ours = workers[0]
    print(f"{'':24}{'min s':>9}{'median':>9}{'IQR':>9}{'cpu':>9}{'MiB':>8}{'M ' + word + '/s':>18}{'ours is faster':>17}")
    for worker in workers:
        if faults.get(worker.name):
            print(f"{worker.name:24}  no time: {faults[worker.name]}")
            continue
        least, middle, quartiles = spread([run["wall"] for run in worker.runs])
        cpu = statistics.median(run["cpu"] for run in worker.runs)
        peak = max(run["peak"] for run in worker.runs) / 2**20
        ratio = statistics.median(theirs["wall"] / mine["wall"] for theirs, mine in zip(worker.runs, ours.runs))
        print(f"{worker.name + ' ' + worker.version:24}{least:9.4f}{middle:9.4f}{quartiles:9.4f}{cpu:9.4f}{peak:8.0f}"
              f"{count / middle / 1e6:18.3f}{'' if worker is ours else f'{ratio:.2f} x':>17}", flush=True)


def hold(name, rows, threads, repetitions, only, results):
    sys.path.insert(0, str(HERE))
    task = importlib.import_module(f"{name}_contest")
    names = [each for each in task.contestants if not only or each in only]
    with tempfile.TemporaryDirectory() as folder:
        task.make(rows, pathlib.Path(folder))
        workers = [Worker(name, each, folder, threads) for each in names]
        try:
            for worker in workers:
                worker.ask("run")  # warm, not counted
            faults = faults_of(task, workers)
            for _ in range(repetitions):
                for worker in workers:
                    worker.time_one()
        finally:
            for worker in workers:
                worker.close()
    print(f"--- {name}: {task.__doc__.splitlines()[0]} rows {rows}, threads {threads}, {repetitions} repetitions")
    show(task, rows, workers, faults)
    with open(results, "a", encoding="utf-8") as out:
        for worker in workers:
            out.write(json.dumps({"task": name, "rows": rows, "threads": threads, "contestant": worker.name,
                                  "version": worker.version, "fault": faults.get(worker.name), "runs": worker.runs,
                                  "machine": machine(), "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}) + "\n")
    return 1 if any(faults.values()) else 0


def main():
    if sys.argv[1:2] == ["--work"]:
        task, name, folder, threads = sys.argv[2:6]
        return work(task, name, folder, int(threads))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--only", default="")
    parser.add_argument("--results", default="results.jsonl")
    given = parser.parse_args()
    return hold(given.task, given.rows, given.threads, given.repetitions, [n for n in given.only.split(",") if n],
                given.results)


if __name__ == "__main__":
    sys.exit(main())
