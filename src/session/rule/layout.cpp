// A rule's text on many lines.
#include <algorithm>

#include "emptor/session/rule_forms.hpp"
#include "session/rule/terms.hpp"

namespace emptor {
namespace {

constexpr std::size_t step = 2;

class Layout {
 public:
  explicit Layout(std::size_t width) : width_(width) {}

  std::string of(const RuleTerm& term, std::size_t indent) const {
    const std::string line = rule_text(term);
    if (indent + line.size() <= width_) return line;
    if (term.kind == RuleTerm::Kind::compare) return comparison(term, line, indent);
    if (term.kind == RuleTerm::Kind::negate) return negation(term.children.front(), line, indent);
    return term.children.empty() ? line : combination(term, indent);
  }

 private:
  static std::string new_line(std::size_t indent) { return "\n" + std::string(indent, ' '); }

  std::string block(const RuleTerm& term, std::size_t indent) const {
    return "(" + new_line(indent + step) + of(term, indent + step) + new_line(indent) + ")";
  }

  std::string combination(const RuleTerm& term, std::size_t indent) const {
    const bool all = term.kind == RuleTerm::Kind::all;
    const std::string_view word = all ? "and " : "or ";
    std::string text;
    for (const RuleTerm& child : term.children) {
      if (!text.empty()) text.append(new_line(indent)).append(word);
      const bool enclosed = all && child.kind == RuleTerm::Kind::any && !child.children.empty();
      const std::string line = enclosed ? "(" + rule_text(child) + ")" : std::string();
      const bool fits = indent + word.size() + line.size() <= width_;
      text += !enclosed ? of(child, indent) : fits ? line : block(child, indent);
    }
    return text;
  }

  std::string negation(const RuleTerm& inner, const std::string& line, std::size_t indent) const {
    return inner.kind == RuleTerm::Kind::compare ? comparison(inner, line, indent) : "not " + block(inner, indent);
  }

  // Broken at the condition on its records, and at its list.
  std::string comparison(const RuleTerm& term, std::string line, std::size_t indent) const {
    if (term.op == Operator::in) {
      const std::string list = rule_list_text(term.values);
      line.resize(line.size() - list.size());
      line += broken(list, indent);
    }
    if (term.subject.where.empty()) return line;
    const RuleTerm& where = term.subject.where.front();
    const std::string inside = "(" + rule_text(where) + ")";
    return line.replace(line.find(inside), inside.size(), block(where, indent));
  }

  // As many values on a line as it holds; a text's own commas stay where they are.
  std::string broken(const std::string& list, std::size_t indent) const {
    std::string text, line;
    bool quoted = false;
    const auto end_line = [&] {
      text.append(new_line(indent + step)).append(line);
      line.clear();
    };
    std::string value;
    for (const char c : list.substr(1, list.size() - 2)) {
      quoted = quoted != (c == '\'');
      if (value.empty() && c == ' ' && !quoted) continue;
      value += c;
      if (c != ',' || quoted) continue;
      if (!line.empty() && indent + step + line.size() + 1 + value.size() > width_) end_line();
      line += (line.empty() ? "" : " ") + value;
      value.clear();
    }
    if (!line.empty() && indent + step + line.size() + 1 + value.size() > width_) end_line();
    line += (line.empty() ? "" : " ") + value;
    end_line();
    return "(" + text + new_line(indent) + ")";
  }

  std::size_t width_;
};

}  // namespace

std::string rule_layout(const Rule& rule, std::size_t width) { return Layout(width).of(rule.root(), 0); }

}  // namespace emptor
