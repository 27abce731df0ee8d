"""Logistic regression."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from .estimator import Classifier


class LogisticRegression(Classifier):
    """Chances of classes as a function of weighted sums. `C` is the inverse of the penalty's weight (infinity: none),
    `l1_ratio` the share of the lasso in it. Newton's method: `tol` is of the gradient of the mean loss. `solver` and
    `random_state` are taken and not looked at: the optimum is one.
    """

    coef_: Any
    intercept_: Any
    n_iter_: Any

    def __init__(
        self,
        *,
        C: float = 1.0,
        l1_ratio: float = 0.0,
        tol: float = 1e-10,
        fit_intercept: bool = True,
        class_weight: Any = None,
        random_state: Any = None,
        solver: str = "newton",
        max_iter: int = 200,
        n_jobs: Any = None,
    ) -> None:
        self.C = C
        self.l1_ratio = l1_ratio
        self.tol = tol
        self.fit_intercept = fit_intercept
        self.class_weight = class_weight
        self.random_state = random_state
        self.solver = solver
        self.max_iter = max_iter
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> LogisticRegression:
        """Finds the coefficients."""
        if not self.C > 0 or not 0 <= self.l1_ratio <= 1:
            raise ValueError(f"C must be above 0 and l1_ratio between 0 and 1; got C={self.C}, {self.l1_ratio=}")
        X, y, weights = self._training(X, y, sample_weight, 2)
        penalty = 0.0 if np.isinf(self.C) else 1.0 / self.C
        options = {
            "ridge": penalty * (1.0 - self.l1_ratio),
            "lasso": penalty * self.l1_ratio,
            "intercept": bool(self.fit_intercept),
            "tolerance": float(self.tol),
            "rounds": int(self.max_iter),
            "inference": False,
        }
        self._fit_model("logistic", X, y, weights, **options)
        self.coef_ = np.asarray(self._told["coefficients"]).reshape(-1, self.n_features_in_)
        self.intercept_ = np.asarray(self._told["intercepts"])
        if self.n_classes_ > 2:  # the softmax takes any constant; scikit-learn's classes add up to 0
            self.coef_ = self.coef_ - self.coef_.mean(axis=0)
            self.intercept_ = self.intercept_ - self.intercept_.mean()
        self.n_iter_ = np.array([max(1, self._told["rounds"])], dtype=np.int32)
        if not self._told["converged"]:
            warnings.warn(
                f"Newton's method stopped at max_iter={self.max_iter} with a gradient of {self._told['gradient']:g}",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def decision_function(self, X: Any) -> Any:
        """Log-odds of the second of two classes; of more classes, what the softmax takes."""
        scores = self._ask(X, "scores")
        return scores[:, 0] if self.n_classes_ == 2 else scores - scores.mean(axis=1, keepdims=True)
