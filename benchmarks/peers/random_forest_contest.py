"""A forest of 100 trees to pure leaves, the root of the number of features tried at each node; worth: AUC on other rows."""
import trees_rows


def unit(rows):
    return rows * 100, "rows x trees"


def make(rows, folder):
    trees_rows.write(rows, folder)


def same(ours, theirs):
    return trees_rows.not_worse(ours, theirs, 0.002, more_is_better=True)


def sklearn_(folder, threads):
    import sklearn
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import roc_auc_score
    x, y, xt, yt = trees_rows.read(folder)
    run = lambda: RandomForestClassifier(100, n_jobs=threads, random_state=0).fit(x, y)
    return sklearn.__version__, run, lambda model: float(roc_auc_score(yt, model.predict_proba(xt)[:, 1]))


contestants = {"emptor": trees_rows.ours("random_forest"), "sklearn": sklearn_}
