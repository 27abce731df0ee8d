"""One tree of depth 10 on histograms of 255 or 256 bins, from the numbers in memory to the tree, bins included.

The tree is the first one of boosting; what it is worth is its log-loss on other rows."""
import trees_rows


def unit(rows):
    return rows, "rows"


def make(rows, folder):
    trees_rows.write(rows, folder)


def same(ours, theirs):
    return trees_rows.not_worse(ours, theirs, 0.0005)


def xgboost_(folder, threads):
    import xgboost
    x, y, xt, yt = trees_rows.read(folder)
    settings = {"tree_method": "hist", "max_depth": 10, "eta": 0.1, "nthread": threads, "objective": "binary:logistic"}
    run = lambda: xgboost.train(settings, xgboost.QuantileDMatrix(x, y, nthread=threads), 1)
    return xgboost.__version__, run, lambda model: trees_rows.log_loss(yt, model.predict(xgboost.DMatrix(xt)))


contestants = {"emptor": trees_rows.ours("histogram_tree"), "xgboost": xgboost_}
