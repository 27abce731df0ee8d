// A rule as JSON.
#include "emptor/core/decimal.hpp"
#include "emptor/model/json.hpp"
#include "emptor/session/rule_forms.hpp"
#include "session/rule/json_names.hpp"
#include "session/rule/terms.hpp"

namespace emptor {
namespace {

class Writer {
 public:
  std::string take() { return std::move(json_); }

  void add(const RuleTerm& term) {
    json_ += '{';
    if (term.kind == RuleTerm::Kind::compare) {
      add(term.subject);
      if (!stands_alone(term.subject)) add_comparison(term);
    } else if (term.kind == RuleTerm::Kind::negate) {
      name("not");
      add(term.children.front());
    } else {
      name(term.kind == RuleTerm::Kind::all ? "all" : "any");
      json_ += '[';
      for (const RuleTerm& child : term.children) {
        if (&child != &term.children.front()) json_ += ',';
        add(child);
      }
      json_ += ']';
    }
    json_ += '}';
  }

 private:
  static bool stands_alone(const RuleSubject& asked) {
    return asked.kind == RuleSubject::Kind::tag || asked.kind == RuleSubject::Kind::segment ||
           asked.kind == RuleSubject::Kind::top;
  }

  void name(std::string_view text) {
    if (json_.back() != '{') json_ += ',';
    append_json_text(json_, text);
    json_ += ':';
  }
  void member(std::string_view of, std::string_view text) {
    name(of);
    append_json_text(json_, text);
  }

  void add(const RuleSubject& asked) {
    switch (asked.kind) {
      case RuleSubject::Kind::field:
      case RuleSubject::Kind::related:
        return member("field", rule_path(asked));
      case RuleSubject::Kind::records:
        return add_records(asked);
      case RuleSubject::Kind::score:
        return member("score", asked.name);
      case RuleSubject::Kind::tag:
        return member("tag", asked.name);
      case RuleSubject::Kind::segment:
        return member("segment", asked.name);
      case RuleSubject::Kind::top:
        member("top", rule_percents(asked.share));
        return asked.name.empty() ? member("by", rule_path(asked)) : member("by_score", asked.name);
    }
  }

  void add_records(const RuleSubject& asked) {
    member(rule_json_name(asked.measure), asked.field.empty() ? asked.entity : asked.entity + "." + asked.field);
    if (!asked.where.empty()) {
      name("where");
      add(asked.where.front());
    }
    if (!asked.window) return;
    name("window");
    json_ += "{\"oldest\":" + std::to_string(asked.window->oldest) +
             ",\"newest\":" + std::to_string(asked.window->newest) + "}";
  }

  void add_comparison(const RuleTerm& term) {
    member("op", rule_json_name(term.op));
    if (term.values.empty()) return;
    if (term.op != Operator::in) {
      name("value");
      return add(term.values.front());
    }
    name("values");
    json_ += '[';
    for (const RuleValue& value : term.values) {
      if (&value != &term.values.front()) json_ += ',';
      add(value);
    }
    json_ += ']';
  }

  // Words of the actor are those of the text; no rule of a segment has them.
  void add(const RuleValue& value) {
    if (value.kind == RuleValue::Kind::literal) return append_json(json_, value_of(value));
    json_ += '{';
    if (value.kind == RuleValue::Kind::today) {
      name("today");
      json_ += std::to_string(value.bits);
    } else {
      member("word", rule_word(value.kind));
    }
    json_ += '}';
  }

  std::string json_;
};

}  // namespace

std::string rule_json(const Rule& rule) {
  Writer writer;
  writer.add(rule.root());
  return writer.take();
}

}  // namespace emptor
