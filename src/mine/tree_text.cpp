#include "emptor/mine/tree_text.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "emptor/core/error.hpp"
#include "mine/model_archive.hpp"
#include "mine/tree_rows.hpp"

namespace emptor::mine {
namespace {

std::string feature_name(const TreeNames& names, std::size_t feature) {
  return feature < names.features.size() ? names.features[feature] : "x" + std::to_string(feature);
}
std::string output_name(const TreeNames& names, std::size_t output) {
  return output < names.outputs.size() ? names.outputs[output] : std::to_string(output);
}

bool only_missing_differ(const TreeNode& node) { return node.threshold == std::numeric_limits<double>::max(); }

std::string set_text(const Tree& tree, const TreeNode& node) {
  std::string out;
  for (const std::uint32_t category : tree.sets[static_cast<std::size_t>(node.threshold)]) {
    if (!out.empty()) out += ", ";
    out += std::to_string(category);
  }
  return out;
}

/// What all rows have in common that came by one feature.
struct Condition {
  std::size_t feature;
  std::optional<double> above, up_to;
  std::vector<std::string> sets;  ///< "in 1, 2" or "not in 3"
  bool missing = true;            ///< whether a missing value comes here too
};

void narrow(Condition& condition, const Tree& tree, const TreeNode& node, bool left) {
  const bool with_missing = left == (node.missing_left != 0);
  condition.missing = condition.missing && with_missing;
  if (node.categorical != 0) {
    condition.sets.push_back((with_missing ? "not in " : "in ") + set_text(tree, node));
  } else if (!only_missing_differ(node)) {
    if (left) condition.up_to = std::min(node.threshold, condition.up_to.value_or(node.threshold));
    if (!left) condition.above = std::max(node.threshold, condition.above.value_or(node.threshold));
  } else if (!left) {
    condition.sets.emplace_back("is missing");
  }
}

std::string words_of(const Condition& condition, const TreeNames& names) {
  const std::string name = feature_name(names, condition.feature);
  std::string out;
  if (condition.above && condition.up_to) {
    out = number_text(*condition.above) + " < " + name + " <= " + number_text(*condition.up_to);
  } else if (condition.above) {
    out = name + " > " + number_text(*condition.above);
  } else if (condition.up_to) {
    out = name + " <= " + number_text(*condition.up_to);
  }
  for (const std::string& set : condition.sets) out += (out.empty() ? name + " " : " and " + name + " ") + set;
  if (out.empty()) return condition.missing ? "" : name + " is known";
  const bool told = !condition.sets.empty() && condition.sets.back() == "is missing";
  return condition.missing && !told ? out + " (or missing)" : out;
}

std::string value_words(const TreeEnsemble& ensemble, const Tree& tree, std::size_t node, const TreeNames& names) {
  std::string out;
  for (std::size_t k = 0; k < tree.outputs; ++k) {
    if (k > 0) out += ", ";
    if (ensemble.outputs > 1) out += output_name(names, tree.first_output + k) + ": ";
    out += number_text(tree.values[node * tree.outputs + k]);
  }
  return out;
}

class WordWriter {
 public:
  WordWriter(const TreeEnsemble& ensemble, const Tree& tree, const TreeNames& names, std::string& out)
      : ensemble_(ensemble), tree_(tree), names_(names), out_(out) {}

  void write() {
    std::vector<std::pair<std::uint32_t, std::vector<Condition>>> open{{0, {}}};
    while (!open.empty()) {
      auto [at, conditions] = std::move(open.back());
      open.pop_back();
      const TreeNode& node = tree_.nodes[at];
      if (node.leaf()) {
        line(at, conditions);
        continue;
      }
      for (const bool left : {false, true}) {
        std::vector<Condition> own = conditions;
        const auto met =
            std::find_if(own.begin(), own.end(), [&](const Condition& c) { return c.feature == node.feature; });
        Condition& condition = met == own.end() ? own.emplace_back(Condition{.feature = node.feature}) : *met;
        narrow(condition, tree_, node, left);
        open.emplace_back(node.left + (left ? 0 : 1), std::move(own));
      }
    }
  }

 private:
  void line(std::uint32_t leaf, const std::vector<Condition>& conditions) {
    std::string when;
    for (const Condition& condition : conditions) {
      const std::string words = words_of(condition, names_);
      if (!words.empty()) when += (when.empty() ? "if " : " and ") + words;
    }
    out_ += when.empty() ? "always " : when + " then ";
    out_ += value_words(ensemble_, tree_, leaf, names_) + " (" + std::to_string(tree_.facts[leaf].rows) + " rows)\n";
  }

  const TreeEnsemble& ensemble_;
  const Tree& tree_;
  const TreeNames& names_;
  std::string& out_;
};

std::string quoted(const std::string& name) {
  if (name.find('\0') != std::string::npos) refuse_field("a name has a NUL", "features");
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

/// The question of a node, and the children where it is true and where it is not (or not known).
struct SqlQuestion {
  std::string text;
  std::uint32_t yes, no;
};

SqlQuestion question_of(const Tree& tree, const TreeNode& node, const TreeNames& names) {
  const std::string name = quoted(feature_name(names, node.feature));
  const std::uint32_t missing = node.left + (node.missing_left != 0 ? 0 : 1);
  const std::uint32_t other = node.left + (node.missing_left != 0 ? 1 : 0);
  if (node.categorical != 0) return {name + " IN (" + set_text(tree, node) + ")", other, missing};
  if (only_missing_differ(node)) return {name + " IS NULL", node.left + 1, node.left};
  if (node.missing_left != 0) return {name + " > " + number_text(node.threshold), other, missing};
  return {name + " <= " + number_text(node.threshold), other, missing};
}

/// Written from left to right with a stack, as deep trees would overflow that of calls.
std::string sql_of_tree(const Tree& tree, std::size_t output, const TreeNames& names) {
  struct Part {
    std::uint32_t node;
    std::string_view text;  ///< written instead of a node, where not empty
  };
  std::string out;
  std::vector<Part> open{{0, {}}};
  while (!open.empty()) {
    const Part part = open.back();
    open.pop_back();
    if (!part.text.empty()) {
      out += part.text;
      continue;
    }
    const TreeNode& node = tree.nodes[part.node];
    if (node.leaf()) {
      out += number_text(tree.values[part.node * tree.outputs + output]);
      continue;
    }
    const SqlQuestion question = question_of(tree, node, names);
    out += "CASE WHEN " + question.text + " THEN ";
    for (const Part& next : {Part{0, " END"}, Part{question.no, {}}, Part{0, " ELSE "}, Part{question.yes, {}}})
      open.push_back(next);
  }
  return out;
}

std::string dot_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string dot_question(const Tree& tree, const TreeNode& node, const TreeNames& names) {
  const std::string name = feature_name(names, node.feature);
  if (node.categorical != 0) return name + (node.missing_left != 0 ? " not in " : " in ") + set_text(tree, node);
  if (only_missing_differ(node)) return name + " is known";
  return name + " <= " + number_text(node.threshold) + (node.missing_left != 0 ? " or missing" : "");
}

}  // namespace

std::string to_words(const TreeEnsemble& ensemble, const TreeNames& names) {
  std::string out;
  for (std::size_t t = 0; t < ensemble.trees.size(); ++t) {
    if (ensemble.trees.size() > 1) out += "tree " + std::to_string(t + 1) + "\n";
    WordWriter(ensemble, ensemble.trees[t], names, out).write();
  }
  return out;
}

std::string to_sql(const TreeEnsemble& ensemble, const TreeNames& names) {
  std::string out;
  for (std::size_t k = 0; k < ensemble.outputs; ++k) {
    std::string sum;
    for (const Tree& tree : ensemble.trees) {
      if (k < tree.first_output || k >= tree.first_output + tree.outputs) continue;
      if (!sum.empty()) sum += "\n  + ";
      sum += sql_of_tree(tree, k - tree.first_output, names);
    }
    if (sum.empty()) sum = "0";
    if (ensemble.factor != 1) sum = number_text(ensemble.factor) + " * (" + sum + ")";
    if (ensemble.base[k] != 0) sum = number_text(ensemble.base[k]) + " + " + sum;
    out += sum + "\n";
  }
  return out;
}

std::string to_dot(const TreeEnsemble& ensemble, const TreeNames& names, std::size_t tree) {
  if (tree >= ensemble.trees.size()) refuse_field("there is no such tree", "tree");
  const Tree& own = ensemble.trees[tree];
  std::string out = "digraph tree {\n  node [shape=box];\n";
  for (std::size_t i = 0; i < own.nodes.size(); ++i) {
    const TreeNode& node = own.nodes[i];
    const std::string label = node.leaf() ? value_words(ensemble, own, i, names) : dot_question(own, node, names);
    out += "  n" + std::to_string(i) + " [label=\"" + dot_text(label) + "\\n" + std::to_string(own.facts[i].rows) +
           " rows\"];\n";
    if (node.leaf()) continue;
    out += "  n" + std::to_string(i) + " -> n" + std::to_string(node.left) + " [label=\"yes\"];\n";
    out += "  n" + std::to_string(i) + " -> n" + std::to_string(node.left + 1) + " [label=\"no\"];\n";
  }
  return out + "}\n";
}

}  // namespace emptor::mine
