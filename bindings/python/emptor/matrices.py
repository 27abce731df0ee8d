"""Numbers as they come: NumPy arrays, frames, buffers and lists, as buffers that the library reads."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Any


def _numpy() -> Any:
    try:
        import numpy
    except ImportError:
        return None
    return numpy


def matrix(x: Any) -> Any:
    """A buffer of float32 or float64 with two dimensions; without a copy where x is one already."""
    numpy = _numpy()
    if numpy is not None:
        return _as_array(numpy, x)
    return _without_numpy(x)


def column(values: Any, kind: str = "d") -> Any:
    """A buffer of one dimension: "d" float64, "Q" uint64."""
    if values is None:
        return None
    numpy = _numpy()
    if numpy is not None:
        return numpy.ascontiguousarray(values, dtype=numpy.float64 if kind == "d" else numpy.uint64).reshape(-1)
    return array(kind, values)


def empty(rows: int, columns: int) -> Any:
    """A place for rows x columns numbers: a NumPy array, or a memoryview where there is no NumPy."""
    numpy = _numpy()
    if numpy is not None:
        return numpy.empty((rows, columns))
    place = memoryview(bytearray(8 * rows * columns or 8)).cast("B").cast("d")
    return place[: rows * columns].cast("B").cast("d", (rows, columns)) if rows * columns else place


def flat(place: Any) -> Any:
    """The first column of a place for rows x 1 numbers."""
    return place[:, 0] if _numpy() is not None else [row[0] for row in place.tolist()]


def told(place: Any) -> Any:
    """A place that was filled: the array, or rows as lists where there is no NumPy."""
    return place if _numpy() is not None else place.tolist()


def rows_told(rows: list[list[float]]) -> Any:
    """Rows that the library told as lists: an array where there is NumPy."""
    return matrix(rows) if _numpy() is not None else rows


def _as_array(numpy: Any, x: Any) -> Any:
    if hasattr(x, "to_numpy") and not isinstance(x, numpy.ndarray):
        x = x.to_numpy()
    elif hasattr(x, "__arrow_c_stream__") and hasattr(x, "columns") and not hasattr(x, "__array__"):
        x = numpy.column_stack([numpy.asarray(one) for one in x.columns])
    x = numpy.asarray(x)
    if x.dtype not in (numpy.float32, numpy.float64) or not x.dtype.isnative:
        x = x.astype(numpy.float64)
    backwards = any(stride <= 0 or stride % x.itemsize for stride, size in zip(x.strides, x.shape) if size > 1)
    return numpy.ascontiguousarray(x) if backwards else x


def _rows_of(x: Any) -> Iterable[Iterable[float]]:
    if hasattr(x, "to_pydict"):  # PyArrow
        return list(zip(*x.to_pydict().values()))
    if hasattr(x, "rows") and callable(x.rows):  # Polars
        return list(x.rows())
    return list(x)


def _without_numpy(x: Any) -> Any:
    try:
        view = memoryview(x)
        if view.ndim == 2 and view.format in ("f", "d"):
            return view
    except TypeError:
        pass
    rows = [array("d", row) for row in _rows_of(x)]
    if len({len(row) for row in rows}) != 1 or not rows[0]:
        raise ValueError("x has no rows, or rows of different lengths")
    flat_rows = array("d", (number for row in rows for number in row))
    return memoryview(flat_rows).cast("B").cast("d", (len(rows), len(rows[0])))
