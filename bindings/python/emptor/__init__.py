"""Emptor, the customer engine that other software embeds.

    import emptor

    with emptor.open("shop.emptor", create=True, currency="EUR") as store, store.session(actor="ann") as session:
        ada = session.put("customer", {"name": "Ada Lovelace"}, by=("erp", "C-1042"))
        session.import_("sales/")
        print(session.insight("rfm"))
        print(session.get("customer", ada).name)

Miners work on plain data, without a store: kmeans, kmeans_choice, scale, itemsets, rules, rule_server,
sequences, markov_chain, fit, fit_batches; emptor.sklearn has estimators for scikit-learn. Errors are emptor.Error, with a subclass for each code. Data frames come in and go out by the Arrow PyCapsule protocol:
nothing else needs to be installed.
"""

from collections.abc import Mapping as _Mapping

from ._emptor import (
    Changes,
    Field,
    Model,
    Receipt,
    Record,
    Session,
    Store,
    Table,
    __version__,
    compute,
    has,
    insights,
    open,
    operations,
    phone,
)
from .errors import (
    Budget,
    Busy,
    Cancelled,
    Conflict,
    Corrupt,
    Denied,
    Duplicate,
    Error,
    Full,
    Internal,
    Invalid,
    Io,
    Memory,
    Misuse,
    Newer,
    NotFound,
    Unsupported,
)
from . import feed, lifetime
from .business import LeakScreen, causes, leak_screen, trends
from .customers import composition, fraud, habits, market, preferences, satisfaction, usage
from .future import churn, offers, replenishment, survival, uplift
from .generator import generate
from .mining import (
    Addition,
    Itemset,
    Kmeans,
    KmeansCandidate,
    KmeansChoice,
    MarkovChain,
    Pattern,
    Rule,
    RuleServer,
    Scaling,
    fit,
    fit_batches,
    itemsets,
    kmeans,
    kmeans_choice,
    markov_chain,
    predict,
    rule_server,
    rules,
    scale,
    sequences,
)
from .report import Report
from .scorecards import Scorecard, scorecard
from .worth import customer_profit, rfm, value

_Mapping.register(Record)

__all__ = [
    "Addition",
    "Budget",
    "Busy",
    "Cancelled",
    "Changes",
    "Conflict",
    "Corrupt",
    "Denied",
    "Duplicate",
    "Error",
    "Field",
    "Full",
    "Internal",
    "Invalid",
    "Io",
    "Itemset",
    "Kmeans",
    "KmeansCandidate",
    "KmeansChoice",
    "LeakScreen",
    "MarkovChain",
    "Memory",
    "Misuse",
    "Model",
    "Newer",
    "NotFound",
    "Pattern",
    "Receipt",
    "Record",
    "Report",
    "Rule",
    "RuleServer",
    "Scaling",
    "Scorecard",
    "Session",
    "Store",
    "Table",
    "Unsupported",
    "__version__",
    "causes",
    "churn",
    "composition",
    "compute",
    "customer_profit",
    "feed",
    "fit",
    "fit_batches",
    "fraud",
    "generate",
    "habits",
    "has",
    "insights",
    "itemsets",
    "kmeans",
    "kmeans_choice",
    "leak_screen",
    "lifetime",
    "market",
    "markov_chain",
    "offers",
    "open",
    "operations",
    "phone",
    "predict",
    "preferences",
    "replenishment",
    "rfm",
    "rule_server",
    "rules",
    "satisfaction",
    "scale",
    "scorecard",
    "sequences",
    "survival",
    "trends",
    "uplift",
    "usage",
    "value",
]
