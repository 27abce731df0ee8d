#include <string>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/mine/algorithm.hpp"
#include "emptor/mine/tree_text.hpp"
#include "mine/option_table.hpp"

namespace emptor::mine {
namespace {

struct TextOptions {
  std::vector<std::string> features, outputs;
  std::size_t tree = 0;
};

const OptionTable<TextOptions>& text_options() {
  static const auto table = OptionTable<TextOptions>()
                                .add("features", &TextOptions::features, "names of the columns")
                                .add("outputs", &TextOptions::outputs, "names of the outputs, which may be classes")
                                .add("tree", &TextOptions::tree, "which one is drawn, from 0");
  return table;
}

/// What a model made of trees is, for those who write it down.
struct Trees {
  const TreeEnsemble& ensemble;
  bool classifier;
};

Trees trees_of(const AnyModel& model) {
  return std::visit(
      [](const auto& one) -> Trees {
        if constexpr (requires { one.ensemble; }) return {one.ensemble, one.classes > 0};
        throw Error(Code::unsupported, "the model is not made of trees, and has no text",
                    "trees, forests and boosting have one; emptor_model_info tells what was fitted");
      },
      model);
}

void check_names(const std::vector<std::string>& names, std::size_t wanted, std::string_view field) {
  const auto refuse = [&](std::string what, std::string hint) {
    throw Error(Problem{
        .code = Code::invalid, .message = std::move(what), .field = std::string(field), .hint = std::move(hint)});
  };
  if (!names.empty() && names.size() != wanted)
    refuse("there are " + std::to_string(names.size()) + " names for " + std::to_string(wanted),
           "give one for each, or none");
  for (const std::string& name : names)
    if (name.find('\0') != std::string::npos) refuse("a name has a NUL", "leave it out");
}

struct Format {
  std::string_view name;
  std::string (*write)(const Trees&, const TextOptions&);
};

constexpr Format formats[] = {
    {"words",
     [](const Trees& trees, const TextOptions& options) {
       return to_words(trees.ensemble, {options.features, options.outputs});
     }},
    {"sql",
     [](const Trees& trees, const TextOptions& options) {
       return to_sql(trees.ensemble, {options.features, options.outputs});
     }},
    {"dot",
     [](const Trees& trees, const TextOptions& options) {
       return to_dot(trees.ensemble, {options.features, options.outputs}, options.tree);
     }},
    {"onnx", [](const Trees& trees, const TextOptions&) { return to_onnx(trees.ensemble, trees.classifier); }},
};

const Format& format_of(std::string_view name) {
  std::string known;
  for (const Format& one : formats) {
    if (one.name == name) return one;
    known += (known.empty() ? "" : ", ") + std::string(one.name);
  }
  throw Error(Problem{.code = Code::invalid,
                      .message = "there is no format of this name",
                      .field = "format",
                      .hint = "known are " + known});
}

}  // namespace

std::string text_of(const AnyModel& model, std::string_view format, std::string_view options) {
  const Format& chosen = format_of(format);
  const TextOptions told = text_options().read(options);
  const Trees trees = trees_of(model);
  check_names(told.features, trees.ensemble.features, "features");
  check_names(told.outputs, trees.ensemble.outputs, "outputs");
  return chosen.write(trees, told);
}

}  // namespace emptor::mine
