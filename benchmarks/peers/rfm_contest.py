"""RFM scores of every customer from a table of purchases.

Each library gets the same three columns (customer, day, amount) in its own native form and gives a score of 1 to 5
for recency, frequency and monetary value: ranks in order of appearance, cut into fifths, which is what the usual
recipe with pandas does. One purchase is one row."""
import numpy as np

FIRST_DAY, LAST_DAY = np.datetime64("2023-01-01"), np.datetime64("2024-12-31")


def unit(rows):
    return rows, "rows"


def make(rows, folder):
    random = np.random.default_rng(1)
    customers = max(rows // 10, 5)
    rate = random.gamma(0.6, 1.0, customers)
    np.save(folder / "customer.npy", random.choice(customers, rows, p=rate / rate.sum()).astype(np.int64) + 1)
    days = (LAST_DAY - FIRST_DAY).astype(int)
    np.save(folder / "date.npy", FIRST_DAY + random.integers(0, days + 1, rows).astype("timedelta64[D]"))
    np.save(folder / "cents.npy", random.integers(100, 20_000, rows))


def columns(folder):
    return tuple(np.load(folder / f"{name}.npy") for name in ("customer", "date", "cents"))


def sums(customers, monetary_cents, scores):
    """What an answer is compared by: customers, money, and how many have each score."""
    return {"customers": int(customers), "cents": int(monetary_cents),
            "scores": [np.bincount(np.asarray(score, dtype=np.int64), minlength=6)[1:].tolist() for score in scores],
            "checks": [int((np.asarray(score, dtype=np.int64) * (np.arange(len(score)) % 9973)).sum()) for score in scores]}


def same(ours, theirs):
    return None if ours == theirs else f"another answer ({ {key: theirs[key] for key in theirs if theirs[key] != ours[key]} })"


def emptor_(folder, threads):
    import emptor
    import pyarrow as pa
    customer, date, cents = columns(folder)
    table = pa.table({"customer": customer, "date": pa.array(date), "cents": cents})
    run = lambda: emptor.rfm(table, customer="customer", date="date", amount="cents", as_of=str(LAST_DAY),
                             scoring="rank_first")

    def answer(result):
        out = result.sort_by("customer")
        money = sum(int(value) for value in out["monetary"].to_pylist())
        return sums(out.num_rows, money, [out[name].to_numpy() for name in ("r", "f", "m")])
    return emptor.__version__, run, answer


def pandas_(folder, threads):
    import pandas as pd
    customer, date, cents = columns(folder)
    frame = pd.DataFrame({"customer": customer, "date": date, "cents": cents})

    def fifths(values, labels):
        return pd.qcut(values.rank(method="first"), 5, labels=labels).astype("int64")

    def run():
        by = frame.groupby("customer").agg(last=("date", "max"), f=("cents", "size"), m=("cents", "sum"))
        recency = (pd.Timestamp(LAST_DAY) - by["last"]).dt.days
        return by.assign(r_score=fifths(recency, [5, 4, 3, 2, 1]), f_score=fifths(by["f"], [1, 2, 3, 4, 5]),
                         m_score=fifths(by["m"], [1, 2, 3, 4, 5]))
    return pd.__version__, run, lambda by: sums(len(by), by["m"].sum(), [by[s].to_numpy() for s in ("r_score", "f_score", "m_score")])


def polars_(folder, threads):
    import polars as pl
    customer, date, cents = columns(folder)
    frame = pl.DataFrame({"customer": customer, "date": date, "cents": cents})

    def fifth(of):
        rank, count = pl.col(of).rank("ordinal"), pl.len()
        # qcut: the edges are 1 + (n - 1) k / 5, and a bin is closed on the right
        return 1 + sum(((rank - 1) * 5 > (count - 1) * k).cast(pl.Int64) for k in range(1, 5))

    def run():
        by = frame.lazy().group_by("customer").agg(last=pl.col("date").max(), f=pl.len(), m=pl.col("cents").sum())
        by = by.sort("customer").with_columns(recency=-pl.col("last").cast(pl.Date).cast(pl.Int32))
        return by.with_columns(r_score=6 - fifth("recency"), f_score=fifth("f"), m_score=fifth("m")).collect()
    return pl.__version__, run, lambda by: sums(len(by), by["m"].sum(), [by[s].to_numpy() for s in ("r_score", "f_score", "m_score")])


def duckdb_(folder, threads):
    import duckdb
    import pyarrow as pa
    customer, date, cents = columns(folder)
    base = duckdb.connect()
    base.execute(f"SET threads TO {threads}")
    source = pa.table({"customer": customer, "date": pa.array(date).cast(pa.date32()), "cents": cents})
    base.register("source", source)
    base.execute("CREATE TABLE purchase AS SELECT * FROM source")
    base.unregister("source")
    fifth = lambda by: f"1 + (row_number() OVER (ORDER BY {by}, customer) - 1) * 5 AS "
    cut = lambda name: " + ".join(f"(({name} - 1) > (n - 1) * {k})::INT" for k in range(1, 5))
    statement = f"""
      WITH buyer AS (SELECT customer, max(date) AS last, count(*) AS f, sum(cents)::BIGINT AS m FROM purchase GROUP BY customer),
      ranked AS (SELECT *, count(*) OVER () AS n, {fifth("last DESC")} r5, {fifth("f")} f5, {fifth("m")} m5 FROM buyer)
      SELECT customer, m, 5 - ({cut("r5")}) AS r_score, 1 + {cut("f5")} AS f_score, 1 + {cut("m5")} AS m_score
      FROM ranked ORDER BY customer"""
    run = lambda: base.execute(statement).fetchnumpy()
    return duckdb.__version__, run, lambda by: sums(len(by["m"]), by["m"].sum(), [by[s] for s in ("r_score", "f_score", "m_score")])


contestants = {"emptor": emptor_, "pandas": pandas_, "polars": polars_, "duckdb": duckdb_}
