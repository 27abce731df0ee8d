"""Estimators: scikit-learn's own checks, and what they do not look at."""

import pickle

import pytest

np = pytest.importorskip("numpy", reason="NumPy is not installed")
sklearn = pytest.importorskip("sklearn", reason="scikit-learn is not installed")

import emptor
import emptor.sklearn as estimators
from sklearn.cluster import KMeans as TheirKMeans
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import LogisticRegression as TheirLogistic
from sklearn.metrics import log_loss, r2_score, roc_auc_score
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier as TheirTree
from sklearn.utils.estimator_checks import check_estimator

ALL = [getattr(estimators, name) for name in estimators.__all__]
CLASSIFIERS = [kind for kind in ALL if hasattr(kind, "predict_proba")]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
@pytest.mark.filterwarnings("ignore")
def test_check_estimator_finds_nothing(kind):
    results = check_estimator(kind(), on_fail=None, on_skip=None)
    assert [one["check_name"] for one in results if one["status"] == "failed"] == []
    assert [one["check_name"] for one in results if one["status"] == "xfail"] == []
    # That one needs an environment variable of SciPy's.
    assert {one["check_name"] for one in results if one["status"] == "skipped"} <= {"check_array_api_input"}


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_the_same_rows_give_the_same_model_in_any_order_and_on_any_threads(kind):
    X, y = load_iris(return_X_y=True)
    order = np.random.default_rng(2).permutation(len(X))
    seed = {} if kind is estimators.LogisticRegression else {"random_state": 3}
    first = kind(**seed).fit(X, y).model_.save()
    assert kind(**seed).fit(X[order], y[order]).model_.save() == first
    if "n_jobs" in kind().get_params():
        assert kind(n_jobs=2, **seed).fit(X, y).model_.save() == first


@pytest.mark.parametrize("kind", CLASSIFIERS, ids=lambda kind: kind.__name__)
def test_classes_of_any_kind_come_back(kind):
    X, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    model = kind().fit(X, names)
    assert list(model.classes_) == ["setosa", "versicolor", "virginica"]
    assert model.score(X, names) > 0.95
    chances = model.predict_proba(X)
    assert chances.shape == (150, 3)
    assert np.allclose(chances.sum(axis=1), 1)
    again = pickle.loads(pickle.dumps(model))
    assert (again.predict_proba(X) == chances).all()


def test_kmeans_is_as_good_as_scikit_learns_from_the_same_starts():
    X, _ = load_iris(return_X_y=True)
    starts = X[[0, 60, 120]]
    ours = estimators.KMeans(3, init=starts, tol=0).fit(X)
    theirs = TheirKMeans(3, init=starts, tol=0, n_init=1).fit(X)
    assert (ours.labels_ == theirs.labels_).all()
    assert ours.inertia_ == pytest.approx(theirs.inertia_, rel=1e-12)
    assert np.allclose(ours.transform(X), theirs.transform(X))
    assert ours.score(X) == pytest.approx(theirs.score(X))


def test_logistic_regression_is_scikit_learns_to_its_precision():
    X, y = load_breast_cancer(return_X_y=True)
    X = StandardScaler().fit_transform(X)
    for options in ({"C": 1.0}, {"C": 0.1}, {"class_weight": "balanced"}):
        ours = estimators.LogisticRegression(**options).fit(X, y)
        theirs = TheirLogistic(tol=1e-10, max_iter=10000, **options).fit(X, y)
        assert np.allclose(ours.coef_, theirs.coef_, atol=1e-5)
        assert np.allclose(ours.intercept_, theirs.intercept_, atol=1e-5)
    several, kinds = load_iris(return_X_y=True)
    ours, theirs = estimators.LogisticRegression().fit(several, kinds), TheirLogistic(tol=1e-10, max_iter=10000)
    theirs.fit(several, kinds)
    assert np.allclose(ours.coef_, theirs.coef_, atol=1e-4)
    assert np.allclose(ours.decision_function(several), theirs.decision_function(several), atol=1e-3)


def test_a_tree_has_the_leaves_and_the_fit_of_scikit_learns():
    X, y = load_breast_cancer(return_X_y=True)
    for depth in (1, 3, 5):
        ours = estimators.DecisionTreeClassifier(max_depth=depth).fit(X, y)
        theirs = TheirTree(max_depth=depth, random_state=0).fit(X, y)
        assert ours.get_depth() == theirs.get_depth()
        assert ours.get_n_leaves() == theirs.get_n_leaves()
        assert log_loss(y, ours.predict_proba(X)) == pytest.approx(log_loss(y, theirs.predict_proba(X)), rel=0.05)
    assert estimators.DecisionTreeClassifier(max_depth=3).fit(X, y).feature_importances_.sum() == pytest.approx(1)


def test_boosting_and_forest_tell_what_trees_alone_do_not():
    X, y = load_breast_cancer(return_X_y=True)
    for model in (estimators.GradientBoostingClassifier(), estimators.RandomForestClassifier(random_state=0)):
        score = cross_val_score(model, X, y, scoring="roc_auc", cv=5).mean()
        assert score > 0.985
    forest = estimators.RandomForestClassifier(oob_score=True, random_state=0).fit(X, y)
    assert 0.93 < forest.oob_score_ < 0.99
    numbers, target = load_diabetes(return_X_y=True)
    for loss in ("squared_error", "quantile", "poisson"):
        model = estimators.GradientBoostingRegressor(loss=loss, alpha=0.5, max_depth=2).fit(numbers, target)
        assert r2_score(target, model.predict(numbers)) > 0.5
    stopped = estimators.GradientBoostingClassifier(n_estimators=500, n_iter_no_change=3, random_state=1).fit(X, y)
    assert stopped.n_estimators_ < 500


def test_boosting_tunes_itself_unless_a_parameter_says_otherwise():
    X, y = load_breast_cancer(return_X_y=True)
    kind = estimators.GradientBoostingClassifier
    tuned = kind(random_state=1).fit(X, y)
    assert tuned.model_.info()["algorithm"] == "blended_boosting"
    assert np.allclose(tuned.predict_proba(X)[:, 1], 1 / (1 + np.exp(-tuned.decision_function(X))))
    assert tuned.apply(X[:3]).shape == (3, tuned.n_estimators_)
    assert tuned.feature_importances_.sum() == pytest.approx(1)
    why = tuned.explain(X[0])
    assert why["score"] == pytest.approx(tuned.decision_function(X[:1])[0])
    for plain in (kind(tuning="none"), kind(max_depth=2), kind(n_estimators=50)):
        assert plain.fit(X, y).model_.info()["algorithm"] == "gradient_boosting"
    few = np.r_[np.flatnonzero(y == 0)[:40], np.flatnonzero(y == 1)]
    assert kind().fit(X[few], y[few]).model_.info()["algorithm"] == "gradient_boosting"
    tuned = cross_val_score(kind(random_state=1), X, y, scoring="neg_log_loss", cv=5).mean()
    assert tuned > cross_val_score(kind(tuning="none"), X, y, scoring="neg_log_loss", cv=5).mean()
    with pytest.raises(ValueError, match="tuning"):
        kind(tuning="some").fit(X, y)


def test_missing_numbers_are_told_from_others():
    X, y = load_breast_cancer(return_X_y=True)
    X = X.copy()
    X[y == 1, 0] = np.nan
    for kind in (estimators.DecisionTreeClassifier, estimators.RandomForestClassifier,
                 estimators.GradientBoostingClassifier):
        assert kind(max_depth=1).fit(X[:, :1], y).score(X[:, :1], y) == 1.0
    with pytest.raises(ValueError, match="NaN"):
        estimators.LogisticRegression().fit(X, y)


def test_outliers_stand_apart():
    chance = np.random.default_rng(4)
    X = np.r_[chance.normal(size=(500, 3)), chance.uniform(6, 9, size=(20, 3))]
    forest = estimators.IsolationForest(random_state=0, contamination=20 / 520).fit(X)
    assert (forest.predict(X)[500:] == -1).all()
    assert (forest.predict(X) == -1).sum() == 20
    truth = np.r_[np.zeros(500), np.ones(20)]
    assert roc_auc_score(truth, -forest.score_samples(X)) > 0.99


def test_pipelines_and_searches_work():
    X, y = load_iris(return_X_y=True)
    search = GridSearchCV(make_pipeline(StandardScaler(), estimators.LogisticRegression()),
                          {"logisticregression__C": [0.01, 1.0]}, cv=3).fit(X, y)
    assert search.best_params_ == {"logisticregression__C": 1.0}
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.DataFrame(X, columns=["a", "b", "c", "d"])
    clusters = estimators.KMeans(3, random_state=0).set_output(transform="pandas").fit(frame)
    assert list(clusters.transform(frame).columns) == ["kmeans0", "kmeans1", "kmeans2"]
    assert list(clusters.feature_names_in_) == ["a", "b", "c", "d"]


def test_a_model_explains_itself():
    X, y = load_breast_cancer(return_X_y=True)
    model = estimators.GradientBoostingClassifier(n_estimators=20).fit(X, y)
    why = model.explain(X[0])
    assert why["score"] == pytest.approx(model.decision_function(X[:1])[0])
    assert why["base"] + sum(one["contribution"] for one in why["reasons"]) == pytest.approx(why["score"])
    assert isinstance(model.model_, emptor.Model)
