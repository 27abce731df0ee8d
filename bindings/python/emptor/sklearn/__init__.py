"""Estimators for scikit-learn, with its names and shapes, over Emptor's miners.

    from emptor.sklearn import GradientBoostingClassifier

    model = GradientBoostingClassifier(n_estimators=200, random_state=1, n_jobs=2).fit(X, y)
    model.predict_proba(X_new)

NumPy arrays are read where they lie. The same rows give the same model to the last bit, for any number of threads and in
any order: rows are known by what they hold, not by where they stand. What a fit found is in `model_`, an emptor.Model,
which saves, loads and explains itself. Needs scikit-learn.
"""

from .clusters import KMeans
from .linear import LogisticRegression
from .outliers import IsolationForest
from .trees import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
)

__all__ = [
    "DecisionTreeClassifier",
    "DecisionTreeRegressor",
    "GradientBoostingClassifier",
    "GradientBoostingRegressor",
    "IsolationForest",
    "KMeans",
    "LogisticRegression",
    "RandomForestClassifier",
]
