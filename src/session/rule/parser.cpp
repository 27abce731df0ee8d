#include "session/rule/parser.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "session/rule/computed.hpp"

namespace emptor {
namespace {

constexpr std::string_view comparisons = "=, <>, <, <=, >, >=, in, between, is, contains or starts with";

struct Sign {
  std::string_view text;
  Operator op;
};
constexpr Sign signs[] = {{"=", Operator::equal},      {"==", Operator::equal},        {"<>", Operator::not_equal},
                          {"!=", Operator::not_equal}, {"<", Operator::less},          {"<=", Operator::less_equal},
                          {">", Operator::greater},    {">=", Operator::greater_equal}};

bool orders(Operator op) {
  return op == Operator::less || op == Operator::less_equal || op == Operator::greater || op == Operator::greater_equal;
}

// Nothing where the whole text is no such number.
std::optional<std::int64_t> whole_number(std::string_view digits, std::int64_t most) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool read = problem == std::errc() && end == digits.data() + digits.size() && number >= 0 && number <= most;
  return read ? std::optional(number) : std::nullopt;
}

}  // namespace

// What a comparison begins with where it begins with no field.
struct RuleParser::Phrase {
  std::string_view word;
  RuleTerm (RuleParser::*read)();
};
const RuleParser::Phrase RuleParser::phrases[] = {
    {"has", &RuleParser::tag},       {"in", &RuleParser::segment},      {"score", &RuleParser::score},
    {"top", &RuleParser::top},       {"at", &RuleParser::bounded},      {"no", &RuleParser::nothing},
    {"any", &RuleParser::something}, {"count", &RuleParser::count},     {"different", &RuleParser::different},
    {"sum", &RuleParser::sum},       {"average", &RuleParser::average}, {"least", &RuleParser::least},
    {"most", &RuleParser::most},     {"first", &RuleParser::first},     {"last", &RuleParser::last}};

RuleTerm RuleParser::run() {
  RuleTerm term = alternatives();
  if (tokens_.next().kind != RuleToken::Kind::end) refuse_next("`and`, `or` or the end");
  reading_.throw_problems();
  return term;
}

RuleTerm RuleParser::alternatives() {
  std::vector<RuleTerm> parts{conditions()};
  while (accept("or")) parts.push_back(conditions());
  return rule_combination(RuleTerm::Kind::any, std::move(parts));
}

RuleTerm RuleParser::conditions() {
  std::vector<RuleTerm> parts{condition()};
  while (accept("and")) parts.push_back(condition());
  return rule_combination(RuleTerm::Kind::all, std::move(parts));
}

RuleTerm RuleParser::condition() {
  if (depth_ >= Rule::deepest)
    reading_.refuse(place(), "the rule has too many parentheses and negations in each other", "write it flatter");
  ++depth_;
  RuleTerm term = accept("not")      ? rule_negation(condition())
                  : accept_sign("(") ? in_parentheses()
                  : accept("true")   ? RuleTerm{.kind = RuleTerm::Kind::all}
                  : accept("false")  ? RuleTerm{.kind = RuleTerm::Kind::any}
                                     : comparison();
  --depth_;
  return term;
}

RuleTerm RuleParser::in_parentheses() {
  RuleTerm term = alternatives();
  expect_sign(")");
  return term;
}

RuleTerm RuleParser::comparison() {
  if (tokens_.next().kind != RuleToken::Kind::word) refuse_next("the name of a field");
  const RulePlace at = place();
  const Phrase* begun = phrase();
  const RuleToken word = tokens_.take();
  if (begun == nullptr) return compared(reading_.path(word.text, at));
  if (!reading_.is_segment())
    reading_.refuse(at, "other records, scores, tags and segments are asked by the rules of segments alone",
                    "ask a field of the record itself");
  if (reading_.is_inner())
    reading_.refuse(at, "a condition on records asks their fields and those of what they refer to",
                    "ask the rest of the customer, outside the parentheses");
  return (this->*begun->read)();
}

// A field is a field, whatever it is called.
const RuleParser::Phrase* RuleParser::phrase() const {
  const auto* found =
      std::ranges::find_if(phrases, [&](const Phrase& each) { return is_word(tokens_.next(), each.word); });
  return found == std::end(phrases) || reading_.entity().find(tokens_.next().text) != nullptr ? nullptr : found;
}

RuleTerm RuleParser::compared(RuleAsked asked) {
  const RuleToken at = tokens_.next();
  if (const auto op = accept_operator()) return signed_by(std::move(asked), *op, at);
  if (accept("is")) return stated(std::move(asked));
  const bool negated = accept("not");
  RuleTerm term;
  if (accept("in")) {
    term = listed(std::move(asked));
  } else if (accept("between")) {
    term = between(std::move(asked));
  } else if (accept("contains")) {
    term = found_in(std::move(asked), Operator::contains);
  } else if (accept("starts")) {
    expect_word("with");
    term = found_in(std::move(asked), Operator::starts_with);
  } else {
    refuse_next(comparisons);
  }
  return negated ? rule_negation(std::move(term)) : term;
}

RuleTerm RuleParser::signed_by(RuleAsked asked, Operator op, const RuleToken& at) {
  const RulePlace of_value = place();
  RuleValue given = value(asked);
  if (!orders(op)) {
    reading_.check_choice(asked, given, of_value);
    return rule_equality(asked, std::move(given), op == Operator::not_equal);
  }
  reading_.check_order(asked, {at.at});
  return rule_comparison(asked, op, {std::move(given)});
}

RuleTerm RuleParser::listed(RuleAsked asked) {
  std::vector<RuleValue> values;
  if (!accept_sign("(")) {
    const RulePlace at = place();
    const std::size_t told = reading_.problems();
    values.push_back(value(asked));
    if (asked.known && told == reading_.problems() && !is_set_of_ids(values.front().kind))
      reading_.note(at, &asked, "a list is expected", "write it as (1, 2, 3)");
    return rule_comparison(asked, Operator::in, std::move(values));
  }
  do {
    const RulePlace at = place();
    values.push_back(value(asked));
    reading_.check_choice(asked, values.back(), at);
  } while (accept_sign(","));
  expect_sign(")");
  return rule_comparison(asked, Operator::in, std::move(values));
}

RuleTerm RuleParser::between(RuleAsked asked) {
  const RuleToken at = tokens_.next();
  RuleValue least = value(asked);
  reading_.check_order(asked, {at.at});
  if (!accept("and")) refuse_next("`and` and the greatest value");
  RuleValue most = value(asked);
  std::vector<RuleTerm> both{rule_comparison(asked, Operator::greater_equal, {std::move(least)}),
                             rule_comparison(asked, Operator::less_equal, {std::move(most)})};
  return rule_combination(RuleTerm::Kind::all, std::move(both));
}

RuleTerm RuleParser::stated(RuleAsked asked) {
  const RulePlace at = place();
  const bool negated = accept("not");
  const bool missing = accept("missing") || accept("null");
  if (missing || accept("present")) {
    reading_.check_missing(asked, at);
    return rule_comparison(asked, missing != negated ? Operator::missing : Operator::present, {});
  }
  if (tokens_.next().kind != RuleToken::Kind::word) refuse_next("`missing`, `present`, `me`, `true` or another word");
  RuleValue given = value(asked);
  return rule_equality(asked, std::move(given), negated);
}

RuleTerm RuleParser::found_in(RuleAsked asked, Operator op) {
  const RulePlace at = place();
  RuleValue part = value(asked);
  reading_.check_text(asked, at);
  return rule_comparison(asked, op, {std::move(part)});
}

RuleValue RuleParser::value(RuleAsked& asked) {
  const RuleToken token = tokens_.next();
  const RulePlace at{token.at};
  const bool begins = token.kind == RuleToken::Kind::word || token.kind == RuleToken::Kind::text ||
                      token.kind == RuleToken::Kind::number;
  if (!begins) refuse_next("a value");
  tokens_.take();
  if (is_word(token, "today")) {
    const std::int64_t days = days_after();
    return reading_.today(asked, days, at);
  }
  if (token.kind == RuleToken::Kind::word) return reading_.word(asked, token.text, at);
  const bool quoted = token.kind == RuleToken::Kind::text;
  return reading_.written(asked, quoted ? unquoted(token.text) : std::string(token.text), quoted, at);
}

// Days after today, where any are said.
std::int64_t RuleParser::days_after() {
  const RuleToken first = tokens_.next();
  const bool sign = first.kind == RuleToken::Kind::sign && (first.text == "-" || first.text == "+");
  const bool signed_number = first.kind == RuleToken::Kind::number && (first.text[0] == '-' || first.text[0] == '+');
  if (!sign && !signed_number) return 0;
  if (sign) tokens_.take();
  const RuleToken number = tokens_.next();
  const auto days = whole_number(sign ? number.text : number.text.substr(1), farthest_rule_day);
  if (number.kind != RuleToken::Kind::number || !days) refuse_next("a number of days, at most 40000");
  tokens_.take();
  if (!accept("days") && !accept("day")) refuse_next("`days`");
  return first.text[0] == '-' ? -*days : *days;
}

// --- what a segment asks beside fields

RuleTerm RuleParser::tag() {
  expect_word("tag");
  RuleAsked asked;
  asked.subject = {.kind = RuleSubject::Kind::tag, .name = name("tag")};
  return rule_comparison(asked, Operator::present, {});
}

RuleTerm RuleParser::segment() {
  expect_word("segment");
  RuleAsked asked;
  asked.subject = {.kind = RuleSubject::Kind::segment, .name = name("segment")};
  return rule_comparison(asked, Operator::present, {});
}

RuleTerm RuleParser::score() {
  const RulePlace at = place();
  return compared(reading_.score(name("score"), at));
}

RuleTerm RuleParser::top() {
  const RulePlace at = place();
  const RuleToken number = expect(RuleToken::Kind::number, "a share, like 10%,");
  const std::int64_t share = reading_.share(number.text, at);
  expect_sign("%");
  expect_word("by");
  const RulePlace of_field = place();
  const RuleToken word = expect(RuleToken::Kind::word, "the name of a field or `score`");
  const bool by_score = is_word(word, "score") && tokens_.next().kind == RuleToken::Kind::text;
  RuleAsked by = by_score ? reading_.score(name("score"), of_field) : reading_.path(word.text, of_field);
  return rule_comparison(reading_.top(share, std::move(by), of_field), Operator::present, {});
}

// `at least 3 order ...`, another way to write `count of order ... >= 3`.
RuleTerm RuleParser::bounded() {
  const bool least = accept("least");
  if (!least) expect_word("most");
  const RuleToken number = tokens_.next();
  expect(RuleToken::Kind::number, "a whole number");
  const RulePlace at = place();
  const RuleToken entity = expect(RuleToken::Kind::word, "the name of an entity");
  RuleAsked asked = records(RuleMeasure::count, entity.text, at);
  RuleValue bound = reading_.written(asked, number.text, false, {number.at});
  return rule_comparison(asked, least ? Operator::greater_equal : Operator::less_equal, {std::move(bound)});
}

RuleTerm RuleParser::nothing() {
  const RulePlace at = place();
  const RuleToken entity = expect(RuleToken::Kind::word, "the name of an entity");
  return rule_comparison(records(RuleMeasure::count, entity.text, at), Operator::equal,
                         {rule_literal(Value(std::int64_t{0}))});
}

RuleTerm RuleParser::something() {
  const RulePlace at = place();
  const RuleToken entity = expect(RuleToken::Kind::word, "the name of an entity");
  return rule_comparison(records(RuleMeasure::count, entity.text, at), Operator::greater_equal,
                         {rule_literal(Value(std::int64_t{1}))});
}

RuleTerm RuleParser::count() { return measure(RuleMeasure::count); }
RuleTerm RuleParser::different() { return measure(RuleMeasure::different); }
RuleTerm RuleParser::sum() { return measure(RuleMeasure::sum); }
RuleTerm RuleParser::average() { return measure(RuleMeasure::average); }
RuleTerm RuleParser::least() { return measure(RuleMeasure::least); }
RuleTerm RuleParser::most() { return measure(RuleMeasure::most); }
RuleTerm RuleParser::first() { return edge(RuleMeasure::least); }
RuleTerm RuleParser::last() { return edge(RuleMeasure::most); }

RuleTerm RuleParser::measure(RuleMeasure measure) {
  expect_word("of");
  const RulePlace at = place();
  const RuleToken path =
      expect(RuleToken::Kind::word, measure == RuleMeasure::count ? "the name of an entity" : "ENTITY.FIELD");
  return compared(records(measure, path.text, at));
}

// The moment of the first or last of the records.
RuleTerm RuleParser::edge(RuleMeasure measure) {
  const RulePlace at = place();
  const RuleToken name = expect(RuleToken::Kind::word, "the name of an entity");
  const Entity& entity = reading_.records(name.text, at);
  RuleAsked asked = reading_.measured(measure, entity, reading_.moment(entity, at), at);
  among(asked, entity);
  return compared(std::move(asked));
}

RuleAsked RuleParser::records(RuleMeasure measure, std::string_view path, const RulePlace& place) {
  const std::size_t dot = path.find('.');
  const Entity& entity = reading_.records(path.substr(0, dot), place);
  if (measure == RuleMeasure::count && dot != std::string_view::npos)
    reading_.refuse(place, "records are counted, not a field of theirs", "write `different of` to count values");
  if (measure != RuleMeasure::count && dot == std::string_view::npos)
    reading_.refuse(place, "the field of the records that is measured is missing", "write ENTITY.FIELD");
  const std::string_view field = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  const std::size_t after = dot == std::string_view::npos ? 0 : dot + 1;
  RuleAsked asked = reading_.measured(measure, entity, field, {place.at + after});
  among(asked, entity);
  return asked;
}

void RuleParser::among(RuleAsked& asked, const Entity& entity) {
  if (accept("where")) asked.subject.where = inner(entity);
  const RulePlace at = place();
  if (is_word(tokens_.next(), "since")) return since(asked, entity);
  asked.subject.window = window();
  if (asked.subject.window) reading_.moment(entity, at);
}

std::vector<RuleTerm> RuleParser::inner(const Entity& entity) {
  expect_sign("(");
  const Entity* before = reading_.enter(entity);
  RuleTerm term = in_parentheses();
  reading_.leave(before);
  return rule_inner(std::move(term));
}

std::optional<RuleWindow> RuleParser::window() {
  if (days_follow()) {
    tokens_.take();
    const std::int32_t one = days();
    expect_word("and");
    const std::int32_t other = days();
    tokens_.take();
    tokens_.take();
    return RuleWindow{std::max(one, other), std::min(one, other)};
  }
  RuleTokens ahead = tokens_;
  if (!is_word(ahead.take(), "in") || !is_word(ahead.take(), "the")) return std::nullopt;
  tokens_ = ahead;
  expect_word("last");
  const std::int32_t oldest = days();
  if (!accept("days") && !accept("day")) refuse_next("`days`");
  return RuleWindow{oldest, 0};
}

// Whether `between 30 and 60 days ago` is next: `between 3 and 5` compares the measure.
bool RuleParser::days_follow() const {
  RuleTokens ahead = tokens_;
  if (!is_word(ahead.take(), "between") || ahead.take().kind != RuleToken::Kind::number ||
      !is_word(ahead.take(), "and") || ahead.take().kind != RuleToken::Kind::number)
    return false;
  const RuleToken unit = ahead.take();
  return (is_word(unit, "days") || is_word(unit, "day")) && is_word(ahead.take(), "ago");
}

std::int32_t RuleParser::days() {
  const RuleToken number = tokens_.next();
  const auto days = whole_number(number.text, farthest_rule_day);
  if (number.kind != RuleToken::Kind::number || !days) refuse_next("a number of days, at most 40000");
  tokens_.take();
  return static_cast<std::int32_t>(*days);
}

// Since so many days ago is a window; since a day that stays, a condition on the moment.
void RuleParser::since(RuleAsked& asked, const Entity& entity) {
  const RulePlace at = place();
  tokens_.take();
  const std::string moment = reading_.moment(entity, at);
  const RulePlace of_day = place();
  const Entity* before = reading_.enter(entity);
  RuleAsked day = reading_.path(moment, of_day);
  reading_.leave(before);
  RuleValue given = value(day);
  if (given.kind == RuleValue::Kind::today) {
    if (given.bits > 0) reading_.refuse(of_day, "the day has not come yet", "write today - 30 days");
    asked.subject.window = RuleWindow{static_cast<std::int32_t>(-given.bits), 0};
    return;
  }
  std::vector<RuleTerm> both = std::move(asked.subject.where);
  both.push_back(rule_comparison(day, Operator::greater_equal, {std::move(given)}));
  asked.subject.where = rule_inner(rule_combination(RuleTerm::Kind::all, std::move(both)));
}

// --- tokens

std::string RuleParser::name(std::string_view of) {
  const RulePlace at = place();
  std::string text = unquoted(expect(RuleToken::Kind::text, "the name of a " + std::string(of) + " in quotes").text);
  reading_.check_name(text, at);
  return text;
}

RuleToken RuleParser::expect(RuleToken::Kind kind, std::string_view what) {
  if (tokens_.next().kind != kind) refuse_next(what);
  return tokens_.take();
}

std::optional<Operator> RuleParser::accept_operator() {
  const RuleToken& next = tokens_.next();
  const auto* found = std::ranges::find(signs, next.text, &Sign::text);
  if (next.kind != RuleToken::Kind::sign || found == std::end(signs)) return std::nullopt;
  tokens_.take();
  return found->op;
}

bool RuleParser::accept(std::string_view word) {
  if (!is_word(tokens_.next(), word)) return false;
  tokens_.take();
  return true;
}

bool RuleParser::accept_sign(std::string_view sign) {
  if (tokens_.next().kind != RuleToken::Kind::sign || tokens_.next().text != sign) return false;
  tokens_.take();
  return true;
}

void RuleParser::expect_word(std::string_view word) {
  if (!accept(word)) refuse_next("`" + std::string(word) + "`");
}

void RuleParser::expect_sign(std::string_view sign) {
  if (!accept_sign(sign)) refuse_next("`" + std::string(sign) + "`");
}

void RuleParser::refuse_next(std::string_view expected) {
  const RuleToken& next = tokens_.next();
  const RulePlace at = place();
  const bool open = next.kind == RuleToken::Kind::broken && next.text.starts_with('\'');
  if (open) reading_.refuse(at, "a quote is opened and not closed", "write a quote inside a text twice");
  if (next.kind == RuleToken::Kind::broken)
    reading_.refuse(at, "this character has no meaning in a rule", "see docs/rule.md");
  reading_.refuse(at, std::string(expected) + " is expected", "see docs/rule.md");
}

}  // namespace emptor
