// Which conditions of a rule decide, and the sentence around them.
#include <algorithm>

#include "emptor/model/plain.hpp"
#include "session/rule/speech.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_reasons = 10;  // that are told one by one

class Deciding {
 public:
  explicit Deciding(std::span<const RuleFinding> findings) : findings_(findings) {}

  bool holds(const RuleTerm& term) const {
    const auto child = [&](const RuleTerm& each) { return holds(each); };
    switch (term.kind) {
      case RuleTerm::Kind::compare:
        break;
      case RuleTerm::Kind::negate:
        return !holds(term.children.front());
      case RuleTerm::Kind::all:
        return std::ranges::all_of(term.children, child);
      case RuleTerm::Kind::any:
        return std::ranges::any_of(term.children, child);
    }
    const RuleFinding* finding = of(term);
    return finding != nullptr && finding->holds;
  }

  std::vector<RuleReason> reasons(const RuleTerm& root) {
    add(root, holds(root), false);
    return std::move(reasons_);
  }

 private:
  const RuleFinding* of(const RuleTerm& term) const {
    const auto found = std::ranges::find(findings_, &term, &RuleFinding::term);
    return found == findings_.end() ? nullptr : &*found;
  }

  // Those that make the term hold, or not hold.
  void add(const RuleTerm& term, bool held, bool negated) {
    if (term.kind == RuleTerm::Kind::compare) {
      reasons_.push_back({&term, negated, of(term)});
    } else if (term.kind == RuleTerm::Kind::negate) {
      add(term.children.front(), !held, !negated);
    } else {
      for (const RuleTerm& child : term.children)
        if (holds(child) == held) add(child, held, negated);
    }
  }

  std::span<const RuleFinding> findings_;
  std::vector<RuleReason> reasons_;
};

}  // namespace

bool RuleSpeech::hides(const RuleSubject& asked) const {
  if (!hides_personal || asked.field.empty()) return false;
  const Entity* owner = asked.entity.empty() ? entity : schema.find(asked.entity);
  const Field* field = owner == nullptr ? nullptr : owner->find(asked.field);
  return field != nullptr && field->has(field_flag::personal);
}

Operator rule_opposite(Operator op) noexcept {
  switch (op) {
    case Operator::equal:
      return Operator::not_equal;
    case Operator::not_equal:
      return Operator::equal;
    case Operator::less:
      return Operator::greater_equal;
    case Operator::less_equal:
      return Operator::greater;
    case Operator::greater:
      return Operator::less_equal;
    case Operator::greater_equal:
      return Operator::less;
    default:
      return op;
  }
}

std::string rule_number(const Value& value, const Zone& zone) {
  return value.type() == Type::instant ? to_string(zone.date_of(value.instant())) : to_plain(value);
}

bool is_existence(const RuleTerm& term) noexcept {
  if (term.subject.kind != RuleSubject::Kind::records || term.subject.measure != RuleMeasure::count) return false;
  if (term.values.size() != 1) return false;
  const std::int64_t bound = term.values.front().bits;
  return (term.op == Operator::equal && bound == 0) || (term.op == Operator::greater_equal && bound == 1);
}

const RuleTerm* rule_amount(const RuleSubject& asked) noexcept {
  if (asked.where.empty()) return nullptr;
  const RuleTerm& term = asked.where.front();
  const bool ordered = term.op == Operator::less || term.op == Operator::greater || term.op == Operator::greater_equal;
  const RuleSubject& of = term.subject;
  const bool amount =
      of.kind == RuleSubject::Kind::field && (of.field == "total" || of.field == "base_amount" || of.field == "amount");
  return term.kind == RuleTerm::Kind::compare && ordered && amount ? &term : nullptr;
}

std::string explain_rule(const Schema& schema, const Rule& rule, Language language) {
  const RuleSpeech speech{schema, &schema.entity(rule.entity())};
  return language == Language::english ? english::told_rule(speech, rule.root())
                                       : chinese::told_rule(speech, rule.root());
}

std::string explain_finding(const Schema& schema, const Rule& rule, std::span<const RuleFinding> findings,
                            Language language, const Zone& zone) {
  const bool in_english = language == Language::english;
  const RuleSpeech speech{schema, &schema.entity(rule.entity()), true, zone};
  Deciding deciding(findings);
  const bool in = deciding.holds(rule.root());
  const std::vector<RuleReason> reasons = deciding.reasons(rule.root());
  std::string text;
  for (std::size_t i = 0; i < std::min(reasons.size(), most_reasons); ++i) {
    if (i > 0) text += in_english ? (i + 1 == reasons.size() ? " and " : ", ") : "，且";
    text += in_english ? english::told_reason(speech, reasons[i]) : chinese::told_reason(speech, reasons[i]);
  }
  if (reasons.size() > most_reasons) {
    const std::string more = std::to_string(reasons.size() - most_reasons);
    text += in_english ? " and " + more + " more" : "，另有 " + more + " 项";
  }
  if (in_english)
    return (in ? "in, because " : "not in, because ") +
           (text.empty() ? std::string(in ? "everybody is" : "nobody is") : text);
  return (in ? "符合，因为" : "不符合，因为") + (text.empty() ? std::string(in ? "不设条件" : "没有客户符合") : text);
}

}  // namespace emptor
