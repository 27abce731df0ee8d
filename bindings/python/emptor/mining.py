"""Miners on plain data: models of numbers, patterns in baskets and histories. docs/mine.md tells of each."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from . import _emptor
from ._emptor import Model, _columns_of, _plain_stream, compute, fit_model, fit_table
from .frames import like
from .matrices import column, empty, flat, matrix, rows_told, told

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


class _Passes:
    """Batches that can be begun again. The first one may be looked at before the first pass."""

    def __init__(self, source: Iterable[Any] | Callable[[], Iterable[Any]]) -> None:
        self._make: Callable[[], Iterable[Any]] = source if callable(source) else lambda: source
        self._once = not callable(source) and iter(source) is source
        self._batches: Iterator[Any] = iter(self._make())
        self.first = next(self._batches, None)
        if self.first is None:
            raise ValueError("there are no batches")
        self._held = True  # the first is still to be given
        self._passes = 0

    def rewind(self) -> None:
        self._passes += 1
        if self._passes == 1:
            return
        if self._once:
            raise ValueError("the rows are read more than once: give a list, or a function that returns an iterator")
        self._held, self.first = False, None
        self._batches = iter(self._make())

    def take(self) -> Any:
        if not self._held:
            return next(self._batches, None)
        first, self._held, self.first = self.first, False, None
        return first


class _Batches(_Passes):
    """The same, each as buffers."""

    def __init__(self, source: Iterable[Any] | Callable[[], Iterable[Any]]) -> None:
        super().__init__(source)
        self.first = self._buffers(self.first)
        self.columns = self.first[0].shape[1]

    def next(self) -> tuple[Any, Any, Any, Any] | None:
        held = self._held
        one = self.take()
        return one if held or one is None else self._buffers(one)

    @staticmethod
    def _buffers(one: Any) -> tuple[Any, Any, Any, Any]:
        x, y, weights, ids, *more = (*one, None, None, None) if isinstance(one, tuple) else (one, None, None, None)
        if any(part is not None for part in more):
            raise ValueError("a batch is x, or a tuple (x, y, weights, ids)")
        return matrix(x), column(y), column(weights), column(ids, "Q")


def fit_batches(
    algorithm: str,
    batches: Iterable[Any] | Callable[[], Iterable[Any]],
    *,
    threads: int = 1,
    progress: Any = None,
    **options: Any,
) -> Model:
    """Fits a model to rows that do not fit into memory. emptor.operations() tells which algorithms take batches: "kmeans" and
    "logistic" give the model of all rows at once, "mini_batch_kmeans" reads them once.

    A batch is x, or a tuple (x, y), (x, y, weights) or (x, y, weights, ids), each as in fit(). `batches` gives them: a list,
    anything else that can be iterated again, or a function that returns an iterator, for most algorithms read them
    several times; each pass must give the same rows. Without ids rows are numbered on.
    """
    rows = _Batches(batches)
    call = {"threads": threads, "progress": progress}
    return _emptor.fit_batches(algorithm, rows.columns, rows.rewind, rows.next, **call, **options)


def load_model(saved: bytes) -> Model:
    """A model of these bytes; what pickles of models call."""
    return Model.load(saved)


def predict(model: Model, x: Any, answer: str = "value", *, threads: int = 1, progress: Any = None) -> Any:
    """What a model answers for each row: "value" (one number a row), or "probabilities", "scores", "contributions", "leaves"
    and "originals" with the width that model.info()["answers"] tells. A NumPy array where there is NumPy, else lists.
    """
    rows = matrix(x)
    width = model.info()["answers"].get(answer, 1)
    place = empty(rows.shape[0], width)
    model.predict_into(rows, place, answer=answer, threads=threads, progress=progress)
    return flat(place) if answer == "value" and width == 1 else told(place)


@dataclass(frozen=True)
class Kmeans:
    """Clusters of rows. `labels` has the cluster of each row (None of rows in batches), `centres` a row a cluster, `sizes` the
    rows of each; `inertia` is the sum of squared distances of rows to their centres.
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


def _clusters(model: Model, labels: Any) -> Kmeans:
    info = model.info()
    return Kmeans(labels, rows_told(info["centres"]), info["sizes"], info["inertia"], model)


def kmeans(
    x: Any = None,
    k: int = 8,
    *,
    seed: int = 0,
    restarts: int = 10,
    weights: Any = None,
    ids: Any = None,
    batches: Any = None,
    threads: int = 1,
    progress: Any = None,
    **options: Any,
) -> Kmeans:
    """The partition of rows into k clusters around their means, the best of `restarts` starts.

    `x` is a NumPy array, a frame of numbers, or rows of numbers; the columns' scales matter. Or `batches` gives the rows, as
    in fit_batches(); `start="parallel"` reads them least often. Other keywords are the options of the algorithm "kmeans".
    """
    if (x is None) == (batches is None):
        raise TypeError("kmeans() takes either x or batches")
    call = {"k": k, "seed": seed, "restarts": restarts, "threads": threads, "progress": progress, **options}
    if batches is not None:
        if weights is not None or ids is not None:
            raise TypeError("weights and ids of batches stand in their tuples")
        return _clusters(fit_batches("kmeans", batches, **call), None)
    rows = matrix(x)
    model = fit("kmeans", rows, weights=weights, ids=ids, **call)
    return _clusters(model, _whole(predict(model, rows, threads=threads, progress=progress)))


class KmeansCandidate(NamedTuple):
    """What speaks for a k: the sum of squared distances to the centres, and the mean silhouette (-1 to 1)."""

    k: int
    inertia: float
    silhouette: float


@dataclass(frozen=True)
class KmeansChoice:
    """How many clusters: the figures of every k, the k of the greatest silhouette and that of the elbow, the clusters of the
    one that was chosen, and whether they are stable: the adjusted Rand index of fits of parts of the rows, and the overlap
    of each cluster (below .6 it is not to be trusted).
    """

    k: int
    candidates: list[KmeansCandidate]
    by_silhouette: int
    by_elbow: int
    stability: dict[str, Any] | None
    clusters: Kmeans


def kmeans_choice(
    x: Any,
    greatest_k: int = 10,
    *,
    least_k: int = 2,
    by: str = "silhouette",
    seed: int = 0,
    restarts: int = 10,
    weights: Any = None,
    ids: Any = None,
    threads: int = 1,
    progress: Any = None,
    **options: Any,
) -> KmeansChoice:
    """Chooses the number of clusters by "silhouette" or "elbow", from `least_k` to `greatest_k`, and fits it. Other keywords are
    the options of the algorithm "kmeans_choice": sample, stability_rounds (0: no stability), stability_share, and those of
    kmeans.
    """
    rows = matrix(x)
    call = {"weights": weights, "ids": ids, "threads": threads, "progress": progress}
    asked = {"least_k": least_k, "greatest_k": greatest_k, "by": by, "seed": seed, "restarts": restarts}
    model = fit("kmeans_choice", rows, **call, **asked, **options)
    info = model.info()
    candidates = [KmeansCandidate(one["k"], one["inertia"], one["silhouette"]) for one in info["candidates"]]
    clusters = _clusters(model, _whole(predict(model, rows, threads=threads, progress=progress)))
    return KmeansChoice(
        info["k"], candidates, info["by_silhouette"], info["by_elbow"], info.get("stability"), clusters
    )


@dataclass(frozen=True)
class Scaling:
    """Columns on a common scale: (x - centre) / spread. `scaled` holds the rows that it was learnt from."""

    scaled: Any
    centre: list[float]
    spread: list[float]
    model: Model

    def apply(self, x: Any, *, threads: int = 1) -> Any:
        """Rows on the common scale. NaN stays NaN."""
        return _table_of(self.model, x, "value", threads)

    def undo(self, x: Any, *, threads: int = 1) -> Any:
        """What scaled rows were."""
        return _table_of(self.model, x, "originals", threads)


def _table_of(model: Model, x: Any, answer: str, threads: int, progress: Any = None) -> Any:
    rows = matrix(x)
    place = empty(rows.shape[0], model.info()["answers"][answer])
    model.predict_into(rows, place, answer=answer, threads=threads, progress=progress)
    return told(place)


def scale(
    x: Any, method: str = "zscore", *, constant: str = "refuse", threads: int = 1, progress: Any = None, **options: Any
) -> Scaling:
    """Brings columns to a common scale: "zscore" (mean and sample standard deviation), "min_max" (least value and range),
    "robust" (median and interquartile range) or "none". `constant` says what becomes of a column without spread: "refuse",
    or "keep" (it becomes 0 throughout). NaN is a missing number.
    """
    rows = matrix(x)
    model = fit("scaling", rows, method=method, constant=constant, threads=threads, progress=progress, **options)
    info = model.info()
    return Scaling(_table_of(model, rows, "value", threads, progress), info["centre"], info["spread"], model)


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
    """Columns of integers, floats and lists of integers as a frame."""

    def __init__(self, **columns: array[Any] | tuple[array[int], array[int]]) -> None:
        self._columns = columns

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return _plain_stream(self._columns)


def _list_column(lists: Iterable[Iterable[int]]) -> tuple[array[int], array[int]]:
    starts, values = array("q", [0]), array("q")
    for one in lists:
        values.extend(one)
        starts.append(len(values))
    return starts, values


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


def _basket_stream(baskets: Iterable[Iterable[Any]], known: _Numbered | None = None) -> tuple[_Stream, _Numbered]:
    lists = [list(basket) for basket in baskets]
    items = known or _Numbered(item for basket in lists for item in basket)
    rows, numbers = array("q"), array("q")
    for row, basket in enumerate(lists):
        rows.extend([row] * max(len(basket), 1))
        numbers.extend([items.numbers[item] for item in basket] or [_MISSING])
    return _Stream(basket=rows, item=numbers), items


class _BasketBatches(_Passes):
    """Baskets in batches: frames, or lists of baskets, of which it is first read what items there are."""

    def __init__(self, source: Iterable[Any] | Callable[[], Iterable[Any]]) -> None:
        super().__init__(source)
        self.like = self.first  # the kind of frame that is given back
        self.items: _Numbered | None = None
        if not _is_frame(self.first):
            self.rewind()
            self.items = _Numbered(item for batch in iter(self.take, None) for basket in batch for item in basket)

    def next(self) -> Any:
        one = self.take()
        return one if one is None or self.items is None else _basket_stream(one, self.items)[0]


def _itemsets_of_batches(source: Any, basket: str, item: str, call: dict[str, Any], options: dict[str, Any]) -> Any:
    batches = _BasketBatches(source)
    if batches.items is None:
        names = {"basket": basket, "item": item}
        table = _emptor.compute_batches("itemsets", batches.rewind, batches.next, **names, **call, **options)
        return like(batches.like, table)
    options = batches.items.options(options)
    return _named(_emptor.compute_batches("itemsets", batches.rewind, batches.next, **call, **options), batches.items)


def _named(table: Any, items: _Numbered) -> list[Itemset]:
    found = _columns_of(table)
    rows = zip(found["items"], found["support"], found["share"])
    return [Itemset(items.named(numbers), support, share) for numbers, support, share in rows]


def itemsets(
    baskets: Any = None,
    *,
    min_support: float,
    batches: Any = None,
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

    Or `batches` gives the baskets, a part at a time, in memory of one: a list of frames or of lists of baskets, anything
    else that can be iterated again, or a function that returns an iterator; they are read once more than the longest set
    has items (of lists: twice more). A basket lies in one batch. The sets are the same however baskets are cut; kind
    and top need all at once.
    """
    if (baskets is None) == (batches is None):
        raise TypeError("itemsets() takes either baskets or batches")
    call = {"threads": threads, "progress": progress, **_support(min_support)}
    if batches is not None:
        return _itemsets_of_batches(batches, basket, item, call, options)
    if _is_frame(baskets) and not _is_one_hot(baskets):
        return like(baskets, compute("itemsets", baskets, basket=basket, item=item, **call, **options))
    stream, items = _basket_stream(_baskets_of_one_hot(baskets) if _is_one_hot(baskets) else baskets)
    return _named(compute("itemsets", stream, **call, **items.options(options)), items)


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
        return like(baskets, compute("rules", baskets, basket=basket, item=item, **call, **options))
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
        return like(histories, compute("sequences", histories, **names, **call, **options))
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


class Addition(NamedTuple):
    """An item that a basket lacks, the measure of the best rule that suggests it, that rule's left side, and its row in the
    rules that were given.
    """

    item: Any
    score: float
    left: tuple[Any, ...]
    row: int


@dataclass(frozen=True)
class RuleServer:
    """Rules laid out so that the best additions to a basket are found at once. Any number of threads may ask."""

    model: Model
    _items: _Numbered | None

    def additions(self, basket: Iterable[Any], count: int = 5) -> list[Addition]:
        """The `count` best items that the basket lacks, the best first: each by the best rule whose left side is in the
        basket. Items that no rule knows count for nothing.
        """
        items = list(basket)
        if self._items is not None:
            items = [self._items.numbers[item] for item in items if item in self._items.numbers]
        found = self.model.ask(basket=items, count=count)["additions"]
        named = self._items.items.__getitem__ if self._items is not None else lambda item: item
        return [
            Addition(
                named(one["item"]), one["score"], tuple(map(named, one["rule"]["left"])), one["rule"]["row"]
            )
            for one in found
        ]


def rule_server(rules: Any, *, order: str = "confidence", progress: Any = None) -> RuleServer:
    """What to add to a basket. `rules` is what rules() gave: a list of Rule or a frame; some of them will do, too. Those with
    one item on the right are served. `order` says which additions are best: "confidence", "lift" or "leverage".
    """
    call = {"order": order, "progress": progress}
    if _is_frame(rules):
        return RuleServer(fit_table("rule_server", rules, **call), None)
    given = list(rules)
    items = _Numbered(item for rule in given for side in (rule.left, rule.right) for item in side)
    stream = _Stream(
        left=_list_column([items.numbers[item] for item in rule.left] for rule in given),
        right=_list_column([items.numbers[item] for item in rule.right] for rule in given),
        both=array("q", (rule.both for rule in given)),
        left_count=array("q", (rule.left_count for rule in given)),
        right_count=array("q", (rule.right_count for rule in given)),
        support=array("d", (rule.support for rule in given)),
    )
    return RuleServer(fit_table("rule_server", stream, **call), items)


@dataclass(frozen=True)
class MarkovChain:
    """In which state comes next. `states` lists them; `initial` is the share of histories that begin in each, `steps` how
    often each step from one to another was counted, `log_likelihood` that of the histories' steps.
    """

    states: list[Any]
    initial: dict[Any, float]
    steps: dict[tuple[Any, Any], int]
    log_likelihood: float
    model: Model
    _numbers: dict[Any, int] | None

    @property
    def transitions(self) -> Any:
        """The probability of each step, from row to column, in the order of `states`: a NumPy array where there is NumPy,
        else lists. A state that was never left has a row of zeros.
        """
        return predict(self.model, [[float(i)] for i in range(len(self.states))], "probabilities")

    def next_of(self, state: Any, steps: int = 1) -> dict[Any, float]:
        """The states that may come `steps` steps after this one with their probabilities, the likeliest first."""
        return self._chances(self.model.ask(state=self._number(state), steps=steps)["next"])

    def until(self, state: Any) -> dict[Any, float]:
        """The expected number of steps from each state until this one; infinite where it may never be reached."""
        found = self.model.ask(until=self._number(state))["from"]
        return {self._named(one["state"]): math.inf if one["steps"] is None else one["steps"] for one in found}

    def stationary(self) -> dict[Any, float]:
        """Where the chain rests: the share of each state at last. Invalid where a state is never left."""
        return self._chances(self.model.ask(stationary=True)["stationary"])

    def log_probability(self, history: Iterable[Any]) -> float:
        """The logarithm of the probability of a history's steps; -inf where one never happened."""
        told = self.model.ask(history=[self._number(state) for state in history])["log_probability"]
        return -math.inf if told is None else told

    def _number(self, state: Any) -> Any:
        return state if self._numbers is None else self._numbers.get(state, -1)

    def _named(self, state: Any) -> Any:
        return state if self._numbers is None else self.states[state]

    def _chances(self, found: list[dict[str, Any]]) -> dict[Any, float]:
        return {self._named(one["state"]): one["probability"] for one in found}


def markov_chain(
    histories: Any,
    *,
    pseudo_count: float = 0.0,
    history: str = "history",
    state: str = "state",
    time: str = "",
    threads: int = 1,
    progress: Any = None,
) -> MarkovChain:
    """A Markov chain: which state comes after which.

    `histories` is a list of histories, each a list of states of any kind; or a frame with a row for each state, whose columns
    `history`, `state` and `time` name them (without a time rows are in their order). `pseudo_count` is added to every step
    that could be.
    """
    call = {"pseudo_count": pseudo_count, "threads": threads, "progress": progress}
    numbered = None
    if _is_frame(histories):
        names = {"history": history, "state": state, **({"time": time} if time else {})}
        model = fit_table("markov_chain", histories, **names, **call)
    else:
        lists = [list(one) for one in histories]
        numbered = _Numbered(one for states in lists for one in states)
        rows, numbers = array("q"), array("q")
        for row, states in enumerate(lists):
            rows.extend([row] * len(states))
            numbers.extend(numbered.numbers[one] for one in states)
        model = fit_table("markov_chain", _Stream(history=rows, state=numbers), **call)
    info = model.info()
    states = info["states"] if numbered is None else list(numbered.items)
    named = {one: one for one in states} if numbered is None else dict(enumerate(states))
    return MarkovChain(
        states,
        dict(zip(states, info["initial"])),
        {(named[one["from"]], named[one["to"]]): one["count"] for one in info["steps"]},
        info["log_likelihood"],
        model,
        None if numbered is None else numbered.numbers,
    )
