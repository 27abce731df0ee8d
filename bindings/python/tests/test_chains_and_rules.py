"""Models of tables: Markov chains and rule servers, of lists and of frames."""

import math
import pickle
import random

import emptor
import pytest

VISITS = [["home", "tea", "basket", "tea", "pay"], ["home", "pay"], ["tea", "basket"]]
BASKETS = [["tea", "milk"], ["tea"], ["tea", "milk", "egg"], ["milk", "egg"], ["tea", "egg"]]


def test_a_chain_counts_steps_and_tells_what_comes_next():
    chain = emptor.markov_chain(VISITS)
    assert chain.states == ["basket", "home", "pay", "tea"]
    assert chain.steps == {
        ("home", "tea"): 1,
        ("home", "pay"): 1,
        ("tea", "basket"): 2,
        ("tea", "pay"): 1,
        ("basket", "tea"): 1,
    }
    assert chain.initial == {"basket": 0.0, "home": pytest.approx(2 / 3), "pay": 0.0, "tea": pytest.approx(1 / 3)}
    assert chain.next_of("tea") == {"basket": pytest.approx(2 / 3), "pay": pytest.approx(1 / 3)}
    assert next(iter(chain.next_of("tea", 2))) == "tea"
    assert chain.next_of("pay") == {}
    assert [list(row) for row in chain.transitions] == [
        [0, 0, 0, 1],
        [0, 0, 0.5, 0.5],
        [0, 0, 0, 0],
        [pytest.approx(2 / 3), 0, pytest.approx(1 / 3), 0],
    ]
    assert chain.until("pay")["tea"] == pytest.approx(5) and chain.until("home")["pay"] == math.inf
    assert chain.log_probability(["home", "tea", "basket"]) == pytest.approx(math.log(0.5 * 2 / 3))
    assert chain.log_probability(["pay", "home"]) == -math.inf
    with pytest.raises(emptor.Invalid):
        chain.stationary()  # pay is never left


def test_a_chain_forecasts_as_its_matrix_multiplied():
    chance = random.Random(3)
    walks = [[chance.choice("abc") for _ in range(40)] for _ in range(30)]
    chain = emptor.markov_chain(walks, pseudo_count=0.5, threads=2)
    table = [list(map(float, row)) for row in chain.transitions]
    now = [1.0, 0.0, 0.0]
    for _ in range(4):
        now = [sum(now[i] * table[i][j] for i in range(3)) for j in range(3)]
    told = chain.next_of("a", 4)
    assert [told[state] for state in "abc"] == pytest.approx(now)
    rest = chain.stationary()
    assert [rest[state] for state in "abc"] == pytest.approx(
        [sum(rest[i] * table["abc".index(i)][j] for i in "abc") for j in range(3)]
    )


def test_states_may_be_anything_and_a_pickle_keeps_their_names():
    chain = emptor.markov_chain([[(1, 2), None, (1, 2)], [None, "x"]])
    again = pickle.loads(pickle.dumps(chain))
    assert again.next_of((1, 2)) == chain.next_of((1, 2)) == {None: 1.0}


def test_what_is_no_chain_is_told_by_name():
    chain = emptor.markov_chain(VISITS)
    with pytest.raises(emptor.Invalid) as told:
        chain.next_of("nowhere")
    assert told.value.field == "state"
    with pytest.raises(emptor.Invalid) as told:
        chain.next_of("tea", -1)
    assert told.value.field == "steps"
    with pytest.raises(emptor.Budget):
        chain.next_of("tea", 4_000_000_000)
    with pytest.raises(emptor.Invalid):
        chain.log_probability([])
    with pytest.raises(emptor.Invalid):
        emptor.markov_chain([])
    with pytest.raises(emptor.Invalid) as told:
        emptor.markov_chain(VISITS, pseudo_count=-1)
    assert told.value.field == "pseudo_count"
    with pytest.raises(emptor.Invalid):
        chain.model.ask()
    with pytest.raises(emptor.Unsupported):
        chain.model.text()
    with pytest.raises(emptor.Unsupported):
        emptor.fit("kmeans", [[0.0], [1.0]], k=1).ask(state=1)


def best_additions(rules, basket, count):
    """What the server must find: every rule looked at."""
    best = {}
    for row, rule in enumerate(rules):
        if len(rule.right) != 1 or not set(rule.left) <= set(basket) or rule.right[0] in basket:
            continue
        item = rule.right[0]
        key = (-rule.confidence, -rule.both, row)
        if item not in best or key < best[item][0]:
            best[item] = (key, rule)
    order = sorted(best, key=lambda item: (best[item][0][0], item))[:count]
    return [(item, best[item][1].confidence) for item in order]


def test_a_server_finds_the_additions_that_looking_at_every_rule_finds():
    chance = random.Random(11)
    for round_number in range(40):
        items = "abcdefgh"[: 3 + round_number % 6]
        baskets = [[item for item in items if chance.random() < 0.5] for _ in range(20)]
        rules = emptor.rules(baskets, min_support=2, max_right=2)
        server = emptor.rule_server(rules)
        for _ in range(5):
            basket = [item for item in items if chance.random() < 0.4]
            found = server.additions(basket, 3)
            assert [(one.item, one.score) for one in found] == best_additions(rules, basket, 3)
            for one in found:
                assert rules[one.row].right == (one.item,) and rules[one.row].left == one.left


def test_a_server_of_some_of_the_rules_and_by_another_measure():
    rules = emptor.rules(BASKETS, min_support=1)
    by_lift = emptor.rule_server([rule for rule in rules if rule.lift > 1], order="lift")
    for one in by_lift.additions(["milk"]):
        assert one.score > 1
    server = emptor.rule_server(rules)
    assert server.additions(["coffee"]) == [] and server.additions(["milk"], 0) == []
    assert [one.item for one in server.additions(["milk"], 1)] == ["egg"]
    assert emptor.rule_server([]).additions(["tea"]) == []
    again = pickle.loads(pickle.dumps(server))
    assert again.additions(["milk"]) == server.additions(["milk"])
    with pytest.raises(emptor.Invalid) as told:
        emptor.rule_server(rules, order="price")
    assert told.value.field == "order"
    with pytest.raises(emptor.Invalid) as told:
        emptor.rule_server([rules[0]._replace(both=0)])
    assert told.value.field == "both"
    with pytest.raises(emptor.Invalid):
        emptor.rule_server([rules[0]._replace(left_count=1, both=2)])
    with pytest.raises(emptor.Invalid):
        server.additions(["milk"], -1)


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_frames_keep_the_names_of_states_and_items(library):
    frames = pytest.importorskip(library, reason=f"{library} is not installed")
    if library == "pandas":
        pytest.importorskip("pyarrow", reason="pandas needs PyArrow for Arrow")
    make = frames.table if library == "pyarrow" else frames.DataFrame
    visits = make({"who": [7, 7, 8, 7], "page": ["home", "pay", "home", "tea"], "at": [1, 3, 1, 2]})
    chain = emptor.markov_chain(visits, history="who", state="page", time="at")
    assert chain.steps == {("home", "tea"): 1, ("tea", "pay"): 1}
    assert emptor.Model.load(chain.model.save()).ask(state="home")["next"][0]["state"] == "tea"
    baskets = make({"basket": [1, 1, 2, 3, 3, 3], "item": ["tea", "milk", "tea", "tea", "milk", "egg"]})
    server = emptor.rule_server(emptor.rules(baskets, min_support=1))
    best = server.additions(["milk"], 1)[0]
    assert (best.item, best.score, best.left) == ("tea", 1.0, ("milk",))
    with pytest.raises(emptor.NotFound) as told:
        emptor.rule_server(baskets)
    assert told.value.field == "left"
    with pytest.raises(emptor.NotFound):
        emptor.markov_chain(visits)
