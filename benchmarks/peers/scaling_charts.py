#!/usr/bin/env python3
"""Draws the tables that scaling.py wrote as line charts: FOLDER/*.tsv becomes FOLDER/*.svg (docs/charts).

    scaling_charts.py [FOLDER]

A point is the median of its runs, the bar through it reaches from the fastest to the slowest; an answer that differs
from ours has no point. Time is on a logarithmic scale, and so is size where it spans more than a decade. A drawing
follows from its table alone."""
import html
import math
import pathlib
import statistics
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 800, 420, 64, 216, 52, 52
LINES = """
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}.title{font-size:15px;font-weight:650}
.name{font-weight:600;paint-order:stroke;stroke-width:4px}.bar{stroke-width:1.5}
polyline{fill:none;stroke-width:2;stroke-linejoin:round}.s0 polyline{stroke-width:3}
.s2 polyline{stroke-dasharray:7 3}.s3 polyline{stroke-dasharray:2 3}
"""


def colours(paper, ink, muted, grid, *own):
    rules = [f".paper{{fill:{paper}}}.title{{fill:{ink}}}.note{{fill:{muted}}}",
             f".grid{{stroke:{grid}}}.name{{stroke:{paper}}}"]
    for i, hue in enumerate(own):
        rules.append(f".s{i} text,.s{i} circle{{fill:{hue}}}.s{i} line,.s{i} polyline{{stroke:{hue}}}")
    return "\n".join(rules)


# The report's colours (src/insight/report/report_style.hpp), and two more.
DAY = colours("#fff", "#1d2127", "#5c6570", "#e4e0d8", "#1f5f8b", "#b8642f", "#4c7a34", "#7a4f9a")
NIGHT = colours("#13161a", "#e9e7e2", "#a0a9b4", "#2d333c", "#78b7e2", "#e49a66", "#9bc97f", "#c3a1df")
STYLE = f"{LINES}{DAY}\n@media (prefers-color-scheme:dark){{\n{NIGHT}\n}}\n"


def read(path):
    """Title, what the axis counts, and {"name version": {size: [seconds]}} in the table's order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    title, (axis, *names) = lines[0].removeprefix("# "), lines[2].split("\t")
    series = {}
    for line in lines[3:]:
        value, *cells = line.split("\t")
        run = dict(zip(names, cells))
        name = run["contestant"] if run["contestant"] == "emptor" else f"{run['contestant']} {run['version']}"
        if not run["fault"]:
            series.setdefault(name, {}).setdefault(float(value), []).append(float(run["seconds"]))
    return title, axis, series


def text(x, y, words, anchor="middle", kind="note"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{html.escape(words)}</text>'


def line(x1, y1, x2, y2, kind):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def scale(least, most, start, end, logarithmic):
    """A function from values to pixels."""
    of = math.log10 if logarithmic else float
    span = of(most) - of(least) or 1
    return lambda value: start + (of(value) - of(least)) / span * (end - start)


def short(value, units):
    """1,500,000 as 1.5 M, by the largest unit that fits."""
    factor, unit = next(((factor, unit) for factor, unit in units if value >= factor * .999), units[-1])
    return f"{value / factor:g} {unit}"


def size_text(value):
    return short(value, ((1e6, "M"), (1e3, "k"))) if value >= 10_000 else f"{value:g}"


def time_text(seconds):
    return short(seconds, ((1, "s"), (1e-3, "ms"), (1e-6, "µs")))


def time_steps(least, most):
    """1, 2 and 5 times powers of ten, from one at or below the least to one at or above the most."""
    steps = [factor * 10.0 ** power for power in range(-7, 5) for factor in (1, 2, 5)]
    first = max(step for step in steps if step <= least)
    last = min(step for step in steps if step >= most)
    return [step for step in steps if first <= step <= last]


def draw_grid(sizes, steps, x, y):
    few = steps[-1] / steps[0] <= 200
    for step in steps:
        if few or step in (steps[0], steps[-1]) or math.log10(step) % 1 < 1e-9:
            yield line(LEFT, y(step), WIDTH - RIGHT, y(step), "grid")
            yield text(LEFT - 8, y(step) + 4, time_text(step), "end")
    for size in sizes:
        yield text(x(size), HEIGHT - BOTTOM + 20, size_text(size))


def draw_series(index, points, x, y):
    yield f'<g class="s{index % 4}"><polyline points="'
    yield " ".join(f"{x(size):.1f},{y(statistics.median(times)):.1f}" for size, times in points) + '"/>'
    for size, times in points:
        yield line(x(size), y(min(times)), x(size), y(max(times)), "bar")
        yield f'<circle cx="{x(size):.1f}" cy="{y(statistics.median(times)):.1f}" r="3.5"/>'
    yield "</g>"


def draw_names(ends):
    """Beside the right end of each line, from above; lower where another name is in the way."""
    placed = []
    for y, x, index, name in sorted(ends):
        y = max([y + 4, *(above + 17 for beside, above in placed if abs(beside - x) < RIGHT)])
        placed.append((x, y))
        yield f'<g class="s{index % 4}">{text(x + 12, y, name, "start", "name")}</g>'


def draw(title, axis, series):
    sizes = sorted({size for points in series.values() for size in points})
    times = [seconds for points in series.values() for runs in points.values() for seconds in runs]
    steps = time_steps(min(times), max(times))
    x = scale(sizes[0], sizes[-1], LEFT + 16, WIDTH - RIGHT - 16, sizes[-1] > 10 * sizes[0])
    y = scale(steps[0], steps[-1], HEIGHT - BOTTOM, TOP, True)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
             f"<title>{html.escape(title)}</title><style>{STYLE}</style>",
             f'<rect width="{WIDTH}" height="{HEIGHT}" rx="6" class="paper"/>',
             text(LEFT, 28, title, "start", "title"),
             text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, axis), *draw_grid(sizes, steps, x, y)]
    ends = []
    for index, (name, found) in enumerate(series.items()):
        points = sorted(found.items())
        parts += draw_series(index, points, x, y)
        ends.append((y(statistics.median(points[-1][1])), x(points[-1][0]), index, name))
    return "\n".join([*parts, *draw_names(ends), "</svg>"]) + "\n"


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2] / "docs/charts"
    for table in sorted(folder.glob("*.tsv")):
        table.with_suffix(".svg").write_text(draw(*read(table)), encoding="utf-8")
        print(table.with_suffix(".svg"))


if __name__ == "__main__":
    main()
