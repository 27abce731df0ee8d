"""What the estimators share: rows in, a model out."""

from __future__ import annotations

from typing import Any

import numpy as np
from joblib import effective_n_jobs
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state, column_or_1d, compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from .. import mining

NUMBERS = [np.float64, np.float32]


class Estimator(BaseEstimator):
    """Fits `model_`, an emptor.Model. `_nan` tells whether missing numbers are taken."""

    _nan = False
    model_: Any
    n_features_in_: int

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = self._nan
        return tags

    def _finite(self) -> Any:
        return "allow-nan" if self._nan else True

    def _rows(self, X: Any) -> Any:
        check_is_fitted(self)
        return validate_data(self, X, reset=False, dtype=NUMBERS, ensure_all_finite=self._finite())

    def _threads(self) -> int:
        return int(effective_n_jobs(getattr(self, "n_jobs", None)))

    def _seed(self) -> int:
        return int(check_random_state(self.random_state).randint(np.iinfo(np.int32).max))

    def _fit_model(self, algorithm: str, X: Any, y: Any = None, weights: Any = None, ids: Any = None, **options: Any) -> Any:
        self.model_ = mining.fit(algorithm, X, y, weights=weights, ids=ids, threads=self._threads(), **options)
        self._told = self.model_.info()
        return self

    def _answers(self, rows: Any, answer: str) -> Any:
        """Of rows that were checked."""
        return mining.predict(self.model_, rows, answer, threads=self._threads())

    def _ask(self, X: Any, answer: str) -> Any:
        return self._answers(self._rows(X), answer)

    def explain(self, row: Any) -> Any:
        """Why the model says what it says of one row: see emptor.Model.explain."""
        return self.model_.explain(np.ascontiguousarray(self._rows(np.reshape(row, (1, -1)))))


def weighted_rows(estimator: Any, X: Any, y: Any, sample_weight: Any) -> tuple[Any, Any, Any]:
    """The rows that count, and their weights; None for weights that are all 1."""
    if sample_weight is None:
        return X, y, None
    weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
    counts = weights > 0
    if not counts.any():
        raise ValueError("Sample weights must contain at least one non-zero number.")
    if not counts.all():
        X, y, weights = X[counts], None if y is None else y[counts], weights[counts]
    return X, y, None if (weights == 1).all() else weights


def share_or_count(value: Any, rows: int, least: int) -> int:
    """A number of rows that is given as a count, or (a float) as a share."""
    if isinstance(value, (float, np.floating)):
        return max(least, int(np.ceil(value * rows)))
    return int(value)


def features_tried(value: Any, features: int) -> int:
    """scikit-learn's max_features as a count."""
    if value is None:
        return features
    if value == "sqrt":
        return max(1, int(np.sqrt(features)))
    if value == "log2":
        return max(1, int(np.log2(features)))
    if isinstance(value, str):
        raise ValueError(f"max_features is 'sqrt', 'log2', a count or a share, not {value!r}")
    if isinstance(value, (float, np.floating)):
        return max(1, int(value * features))
    return int(value)


def _mixed(hashes: Any, words: Any) -> Any:
    """One step of a multiplicative hash, for every row at once."""
    hashes = (hashes ^ words) * np.uint64(0x9E3779B97F4A7C15)
    return hashes ^ (hashes >> np.uint64(32))


def _hashes(X: Any, y: Any, kind: Any, words: Any) -> Any:
    hashes = np.full(X.shape[0], 0x2545F4914F6CDD1D, dtype=np.uint64)
    for column in range(X.shape[1]):
        numbers = np.ascontiguousarray(X[:, column], dtype=kind) + kind(0)
        hashes = _mixed(hashes, numbers.view(words).astype(np.uint64, copy=False))
    return hashes if y is None else _mixed(hashes, (np.asarray(y, dtype=np.float64) + 0).view(np.uint64))


def ids_by_content(X: Any, y: Any = None) -> Any:
    """Ids that depend on what rows hold in single precision, not on where they stand. Rows that are equal so far are told
    apart by a count, in the order of what they hold in double precision.
    """
    with np.errstate(over="ignore"):
        hashes = _hashes(X, y, np.float32, np.uint32)
    order = np.argsort(hashes, kind="stable")
    if not (hashes[order][1:] == hashes[order][:-1]).any():
        return hashes
    if X.dtype == np.float64:
        order = np.lexsort((_hashes(X, y, np.float64, np.uint64), hashes))
    in_order = hashes[order]
    firsts = np.flatnonzero(np.r_[True, in_order[1:] != in_order[:-1]])
    counts = np.arange(len(hashes)) - np.repeat(firsts, np.diff(np.r_[firsts, len(hashes)]))
    ids = np.empty_like(hashes)
    ids[order] = in_order ^ (counts.astype(np.uint64) * np.uint64(0xD1342543DE82EF95))
    return ids if len(np.unique(ids)) == len(ids) else None


def repeated_rows(X: Any, y: Any, weights: Any) -> tuple[Any, Any, Any]:
    """Whole weights as so many equal rows, which is what they mean, where that is not many times as many."""
    if weights is None or (weights != np.floor(weights)).any() or weights.sum() > 8 * len(weights) + 1000:
        return X, y, weights
    times = weights.astype(np.int64)
    return X.repeat(times, axis=0), None if y is None else y.repeat(times), None


class Classifier(ClassifierMixin, Estimator):
    """Classes of any kind, as numbers inside."""

    classes_: Any
    n_classes_: int

    def _training(self, X: Any, y: Any, sample_weight: Any, least_classes: int) -> tuple[Any, Any, Any]:
        X, y = validate_data(self, X, y, dtype=NUMBERS, ensure_all_finite=self._finite(), y_numeric=False)
        y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        X, y, weights = weighted_rows(self, X, y, sample_weight)
        self.classes_, numbers = np.unique(y, return_inverse=True)
        self.n_classes_ = len(self.classes_)
        if self.n_classes_ < least_classes:
            raise ValueError(
                f"This solver needs samples of at least 2 classes in the data, but the data contains only one class: "
                f"{self.classes_[0]!r}"
            )
        class_weight = getattr(self, "class_weight", None)
        if class_weight is not None:
            by_class = compute_sample_weight(class_weight, y)
            weights = by_class if weights is None else weights * by_class
            X, numbers, weights = weighted_rows(self, X, numbers, weights)
        return X, numbers.astype(np.float64), weights

    def predict_proba(self, X: Any) -> Any:
        """The chance of each class, in the order of classes_."""
        return self._ask(X, "probabilities")

    def predict_log_proba(self, X: Any) -> Any:
        """The logarithm of the chance of each class."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def predict(self, X: Any) -> Any:
        """The likeliest class of each row."""
        check_is_fitted(self)
        return self.classes_[self._ask(X, "value").astype(np.intp)]


class Regressor(RegressorMixin, Estimator):
    """Numbers."""

    def _training(self, X: Any, y: Any, sample_weight: Any) -> tuple[Any, Any, Any]:
        X, y = validate_data(self, X, y, dtype=NUMBERS, ensure_all_finite=self._finite(), y_numeric=True)
        y = column_or_1d(y, warn=True).astype(np.float64)
        return weighted_rows(self, X, y, sample_weight)

    def predict(self, X: Any) -> Any:
        """The expected number of each row."""
        return self._ask(X, "value")
