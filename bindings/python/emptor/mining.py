"""Miners on plain data: models of numbers, patterns in baskets and histories. docs/mine.md tells of each."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ._emptor import Model, _columns_of, _integer_stream, compute, fit_model
from .frames import _like
from .matrices import column, empty, flat, matrix, told

_MISSING = -(2**63)


def fit(
    algorithm: str,
    x: Any,
    y: Any = None,
    *,
    weights: Any = None,
    ids: Any = None,
    threads: int = 1,
    progress: Any = None,
    **options: Any,
) -> Model:
    """Fits a model by the name of its algorithm; emptor.operations() lists them with their options.

    `x` is a NumPy array (read where it lies), a frame of numbers, or rows of numbers; `y` the target (classes are 0, 1, 2
    ...), `weights` and `ids` a number a row. The model is the same to the last bit for any number of threads and any
    order of the rows, if their ids go along.
    """
    return fit_model(
        algorithm,
        matrix(x),
        column(y),
        column(weights),
        column(ids, "Q"),
        threads=threads,
        progress=progress,
        **options,
    )


def load_model(saved: bytes) -> Model:
    """A model of these bytes; what pickles of models call."""
    return Model.load(saved)


def predict(model: Model, x: Any, answer: str = "value", *, threads: int = 1, progress: Any = None) -> Any:
    """What a model answers for each row: "value" (one number a row), or "probabilities", "scores", "contributions" and
    "leaves" with the width that model.info()["answers"] tells. A NumPy array where there is NumPy, else lists.
    """
    rows = matrix(x)
    width = model.info()["answers"].get(answer, 1)
    place = empty(rows.shape[0], width)
    model.predict_into(rows, place, answer=answer, threads=threads, progress=progress)
    return flat(place) if answer == "value" and width == 1 else told(place)


@dataclass(frozen=True)
class Kmeans:
    """Clusters of rows. `labels` has the cluster of each row, `centres` a row a cluster, `sizes` the rows of each;
    `inertia` is the sum of squared distances of rows to their centres.
    """

    labels: Any
    centres: Any
    sizes: list[int]
    inertia: float
    model: Model

    def predict(self, x: Any, *, threads: int = 1) -> Any:
        """The cluster of each row of x."""
        return _whole(predict(self.model, x, threads=threads))


def _whole(numbers: Any) -> Any:
    return numbers.astype("int64") if hasattr(numbers, "astype") else [int(one) for one in numbers]


def kmeans(
    x: Any,
    k: int,
    *,
    seed: int = 0,
    restarts: int = 10,
    weights: Any = None,
    ids: Any = None,
    threads: int = 1,
    progress: Any = None,
    **options: Any,
) -> Kmeans:
    """The partition of rows into k clusters around their means, the best of `restarts` starts.

    `x` is a NumPy array, a frame of numbers, or rows of numbers; the columns' scales matter. Other keywords are the
    options of the algorithm "kmeans".
    """
    rows = matrix(x)
    given = {"weights": weights, "ids": ids, "threads": threads, "progress": progress}
    model = fit("kmeans", rows, k=k, seed=seed, restarts=restarts, **given, **options)
    info = model.info()
    centres = matrix(info["centres"]) if hasattr(rows, "astype") else info["centres"]
    labels = _whole(predict(model, rows, threads=threads, progress=progress))
    return Kmeans(labels, centres, info["sizes"], info["inertia"], model)


class Itemset(NamedTuple):
    """Items that occur together in `support` baskets, a `share` of all."""

    items: tuple[Any, ...]
    support: int
    share: float


class Rule(NamedTuple):
    """Baskets with `left` have `right`, too: how many, and every measure of it. docs/mine.md gives the formulae."""

    left: tuple[Any, ...]
    right: tuple[Any, ...]
    both: int
    left_count: int
    right_count: int
    support: float
    confidence: float
    lift: float
    leverage: float
    conviction: float
    cosine: float
    kulczynski: float
    jaccard: float
    odds_ratio: float
    chi_square: float
    fisher: float


class Pattern(NamedTuple):
    """Elements (items that came together) that follow one another in `support` histories, a `share` of all."""

    elements: tuple[tuple[Any, ...], ...]
    support: int
    share: float


class _Numbered:
    """Items of lists as numbers, in ascending order where they have one, else in the order in which they were met."""

    def __init__(self, items: Iterable[Hashable]) -> None:
        met = dict.fromkeys(items)
        try:
            self.items: Sequence[Any] = sorted(met)  # type: ignore[type-var]
        except TypeError:
            self.items = list(met)
        self.numbers = {item: number for number, item in enumerate(self.items)}

    def named(self, numbers: Iterable[int]) -> tuple[Any, ...]:
        return tuple(self.items[number] for number in numbers)

    def options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Options that name items, with their numbers; what no basket has gets a number that no item has."""
        names = ("only_items", "without_items", "all_of", "any_of", "left_only", "right_only")
        absent = len(self.items)
        return {
            name: [self.numbers.get(item, absent) for item in value] if name in names else value
            for name, value in options.items()
        }


class _Stream:
    """Columns of integers as a frame."""

    def __init__(self, **columns: array[int]) -> None:
        self._columns = columns

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return _integer_stream(self._columns)


def _support(value: float, name: str = "min_support") -> dict[str, Any]:
    """A count where it is a whole number, a share where it is a float."""
    if isinstance(value, float):
        return {"min_share": value}
    return {name: int(value)}


def _is_frame(baskets: Any) -> bool:
    return hasattr(baskets, "__arrow_c_stream__")


def _is_one_hot(baskets: Any) -> bool:
    """A column an item, whether it is there: NumPy's and pandas' tables of truths."""
    if hasattr(baskets, "dtypes") and hasattr(baskets, "columns"):
        return all(str(kind) in ("bool", "boolean") for kind in baskets.dtypes)
    return str(getattr(baskets, "dtype", "")) == "bool" and getattr(baskets, "ndim", 0) == 2


def _baskets_of_one_hot(table: Any) -> list[list[Any]]:
    names = list(table.columns) if hasattr(table, "columns") else None
    truths = table.to_numpy() if hasattr(table, "to_numpy") else table
    return [[names[i] if names else i for i in row.nonzero()[0].tolist()] for row in truths]


def _basket_stream(baskets: Iterable[Iterable[Any]]) -> tuple[_Stream, _Numbered]:
    lists = [list(basket) for basket in baskets]
    items = _Numbered(item for basket in lists for item in basket)
    rows, numbers = array("q"), array("q")
    for row, basket in enumerate(lists):
        rows.extend([row] * max(len(basket), 1))
        numbers.extend([items.numbers[item] for item in basket] or [_MISSING])
    return _Stream(basket=rows, item=numbers), items


def itemsets(
    baskets: Any,
    *,
    min_support: float,
    basket: str = "basket",
    item: str = "item",
    threads: int = 1,
    progress: Any = None,
    **options: Any,
) -> Any:
    """Frequent itemsets: which items occur together in at least `min_support` baskets (a float: a share of them).

    `baskets` is a list of baskets, each a list or set of items of any kind, or a table of truths with a column an item:
    then the result is a list of Itemset. Or it is a frame with a row for each item in a basket, whose columns `basket`
    and `item` name them: then the result is a frame of the kind that was given, with columns items, support, share. Other
    keywords are the options of the operation "itemsets": kind ("all", "closed", "maximal"), min_length, max_length, top,
    only_items, without_items, all_of, any_of, max_sets, memory_bytes.
    """
    call = {"threads": threads, "progress": progress, **_support(min_support)}
    if _is_frame(baskets) and not _is_one_hot(baskets):
        return _like(baskets, compute("itemsets", baskets, basket=basket, item=item, **call, **options))
    stream, items = _basket_stream(_baskets_of_one_hot(baskets) if _is_one_hot(baskets) else baskets)
    found = _columns_of(compute("itemsets", stream, **call, **items.options(options)))
    rows = zip(found["items"], found["support"], found["share"])
    return [Itemset(items.named(numbers), support, share) for numbers, support, share in rows]


def rules(
    baskets: Any,
    *,
    min_support: float,
    min_confidence: float = 0.0,
    basket: str = "basket",
    item: str = "item",
    threads: int = 1,
    progress: Any = None,
    **options: Any,
) -> Any:
    """Association rules: who has this has that. `baskets` and `min_support` are as in itemsets(); the result is a list
    of Rule, or a frame with the same columns. Other keywords are the options of the operation "rules": max_right,
    min_lift, min_leverage, control ("bonferroni", "benjamini_hochberg"), alpha, drop_redundant, left_only, right_only,
    max_rules, and those of itemsets.
    """
    call = {"threads": threads, "progress": progress, "min_confidence": min_confidence, **_support(min_support)}
    if _is_frame(baskets) and not _is_one_hot(baskets):
        return _like(baskets, compute("rules", baskets, basket=basket, item=item, **call, **options))
    stream, items = _basket_stream(_baskets_of_one_hot(baskets) if _is_one_hot(baskets) else baskets)
    found = _columns_of(compute("rules", stream, **call, **items.options(options)))
    rows = zip(*(found[name] for name in Rule._fields))
    return [Rule(items.named(left), items.named(right), *rest) for left, right, *rest in rows]


def sequences(
    histories: Any,
    *,
    min_support: float,
    history: str = "history",
    item: str = "item",
    time: str = "",
    threads: int = 1,
    progress: Any = None,
    **options: Any,
) -> Any:
    """Frequent sequences: what comes after what in at least `min_support` histories (a float: a share of them).

    `histories` is a list of histories, each a list of elements: an item, or a list, tuple or set of items that came
    together; then the result is a list of Pattern. Or it is a frame with a row for each item, whose columns `history`,
    `item` and `time` name them (rows with the same time are one element; without a time each row comes after the one
    before): then the result is a frame of the kind that was given, with columns items, elements (which element each item
    is in), support, share. Other keywords are the options of the operation "sequences": kind ("all", "closed"),
    max_length, max_elements, min_gap, max_gap, max_window, max_patterns.
    """
    call = {"threads": threads, "progress": progress, **_support(min_support)}
    if _is_frame(histories):
        names = {"history": history, "item": item, **({"time": time} if time else {})}
        return _like(histories, compute("sequences", histories, **names, **call, **options))
    stream, items = _history_stream(histories)
    found = _columns_of(compute("sequences", stream, time="time", **call, **options))
    rows = zip(found["items"], found["elements"], found["support"], found["share"])
    return [Pattern(_elements(items.named(numbers), at), support, share) for numbers, at, support, share in rows]


def _elements(items: tuple[Any, ...], at: tuple[int, ...]) -> tuple[tuple[Any, ...], ...]:
    count = at[-1] + 1 if at else 0
    return tuple(tuple(item for item, place in zip(items, at) if place == element) for element in range(count))


def _history_stream(histories: Iterable[Iterable[Any]]) -> tuple[_Stream, _Numbered]:
    together = (list, tuple, set, frozenset)
    lists = [[list(one) if isinstance(one, together) else [one] for one in history] for history in histories]
    items = _Numbered(item for history in lists for element in history for item in element)
    rows, numbers, times = array("q"), array("q"), array("q")
    for row, history in enumerate(lists):
        known = [(time, item) for time, element in enumerate(history) for item in element]
        rows.extend([row] * max(len(known), 1))
        numbers.extend([items.numbers[item] for _, item in known] or [_MISSING])
        times.extend([time for time, _ in known] or [0])
    return _Stream(history=rows, item=numbers, time=times), items
