"""Decision trees, random forest, gradient boosting."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from .estimator import Classifier, Estimator, Regressor, features_tried, ids_by_content, repeated_rows, share_or_count


def _monotone(constraints: Any) -> dict[str, Any]:
    return {} if constraints is None else {"monotone": [int(one) for one in constraints]}


def _categorical(columns: Any) -> dict[str, Any]:
    return {} if columns is None else {"categorical": [int(one) for one in columns]}


class _OfTrees(Estimator):
    """Everything that is made of trees takes missing numbers and tells the importance of features."""

    _nan = True

    @property
    def feature_importances_(self) -> Any:
        """Share of the gain of all splits that each feature has."""
        check_is_fitted(self)
        return np.asarray(self._told["importance"])

    def apply(self, X: Any) -> Any:
        """The leaf that each row ends in, for each tree."""
        return self._ask(X, "leaves").astype(np.int64)


class _DecisionTree(_OfTrees):
    criterion: str

    def _tree_options(self, X: Any) -> dict[str, Any]:
        rows, features = X.shape
        return {
            "method": "exact" if self.splitter == "best" else self.splitter,
            "max_depth": 0 if self.max_depth is None else int(self.max_depth),
            "min_split": share_or_count(self.min_samples_split, rows, 2),
            "min_leaf": share_or_count(self.min_samples_leaf, rows, 1),
            "min_leaf_share": float(self.min_weight_fraction_leaf),
            "max_features": features_tried(self.max_features, features),
            "max_leaves": 0 if self.max_leaf_nodes is None else int(self.max_leaf_nodes),
            "min_gain": float(self.min_impurity_decrease),
            "alpha": float(self.ccp_alpha),
            "seed": self._seed(),
            **_monotone(self.monotonic_cst),
            **_categorical(self.categorical_features),
        }

    def apply(self, X: Any) -> Any:
        """The leaf that each row ends in."""
        return super().apply(X)[:, 0]

    def get_depth(self) -> int:
        """Questions on the longest way to a leaf."""
        check_is_fitted(self)
        return int(self._told["depth"])

    def get_n_leaves(self) -> int:
        """How many leaves the tree has."""
        check_is_fitted(self)
        return int(self._told["leaves"])


class DecisionTreeClassifier(Classifier, _DecisionTree):
    """One tree of questions, for classes. `criterion` is "gini", "entropy" or "log_loss"; `splitter` "best" tries every
    threshold, "histogram" those between bins.
    """

    def __init__(
        self,
        *,
        criterion: str = "gini",
        splitter: str = "best",
        max_depth: Any = None,
        min_samples_split: Any = 2,
        min_samples_leaf: Any = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = None,
        random_state: Any = None,
        max_leaf_nodes: Any = None,
        min_impurity_decrease: float = 0.0,
        class_weight: Any = None,
        ccp_alpha: float = 0.0,
        monotonic_cst: Any = None,
        categorical_features: Any = None,
    ) -> None:
        self.criterion = criterion
        self.splitter = splitter
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.random_state = random_state
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.class_weight = class_weight
        self.ccp_alpha = ccp_alpha
        self.monotonic_cst = monotonic_cst
        self.categorical_features = categorical_features

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> DecisionTreeClassifier:
        """Grows the tree."""
        X, y, weights = self._training(X, y, sample_weight, 1)
        criterion = "entropy" if self.criterion == "log_loss" else self.criterion
        options = self._tree_options(X) | {"task": "classify", "criterion": criterion}
        return self._fit_model("decision_tree", X, y, weights, **options)


class DecisionTreeRegressor(Regressor, _DecisionTree):
    """One tree of questions, for numbers. `criterion` is "squared_error"."""

    def __init__(
        self,
        *,
        criterion: str = "squared_error",
        splitter: str = "best",
        max_depth: Any = None,
        min_samples_split: Any = 2,
        min_samples_leaf: Any = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = None,
        random_state: Any = None,
        max_leaf_nodes: Any = None,
        min_impurity_decrease: float = 0.0,
        ccp_alpha: float = 0.0,
        monotonic_cst: Any = None,
        categorical_features: Any = None,
    ) -> None:
        self.criterion = criterion
        self.splitter = splitter
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.random_state = random_state
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.ccp_alpha = ccp_alpha
        self.monotonic_cst = monotonic_cst
        self.categorical_features = categorical_features

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> DecisionTreeRegressor:
        """Grows the tree."""
        if self.criterion != "squared_error":
            raise ValueError(f"criterion is 'squared_error', not {self.criterion!r}")
        X, y, weights = self._training(X, y, sample_weight)
        options = self._tree_options(X) | {"task": "regress", "criterion": "squared"}
        return self._fit_model("decision_tree", X, y, weights, **options)


class RandomForestClassifier(Classifier, _OfTrees):
    """The mean of trees, each grown on a draw of the rows and of the features at every node. How often a tree draws a
    row is a Poisson number of mean 1 (`max_samples` if that is a share).
    """

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        max_depth: Any = None,
        min_samples_split: Any = 2,
        min_samples_leaf: Any = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = "sqrt",
        bootstrap: bool = True,
        oob_score: bool = False,
        n_jobs: Any = None,
        random_state: Any = None,
        class_weight: Any = None,
        max_samples: Any = None,
        max_bins: int = 255,
        categorical_features: Any = None,
    ) -> None:
        self.n_estimators = n_estimators
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.bootstrap = bootstrap
        self.oob_score = oob_score
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.class_weight = class_weight
        self.max_samples = max_samples
        self.max_bins = max_bins
        self.categorical_features = categorical_features

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> RandomForestClassifier:
        """Grows the trees. Whole weights are taken as so many equal rows."""
        if not self.bootstrap and self.oob_score:
            raise ValueError("Out of bag estimation only available if bootstrap=True")
        if not self.bootstrap and self.max_samples is not None:
            raise ValueError("`max_sample` cannot be set if `bootstrap=False`. Either switch to `bootstrap=True` or set `max_sample=None`.")
        X, y, weights = self._training(X, y, sample_weight, 1)
        X, y, weights = repeated_rows(X, y, weights)
        rows, features = X.shape
        share = 1.0 if self.max_samples is None else self.max_samples
        options = {
            "task": "classify",
            "trees": self.n_estimators,
            "max_depth": 0 if self.max_depth is None else int(self.max_depth),
            "min_split": share_or_count(self.min_samples_split, rows, 2),
            "min_leaf": share_or_count(self.min_samples_leaf, rows, 1),
            "min_leaf_share": float(self.min_weight_fraction_leaf),
            "max_features": features_tried(self.max_features, features),
            "bootstrap": bool(self.bootstrap),
            "sample": float(share if isinstance(share, (float, np.floating)) else share / rows),
            "bins": self.max_bins,
            "out_of_bag": bool(self.oob_score),
            "seed": self._seed(),
            **_categorical(self.categorical_features),
        }
        self._fit_model("random_forest", X, y, weights, ids_by_content(X, y), **options)
        if self.oob_score:
            self.oob_score_ = 1.0 - self._told["out_of_bag_error"]
        return self


class _Boosted(_OfTrees):
    def _boosting_options(self, X: Any) -> dict[str, Any]:
        rows, features = X.shape
        stops = self.n_iter_no_change is not None
        return {
            "rounds": self.n_estimators,
            "learning_rate": float(self.learning_rate),
            "max_depth": 32 if self.max_depth is None else int(self.max_depth),
            "max_leaves": 0 if self.max_leaf_nodes is None else int(self.max_leaf_nodes),
            "min_leaf": share_or_count(self.min_samples_leaf, rows, 1),
            "min_child_weight": float(self.min_child_weight),
            "l2": float(self.l2_regularization),
            "row_share": float(self.subsample),
            "feature_share": features_tried(self.max_features, features) / features,
            "bins": self.max_bins,
            "validation_share": float(self.validation_fraction) if stops else 0.0,
            "patience": int(self.n_iter_no_change) if stops else 0,
            "seed": self._seed(),
            **_monotone(self.monotonic_cst),
            **_categorical(self.categorical_features),
        }

    def _drawn_by(self, X: Any, y: Any) -> Any:
        """Ids, where rows are drawn or held out at all."""
        return ids_by_content(X, y) if self.subsample < 1 or self.n_iter_no_change is not None else None

    def _finish(self, trees_a_round: int) -> Any:
        self.n_estimators_ = self._told["trees"] // trees_a_round
        return self


class GradientBoostingClassifier(Classifier, _Boosted):
    """Trees fitted one after the other to what those before them left, for classes.

    `tuning` "auto": two classes of at least 50 rows each, where no parameter of the trees was set, get a blend that tunes
    and calibrates itself on rows that it has not seen (docs/blended_boosting.md). "none", and wherever a parameter was set:
    the trees of these parameters.
    """

    _OF_TREES = (
        "learning_rate", "n_estimators", "subsample", "min_samples_leaf", "max_depth", "max_features", "max_leaf_nodes",
        "n_iter_no_change", "l2_regularization", "min_child_weight", "max_bins", "monotonic_cst",
    )

    def __init__(
        self,
        *,
        tuning: str = "auto",
        learning_rate: float = 0.1,
        n_estimators: int = 100,
        subsample: float = 1.0,
        min_samples_leaf: Any = 1,
        max_depth: Any = 3,
        random_state: Any = None,
        max_features: Any = None,
        max_leaf_nodes: Any = None,
        validation_fraction: float = 0.1,
        n_iter_no_change: Any = None,
        l2_regularization: float = 0.0,
        min_child_weight: float = 1e-3,
        max_bins: int = 255,
        monotonic_cst: Any = None,
        categorical_features: Any = None,
        class_weight: Any = None,
        n_jobs: Any = None,
    ) -> None:
        self.tuning = tuning
        self.learning_rate = learning_rate
        self.n_estimators = n_estimators
        self.subsample = subsample
        self.min_samples_leaf = min_samples_leaf
        self.max_depth = max_depth
        self.random_state = random_state
        self.max_features = max_features
        self.max_leaf_nodes = max_leaf_nodes
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.l2_regularization = l2_regularization
        self.min_child_weight = min_child_weight
        self.max_bins = max_bins
        self.monotonic_cst = monotonic_cst
        self.categorical_features = categorical_features
        self.class_weight = class_weight
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> GradientBoostingClassifier:
        """Grows the trees: one a round (and fold of a blend) for two classes, one a class and round for more."""
        X, y, weights = repeated_rows(*self._training(X, y, sample_weight, 2))
        if self._blends(y):
            options = {"seed": self._seed(), **_categorical(self.categorical_features)}
            return self._fit_model("blended_boosting", X, y, weights, ids_by_content(X, y), **options)._finish(1)
        loss = "logistic" if self.n_classes_ == 2 else "softmax"
        options = self._boosting_options(X) | {"loss": loss}
        self._fit_model("gradient_boosting", X, y, weights, self._drawn_by(X, y), **options)
        return self._finish(1 if self.n_classes_ == 2 else self.n_classes_)

    def _blends(self, y: Any) -> bool:
        if self.tuning not in ("auto", "none"):
            raise ValueError(f"tuning is 'auto' or 'none', not {self.tuning!r}")
        usual = type(self)().get_params()
        as_usual = all(getattr(self, name) is usual[name] or getattr(self, name) == usual[name] for name in self._OF_TREES)
        return self.tuning == "auto" and as_usual and self.n_classes_ == 2 and min(y.sum(), len(y) - y.sum()) >= 50

    def decision_function(self, X: Any) -> Any:
        """Log-odds of the second of two classes; of more classes, what the softmax takes."""
        scores = self._ask(X, "scores")
        return scores[:, 0] if self.n_classes_ == 2 else scores


class GradientBoostingRegressor(Regressor, _Boosted):
    """Trees fitted one after the other to what those before them left, for numbers. `loss` is "squared_error", "poisson"
    or "quantile" (the quantile `alpha`).
    """

    def __init__(
        self,
        *,
        loss: str = "squared_error",
        learning_rate: float = 0.1,
        n_estimators: int = 100,
        subsample: float = 1.0,
        min_samples_leaf: Any = 1,
        max_depth: Any = 3,
        random_state: Any = None,
        max_features: Any = None,
        alpha: float = 0.9,
        max_leaf_nodes: Any = None,
        validation_fraction: float = 0.1,
        n_iter_no_change: Any = None,
        l2_regularization: float = 0.0,
        min_child_weight: float = 1e-3,
        max_bins: int = 255,
        monotonic_cst: Any = None,
        categorical_features: Any = None,
        n_jobs: Any = None,
    ) -> None:
        self.loss = loss
        self.learning_rate = learning_rate
        self.n_estimators = n_estimators
        self.subsample = subsample
        self.min_samples_leaf = min_samples_leaf
        self.max_depth = max_depth
        self.random_state = random_state
        self.max_features = max_features
        self.alpha = alpha
        self.max_leaf_nodes = max_leaf_nodes
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.l2_regularization = l2_regularization
        self.min_child_weight = min_child_weight
        self.max_bins = max_bins
        self.monotonic_cst = monotonic_cst
        self.categorical_features = categorical_features
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> GradientBoostingRegressor:
        """Grows the trees, one a round."""
        X, y, weights = repeated_rows(*self._training(X, y, sample_weight))
        loss = "squared" if self.loss == "squared_error" else self.loss
        options = self._boosting_options(X) | {"loss": loss, "quantile": float(self.alpha)}
        self._fit_model("gradient_boosting", X, y, weights, self._drawn_by(X, y), **options)
        return self._finish(1)
