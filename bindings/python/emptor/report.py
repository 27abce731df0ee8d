"""Answers of long calls, shown as tables in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any


class Report(dict[str, Any]):
    """The answer of a call, a dictionary as its JSON says it."""

    def _repr_html_(self) -> str:
        return html_of(self, str(self.get("insight", "")))


def of(answer: Any) -> Any:
    """An object of JSON becomes a Report; anything else stays as it is."""
    return Report(answer) if isinstance(answer, dict) else answer


def html_of(values: Mapping[str, Any], title: str = "") -> str:
    """A table of names and values; lists of objects and objects of objects become tables of their own."""
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{_cell(value)}</td></tr>" for name, value in values.items())
    caption = f"<caption>{escape(title)}</caption>" if title else ""
    return f"<table>{caption}<tbody>{rows}</tbody></table>"


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return html_of(value) if value else ""
    if isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
        return _rows(value)
    if isinstance(value, list):
        return ", ".join(_cell(one) for one in value)
    return "" if value is None else escape(str(value))


def _rows(rows: list[Mapping[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join("<tr>" + "".join(f"<td>{_cell(row.get(name))}</td>" for name in names) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def html_of_table(table: Any, title: str, most: int = 20) -> str:
    """The first rows of a table where PyArrow can read them; its name otherwise."""
    try:
        import pyarrow
    except ImportError:
        return f"<p>{escape(title)}: install pyarrow to see its rows here</p>"
    with pyarrow.RecordBatchReader.from_stream(table) as reader:
        first = next(iter(reader), None)
        rows = [] if first is None else first.slice(0, most).to_pylist()
    return f"<p>{escape(title)}, first rows</p>" + _rows(rows)
