"""One exact CART tree of depth 10 (Gini). What it is worth is the decrease of impurity that all its splits make.

Where gains of a node tie to 1e-12 (nodes of few rows), scikit-learn draws one and ours takes the lowest feature; what
is below such a node differs, and with it the decrease in its sixth digit, as it does between two of scikit-learn's seeds."""
import numpy as np

import trees_rows


def unit(rows):
    return rows, "rows"


def make(rows, folder):
    trees_rows.write(rows, folder)


def same(ours, theirs):
    return None if abs(ours - theirs) <= 2e-5 else f"ours {ours:.12f}, theirs {theirs:.12f}"


def sklearn_(folder, threads):
    import sklearn
    from sklearn.tree import DecisionTreeClassifier
    x, y, _, _ = trees_rows.read(folder)

    def decrease(model):
        tree = model.tree_
        weight, leaves = tree.weighted_n_node_samples, tree.children_left < 0
        return float(tree.impurity[0] - np.dot(weight, np.where(leaves, tree.impurity, 0)) / weight[0])
    return sklearn.__version__, lambda: DecisionTreeClassifier(max_depth=10, random_state=0).fit(x, y), decrease


contestants = {"emptor": trees_rows.ours("exact_tree"), "sklearn": sklearn_}
