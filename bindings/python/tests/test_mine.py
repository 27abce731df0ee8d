"""Miners on plain data: lists need nothing but the wheel; arrays and frames are tested where their libraries are."""

import array
import contextlib
import itertools
import math
import pickle
import random
import signal
import subprocess
import sys
import time

import emptor
import pytest

BASKETS = [["tea", "milk"], ["tea"], ["milk", "tea", "tea"], []]


def points(count=300, seed=3):
    """Three groups of rows around three centres, and which one each is of."""
    chance = random.Random(seed)
    rows = [[chance.gauss(8.0 * (i % 3), 1.0), chance.gauss(-5.0 * (i % 3), 1.0)] for i in range(count)]
    return rows, [float(i % 3) for i in range(count)]


def counted(baskets, support):
    """Frequent sets by looking at every subset: what a miner must find."""
    items = sorted({item for basket in baskets for item in basket})
    found = {}
    for size in range(1, len(items) + 1):
        for items_of in itertools.combinations(items, size):
            count = sum(set(items_of) <= set(basket) for basket in baskets)
            if count >= support:
                found[items_of] = count
    return found


def test_itemsets_of_lists_are_those_that_can_be_counted():
    chance = random.Random(5)
    for round_number in range(200):
        items = "abcdefgh"[: 1 + round_number % 8]
        baskets = [[item for item in items if chance.random() < 0.5] for _ in range(round_number % 13)]
        support = 1 + round_number % 3
        found = emptor.itemsets(baskets, min_support=support)
        assert {one.items: one.support for one in found} == counted(baskets, support)


def test_a_share_is_a_share_of_all_baskets_and_a_count_a_count():
    assert [one.items for one in emptor.itemsets(BASKETS, min_support=0.5)] == [("milk",), ("tea",), ("milk", "tea")]
    assert emptor.itemsets(BASKETS, min_support=0.75) == [emptor.Itemset(("tea",), 3, 0.75)]
    # 7 % of 100 is 7, although .07 * 100 is above 7 in binary.
    assert len(emptor.itemsets([["a"]] * 7 + [[]] * 93, min_support=0.07)) == 1
    assert emptor.itemsets([], min_support=1) == []


def test_items_may_be_anything_that_can_be_a_key():
    found = emptor.itemsets([[1, "a", (2, 3)], {(2, 3), 1}], min_support=2)
    assert {frozenset(one.items) for one in found} == {frozenset([1]), frozenset([(2, 3)]), frozenset([1, (2, 3)])}


def test_itemsets_closed_maximal_and_by_item():
    assert [one.items for one in emptor.itemsets(BASKETS, min_support=2, kind="closed")] == [("tea",), ("milk", "tea")]
    assert [one.items for one in emptor.itemsets(BASKETS, min_support=2, kind="maximal")] == [("milk", "tea")]
    assert [one.items for one in emptor.itemsets(BASKETS, min_support=1, without_items=["tea", "coffee"])] == [("milk",)]
    assert emptor.itemsets(BASKETS, min_support=1, all_of=["coffee"]) == []


def test_rules_tell_who_has_this_has_that():
    best, other = emptor.rules(BASKETS, min_support=2, min_confidence=0.6)
    assert (best.left, best.right, best.both, best.confidence) == (("milk",), ("tea",), 2, 1.0)
    assert best.lift == pytest.approx(4 / 3)
    assert math.isinf(best.conviction)
    assert other.confidence == pytest.approx(2 / 3)
    assert emptor.rules(BASKETS, min_support=2, right_only=["milk"])[0].right == ("milk",)


def test_sequences_of_lists():
    histories = [["a", ["b", "c"], "d"], ["a", "d"], [("c", "b"), "d"]]
    found = {one.elements: one.support for one in emptor.sequences(histories, min_support=2)}
    assert found[(("a",), ("d",))] == 2
    assert found[(("b", "c"), ("d",))] == 2
    assert found[(("d",),)] == 3
    assert (("a",), ("b",)) not in found
    assert {one.elements for one in emptor.sequences(histories, min_support=1.0)} == {(("d",),)}


def test_kmeans_of_lists_finds_the_groups_whatever_the_threads():
    rows, kinds = points()
    one = emptor.kmeans(rows, 3, seed=1)
    assert sorted(one.sizes) == [100, 100, 100]
    assert len({(label, kind) for label, kind in zip(one.labels, kinds)}) == 3
    two = emptor.kmeans(rows, 3, seed=1, threads=2)
    assert two.model.save() == one.model.save()
    distance = sum((a - b) ** 2 for row, label in zip(rows, one.labels) for a, b in zip(row, one.centres[label]))
    assert one.inertia == pytest.approx(distance, rel=1e-12)
    assert list(one.predict(rows[:5])) == list(one.labels[:5])


def test_every_algorithm_is_listed_with_its_options_and_fits():
    rows, kinds = points()
    options = {
        "gradient_boosting": {"loss": "softmax", "rounds": 5},
        "random_forest": {"trees": 5},
        "kmeans_choice": {"greatest_k": 3, "stability_rounds": 2},
        "scorecard": {"least_events": 0, "ridge": 1},  # the groups lie apart: bins are pure
    }
    listed = [one for one in emptor.operations() if one["input"] == "matrix"]
    assert {one["name"] for one in listed} >= {"kmeans", "decision_tree", "logistic", "naive_bayes", "isolation_forest"}
    for one in listed:
        two = one["name"] in ("scorecard", "blended_boosting")
        targets = [min(kind, 1.0) for kind in kinds] if two else kinds
        model = emptor.fit(one["name"], rows, targets, **options.get(one["name"], {}))
        info = model.info()
        assert info["features"] == 2
        again = pickle.loads(pickle.dumps(model))
        for answer, width in info["answers"].items():
            told = emptor.predict(model, rows, answer)
            assert len(told) == len(rows), (one["name"], answer, width)
            assert list(map(str, told)) == list(map(str, emptor.predict(again, rows, answer)))


def test_a_row_is_explained():
    rows, kinds = points()
    model = emptor.fit("decision_tree", rows, kinds)
    place = memoryview(array.array("d", rows[0])).cast("B").cast("d", (1, 2))
    why = model.explain(place)
    assert why["value"] == 0
    assert why["base"] + sum(one["contribution"] for one in why["reasons"]) == pytest.approx(why["score"])


def test_trees_are_written_for_others_to_read():
    rows, kinds = points()
    model = emptor.fit("decision_tree", rows, kinds, max_depth=2)
    words = model.text(features=["east", "north"], outputs=["a", "b", "c"])
    assert words.count("\n") == model.info()["leaves"] and words.startswith("if east ")
    assert model.text("dot").startswith("digraph tree {")
    assert b"TreeEnsembleClassifier" in model.onnx()
    with pytest.raises(emptor.Invalid) as told:
        model.text("latin")
    assert told.value.field == "format"
    with pytest.raises(emptor.Invalid) as told:
        model.text("sql", features=["east"])
    assert told.value.field == "features"
    with pytest.raises(emptor.Invalid):
        model.text("onnx")
    with pytest.raises(emptor.Unsupported):
        emptor.fit("logistic", rows, kinds).text()


def test_sql_of_a_model_scores_rows_as_it_does_itself():
    sqlite3 = pytest.importorskip("sqlite3", reason="this Python has no sqlite3")
    rows, kinds = points()
    model = emptor.fit("random_forest", rows, kinds, trees=5)
    scores = emptor.predict(model, rows, "scores")
    expressions = model.text("sql", features=["east", "north"]).replace("\n  + ", " + ").splitlines()
    with contextlib.closing(sqlite3.connect(":memory:")) as base:
        base.execute("create table point (east real, north real)")
        base.executemany("insert into point values (?, ?)", rows)
        found = base.execute(f"select {', '.join(expressions)} from point order by rowid").fetchall()
    for told, own in zip(found, scores, strict=True):
        assert list(told) == pytest.approx(list(own), abs=1e-12)


def test_what_is_wrong_is_told_by_name():
    rows, kinds = points(30)
    with pytest.raises(emptor.Invalid) as told:
        emptor.kmeans(rows, 31)
    assert told.value.field == "k"
    with pytest.raises(emptor.Invalid) as told:
        emptor.fit("logistic", rows, kinds, ridges=1)
    assert told.value.field == "ridges"
    with pytest.raises(emptor.NotFound):
        emptor.fit("no_such", rows, kinds)
    with pytest.raises(emptor.Invalid) as told:
        emptor.fit("logistic", rows, kinds[:-1])
    assert told.value.field == "y"
    with pytest.raises(emptor.Invalid):
        emptor.kmeans([[1.0, math.nan], [0.0, 1.0]], 1)
    with pytest.raises((ValueError, TypeError)):
        emptor.kmeans([[1.0, 2.0], [0.0]], 1)
    with pytest.raises(emptor.Corrupt):
        emptor.Model.load(b"no model")
    with pytest.raises(emptor.Invalid):
        emptor.itemsets(BASKETS, min_support=0)
    with pytest.raises(emptor.Budget):
        emptor.kmeans(rows, 3, memory_bytes=1)


def test_columns_are_scaled_and_back():
    rows, _ = points()
    scaling = emptor.scale(rows)
    for column in range(2):
        numbers = [row[column] for row in rows]
        mean = math.fsum(numbers) / len(numbers)
        spread = math.sqrt(math.fsum((one - mean) ** 2 for one in numbers) / (len(numbers) - 1))
        assert scaling.centre[column] == pytest.approx(mean)
        assert scaling.spread[column] == pytest.approx(spread)
        assert [row[column] for row in scaling.scaled] == pytest.approx([(one - mean) / spread for one in numbers])
    assert [list(row) for row in scaling.undo(scaling.scaled)] == [pytest.approx(row) for row in rows]
    assert list(map(list, scaling.apply(rows[:3]))) == list(map(list, scaling.scaled[:3]))
    assert emptor.scale([[1.0], [3.0], [5.0]], "min_max").scaled[1][0] == 0.5
    assert emptor.scale([[2.0], [2.0]], constant="keep").scaled[0][0] == 0
    again = pickle.loads(pickle.dumps(scaling))
    assert list(map(list, again.apply(rows[:3]))) == list(map(list, scaling.scaled[:3]))
    with pytest.raises(emptor.Invalid):
        emptor.scale([[2.0], [2.0]])
    with pytest.raises(emptor.Invalid) as told:
        emptor.scale(rows, "log")
    assert told.value.field == "method"
    with pytest.raises(emptor.Invalid):
        scaling.apply([[1.0]])


def test_the_number_of_clusters_is_chosen():
    rows, _ = points()
    choice = emptor.kmeans_choice(rows, 6, seed=1, stability_rounds=5)
    assert (choice.k, choice.by_silhouette, choice.by_elbow) == (3, 3, 3)
    assert [one.k for one in choice.candidates] == [2, 3, 4, 5, 6]
    assert max(choice.candidates, key=lambda one: one.silhouette).k == 3
    assert choice.stability["mean_rand_index"] > 0.95 and min(choice.stability["cluster_overlap"]) > 0.85
    same = emptor.kmeans(rows, 3, seed=1)
    assert list(choice.clusters.labels) == list(same.labels) and choice.clusters.inertia == same.inertia
    assert emptor.kmeans_choice(rows, 4, by="elbow", stability_rounds=0).stability is None
    with pytest.raises(emptor.Invalid) as told:
        emptor.kmeans_choice(rows, 1)
    assert told.value.field == "greatest_k"


def test_batches_give_the_model_of_all_rows_at_once():
    rows, kinds = points()
    batches = [(rows[at : at + 70], kinds[at : at + 70]) for at in range(0, 300, 70)]
    passes = []

    def once_more():
        passes.append(1)
        yield from batches

    whole = emptor.kmeans(rows, 3, seed=1)
    told = emptor.kmeans(k=3, seed=1, batches=once_more, threads=2)
    assert told.labels is None and told.inertia == whole.inertia and len(passes) > 1
    assert told.model.save() == whole.model.save()
    assert emptor.kmeans(k=3, seed=1, batches=[x for x, _ in batches]).model.save() == whole.model.save()
    assert emptor.fit_batches("logistic", batches).save() == emptor.fit("logistic", rows, kinds).save()
    weights = [1.0 + i % 2 for i in range(300)]
    weighted = [(rows[at : at + 70], None, weights[at : at + 70]) for at in range(0, 300, 70)]
    same = emptor.kmeans(rows, 3, seed=1, weights=weights)
    assert emptor.kmeans(k=3, seed=1, batches=weighted).model.save() == same.model.save()
    stream = emptor.fit_batches("mini_batch_kmeans", iter(batches), k=3)
    assert sorted(stream.info()["sizes"]) == [100, 100, 100]


def test_baskets_in_batches_give_the_sets_of_all_at_once():
    baskets = [[item for item in "abcdefg" if (row * 7 + ord(item) * row) % 11 < 5] for row in range(120)]
    whole = emptor.itemsets(baskets, min_support=5)
    assert len(whole) > 20
    for each in (1, 13, 120):
        parts = [baskets[at : at + each] for at in range(0, 120, each)]
        assert emptor.itemsets(batches=parts, min_support=5) == whole
        assert emptor.itemsets(batches=lambda: iter(parts), min_support=5, threads=2) == whole
    some = emptor.itemsets(baskets, min_support=0.1, all_of=["b"], max_length=2)
    assert emptor.itemsets(batches=[baskets[:50], baskets[50:]], min_support=0.1, all_of=["b"], max_length=2) == some
    mixed = [[(1, "x"), None], [None]]  # items of any kind
    assert emptor.itemsets(batches=[mixed, mixed], min_support=4)[0].items == (None,)
    with pytest.raises(emptor.Unsupported):
        emptor.itemsets(batches=[baskets], min_support=5, kind="closed")
    with pytest.raises(ValueError, match="more than once"):
        emptor.itemsets(batches=iter([baskets]), min_support=5)
    with pytest.raises(ValueError, match="no batches"):
        emptor.itemsets(batches=[], min_support=5)
    with pytest.raises(TypeError):
        emptor.itemsets(baskets, batches=[baskets], min_support=5)
    with pytest.raises(TypeError):
        emptor.itemsets(min_support=5)

    def failing():
        yield baskets
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        emptor.itemsets(batches=failing, min_support=5)


def test_frames_of_baskets_in_batches():
    pyarrow = pytest.importorskip("pyarrow")
    rows = [(f"b{row}", item) for row in range(60) for item in ("tea", "milk", "egg") if (row * 5 + len(item)) % 3]
    frame = pyarrow.table({"basket": [row[0] for row in rows], "item": [row[1] for row in rows]})
    cut = next(at for at in range(50, len(rows)) if rows[at][0] != rows[at - 1][0])
    whole = emptor.itemsets(frame, min_support=3)
    parts = emptor.itemsets(batches=[frame.slice(0, cut), frame.slice(cut)], min_support=3)
    assert isinstance(parts, pyarrow.Table) and parts.equals(whole)


def test_batches_that_are_none_are_told_as_they_were_raised():
    rows, kinds = points(30)

    def failing():
        yield rows
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        emptor.kmeans(k=2, batches=failing)
    with pytest.raises(ValueError, match="more than once"):
        emptor.kmeans(k=2, batches=iter([rows]))
    with pytest.raises(ValueError, match="no batches"):
        emptor.kmeans(k=2, batches=[])
    with pytest.raises(emptor.Invalid) as told:
        emptor.kmeans(k=2, batches=[rows, [[1.0]]])
    assert told.value.field == "x"
    with pytest.raises(emptor.Invalid) as told:
        emptor.fit_batches("logistic", [(rows, kinds[:-1])])
    assert told.value.field == "y"
    with pytest.raises(ValueError, match="a batch is x"):
        emptor.fit_batches("logistic", [(rows, kinds, None, None, 7)])
    with pytest.raises(emptor.Unsupported):
        emptor.fit_batches("decision_tree", [(rows, kinds)])
    with pytest.raises(emptor.NotFound):
        emptor.fit_batches("no_such", [(rows, kinds)])
    with pytest.raises(TypeError):
        emptor.kmeans(rows, 2, batches=[rows])
    with pytest.raises(TypeError):
        emptor.kmeans(k=2)
    with pytest.raises(emptor.Cancelled):
        emptor.kmeans(k=2, batches=[rows], progress=lambda *_: False)


def test_progress_is_asked_and_can_stop_a_fit():
    rows, kinds = points(3000)
    heard = []
    emptor.fit("random_forest", rows, kinds, progress=lambda *told: heard.append(told))
    assert heard and all(isinstance(stage, str) for stage, _, _ in heard)
    with pytest.raises(emptor.Cancelled):
        emptor.fit("random_forest", rows, kinds, progress=lambda *_: False)
    with pytest.raises(ZeroDivisionError):
        emptor.fit("random_forest", rows, kinds, progress=lambda *_: 1 / 0)


FITTING = """
import time, emptor
baskets = [[i for i in range(60) if (i * j) % 7 != 3] for j in range(200)]
print("mining", flush=True)
try:
    emptor.itemsets(baskets, min_support=1, max_sets=2_000_000_000, memory_bytes=1 << 30)
    print("ended", flush=True)
except KeyboardInterrupt:
    print(time.monotonic(), flush=True)
"""


def test_ctrl_c_ends_a_long_search():
    with subprocess.Popen([sys.executable, "-c", FITTING], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "mining\n"
        time.sleep(0.4)
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert float(process.stdout.readline()) - pressed < 1.0
    assert process.returncode == 0


def test_arrays_are_read_where_they_lie():
    numpy = pytest.importorskip("numpy", reason="NumPy is not installed")
    rows, _ = points()
    x = numpy.array(rows)
    expected = emptor.kmeans(x, 3, seed=1).model.save()
    assert emptor.kmeans(numpy.asfortranarray(x), 3, seed=1).model.save() == expected
    wide = numpy.zeros((300, 5))
    wide[:, 1::2] = x
    assert emptor.kmeans(wide[:, 1::2], 3, seed=1).model.save() == expected
    backwards = numpy.ascontiguousarray(x[:, ::-1])[:, ::-1]
    assert emptor.kmeans(backwards, 3, seed=1).model.save() == expected
    x.flags.writeable = False
    fitted = emptor.kmeans(x, 3, seed=1)
    assert isinstance(fitted.labels, numpy.ndarray) and fitted.labels.dtype == numpy.int64
    assert fitted.centres.shape == (3, 2)
    single = emptor.kmeans(x.astype(numpy.float32), 3, seed=1)
    assert single.inertia == pytest.approx(fitted.inertia, rel=1e-5)
    shuffled = numpy.random.default_rng(1).permutation(300)
    ids = numpy.arange(300)
    assert emptor.kmeans(x[shuffled], 3, seed=1, ids=ids[shuffled]).model.save() == expected


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_frames_come_in_and_go_out(library):
    frames = pytest.importorskip(library, reason=f"{library} is not installed")
    if library == "pandas":
        pytest.importorskip("pyarrow", reason="pandas needs PyArrow for Arrow")
    make = frames.table if library == "pyarrow" else frames.DataFrame
    baskets = make({"who": [1, 1, 2, 3, 3], "what": ["tea", "milk", "tea", "milk", "tea"]})
    found = emptor.itemsets(baskets, min_support=2, basket="who", item="what")
    assert type(found) is type(baskets)
    items = found["items"].to_pylist() if library == "pyarrow" else [list(one) for one in found["items"]]
    assert items == [["milk"], ["tea"], ["milk", "tea"]]
    rules = emptor.rules(baskets, min_support=2, basket="who", item="what")
    assert type(rules) is type(baskets) and "fisher" in getattr(rules, "column_names", rules.columns)
    patterns = emptor.sequences(baskets, min_support=2, history="who", item="what")
    assert len(patterns) == 2
    rows, _ = points()
    x = make({"a": [row[0] for row in rows], "b": [row[1] for row in rows]})
    assert emptor.kmeans(x, 3, seed=1).model.save() == emptor.kmeans(rows, 3, seed=1).model.save()


def test_tables_of_truths_are_baskets():
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.DataFrame({"tea": [True, True, False], "milk": [True, False, True]})
    assert {one.items: one.support for one in emptor.itemsets(frame, min_support=1)} == {
        ("milk",): 2,
        ("tea",): 2,
        ("milk", "tea"): 1,
    }
    assert {one.items for one in emptor.itemsets(frame.to_numpy(), min_support=1)} == {(0,), (1,), (0, 1)}
