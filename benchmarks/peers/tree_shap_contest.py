"""Exact TreeSHAP of every row by boosted trees, 100 of depth 6, each library's own.

The models differ, so no answers are compared; the tests hold ours to Shapley's definition."""
import trees_rows


def unit(rows):
    return rows, "rows"


def make(rows, folder):
    trees_rows.write(rows, folder)


def same(ours, theirs):
    return None


def xgboost_(folder, threads):
    import xgboost
    x, y, _, _ = trees_rows.read(folder)
    settings = {"tree_method": "hist", "max_depth": 6, "eta": 0.1, "nthread": threads, "objective": "binary:logistic"}
    model = xgboost.train(settings, xgboost.QuantileDMatrix(x, y, nthread=threads), 100)
    rows = xgboost.DMatrix(x, nthread=threads)
    return xgboost.__version__, lambda: model.predict(rows, pred_contribs=True), lambda found: float(found.shape[0])


contestants = {"emptor": trees_rows.ours("tree_shap"), "xgboost": xgboost_}
