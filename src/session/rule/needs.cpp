#include "session/rule/needs.hpp"

#include <algorithm>

#include "session/rule/computed.hpp"
#include "session/rule/terms.hpp"

namespace emptor {
namespace {

class Needs {
 public:
  explicit Needs(const Rule& rule) : from_(rule.entity()), own_(rule.entity()) {
    needs_.today = rule.asks_today();
    add(rule.root());
  }
  RuleNeeds take() { return std::move(needs_); }

 private:
  void add(const RuleTerm& term) {
    if (term.kind == RuleTerm::Kind::compare) return add(term.subject);
    for (const RuleTerm& child : term.children) add(child);
  }

  void add(const RuleSubject& asked) {
    switch (asked.kind) {
      case RuleSubject::Kind::field:
        return add_field(asked.field);
      case RuleSubject::Kind::related:
        return follow(asked.through, asked.entity, asked.field);
      case RuleSubject::Kind::records:
        return measure(asked);
      case RuleSubject::Kind::score:
        needs_.scores.insert(asked.name);
        return;
      case RuleSubject::Kind::tag:
        needs_.tags.insert(asked.name);
        return;
      case RuleSubject::Kind::segment:
        needs_.segments.insert(asked.name);
        return;
      case RuleSubject::Kind::top:
        return rank(asked);
    }
  }

  void rank(const RuleSubject& asked) {
    needs_.top = true;
    if (!asked.name.empty())
      needs_.scores.insert(asked.name);
    else if (asked.entity.empty())
      add_field(asked.field);
    else
      follow(asked.through, asked.entity, asked.field);
  }

  void measure(const RuleSubject& asked) {
    const std::string before = std::exchange(from_, asked.entity);
    needs_.records[asked.entity];
    if (!asked.field.empty()) add_field(asked.field);
    if (asked.window) {
      needs_.windows = true;
      add_field(std::string(rule_moment(asked.entity)));
    }
    for (const RuleTerm& term : asked.where) add(term);
    from_ = before;
  }

  RuleNeeds::Fields& fields() { return from_ == own_ ? needs_.fields : needs_.records[from_]; }

  void add_field(const std::string& field) {
    const RuleComputed* computed = from_ == own_ ? nullptr : computed_field(from_, field);
    if (computed == nullptr) {
      fields().insert(field);
    } else if (computed->kind == RuleComputed::Kind::taken) {
      follow(std::string(computed->link), std::string(computed->other), std::string(computed->from));
    } else {
      RuleNeeds::Fields& others = needs_.records[std::string(computed->other)];
      others.emplace(computed->link);
      others.emplace(computed->from);
    }
  }

  void follow(const std::string& through, const std::string& entity, const std::string& field) {
    if (!through.empty()) fields().insert(through);
    const auto same = [&](const RuleNeeds::Reference& each) { return each.from == from_ && each.through == through; };
    auto found = std::ranges::find_if(needs_.references, same);
    if (found == needs_.references.end())
      found = needs_.references.insert(found, {.from = from_, .through = through, .entity = entity, .fields = {}});
    found->fields.insert(field);
  }

  RuleNeeds needs_;
  std::string from_, own_;
};

}  // namespace

RuleNeeds needs_of(const Rule& rule) { return Needs(rule).take(); }

}  // namespace emptor
