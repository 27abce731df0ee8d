#!/usr/bin/env python3
"""Itemsets and rules compared with mlxtend's on made baskets: fpgrowth (all), fpmax (maximal), association_rules (every
measure that both have). Its wheel carries no tests of its own, so its functions are the oracle.

    mlxtend_oracle.py [--rounds N]        needs emptor, mlxtend, pandas"""
import argparse
import math
import random
import sys

import emptor
import pandas
from mlxtend.frequent_patterns import association_rules, fpgrowth, fpmax

MEASURES = ("support", "confidence", "lift", "leverage", "conviction", "jaccard")


def made(chance):
    items, baskets = chance.randint(2, 9), chance.randint(1, 60)
    share = chance.choice([0.2, 0.5, 0.8])
    return pandas.DataFrame([[chance.random() < share for _ in range(items)] for _ in range(baskets)],
                            columns=[f"item {i}" for i in range(items)])


def sets_of(theirs, rows):
    return {frozenset(items): round(support * rows) for support, items in zip(theirs["support"], theirs["itemsets"])}


def same(a, b):
    return a == b or (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


def check_sets(frame, least, theirs, kind):
    ours = {frozenset(one.items): one.support for one in emptor.itemsets(frame, min_support=least, kind=kind)}
    assert ours == sets_of(theirs, len(frame)), (frame, least, kind)
    return len(ours)


def check_rules(frame, least, sets, confidence):
    theirs = association_rules(sets, metric="confidence", min_threshold=confidence) if len(sets) else pandas.DataFrame()
    ours = {(frozenset(one.left), frozenset(one.right)): one
            for one in emptor.rules(frame, min_support=least, min_confidence=confidence, max_right=0)}
    assert len(ours) == len(theirs), (len(ours), len(theirs))
    for _, rule in theirs.iterrows():
        one = ours[rule["antecedents"], rule["consequents"]]
        for measure in MEASURES:
            if measure == "conviction" and math.isnan(one.conviction):
                continue  # 0 / 0 for what is in every basket; mlxtend calls that infinite
            assert same(getattr(one, measure), rule[measure]), (measure, getattr(one, measure), rule[measure])
    return len(ours)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    rounds = parser.parse_args().rounds
    chance, sets, rules = random.Random(11), 0, 0
    for _ in range(rounds):
        frame = made(chance)
        least = chance.randint(1, max(1, len(frame) // 3))
        share = (least - 0.5) / len(frame)  # mlxtend's threshold is a share; half a basket keeps it off the edge
        theirs = fpgrowth(frame, min_support=share, use_colnames=True)
        sets += check_sets(frame, least, theirs, "all")
        sets += check_sets(frame, least, fpmax(frame, min_support=share, use_colnames=True), "maximal")
        rules += check_rules(frame, least, theirs, chance.choice([0.3, 0.65, 0.9]) + 1e-6)
    print(f"mlxtend: {rounds} tables, {sets} sets and {rules} rules, all the same")
    return 0


if __name__ == "__main__":
    sys.exit(main())
