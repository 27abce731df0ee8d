#!/usr/bin/env python3
"""Golden cases of the lifetime models over a wide box of parameters, by mpmath at two precisions.

    lifetime_golden.py COUNT SEED [PROCESSES] > lifetime_golden.txt

A line a case: kind, four parameters, x, t_x, T, t, then the log-likelihood, the log of the chance to be alive, the
expected purchases in (T, T + t], and those of a new customer by t. Parameters are log-uniform in 1e-3 to 1e4, times
in 1e-3 to 1e5, x up to 10,000; every fourth case lies at an edge (t_x = T, a = 1, s = 1, alpha = beta, a + b < 1,
x = 0). A case is written only if 28 and 40 digits agree to 15; those that do not are counted at the end (stderr)."""
import random
import sys
from multiprocessing import Pool

import mpmath as mp

KINDS = ("bg_nbd", "mbg_nbd", "pareto_nbd", "nbd")


def draw(generator, number):
    log_uniform = lambda low, high: 10 ** generator.uniform(low, high)
    kind = KINDS[number % len(KINDS)]
    r, alpha, s, beta = (log_uniform(-3, 4) for _ in range(4))
    age, ahead = log_uniform(-3, 5), log_uniform(-3, 5)
    x = 0 if generator.random() < 0.2 else int(log_uniform(0, 4))
    recency = age * generator.random() if x else 0.0
    if number % 3 == 0:
        edge = generator.randrange(6)
        if edge == 0 and x:
            recency = age
        elif edge == 1:
            s = 1.0
        elif edge == 2:
            beta = alpha
        elif edge == 3:
            s, beta = 0.3 * generator.random() + 1e-3, 0.5 * generator.random() + 1e-3
        elif edge == 4:
            x, recency = 0, 0.0
        elif x:
            recency = age * (1 - log_uniform(-12, -1))
    return kind, r, alpha, s, beta, x, recency, age, ahead


def integral(log_f, low, high, peak, width):
    """Of exp(log_f), cut where it matters: around its peak."""
    top = log_f(peak)
    points = {low, high, peak}
    size = width
    while size < high - low:
        points.update(p for p in (peak - size, peak + size) if low < p < high)
        size *= 3
    total = mp.quad(lambda z: mp.exp(log_f(z) - top), sorted(points), method="gauss-legendre")
    return top, total


def peak_of(log_f, low, high):
    for _ in range(60):
        a, b = low + (high - low) * mp.mpf("0.45"), low + (high - low) * mp.mpf("0.55")
        if log_f(a) < log_f(b):
            low = a
        else:
            high = b
    return (low + high) / 2


def beta_purchases(m, a, b, y):
    """The mean over p of (1 - (1 + p y)^-m) / p, over log-odds of p."""
    def log_f(q):
        log_p, log_not = -mp.log1p(mp.exp(-q)), -mp.log1p(mp.exp(q))
        p = mp.exp(log_p)
        return a * log_p + b * log_not + mp.log(-mp.expm1(-m * mp.log1p(p * y))) - log_p
    # Beyond these ends the rest is smaller than 1e-40 of it: tails are powers of p and 1 - p.
    low = -mp.log(m * y + b + 10) - 100
    high = mp.log(a + m + 10) + 100
    peak = peak_of(log_f, low, high)
    top, total = integral(log_f, low, high, peak, 1 / mp.sqrt(a + b + m + 1))
    log_beta = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    left = m * y * mp.exp(a * low - log_beta) / a
    right = -mp.expm1(-m * mp.log1p(y)) * mp.exp(-b * high - log_beta) / b
    return total * mp.exp(top - log_beta) + left + right


def beta_case(first_too, r, alpha, a, b, x, recency, age, ahead):
    m, k = r + x, x + (1 if first_too else 0)
    log_b = lambda u, v: mp.loggamma(u) + mp.loggamma(v) - mp.loggamma(u + v)
    stays = log_b(a, b + k) - m * mp.log(alpha + age)
    likelihood = stays
    if k > 0:
        left = log_b(a + 1, b + k - 1) - m * mp.log(alpha + recency)
        likelihood = stays + mp.log1p(mp.exp(left - stays)) if left < stays else left + mp.log1p(mp.exp(stays - left))
    base = mp.loggamma(m) - mp.loggamma(r) + r * mp.log(alpha) - log_b(a, b)
    alive = stays - likelihood
    fresh = beta_purchases(r, a, b + (1 if first_too else 0), ahead / alpha)
    if first_too:
        fresh *= b / (a + b)
    return likelihood + base, alive, mp.exp(alive) * beta_purchases(m, a, b + k, ahead / (alpha + age)), fresh


def pareto_case(r, alpha, s, beta, x, recency, age, ahead):
    m = r + x
    least = min(alpha, beta)

    def log_f(z):
        t = mp.exp(z) - least
        return z - m * mp.log(alpha + t) - (s + 1) * mp.log(beta + t)
    stays = -m * mp.log(alpha + age) - s * mp.log(beta + age)
    likelihood = stays
    low, high = mp.log(least + recency), mp.log(least + age)
    if high > low:
        peak = peak_of(log_f, low, high)
        top, total = integral(log_f, low, high, peak, min(high - low, 1 / (m + s + 1)))
        left = mp.log(s) + top + mp.log(total)
        likelihood = stays + mp.log1p(mp.exp(left - stays)) if left < stays else left + mp.log1p(mp.exp(stays - left))
    alive = stays - likelihood
    base = mp.loggamma(m) - mp.loggamma(r) + r * mp.log(alpha) + s * mp.log(beta)

    def time(from_, until):
        grown = mp.log1p(until / from_)
        return from_ * (grown if s == 1 else -mp.expm1(-(s - 1) * grown) / (s - 1))
    return (likelihood + base, alive, mp.exp(alive) * m / (alpha + age) * time(beta + age, ahead),
            r / alpha * time(beta, ahead))


def answers(case, digits):
    kind = case[0]
    with mp.workdps(digits):
        r, alpha, s, beta, x, recency, age, ahead = (mp.mpf(value) for value in case[1:])
        if kind == "nbd":
            m = r + x
            value = mp.loggamma(m) - mp.loggamma(r) + r * mp.log(alpha) - m * mp.log(alpha + age)
            return value, mp.mpf(0), m / (alpha + age) * ahead, r / alpha * ahead
        if kind == "pareto_nbd":
            return pareto_case(r, alpha, s, beta, x, recency, age, ahead)
        return beta_case(kind == "mbg_nbd", r, alpha, s, beta, x, recency, age, ahead)


def line_of(task):
    seed, number = task
    case = draw(random.Random(seed * 1_000_003 + number), number)
    rough, fine = answers(case, 28), answers(case, 40)
    for one, two in zip(rough, fine):
        if abs(one - two) > mp.mpf(10) ** -15 * max(abs(two), mp.mpf(10) ** -300):
            return None
    return " ".join([case[0], *(repr(value) for value in case[1:]), *(mp.nstr(value, 20) for value in fine)])


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    processes = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    unsure = 0
    with Pool(processes) as pool:
        for line in pool.imap(line_of, ((seed, number) for number in range(count)), chunksize=4):
            if line is None:
                unsure += 1
            else:
                print(line, flush=True)
    print(f"{count} cases, {unsure} of them without 15 digits", file=sys.stderr)


if __name__ == "__main__":
    main()
