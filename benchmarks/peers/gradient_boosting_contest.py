"""Boosting: 100 rounds of depth 6, learning rate 0.1, from the numbers in memory to the model, bins included.

What an answer is worth is the log-loss on other rows. LightGBM has 64 leaves, so that all may have as many. On one
seed it is luck to a hundredth (boosting_seeds.py says why, and compares means); here it only shows that all learn alike."""
import trees_rows


def unit(rows):
    return rows * 100, "rows x rounds"


def make(rows, folder):
    trees_rows.write(rows, folder)


def same(ours, theirs):
    return trees_rows.not_worse(ours, theirs, 0.01)


def xgboost_(folder, threads):
    import xgboost
    x, y, xt, yt = trees_rows.read(folder)
    settings = {"tree_method": "hist", "max_depth": 6, "eta": 0.1, "nthread": threads, "objective": "binary:logistic"}
    run = lambda: xgboost.train(settings, xgboost.QuantileDMatrix(x, y, nthread=threads), 100)
    return xgboost.__version__, run, lambda model: trees_rows.log_loss(yt, model.predict(xgboost.DMatrix(xt)))


def lightgbm_(folder, threads):
    import lightgbm
    x, y, xt, yt = trees_rows.read(folder)
    settings = {"objective": "binary", "max_depth": 6, "num_leaves": 64, "learning_rate": 0.1, "num_threads": threads,
                "verbose": -1}
    run = lambda: lightgbm.train(settings, lightgbm.Dataset(x, y, params=settings), 100)
    return lightgbm.__version__, run, lambda model: trees_rows.log_loss(yt, model.predict(xt))


contestants = {"emptor": trees_rows.ours("gradient_boosting"), "xgboost": xgboost_, "lightgbm": lightgbm_}
