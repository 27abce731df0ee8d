/// Trees for others to read: rules in words, SQL, DOT (Graphviz) and ONNX.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "emptor/mine/tree.hpp"

namespace emptor::mine {

/// Every name of features and classes may be empty: then "x0", "x1" ... and "0", "1" ...
struct TreeNames {
  std::span<const std::string> features = {};
  std::span<const std::string> outputs = {};
};

/// One line a leaf: "if age <= 35 and income > 1200 (or missing) then 1: 0.83 (412 rows)". Numbers are the shortest
/// that read back the same.
std::string to_words(const TreeEnsemble& ensemble, const TreeNames& names = {});
/// One SQL expression an output (separated by lines), raw scores: CASE WHEN over columns quoted as "name".
/// A missing value is NULL. Throws Code::invalid for a name with a NUL.
std::string to_sql(const TreeEnsemble& ensemble, const TreeNames& names = {});
/// A Graphviz digraph of one tree. Throws Code::invalid where there is no such tree.
std::string to_dot(const TreeEnsemble& ensemble, const TreeNames& names = {}, std::size_t tree = 0);
/// The bytes of an ONNX model (opset ai.onnx.ml 3) with one input "x", float [rows, features]: for classifiers
/// TreeEnsembleClassifier with outputs "label" (int64) and "probabilities"; else TreeEnsembleRegressor with "y".
/// Thresholds are rounded down to float32, so that float32 inputs go the same way. Throws Code::unsupported for
/// categorical splits of more than 64 categories on the left.
std::string to_onnx(const TreeEnsemble& ensemble, bool classifier);

}  // namespace emptor::mine
