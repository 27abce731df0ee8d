"""Data frames: how they come in and go out by the Arrow PyCapsule protocol, and insights on plain frames."""

from __future__ import annotations

from typing import Any

from ._emptor import Table, compute


def stream_of(frame: Any) -> Any:
    """The Arrow stream of a frame. A pandas index without a name is no column."""
    if _library(frame) == "pandas" and frame.index.names == [None]:
        frame = frame.reset_index(drop=True)
    return frame.__arrow_c_stream__()


def to_arrow(table: Table) -> Any:
    import pyarrow

    return pyarrow.table(table)


def to_polars(table: Table) -> Any:
    import polars

    return polars.DataFrame(table)


def to_pandas(table: Table) -> Any:
    import pandas

    if hasattr(pandas.DataFrame, "from_arrow"):
        return pandas.DataFrame.from_arrow(table)
    return to_arrow(table).to_pandas()


_CONVERSIONS = {"pandas": to_pandas, "polars": to_polars, "pyarrow": to_arrow}


def _library(frame: Any) -> str:
    return type(frame).__module__.partition(".")[0]


def _like(frame: Any, table: Table) -> Any:
    """The table as the kind of frame that was given; itself where there is no such kind."""
    convert = _CONVERSIONS.get(_library(frame))
    return convert(table) if convert else table


def rfm(frame: Any, *, customer: str, date: str, amount: str, as_of: Any = None, **options: Any) -> Any:
    """Recency, frequency and monetary value of each customer, with scores and segments, without a store.

    `frame` is anything with the Arrow PyCapsule protocol, a purchase a row; `customer`, `date` and `amount` are the names
    of its columns. Recency is counted in days up to `as_of` (a date; the last purchase unless given). The other
    keywords are the options of the insight "rfm". Returns a frame of the kind that was given (pandas, Polars, PyArrow;
    an emptor.Table otherwise): customer, recency, frequency, monetary, r, f, m, segment. docs/rfm.md says how they are
    defined.
    """
    if as_of is not None:
        options["as_of"] = as_of
    return _like(frame, compute("rfm", frame, customer=customer, date=date, amount=amount, **options))
