"""Data frames: how they come in and go out by the Arrow PyCapsule protocol."""

from __future__ import annotations

from typing import Any

from ._emptor import Table


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


def like(frame: Any, table: Table) -> Any:
    """The table as the kind of frame that was given; itself where there is no such kind."""
    convert = _CONVERSIONS.get(_library(frame))
    return convert(table) if convert else table
