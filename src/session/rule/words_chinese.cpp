// Rules in Chinese.
#include <utility>

#include "emptor/core/text.hpp"
#include "session/rule/computed.hpp"
#include "session/rule/names.hpp"
#include "session/rule/speech.hpp"
#include "session/rule/terms.hpp"

namespace emptor::chinese {
namespace {

constexpr Language language = Language::chinese;

std::string condition(const RuleSpeech& speech, const RuleTerm& term, bool nested);

std::string in_quotes(std::string_view text) { return "“" + std::string(text) + "”"; }

std::string told(const Value& value, const Zone& zone) {
  if (!value.present()) return "空";
  if (value.type() == Type::boolean) return value.boolean() ? "是" : "否";
  return value.is_text() ? in_quotes(value.text()) : rule_number(value, zone);
}

std::string told(const RuleSpeech& speech, const RuleValue& value) {
  if (value.kind == RuleValue::Kind::literal) return told(value_of(value), speech.zone);
  if (value.kind != RuleValue::Kind::today) return std::string(rule_word(value.kind));
  if (value.bits == 0) return "今天";
  return std::to_string(value.bits < 0 ? -value.bits : value.bits) + (value.bits < 0 ? "天前" : "天后");
}

std::string values_of(const RuleSpeech& speech, const RuleTerm& term) {
  std::string text;
  for (std::size_t i = 0; i < term.values.size(); ++i) {
    if (i > 0) text += i + 1 == term.values.size() ? "或" : "、";
    text += told(speech, term.values[i]);
  }
  return text;
}

std::string_view order_word(Operator op, bool day) {
  switch (op) {
    case Operator::less:
      return day ? "早于" : "小于";
    case Operator::less_equal:
      return day ? "不晚于" : "不超过";
    case Operator::greater:
      return day ? "晚于" : "大于";
    case Operator::greater_equal:
      return day ? "不早于" : "不小于";
    default:
      return "";
  }
}

std::string predicate(const RuleSpeech& speech, const RuleTerm& term, bool negated) {
  if (speech.hides(term.subject)) return "符合要求";
  const bool day = term.subject.type == Type::date || term.subject.type == Type::instant;
  switch (term.op) {
    case Operator::missing:
    case Operator::present:
      return (term.op == Operator::missing) != negated ? "为空" : "不为空";
    case Operator::contains:
      return (negated ? "不包含" : "包含") + values_of(speech, term);
    case Operator::starts_with:
      return (negated ? "不以" : "以") + values_of(speech, term) + "开头";
    case Operator::equal:
    case Operator::in:
      return (negated ? "不为" : "为") + values_of(speech, term);
    case Operator::not_equal:
      return (negated ? "为" : "不为") + values_of(speech, term);
    default:
      return (negated ? "并非" : "") + std::string(order_word(term.op, day)) + values_of(speech, term);
  }
}

std::string in_window(const RuleSubject& asked) {
  if (!asked.window) return "";
  const RuleWindow& window = *asked.window;
  if (window.oldest == 0) return "今天";
  const std::string oldest = std::to_string(window.oldest);
  return window.newest == 0 ? "最近" + oldest + "天内" : std::to_string(window.newest) + "至" + oldest + "天前";
}

bool is_ideograph(char32_t c) { return c >= 0x4E00 && c <= 0x9FFF; }
bool is_half_width(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '%' || c == '-';
}

// A blank between ideographs and what is half as wide; texts in quotes stay as they are.
std::string spaced(std::string_view text) {
  std::string wider;
  bool quoted = false;
  char32_t before = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    const bool meets = (is_ideograph(before) && is_half_width(c)) || (is_half_width(before) && is_ideograph(c));
    if (meets && !quoted) wider += ' ';
    quoted = c == U'“' || (quoted && c != U'”');
    append_utf8(wider, c);
    before = c;
  }
  return wider;
}

// "总额大于 500 的", before the noun.
std::string described(const RuleSpeech& speech, const RuleSubject& asked) {
  if (asked.where.empty()) return "";
  const RuleTerm& where = asked.where.front();
  const bool joined = where.kind == RuleTerm::Kind::all || where.kind == RuleTerm::Kind::any;
  return condition(speech.of(speech.schema.entity(asked.entity)), where, joined) + "的";
}

std::string records(const RuleSpeech& speech, const RuleSubject& asked) {
  const std::string window = in_window(asked), where = described(speech, asked);
  const std::string noun = entity_name(asked.entity, language).one;
  return window + (!window.empty() && where.empty() ? "的" : "") + where + noun;
}

std::string named(const RuleSpeech& speech, const RuleSubject& asked) {
  const std::string field = field_name(asked.field, language);
  switch (asked.kind) {
    case RuleSubject::Kind::related:
      return asked.through.empty() ? field : field_name(asked.through, language) + "的" + field;
    case RuleSubject::Kind::score:
      return "评分" + in_quotes(asked.name);
    case RuleSubject::Kind::records:
      break;
    default:
      return field;
  }
  const bool day = asked.type == Type::date || asked.type == Type::instant;
  const EntityName entity = entity_name(asked.entity, language);
  if (day && asked.field == rule_moment(asked.entity)) {
    const std::string window = asked.window ? in_window(asked) + "的" : "";
    return window + (asked.measure == RuleMeasure::most ? "最近一" : "最早一") + entity.many +
           described(speech, asked) + entity.one;
  }
  const std::string of = records(speech, asked) + "的" + field;
  switch (asked.measure) {
    case RuleMeasure::count:
      return records(speech, asked) + "数量";
    case RuleMeasure::different:
      return of + "种类数";
    case RuleMeasure::sum:
      return of + "合计";
    case RuleMeasure::average:
      return of + "平均值";
    case RuleMeasure::least:
      return of + (day ? "最早值" : "最小值");
    case RuleMeasure::most:
      return of + (day ? "最晚值" : "最大值");
  }
  return of;
}

std::string number_of(const RuleSpeech& speech, const RuleTerm& term, bool negated) {
  const Operator op = negated ? rule_opposite(term.op) : term.op;
  const std::string numbers = values_of(speech, term) + entity_name(term.subject.entity, language).many;
  switch (op) {
    case Operator::equal:
      return "恰好" + numbers;
    case Operator::not_equal:
      return "不是" + numbers;
    case Operator::less:
      return "少于" + numbers;
    case Operator::less_equal:
      return "至多" + numbers;
    case Operator::greater:
      return "多于" + numbers;
    case Operator::greater_equal:
      return "至少" + numbers;
    default:
      return (negated ? "不是" : "为") + numbers;
  }
}

std::string counted(const RuleSpeech& speech, const RuleTerm& term, bool negated) {
  const RuleSubject& asked = term.subject;
  if (!is_existence(term)) return records(speech, asked) + number_of(speech, term, negated);
  const bool none = (term.op == Operator::equal) != negated;
  return in_window(asked) + (none ? "没有" : "有") + described(speech, asked) + entity_name(asked.entity, language).one;
}

std::string top(const RuleSubject& asked, bool in) {
  const std::string by = asked.name.empty() ? field_name(asked.field, language) : "评分" + in_quotes(asked.name);
  return "按" + by + (in ? "排名前" : "排名不在前") + rule_percents(asked.share) + "%";
}

bool is_count(const RuleSubject& asked) {
  return asked.kind == RuleSubject::Kind::records && asked.measure == RuleMeasure::count;
}

std::string standing(const RuleSubject& asked, bool in) {
  if (asked.kind == RuleSubject::Kind::tag) return (in ? "带有标签" : "没有标签") + in_quotes(asked.name);
  if (asked.kind == RuleSubject::Kind::segment) return (in ? "属于客户分群" : "不属于客户分群") + in_quotes(asked.name);
  return top(asked, in);
}

bool stands(const RuleSubject& asked) {
  return asked.kind == RuleSubject::Kind::tag || asked.kind == RuleSubject::Kind::segment ||
         asked.kind == RuleSubject::Kind::top;
}

std::string comparison(const RuleSpeech& speech, const RuleTerm& term, bool negated) {
  if (stands(term.subject)) return standing(term.subject, !negated);
  if (is_count(term.subject)) return counted(speech, term, negated);
  return named(speech, term.subject) + predicate(speech, term, negated);
}

std::string combination(const RuleSpeech& speech, const RuleTerm& term, bool nested) {
  const bool all = term.kind == RuleTerm::Kind::all;
  if (term.children.empty()) return all ? "不设条件" : "条件从不成立";
  std::string text;
  for (const RuleTerm& child : term.children) {
    if (!text.empty()) text += nested ? (all ? "且" : "或") : (all ? "，且" : "，或");
    text += condition(speech, child, true);
  }
  return nested ? "（" + text + "）" : text;
}

std::string condition(const RuleSpeech& speech, const RuleTerm& term, bool nested) {
  if (term.kind == RuleTerm::Kind::compare) return comparison(speech, term, false);
  if (term.kind != RuleTerm::Kind::negate) return combination(speech, term, nested);
  const RuleTerm& inner = term.children.front();
  if (inner.kind == RuleTerm::Kind::compare) return comparison(speech, inner, true);
  if (inner.children.empty()) return inner.kind == RuleTerm::Kind::all ? "条件从不成立" : "不设条件";
  return "不满足" + combination(speech, inner, true);
}

std::string asked_as(const RuleSpeech& speech, const RuleTerm& term, bool negated) {
  if (!is_count(term.subject)) return predicate(speech, term, negated);
  if (!is_existence(term)) return number_of(speech, term, negated);
  return (term.op == Operator::equal) != negated ? "没有"
                                                 : "至少有一" + entity_name(term.subject.entity, language).many;
}

std::string there_are(const RuleSpeech& speech, const RuleReason& reason) {
  const RuleSubject& asked = reason.term->subject;
  const std::int64_t number = reason.observed().present() ? reason.observed().integer() : 0;
  const EntityName name = entity_name(asked.entity, language);
  if (number == 0) return in_window(asked) + "没有" + described(speech, asked) + name.one;
  return records(speech, asked) + "有" + std::to_string(number) + name.many;
}

std::string reason_of(const RuleSpeech& speech, const RuleReason& reason) {
  const RuleTerm& term = *reason.term;
  const RuleSubject& asked = term.subject;
  const bool holds = reason.holds(), wanted = holds != reason.negated;
  if (stands(asked)) return standing(asked, holds);
  const std::string name = is_count(asked) ? there_are(speech, reason) : named(speech, asked);
  if (!is_count(asked) && speech.hides(asked)) return name + (wanted ? "符合要求" : "不符合要求");
  const bool stated = term.op == Operator::missing || term.op == Operator::present;
  if (stated) return name + ((term.op == Operator::missing) == holds ? "为空" : "不为空");
  const bool plain = wanted && !reason.negated && term.op == Operator::equal;
  const std::string found = is_count(asked) ? name : name + "为" + told(reason.observed(), speech.zone);
  const bool as_asked = plain || (wanted && is_count(asked) && is_existence(term));
  return as_asked ? found : found + "（要求：" + asked_as(speech, term, reason.negated) + "）";
}

}  // namespace

std::string told_rule(const RuleSpeech& speech, const RuleTerm& root) {
  const std::string noun = speech.entity->name == "customer" ? "客户" : entity_name(speech.entity->name, language).one;
  const bool always = root.kind == RuleTerm::Kind::all && root.children.empty();
  const bool never = root.kind == RuleTerm::Kind::any && root.children.empty();
  if (always || never) return (always ? "所有" : "没有") + noun;
  return spaced(condition(speech, root, false) + "的" + noun);
}

std::string told_reason(const RuleSpeech& speech, const RuleReason& reason) {
  return spaced(reason_of(speech, reason));
}

}  // namespace emptor::chinese
