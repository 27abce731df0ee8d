// ONNX models of trees: the protocol buffers of onnx.proto (IR version 8) written field by field.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "core/varint.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/tree_text.hpp"

namespace emptor::mine {
namespace {

enum class Wire : std::uint64_t { varint = 0, bytes = 2, fixed32 = 5 };

/// One message under construction.
class Message {
 public:
  std::string out;

  Message& number(std::uint64_t field, std::uint64_t value) {
    key(field, Wire::varint);
    append_varint(out, value);
    return *this;
  }
  Message& text(std::uint64_t field, std::string_view value) {
    key(field, Wire::bytes);
    append_sized(out, value);
    return *this;
  }
  Message& message(std::uint64_t field, const Message& value) { return text(field, value.out); }
  Message& packed(std::uint64_t field, const std::vector<std::int64_t>& values) {
    std::string bytes;
    for (const std::int64_t value : values) append_varint(bytes, static_cast<std::uint64_t>(value));
    return text(field, bytes);
  }
  Message& packed(std::uint64_t field, const std::vector<float>& values) {
    std::string bytes;
    for (const float value : values) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, &value, sizeof bits);
      for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(bits >> shift);
    }
    return text(field, bytes);
  }

 private:
  void key(std::uint64_t field, Wire wire) { append_varint(out, field << 3 | static_cast<std::uint64_t>(wire)); }
};

// Field numbers of onnx.proto.
namespace attribute {
constexpr std::uint64_t name = 1, i = 3, s = 4, floats = 7, ints = 8, strings = 9, type = 20;
constexpr std::uint64_t int_type = 2, string_type = 3, floats_type = 6, ints_type = 7, strings_type = 8;
}  // namespace attribute
constexpr std::uint64_t float_elements = 1, int64_elements = 7;

Message attribute_of(const char* name, const std::vector<std::int64_t>& values) {
  return Message()
      .text(attribute::name, name)
      .packed(attribute::ints, values)
      .number(attribute::type, attribute::ints_type);
}
Message attribute_of(const char* name, const std::vector<float>& values) {
  return Message()
      .text(attribute::name, name)
      .packed(attribute::floats, values)
      .number(attribute::type, attribute::floats_type);
}
Message attribute_of(const char* name, const std::vector<std::string>& values) {
  Message out;
  out.text(attribute::name, name);
  for (const std::string& value : values) out.text(attribute::strings, value);
  return out.number(attribute::type, attribute::strings_type);
}
Message attribute_of(const char* name, std::string_view value) {
  return Message()
      .text(attribute::name, name)
      .text(attribute::s, value)
      .number(attribute::type, attribute::string_type);
}
Message attribute_of(const char* name, std::int64_t value) {
  return Message()
      .text(attribute::name, name)
      .number(attribute::i, static_cast<std::uint64_t>(value))
      .number(attribute::type, attribute::int_type);
}

/// The largest float that is not above: floats compare with it as with the number itself.
float float_below(double value) {
  if (value >= std::numeric_limits<float>::max()) return std::numeric_limits<float>::max();
  const auto near = static_cast<float>(value);
  return static_cast<double>(near) <= value ? near : std::nextafter(near, -std::numeric_limits<float>::infinity());
}

/// The columns of a TreeEnsemble operator.
struct Columns {
  std::vector<std::int64_t> trees, nodes, features, yes, no, missing_yes;
  std::vector<float> values;
  std::vector<std::string> modes;
  std::vector<std::int64_t> leaf_trees, leaf_nodes, leaf_ids;
  std::vector<float> leaf_weights;

  void node(std::size_t tree, std::size_t id, std::int64_t feature, const char* mode, float value, std::size_t if_yes,
            std::size_t if_no, bool missing) {
    trees.push_back(static_cast<std::int64_t>(tree));
    nodes.push_back(static_cast<std::int64_t>(id));
    features.push_back(feature);
    modes.emplace_back(mode);
    values.push_back(value);
    yes.push_back(static_cast<std::int64_t>(if_yes));
    no.push_back(static_cast<std::int64_t>(if_no));
    missing_yes.push_back(missing ? 1 : 0);
  }
};

/// A set becomes a chain of questions for one category each, all of which lead to the same child.
void add_set(Columns& columns, const Tree& tree, std::size_t number, std::size_t at, std::size_t& next) {
  const TreeNode& node = tree.nodes[at];
  const std::vector<std::uint32_t>& set = tree.sets[static_cast<std::size_t>(node.threshold)];
  if (set.size() > 64)
    throw Error(Code::unsupported, "ONNX asks for one category at a time, and a split has more than 64",
                "merge rare categories before the fit");
  const std::size_t missing = node.left + (node.missing_left != 0 ? 0U : 1U);
  const std::size_t other = node.left + (node.missing_left != 0 ? 1U : 0U);
  std::size_t id = at;
  for (std::size_t i = 0; i < set.size(); ++i) {
    const bool last = i + 1 == set.size();
    const std::size_t then = last ? missing : next++;
    columns.node(number, id, node.feature, "BRANCH_EQ", static_cast<float>(set[i]), other, then, false);
    id = then;
  }
}

void add_tree(Columns& columns, const TreeEnsemble& ensemble, std::size_t number) {
  const Tree& tree = ensemble.trees[number];
  std::size_t next = tree.nodes.size();
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const TreeNode& node = tree.nodes[i];
    if (node.leaf()) {
      columns.node(number, i, 0, "LEAF", 0, 0, 0, false);
      for (std::size_t k = 0; k < tree.outputs; ++k) {
        columns.leaf_trees.push_back(static_cast<std::int64_t>(number));
        columns.leaf_nodes.push_back(static_cast<std::int64_t>(i));
        columns.leaf_ids.push_back(static_cast<std::int64_t>(tree.first_output + k));
        columns.leaf_weights.push_back(static_cast<float>(ensemble.factor * tree.values[i * tree.outputs + k]));
      }
    } else if (node.categorical != 0) {
      add_set(columns, tree, number, i, next);
    } else {
      columns.node(number, i, node.feature, "BRANCH_LEQ", float_below(node.threshold), node.left, node.left + 1U,
                   node.missing_left != 0);
    }
  }
}

Message node_of(const TreeEnsemble& ensemble, bool classifier) {
  Columns columns;
  for (std::size_t t = 0; t < ensemble.trees.size(); ++t) add_tree(columns, ensemble, t);
  std::vector<float> base(ensemble.base.begin(), ensemble.base.end());
  Message node;
  node.text(1, "x");
  if (classifier) node.text(2, "label").text(2, "probabilities");
  if (!classifier) node.text(2, ensemble.link == TreeLink::exponential ? "log_y" : "y");
  node.text(3, "trees").text(4, classifier ? "TreeEnsembleClassifier" : "TreeEnsembleRegressor");
  const auto add = [&](const Message& each) { node.message(5, each); };
  add(attribute_of("nodes_treeids", columns.trees));
  add(attribute_of("nodes_nodeids", columns.nodes));
  add(attribute_of("nodes_featureids", columns.features));
  add(attribute_of("nodes_modes", columns.modes));
  add(attribute_of("nodes_values", columns.values));
  add(attribute_of("nodes_truenodeids", columns.yes));
  add(attribute_of("nodes_falsenodeids", columns.no));
  add(attribute_of("nodes_missing_value_tracks_true", columns.missing_yes));
  const std::string prefix = classifier ? "class_" : "target_";
  add(attribute_of((prefix + "treeids").c_str(), columns.leaf_trees));
  add(attribute_of((prefix + "nodeids").c_str(), columns.leaf_nodes));
  add(attribute_of((prefix + "ids").c_str(), columns.leaf_ids));
  add(attribute_of((prefix + "weights").c_str(), columns.leaf_weights));
  if (std::any_of(base.begin(), base.end(), [](float each) { return each != 0; }))
    add(attribute_of("base_values", base));
  if (classifier) {
    std::vector<std::int64_t> labels;
    for (std::size_t k = 0; k < std::max<std::size_t>(2, ensemble.outputs); ++k)
      labels.push_back(static_cast<std::int64_t>(k));
    add(attribute_of("classlabels_int64s", labels));
    add(attribute_of("post_transform", ensemble.link == TreeLink::logistic  ? std::string_view("LOGISTIC")
                                       : ensemble.link == TreeLink::softmax ? std::string_view("SOFTMAX")
                                                                            : std::string_view("NONE")));
  } else {
    add(attribute_of("n_targets", static_cast<std::int64_t>(ensemble.outputs)));
    add(attribute_of("post_transform", std::string_view("NONE")));
  }
  return node.text(7, "ai.onnx.ml");
}

/// A tensor [rows, columns], or [rows] for no columns.
Message value_of(const char* name, std::uint64_t elements, std::size_t columns) {
  Message shape;
  shape.message(1, Message().text(2, "rows"));
  if (columns > 0) shape.message(1, Message().number(1, columns));
  const Message tensor = Message().number(1, elements).message(2, shape);
  return Message().text(1, name).message(2, Message().message(1, tensor));
}

}  // namespace

std::string to_onnx(const TreeEnsemble& ensemble, bool classifier) {
  const bool exponential = ensemble.link == TreeLink::exponential;
  Message graph;
  graph.message(1, node_of(ensemble, classifier));
  if (!classifier && exponential)
    graph.message(1, Message().text(1, "log_y").text(2, "y").text(3, "rate").text(4, "Exp"));
  graph.text(2, "emptor");
  graph.message(11, value_of("x", float_elements, ensemble.features));
  if (classifier) {
    graph.message(12, value_of("label", int64_elements, 0));
    graph.message(12, value_of("probabilities", float_elements, std::max<std::size_t>(2, ensemble.outputs)));
  } else {
    graph.message(12, value_of("y", float_elements, ensemble.outputs));
  }
  Message model;
  model.number(1, 8).text(2, "emptor").message(7, graph);
  model.message(8, Message().text(1, "").number(2, 13));
  model.message(8, Message().text(1, "ai.onnx.ml").number(2, 3));
  return model.out;
}

}  // namespace emptor::mine
