"""Isolation forest."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.base import OutlierMixin
from sklearn.utils.validation import validate_data

from .estimator import NUMBERS, Estimator, ids_by_content


class IsolationForest(OutlierMixin, Estimator):
    """How unusual each row is, by how few random cuts set it apart. `max_samples` "auto" is min(256, rows)."""

    offset_: float
    max_samples_: int

    def __init__(
        self,
        *,
        n_estimators: int = 100,
        max_samples: Any = "auto",
        contamination: Any = "auto",
        max_features: Any = 1.0,
        n_jobs: Any = None,
        random_state: Any = None,
    ) -> None:
        self.n_estimators = n_estimators
        self.max_samples = max_samples
        self.contamination = contamination
        self.max_features = max_features
        self.n_jobs = n_jobs
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> IsolationForest:
        """Grows the trees; y is not looked at."""
        if self.contamination != "auto" and not 0 < self.contamination <= 0.5:
            raise ValueError(f"contamination is 'auto' or in (0, 0.5], not {self.contamination!r}")
        X = validate_data(self, X, dtype=NUMBERS)
        rows, features = X.shape
        sample = 256 if self.max_samples == "auto" else self.max_samples
        if not isinstance(sample, float) and sample > rows and self.max_samples != "auto":
            warnings.warn(
                f"max_samples ({sample}) is greater than the total number of samples ({rows}). max_samples will be set "
                "to n_samples for estimation.",
                UserWarning,
                stacklevel=2,
            )
        self.max_samples_ = int(min(rows, sample * rows if isinstance(sample, float) else sample))
        tried = self.max_features if isinstance(self.max_features, int) else int(self.max_features * features)
        options = {"trees": self.n_estimators, "sample": self.max_samples_, "max_features": max(1, tried)}
        self._fit_model("isolation_forest", X, ids=ids_by_content(X), seed=self._seed(), **options)
        self.offset_ = -0.5
        if self.contamination != "auto":
            self.offset_ = float(np.percentile(-self._answers(X, "value"), 100.0 * self.contamination))
        return self

    def score_samples(self, X: Any) -> Any:
        """The negative anomaly score: near -1 is very unusual."""
        return -self._ask(X, "value")

    def decision_function(self, X: Any) -> Any:
        """score_samples less offset_: below 0 is an outlier. Scores have single precision."""
        difference = self.score_samples(X) - self.offset_
        return np.where(np.abs(difference) < 1e-7, 0.0, difference)

    def predict(self, X: Any) -> Any:
        """-1 for outliers, 1 for others."""
        return np.where(self.decision_function(X) < 0, -1, 1)
