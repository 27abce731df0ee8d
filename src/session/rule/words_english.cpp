// Rules in English.
#include <algorithm>
#include <utility>

#include "session/rule/computed.hpp"
#include "session/rule/names.hpp"
#include "session/rule/speech.hpp"
#include "session/rule/terms.hpp"

namespace emptor::english {
namespace {

constexpr Language language = Language::english;

std::string condition(const RuleSpeech& speech, const RuleTerm& term, bool negated, bool nested);

bool is_simple(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

std::string in_quotes(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_simple) ? std::string(text)
                                                               : "\u201c" + std::string(text) + "\u201d";
}

std::string days(std::int64_t number) { return std::to_string(number) + (number == 1 ? " day" : " days"); }

std::string told(const Value& value, const Zone& zone) {
  if (!value.present()) return "missing";
  if (value.type() == Type::boolean) return value.boolean() ? "yes" : "no";
  return value.is_text() ? in_quotes(value.text()) : rule_number(value, zone);
}

std::string told(const RuleSpeech& speech, const RuleValue& value) {
  if (value.kind == RuleValue::Kind::literal) return told(value_of(value), speech.zone);
  if (value.kind != RuleValue::Kind::today) return std::string(rule_word(value.kind));
  if (value.bits == 0) return "today";
  return value.bits < 0 ? days(-value.bits) + " ago" : days(value.bits) + " from today";
}

template <class Parts>
std::string listed(const Parts& parts, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? last : ", ";
    text += parts[i];
  }
  return text;
}

std::string values_of(const RuleSpeech& speech, const RuleTerm& term) {
  std::vector<std::string> parts;
  for (const RuleValue& value : term.values) parts.push_back(told(speech, value));
  return listed(parts, " or ");
}

// "more than 90 days ago", for a day that lies in the past.
std::string_view past_word(Operator op) {
  switch (op) {
    case Operator::less:
      return "more than ";
    case Operator::less_equal:
      return "at least ";
    case Operator::greater:
      return "less than ";
    case Operator::greater_equal:
      return "at most ";
    default:
      return "";
  }
}

std::string_view order_word(Operator op, bool day) {
  switch (op) {
    case Operator::less:
      return day ? "before " : "below ";
    case Operator::less_equal:
      return day ? "on or before " : "at most ";
    case Operator::greater:
      return day ? "after " : "above ";
    case Operator::greater_equal:
      return day ? "on or after " : "at least ";
    default:
      return "";
  }
}

// What is said of the name: "is above 5", "does not contain tea".
std::string predicate(const RuleSpeech& speech, const RuleTerm& term, bool negated) {
  if (speech.hides(term.subject)) return "is as asked";
  const bool unequal = term.op == Operator::not_equal;
  const std::string is = negated != unequal ? "is not " : "is ";
  const bool day = term.subject.type == Type::date || term.subject.type == Type::instant;
  switch (term.op) {
    case Operator::missing:
    case Operator::present:
      return (term.op == Operator::missing) != negated ? "is missing" : "is known";
    case Operator::contains:
      return (negated ? "does not contain " : "contains ") + values_of(speech, term);
    case Operator::starts_with:
      return (negated ? "does not start with " : "starts with ") + values_of(speech, term);
    default:
      break;
  }
  const RuleValue& first = term.values.front();
  const bool past = term.op != Operator::in && first.kind == RuleValue::Kind::today && first.bits < 0;
  return is + std::string(past ? past_word(term.op) : order_word(term.op, day)) + values_of(speech, term);
}

std::string in_window(const RuleWindow& window) {
  if (window.oldest == 0) return " today";
  if (window.newest == 0) return " in the last " + days(window.oldest);
  return " between " + std::to_string(window.newest) + " and " + days(window.oldest) + " ago";
}

// "orders over 500 in the last 90 days".
std::string records(const RuleSpeech& speech, const RuleSubject& asked, bool one) {
  const EntityName name = entity_name(asked.entity, language);
  std::string text = one ? name.one : name.many;
  const RuleSpeech inner = speech.of(speech.schema.entity(asked.entity));
  const RuleTerm* amount = rule_amount(asked);
  if (amount != nullptr)
    text += (amount->op == Operator::less            ? " under "
             : amount->op == Operator::greater_equal ? " of at least "
                                                     : " over ") +
            values_of(inner, *amount);
  if (asked.window) text += in_window(*asked.window);
  if (!asked.where.empty() && amount == nullptr)
    text += " " + condition(inner, asked.where.front(), false, asked.where.front().kind == RuleTerm::Kind::any);
  return text;
}

// What has a value, without an article: "service tier", "last order".
std::string named(const RuleSpeech& speech, const RuleSubject& asked) {
  const std::string field = field_name(asked.field, language);
  switch (asked.kind) {
    case RuleSubject::Kind::related:
      return asked.through.empty() ? field : field_name(asked.through, language) + "'s " + field;
    case RuleSubject::Kind::score:
      return "score " + in_quotes(asked.name);
    case RuleSubject::Kind::records:
      break;
    default:
      return field;
  }
  const bool day = asked.type == Type::date || asked.type == Type::instant;
  const bool edge = day && asked.field == rule_moment(asked.entity);
  const std::string many = " of " + records(speech, asked, false);
  switch (asked.measure) {
    case RuleMeasure::count:
      return "number" + many;
    case RuleMeasure::different:
      return "number of different values of " + field + many;
    case RuleMeasure::sum:
      return "total " + field + many;
    case RuleMeasure::average:
      return "average " + field + many;
    case RuleMeasure::least:
      return edge ? "first " + records(speech, asked, true) : (day ? "earliest " : "least ") + field + many;
    case RuleMeasure::most:
      return edge ? "last " + records(speech, asked, true) : (day ? "latest " : "greatest ") + field + many;
  }
  return field;
}

// "at least 3", of what is counted.
std::string number_of(const RuleSpeech& speech, const RuleTerm& term, bool negated) {
  const Operator op = negated ? rule_opposite(term.op) : term.op;
  const std::string numbers = values_of(speech, term);
  switch (op) {
    case Operator::equal:
      return "exactly " + numbers;
    case Operator::not_equal:
      return "not exactly " + numbers;
    case Operator::less:
      return "fewer than " + numbers;
    case Operator::less_equal:
      return "at most " + numbers;
    case Operator::greater:
      return "more than " + numbers;
    case Operator::greater_equal:
      return "at least " + numbers;
    default:
      return (negated ? "neither " : "exactly ") + numbers;
  }
}

bool is_one(const RuleTerm& term) { return term.values.size() == 1 && term.values.front().bits == 1; }

std::string counted(const RuleSpeech& speech, const RuleTerm& term, bool negated) {
  const std::string who = "who " + entity_name(term.subject.entity, language).verb + " ";
  if (!is_existence(term))
    return who + number_of(speech, term, negated) + " " + records(speech, term.subject, is_one(term));
  if ((term.op == Operator::equal) != negated) return who + "no " + records(speech, term.subject, false);
  return who + "at least one " + records(speech, term.subject, true);
}

std::string top(const RuleSubject& asked) {
  const std::string by = asked.name.empty() ? field_name(asked.field, language) : "score " + in_quotes(asked.name);
  return "among the top " + rule_percents(asked.share) + "% by " + by;
}

bool is_count(const RuleSubject& asked) {
  return asked.kind == RuleSubject::Kind::records && asked.measure == RuleMeasure::count;
}

std::string comparison(const RuleSpeech& speech, const RuleTerm& term, bool negated) {
  const RuleSubject& asked = term.subject;
  switch (asked.kind) {
    case RuleSubject::Kind::tag:
      return (negated ? "who do not have the tag " : "who have the tag ") + in_quotes(asked.name);
    case RuleSubject::Kind::segment:
      return (negated ? "who are not in the segment " : "who are in the segment ") + in_quotes(asked.name);
    case RuleSubject::Kind::top:
      return (negated ? "who are not " : "who are ") + top(asked);
    default:
      break;
  }
  if (is_count(asked)) return counted(speech, term, negated);
  return "whose " + named(speech, asked) + " " + predicate(speech, term, negated);
}

std::string combination(const RuleSpeech& speech, const RuleTerm& term, bool nested) {
  const bool all = term.kind == RuleTerm::Kind::all;
  if (term.children.empty()) return all ? "whoever they are" : "who do not exist";
  std::vector<std::string> parts;
  for (const RuleTerm& child : term.children) parts.push_back(condition(speech, child, false, true));
  return (nested ? (all ? "both " : "either ") : "") + listed(parts, all ? " and " : " or ");
}

std::string condition(const RuleSpeech& speech, const RuleTerm& term, bool negated, bool nested) {
  if (term.kind == RuleTerm::Kind::compare) return comparison(speech, term, negated);
  if (term.kind != RuleTerm::Kind::negate) return combination(speech, term, nested);
  const RuleTerm& inner = term.children.front();
  if (inner.kind == RuleTerm::Kind::compare) return comparison(speech, inner, true);
  if (inner.children.empty()) return inner.kind == RuleTerm::Kind::all ? "who do not exist" : "whoever they are";
  return "who are not among those " + combination(speech, inner, true);
}

// How the value is asked, without the verb: "above 5".
std::string asked_as(const RuleSpeech& speech, const RuleTerm& term, bool negated) {
  if (is_count(term.subject)) {
    if (!is_existence(term)) return number_of(speech, term, negated);
    return (term.op == Operator::equal) != negated ? "none" : "at least one";
  }
  std::string text = predicate(speech, term, negated);
  return text.starts_with("is ") ? text.substr(3) : text;
}

std::string there_are(const RuleSpeech& speech, const RuleReason& reason) {
  const RuleSubject& asked = reason.term->subject;
  const std::int64_t number = reason.observed().present() ? reason.observed().integer() : 0;
  if (number == 0) return "there are no " + records(speech, asked, false);
  return (number == 1 ? "there is 1 " : "there are " + std::to_string(number) + " ") +
         records(speech, asked, number == 1);
}

}  // namespace

std::string told_rule(const RuleSpeech& speech, const RuleTerm& root) {
  std::string noun = entity_name(speech.entity->name, language).many;
  if (speech.entity->name == "customer") noun = "customers";
  const bool always = root.kind == RuleTerm::Kind::all && root.children.empty();
  const bool never = root.kind == RuleTerm::Kind::any && root.children.empty();
  if (always || never) return (always ? "all " : "no ") + noun;
  return noun + " " + condition(speech, root, false, false);
}

std::string told_reason(const RuleSpeech& speech, const RuleReason& reason) {
  const RuleTerm& term = *reason.term;
  const RuleSubject& asked = term.subject;
  const bool holds = reason.holds(), wanted = holds != reason.negated;
  switch (asked.kind) {
    case RuleSubject::Kind::tag:
      return (holds ? "the customer has the tag " : "the customer does not have the tag ") + in_quotes(asked.name);
    case RuleSubject::Kind::segment:
      return (holds ? "the customer is in the segment " : "the customer is not in the segment ") +
             in_quotes(asked.name);
    case RuleSubject::Kind::top:
      return (holds ? "the customer is " : "the customer is not ") + top(asked);
    default:
      break;
  }
  const std::string name = is_count(asked) ? there_are(speech, reason) : "the " + named(speech, asked);
  if (!is_count(asked) && speech.hides(asked)) return name + (wanted ? " is as asked" : " is not as asked");
  const bool stated = term.op == Operator::missing || term.op == Operator::present;
  if (stated) return name + ((term.op == Operator::missing) == holds ? " is missing" : " is known");
  const bool plain = wanted && !reason.negated && term.op == Operator::equal;
  const std::string found = is_count(asked) ? name : name + " is " + told(reason.observed(), speech.zone);
  const bool as_asked = plain || (wanted && is_count(asked) && is_existence(term));
  return as_asked ? found : found + " (asked: " + asked_as(speech, term, reason.negated) + ")";
}

}  // namespace emptor::english
