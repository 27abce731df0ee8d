#!/usr/bin/env python3
"""Whether what the generator planted is found again by tools that do not know it.

    generator_recovery.py EMPTOR [--customers 20000] [--seeds 1 2 3]

EMPTOR is the program `emptor`. Needs numpy, scipy and pandas. For every seed:
 1. buyers alone (no flaws, season, causes, campaigns): Pareto/NBD by its likelihood (Fader and Hardie's note of
    2005, with scipy.special.hyp2f1) and Gamma-Gamma (Fader and Hardie 2013), fitted by SciPy; planted value,
    estimate, standard error of the observed information and z;
 2. the same with the season, in the season's time as truth/season.csv tells it;
 3. everything but flaws: planted lifts, sequences, effects of campaigns, win rates, answers and late deliveries
    against plain counts.
Ends with 1 unless every |z| of 1 and 2 is below 3 and every |z| of 3 below 4 (there are some forty a seed).
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import gammaln, hyp2f1

ALONE = ["--no-flaws", "--no-season", "--no-causes", "--no-campaigns", "--no-front-office"]
worst = {"fit": 0.0, "count": 0.0}


def tell(kind, what, planted, found, error):
    z = (found - planted) / error
    worst[kind] = max(worst[kind], abs(z))
    print(f"  {what:44} planted {planted:11.6g}  found {found:11.6g}  +- {error:9.3g}  z {z:6.2f}")


def made(emptor, folder, customers, seed, *flags):
    subprocess.run([emptor, "generate", folder, "--customers", str(customers), "--seed", str(seed), *flags],
                   check=True, stdout=subprocess.DEVNULL)
    return json.loads(pathlib.Path(folder, "truth.json").read_text(encoding="utf-8"))


def read(folder, name):
    return pd.read_csv(pathlib.Path(folder, name), dtype=str, keep_default_na=False)


def orders_of(folder):
    """Sales only: buyer, time in days since the start, and what they came to."""
    lines = read(folder, "order_lines.csv")
    lines = lines[~lines.order_number.str.startswith("C")]
    amount = lines.quantity.astype(float) * lines.unit_price.astype(float)
    orders = lines.assign(amount=amount).groupby("order_number", sort=False).agg(
        customer=("customer_id", "first"), time=("order_date", "first"), amount=("amount", "sum"))
    orders["time"] = pd.to_datetime(orders.time)
    return orders


def in_calendar(times, truth):
    return (times - pd.Timestamp(truth["options"]["start"])) / pd.Timedelta(days=1)


def in_season(times, folder):
    """The shop is open from 8 to 22; a day's units pass evenly in that time."""
    season = read(folder, "truth/season.csv")
    until = season.units_until_its_end.astype(float).to_numpy()
    day = (times.dt.normalize() - pd.Timestamp(season.date[0])).dt.days.to_numpy()
    share = ((times.dt.hour * 60 + times.dt.minute - 8 * 60) / (14 * 60)).to_numpy()
    before = np.where(day > 0, until[day - 1], 0)
    return before + share * (until[day] - before)


def summary(orders, days, whole):
    """Repeats, recency and age in weeks, mean spend and number of orders by customer."""
    frame = orders.assign(at=days).groupby("customer").agg(
        first=("at", "min"), last=("at", "max"), n=("at", "size"), spend=("amount", "mean"))
    return (frame.n.to_numpy() - 1, (frame["last"] - frame["first"]).to_numpy() / 7,
            (whole - frame["first"]).to_numpy() / 7, frame.n.to_numpy(), frame.spend.to_numpy())


def pareto_nbd(theta, x, tx, t):
    """Minus the log-likelihood; theta has the logarithms of r, alpha, s, beta."""
    r, alpha, s, beta = np.exp(theta)
    n = r + s + x
    high = max(alpha, beta)
    second = s + 1 if alpha >= beta else r + x
    gap = abs(alpha - beta)

    def part(time):
        return np.log(hyp2f1(n, second, n + 1, gap / (high + time))) - n * np.log(high + time)

    early, late = part(tx), part(t)
    a0 = early + np.log1p(-np.minimum(np.exp(late - early), 1))
    alive = -(r + x) * np.log(alpha + t) - s * np.log(beta + t)
    mixed = np.logaddexp(alive, np.log(s / n) + a0)
    return -np.sum(gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + mixed)


def gamma_gamma(theta, n, m):
    p, q, g = np.exp(theta)
    return -np.sum(gammaln(p * n + q) - gammaln(p * n) - gammaln(q) + q * np.log(g) + (p * n - 1) * np.log(m)
                   + p * n * np.log(n) - (p * n + q) * np.log(g + n * m))


def information(f, at, step=1e-3):
    k = len(at)
    h = np.zeros((k, k))
    for i in range(k):
        for j in range(i, k):
            e, d = np.eye(k)[i] * step, np.eye(k)[j] * step
            h[i, j] = h[j, i] = (f(at + e + d) - f(at + e - d) - f(at - e + d) + f(at - e - d)) / (4 * step * step)
    return h


def fit(f, names, truth, begin):
    found = minimize(f, np.log(begin), method="L-BFGS-B", options={"ftol": 1e-12, "gtol": 1e-4})
    found = minimize(f, found.x, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-6})
    errors = np.sqrt(np.diag(np.linalg.inv(information(f, found.x))))
    for name, value, error in zip(names, np.exp(found.x), errors):
        tell("fit", name, truth["buyer_model"][name], value, value * error)


def check_buyers(folder, truth, days, orders):
    x, tx, t, n, spend = summary(orders, days, truth["options"]["days"])
    print(f"  {len(x)} buyers, {x.sum()} repeats")
    fit(lambda theta: pareto_nbd(theta, x, tx, t), ["r", "alpha", "s", "beta"], truth, [1, 10, 1, 10])
    fit(lambda theta: gamma_gamma(theta, n, spend), ["p", "q", "gamma"], truth, [3, 3, 30])


def tell_share(what, planted, hits, of):
    tell("count", what, planted, hits / of, np.sqrt(planted * (1 - planted) / of))


def check_affinities(folder, truth):
    lines = read(folder, "order_lines.csv")
    lines = lines[~lines.order_number.str.startswith("C")]
    baskets = lines.groupby("product_id").order_number.agg(set)
    everything = lines.order_number.nunique()
    for planted in truth["affinities"]["sets"]:
        sets = [baskets.get(sku, set()) for sku in planted["products"]]
        together = len(set.intersection(*sets))
        lift = together / everything / np.prod([len(s) / everything for s in sets])
        # Delta method: the counts of the items and of all together are nearly Poisson and independent.
        error = lift * np.sqrt(1 / max(together, 1) + sum(1 / len(s) for s in sets))
        tell("count", "lift of " + " ".join(planted["products"]), planted["lift"], lift, error)
        tell_share("support of " + " ".join(planted["products"]), planted["support"], together, everything)
    sales = lines.groupby("order_number", sort=False).agg(
        customer=("customer_id", "first"), time=("order_date", "first"), products=("product_id", set))
    sales["time"] = pd.to_datetime(sales.time)
    sales = sales.sort_values(["customer", "time"], kind="stable")
    for planted in truth["affinities"]["sequences"]:
        # A campaign's order counts like any other: it is the next one.
        here = sales.products.map(lambda p: planted["first"] in p).to_numpy()[:-1]
        there = sales.products.map(lambda p: planted["second"] in p).to_numpy()[1:]
        same = sales.customer.to_numpy()[:-1] == sales.customer.to_numpy()[1:]
        soon = np.diff(sales.time.to_numpy()) <= np.timedelta64(planted["weeks"] * 7, "D")
        cases = here & same & soon
        tell_share(f"{planted['first']} then {planted['second']} in {planted['weeks']} weeks", planted["probability"],
                   (cases & there).sum(), cases.sum())


def check_campaigns(folder, truth):
    members = read(folder, "memberships.csv")
    converted = members.converted_at != ""
    held = members.held_out == "true"
    for wave in truth["campaigns"]["waves"]:
        mine = members.campaign_id == wave["campaign_id"]
        reached, alone = converted[mine & ~held], converted[mine & held]
        error = np.sqrt(sum(max(a.mean() * (1 - a.mean()), .002) / len(a) for a in (reached, alone)))
        tell("count", "effect of " + wave["campaign_id"], wave["effect"], reached.mean() - alone.mean(), error)


def check_front_office(folder, truth):
    deals = read(folder, "opportunities.csv")
    closed = deals[deals.stage.isin(["won", "lost"])]
    for source, rate in truth["pipeline"]["win_rates"].items():
        mine = closed[closed.source == source]
        tell_share("win rate, " + source, rate, (mine.stage == "won").sum(), len(mine))
    people = read(folder, "truth/customers.csv").set_index("customer_id")
    answers = read(folder, "responses.csv")
    who = people.loc[answers.customer_id]
    units = in_season_days(answers.answered_at, folder)
    nps = truth["leaving"]["nps"]
    leaving = (who["lost"] == "true").to_numpy() & (units > who.end_units.astype(float).to_numpy() - nps["leaving_days"])
    score = answers.score.astype(int).to_numpy()
    for words, mask, shares in (("leaving", leaving, nps["leaving"]), ("staying", ~leaving, nps["staying"])):
        tell_share(f"detractors among the {words}", shares[0], (score[mask] <= 6).sum(), mask.sum())
        tell_share(f"promoters among the {words}", shares[2], (score[mask] >= 9).sum(), mask.sum())
    check_late(folder, truth, people)


def in_season_days(times, folder):
    """Only to the day: the middle of it."""
    season = read(folder, "truth/season.csv")
    until = np.concatenate([[0], season.units_until_its_end.astype(float).to_numpy()])
    day = (pd.to_datetime(times.str[:10]) - pd.Timestamp(season.date[0])).dt.days.to_numpy()
    return (until[day] + until[day + 1]) / 2


def check_late(folder, truth, people):
    orders = read(folder, "orders.csv")
    orders = orders[(orders.ship_date != "") & (orders.customer_id != "")].sort_values("order_date", kind="stable")
    orders["late"] = orders.ship_date > orders.due_date
    # Far enough from the end of the watch for every delivery to be seen.
    last = pd.Timestamp(truth["options"]["start"]) + pd.Timedelta(days=truth["options"]["days"] - 20)
    people = people[(people["lost"] == "true") & (pd.to_datetime(people.last_day) < last)]
    tails = orders[orders.customer_id.isin(people.index)].groupby("customer_id").tail(2)
    cause = people.cause.reindex(tails.customer_id).to_numpy()
    planted = truth["leaving"]
    late = tails.late.to_numpy()
    mine = cause == "late_delivery"
    tell_share("late among the last two, late_delivery", planted["by_cause"]["late_delivery"]["each_of_last_two_orders_late"],
               late[mine].sum(), mine.sum())
    tell_share("late among the last two, other causes", planted["otherwise"]["late"], late[~mine].sum(), (~mine).sum())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("emptor")
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    asked = parser.parse_args()
    for seed in asked.seeds:
        with tempfile.TemporaryDirectory() as folder:
            print(f"seed {seed}: buyers alone")
            truth = made(asked.emptor, folder, asked.customers, seed, *ALONE)
            orders = orders_of(folder)
            check_buyers(folder, truth, in_calendar(orders.time, truth), orders)
        with tempfile.TemporaryDirectory() as folder:
            print(f"seed {seed}: with the season, in its time")
            truth = made(asked.emptor, folder, asked.customers, seed, *[f for f in ALONE if f != "--no-season"])
            orders = orders_of(folder)
            check_buyers(folder, truth, in_season(orders.time, folder), orders)
        with tempfile.TemporaryDirectory() as folder:
            print(f"seed {seed}: everything but flaws, counted")
            truth = made(asked.emptor, folder, asked.customers, seed, "--no-flaws")
            check_affinities(folder, truth)
            check_campaigns(folder, truth)
            check_front_office(folder, truth)
    print(f"largest |z|: {worst['fit']:.2f} of the fits (allowed 3), {worst['count']:.2f} of the counts (allowed 4)")
    return 0 if worst["fit"] < 3 and worst["count"] < 4 else 1


if __name__ == "__main__":
    sys.exit(main())
