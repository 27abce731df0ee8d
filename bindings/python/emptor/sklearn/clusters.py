"""k-means."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.base import ClassNamePrefixFeaturesOutMixin, ClusterMixin, TransformerMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_array
from sklearn.utils.validation import validate_data

from .estimator import NUMBERS, Estimator, ids_by_content, repeated_rows, weighted_rows

_STARTS = {"k-means++": "plus_plus", "k-means||": "parallel", "random": "random"}


class KMeans(ClassNamePrefixFeaturesOutMixin, TransformerMixin, ClusterMixin, Estimator):
    """Clusters around means. `init` is "k-means++", "k-means||", "random", an array of centres, or a callable
    (X, n_clusters, random_state) that gives one; `n_init` "auto" is 1, but 10 for "random". `algorithm` tells how
    distances are spared: "auto", "lloyd" (none), "elkan", "hamerly"; the result is the same.
    """

    cluster_centers_: Any
    labels_: Any
    inertia_: float
    n_iter_: int

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: Any = "k-means++",
        n_init: Any = "auto",
        max_iter: int = 300,
        tol: float = 1e-4,
        random_state: Any = None,
        algorithm: str = "auto",
        n_jobs: Any = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state
        self.algorithm = algorithm
        self.n_jobs = n_jobs

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    @property
    def _n_features_out(self) -> int:
        return int(self.cluster_centers_.shape[0])

    def _starts(self, X: Any) -> tuple[dict[str, Any], int]:
        """Options of where the centres begin, and how often to begin."""
        if isinstance(self.init, str):
            if self.init not in _STARTS:
                raise ValueError(f"init is one of {sorted(_STARTS)}, an array or a callable, not {self.init!r}")
            automatic = 10 if self.init == "random" else 1
            return {"start": _STARTS[self.init]}, automatic if self.n_init == "auto" else int(self.n_init)
        centres = self.init(X, self.n_clusters, self._seed()) if callable(self.init) else self.init
        centres = check_array(centres, dtype=np.float64)
        wanted_shape = (self.n_clusters, X.shape[1])
        for size, wanted, what in zip(centres.shape, wanted_shape, ("clusters", "features of the data")):
            if size != wanted:
                raise ValueError(
                    f"The shape of the initial centers {centres.shape} does not match the number of {what} {wanted}."
                )
        if self.n_init != "auto" and self.n_init != 1 and not callable(self.init):
            warnings.warn(
                "Explicit initial center position passed: performing only one init in KMeans instead of "
                f"n_init={self.n_init}.",
                RuntimeWarning,
                stacklevel=3,
            )
        return {"starts": centres.ravel().tolist()}, 1

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> KMeans:
        """Finds the clusters of the rows of X; y is not looked at."""
        X = validate_data(self, X, dtype=NUMBERS)
        if X.shape[0] < self.n_clusters:
            raise ValueError(f"n_samples={X.shape[0]} should be >= n_clusters={self.n_clusters}.")
        all_rows = X
        X, _, weights = weighted_rows(self, X, None, sample_weight)
        start, times = self._starts(X)
        ids = None
        if "start" in start:
            X, _, weights = repeated_rows(X, None, weights)
            ids = ids_by_content(X)
        if self.algorithm == "elkan" and self.n_clusters == 1:
            warnings.warn(
                "algorithm='elkan' doesn't make sense for a single cluster. Using 'lloyd' instead.",
                RuntimeWarning,
                stacklevel=2,
            )
        bounds = {"auto": "automatic", "lloyd": "none"}.get(self.algorithm, self.algorithm)
        options = {"k": self.n_clusters, "restarts": times, "updates": self.max_iter, "tolerance": self.tol}
        options |= {"bounds": bounds, **start}
        self._fit_model("kmeans", X, weights=weights, ids=ids, seed=self._seed(), **options)
        self.cluster_centers_ = np.asarray(self._told["centres"]).astype(all_rows.dtype)
        self.inertia_ = self._told["inertia"]
        # scikit-learn counts the look that found nothing to move, too.
        self.n_iter_ = min(self.max_iter, self._told["updates"] + bool(self._told["converged"])) or 1
        self.labels_ = self._labels(all_rows)
        found = len(np.unique(self.labels_))
        if found < self.n_clusters:
            warnings.warn(
                f"Number of distinct clusters ({found}) found smaller than n_clusters ({self.n_clusters}). Possibly "
                "due to duplicate points in X.",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def _labels(self, rows: Any) -> Any:
        return self._answers(rows, "value").astype(np.int32)

    def predict(self, X: Any) -> Any:
        """The nearest centre of each row."""
        return self._labels(self._rows(X))

    def fit_predict(self, X: Any, y: Any = None, sample_weight: Any = None) -> Any:
        """Fits, and gives the cluster of each row."""
        return self.fit(X, sample_weight=sample_weight).labels_

    def transform(self, X: Any) -> Any:
        """The distance of each row to each centre."""
        rows = self._rows(X)
        return self._answers(rows, "scores").astype(rows.dtype, copy=False)

    def fit_transform(self, X: Any, y: Any = None, sample_weight: Any = None) -> Any:
        """Fits, and gives the distances of the rows to the centres."""
        return self.fit(X, sample_weight=sample_weight).transform(X)

    def score(self, X: Any, y: Any = None, sample_weight: Any = None) -> float:
        """The negative sum of squared distances to the nearest centres."""
        rows = self._rows(X)
        nearest = self._answers(rows, "scores").min(axis=1) ** 2
        weights = None if sample_weight is None else np.asarray(sample_weight)
        return -float(nearest.sum() if weights is None else (nearest * weights).sum())
