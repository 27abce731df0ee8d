"""Made-up data to try things on."""

from __future__ import annotations

import os
from typing import Any

from ._emptor import open as open_store
from .report import Report


def generate(folder: str | os.PathLike[str], *, customers: int = 2000, progress: Any = None, **options: Any) -> Report:
    """Writes a folder of made-up extracts with the habits and flaws of real ones, and the truth about them beside.

    The same options give the same bytes on every machine; nobody in it exists. `customers` is the number of rows of
    customers.csv, 1 to 10,000,000; the other keywords are the options of the operation "generate": lines, seed, start,
    days, currency, flaws. Returns what was written and planted; docs/generator.md tells of it.
    """
    with open_store(":memory:", create=True) as store, store.session(progress=progress) as session:
        return session.run("generate", folder=os.fspath(folder), customers=customers, **options)
