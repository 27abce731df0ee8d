"""One tree on histograms of 255 or 256 bins, from the numbers in memory to the tree, bins included.

TREE_DEPTH changes its depth from 10, LOSS_TOLERANCE by how much ours may be above the rival's from .0005.
The tree is the first one of boosting; what it is worth is its log-loss on other rows."""
import os

import trees_rows

DEPTH = int(os.environ.get("TREE_DEPTH", "10"))
TOLERANCE = float(os.environ.get("LOSS_TOLERANCE", "0.0005"))


def unit(rows):
    return rows, "rows"


def make(rows, folder):
    trees_rows.write(rows, folder)


def same(ours, theirs):
    return trees_rows.not_worse(ours, theirs, TOLERANCE)


def xgboost_(folder, threads):
    import xgboost
    x, y, xt, yt = trees_rows.read(folder)
    settings = {"tree_method": "hist", "max_depth": DEPTH, "eta": 0.1, "nthread": threads, "objective": "binary:logistic"}
    run = lambda: xgboost.train(settings, xgboost.QuantileDMatrix(x, y, nthread=threads), 1)
    return xgboost.__version__, run, lambda model: trees_rows.log_loss(yt, model.predict(xgboost.DMatrix(xt)))


contestants = {"emptor": trees_rows.ours("histogram_tree", DEPTH), "xgboost": xgboost_}
