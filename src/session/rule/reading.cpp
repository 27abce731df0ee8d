#include "session/rule/reading.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "emptor/core/decimal.hpp"
#include "emptor/core/text.hpp"
#include "emptor/model/access.hpp"
#include "emptor/model/plain.hpp"
#include "emptor/model/system.hpp"
#include "session/rule/computed.hpp"
#include "session/rule/tokens.hpp"

namespace emptor {
namespace {

constexpr std::size_t shown = 60;          // bytes of a name that is unknown
constexpr std::size_t near = 3;            // letters in which a word may differ from what was meant
constexpr std::size_t longest_name = 256;  // bytes of the name of a score, tag or segment
constexpr std::string_view summary = "summary";

// A word that stands for ids of an entity.
struct Word {
  std::string_view text, reference;
  RuleValue::Kind kind;
};
constexpr Word words[] = {{"me", User::entity_name, RuleValue::Kind::me},
                          {"my_team", Team::entity_name, RuleValue::Kind::my_team},
                          {"my_team", User::entity_name, RuleValue::Kind::team_users},
                          {"my_teams", Team::entity_name, RuleValue::Kind::my_teams},
                          {"my_teams", User::entity_name, RuleValue::Kind::below_users},
                          {"my_territories", Territory::entity_name, RuleValue::Kind::my_territories}};

bool is_ordered(Type type) { return type != Type::id && type != Type::boolean && type != Type::bytes; }
bool is_number(Type type) { return type == Type::integer || type == Type::decimal || type == Type::real; }
bool is_day(Type type) { return type == Type::date || type == Type::instant; }

// A value that is read in plain notation; a day too where instants stand.
std::optional<Value> plain_value(Type type, std::string_view text) {
  if (text.starts_with('+') && type != Type::text) text.remove_prefix(1);
  std::optional<Value> value = parse_plain(type, text);
  if (!value && type == Type::instant) value = parse_plain(Type::date, text);
  if (!value || !value->present()) return std::nullopt;
  return type == Type::real && !std::isfinite(value->real()) ? std::nullopt : value;
}

std::string listed_choices(const Field& field) {
  std::string text = "use one of:";
  for (const std::string& choice : field.choices) text += " '" + choice + "'";
  return text;
}

// Whether a measure is made of fields of that type.
bool can_measure(RuleMeasure measure, Type type) {
  if (measure == RuleMeasure::different) return type != Type::bytes;
  const bool days = measure == RuleMeasure::least || measure == RuleMeasure::most;
  return is_number(type) || (days && is_day(type));
}

Type type_of(RuleMeasure measure, Type type) {
  if (measure == RuleMeasure::count || measure == RuleMeasure::different) return Type::integer;
  return measure == RuleMeasure::average && type == Type::integer ? Type::decimal : type;
}

// A reference is found by its name without the end `_id` too.
const Field* find_field(const Entity& entity, std::string_view name) {
  const Field* field = entity.find(name);
  return field == nullptr ? entity.find(std::string(name) + "_id") : field;
}

RuleAsked asked_of(const Entity& entity, const Field& field) {
  return {.subject = {.field = field.name, .type = field.type}, .field = field, .entity = entity.name, .known = true};
}

RuleAsked asked_of(const Entity& entity, const RuleComputed& computed) {
  Field field;
  field.name = computed.field;
  field.type = computed.type;
  return asked_of(entity, field);
}

std::string hint_of(const Entity& entity, std::string_view name) {
  try {
    entity.field(name);
  } catch (const Error& error) {
    return error.first().hint;
  }
  return {};
}

}  // namespace

std::string rule_hint(std::string_view text, const std::vector<std::string>& known) {
  const std::string* best = nullptr;
  std::size_t least = near + 1;
  for (const std::string& each : known)
    if (const std::size_t distance = edit_distance(text, each, least - 1); distance < least) {
      least = distance;
      best = &each;
    }
  return best == nullptr ? std::string() : "did you mean '" + *best + "'?";
}

RuleTerm rule_comparison(const RuleAsked& asked, Operator op, std::vector<RuleValue> values) {
  return {.kind = RuleTerm::Kind::compare, .subject = asked.subject, .op = op, .values = std::move(values)};
}

RuleTerm rule_equality(const RuleAsked& asked, RuleValue value, bool negated) {
  if (is_set_of_ids(value.kind)) {
    RuleTerm term = rule_comparison(asked, Operator::in, {std::move(value)});
    return negated ? rule_negation(std::move(term)) : term;
  }
  return rule_comparison(asked, negated ? Operator::not_equal : Operator::equal, {std::move(value)});
}

const Entity* RuleReading::enter(const Entity& records) {
  inner_ = true;
  return std::exchange(entity_, &records);
}

void RuleReading::leave(const Entity* before) {
  inner_ = false;
  entity_ = before;
}

RuleAsked RuleReading::path(std::string_view name, const RulePlace& place) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos || !is_segment()) return field(*entity_, name, place);
  return related(name, dot, place);
}

RuleAsked RuleReading::field(const Entity& entity, std::string_view name, const RulePlace& place) {
  if (const Field* field = find_field(entity, name)) {
    if (!field->has(field_flag::sealed) || !is_segment()) return asked_of(entity, *field);
    const RuleAsked sealed = asked_of(entity, *field);
    note(place, &sealed, "the field is sealed: who is in a segment would tell of it", "ask another field");
    return {};
  }
  const RuleComputed* computed = inner_ ? computed_field(entity.name, name) : nullptr;
  if (computed != nullptr && &entity == entity_) return asked_of(entity, *computed);
  std::string hint = hint_of(entity, name);
  if (name.find('.') != std::string_view::npos) hint = "a rule asks the fields of the record itself";
  return unknown(entity, name, std::move(hint), place);
}

RuleAsked RuleReading::related(std::string_view path, std::size_t dot, const RulePlace& place) {
  const std::string_view first = path.substr(0, dot), rest = path.substr(dot + 1);
  RulePlace inside = place;
  if (!inside.pointer) inside.at += dot + 1;
  const bool of_summary = !inner_ && first == summary;
  const Field* reference = of_summary ? nullptr : find_field(*entity_, first);
  if (!of_summary && reference == nullptr) {
    const bool any = schema_->find(first) != nullptr && schema_->find(first)->customer_field && !inner_;
    std::string hint =
        any ? "measure them: count of " + std::string(first) + ", sum of, most of, last ..." : hint_of(*entity_, first);
    return unknown(*entity_, first, std::move(hint), place);
  }
  const Entity* other = of_summary ? &schema_->entity(CustomerSummary::entity_name)
                        : reference->type == Type::id && reference->reference != "*"
                            ? schema_->find(reference->reference)
                            : nullptr;
  if (other == nullptr) {
    const RuleAsked asked = asked_of(*entity_, *reference);
    note(place, &asked, "the field refers to no record that could be asked", "ask the field itself");
    return {};
  }
  RuleAsked asked = field(*other, rest, inside);
  asked.subject.kind = RuleSubject::Kind::related;
  asked.subject.through = of_summary ? std::string() : reference->name;
  asked.subject.entity = other->name;
  return asked;
}

RuleAsked RuleReading::unknown(const Entity& entity, std::string_view name, std::string hint, const RulePlace& place) {
  problems_.push_back({Code::not_found, told(place) + "there is no such field", entity.name,
                       std::string(truncate(name, shown)), std::nullopt, std::move(hint)});
  return {};
}

const Entity& RuleReading::records(std::string_view name, const RulePlace& place) {
  const Entity* entity = schema_->find(name);
  if (entity == nullptr && name.ends_with('s')) entity = schema_->find(name.substr(0, name.size() - 1));
  if (entity != nullptr && entity->customer_field) return *entity;
  if (entity != nullptr)
    refuse(place, "records of this entity belong to no customer", "docs/entities.md tells which do");
  std::vector<std::string> known;
  for (const Entity& each : schema_->entities())
    if (each.customer_field) known.push_back(each.name);
  const std::string meant = rule_hint(name, known);
  refuse(place, "there is no such entity", meant.empty() ? "docs/entities.md lists them" : meant, Code::not_found);
}

std::string RuleReading::moment(const Entity& records, const RulePlace& place) {
  std::string name(rule_moment(records.name));
  if (name.empty())
    refuse(place, "records of this entity have no moment, and so are in no window and none is the last",
           "ask a field of theirs: where (...)");
  return name;
}

RuleAsked RuleReading::measured(RuleMeasure measure, const Entity& records, std::string_view name,
                                const RulePlace& place) {
  RuleAsked asked;
  if (measure != RuleMeasure::count) {
    const RuleComputed* computed = computed_field(records.name, name);
    asked = computed != nullptr ? asked_of(records, *computed) : field(records, name, place);
    if (!asked.known) return asked;
    if (!can_measure(measure, asked.field.type)) {
      const bool days = measure == RuleMeasure::least || measure == RuleMeasure::most;
      note(place, &asked, std::string(name_of(asked.field.type)) + " values have no such measure",
           days ? "take a field of numbers, days or instants" : "take a field of numbers, or `different of`");
    }
  }
  asked.field.type = asked.subject.type = type_of(measure, asked.field.type);
  if (measure == RuleMeasure::count || measure == RuleMeasure::different) asked.field.choices = {};
  asked.subject.kind = RuleSubject::Kind::records;
  asked.subject.measure = measure;
  asked.subject.entity = asked.entity = records.name;
  asked.known = true;
  return asked;
}

RuleAsked RuleReading::score(std::string name, const RulePlace& place) {
  check_name(name, place);
  RuleAsked asked;
  asked.subject = {.kind = RuleSubject::Kind::score, .type = Type::real, .name = std::move(name)};
  asked.field.type = Type::real;
  asked.entity = "score";
  asked.known = asked.open = true;
  return asked;
}

std::int64_t RuleReading::share(std::string_view percents, const RulePlace& place) {
  constexpr std::int64_t all = 1'000'000;    // millionths
  constexpr std::int64_t micros_each = 100;  // of a percent, in one millionth
  const auto read = Decimal::parse(percents);
  const std::int64_t micros = read && read->fits_micros() ? read->micros() : 0;
  if (micros <= 0 || micros > all * micros_each || micros % micros_each != 0)
    refuse(place, "a share is above 0 and at most 100 percent, with at most four digits after the point",
           "write it as 0.5%");
  return micros / micros_each;
}

RuleAsked RuleReading::top(std::int64_t share, RuleAsked by, const RulePlace& place) {
  if (by.known && by.subject.kind == RuleSubject::Kind::related && !by.subject.through.empty())
    note(place, &by, "the greatest are found by a number of the customer, the summary or a score",
         "compare the field of the other record by itself");
  else if (by.known && by.subject.kind != RuleSubject::Kind::score && !is_number(by.field.type))
    note(place, &by, "the greatest are found by a number", "take a field that is an integer, decimal or real");
  by.subject.kind = RuleSubject::Kind::top;
  by.subject.share = share;
  return by;
}

std::string RuleReading::expected(Type type) const {
  switch (type) {
    case Type::id:
      return is_segment() ? "write the number of a record: 17"
                          : "write the number of a record, 17, or one of: me, my_team, my_teams, my_territories";
    case Type::integer:
      return "write a whole number: 17";
    case Type::decimal:
      return "write a decimal of at most six digits after the point: 12.5";
    case Type::real:
      return "write a number: 0.25";
    case Type::boolean:
      return "write true or false";
    case Type::text:
      return "write a text in quotes: 'so'";
    case Type::date:
      return "write a day: 2026-01-31, today, today - 30 days";
    case Type::instant:
      return "write an instant or a day: 2026-01-31T08:30:00Z, 2026-01-31, today, today - 30 days";
    case Type::bytes:
      return "ask only whether it is missing or is present";
  }
  return "";
}

RuleValue RuleReading::written(RuleAsked& asked, std::string_view text, bool quoted, const RulePlace& place) {
  if (!asked.known) return {};
  if (std::exchange(asked.open, false)) asked.field.type = asked.subject.type = quoted ? Type::text : Type::real;
  const Type type = asked.field.type;
  const auto value = type == Type::text && !quoted ? std::nullopt : plain_value(type, text);
  if (value) return rule_literal(*value);
  if (quoted && text.empty())
    note(place, &asked, "an empty text is a missing one", "write `is missing`");
  else
    note(place, &asked, "the value is no " + std::string(name_of(type)), expected(type));
  return {};
}

RuleValue RuleReading::word(RuleAsked& asked, std::string_view text, const RulePlace& place) {
  if (!asked.known) return {};
  const Field& field = asked.field;
  if (field.type == Type::boolean && is_word(text, "true")) return rule_literal(Value(true));
  if (field.type == Type::boolean && is_word(text, "false")) return rule_literal(Value(false));
  bool known = false;
  for (const Word& each : words) {
    if (!is_word(text, each.text)) continue;
    known = true;
    if (field.type == Type::id && field.reference == each.reference && !is_segment()) return {.kind = each.kind};
  }
  std::string message = known && is_segment() ? "a segment is the same for whoever asks, so that nobody is `me` in it"
                        : known               ? "this word stands for another kind of record than the field refers to"
                                              : "this word stands for no " + std::string(name_of(field.type));
  note(place, &asked, std::move(message), expected(field.type));
  return {};
}

RuleValue RuleReading::today(RuleAsked& asked, std::int64_t days, const RulePlace& place) {
  if (asked.known && !is_day(asked.field.type)) note(place, &asked, "`today` is a day", expected(asked.field.type));
  return {.kind = RuleValue::Kind::today, .bits = days};
}

// A value that the field cannot hold is a slip of the pen: the rule would hold of nothing.
void RuleReading::check_choice(const RuleAsked& asked, const RuleValue& value, const RulePlace& place) {
  const Field& field = asked.field;
  if (!asked.known || field.choices.empty() || value.kind != RuleValue::Kind::literal || value.text.empty()) return;
  if (std::ranges::find(field.choices, value.text) != field.choices.end()) return;
  const std::string meant = rule_hint(value.text, field.choices);
  note(place, &asked, "the value is not one of those that the field holds",
       (meant.empty() ? meant : meant + " ") + listed_choices(field));
}

void RuleReading::check_order(const RuleAsked& asked, const RulePlace& place) {
  if (asked.known && !is_ordered(asked.field.type))
    note(place, &asked, std::string(name_of(asked.field.type)) + " values are in no order", "compare it by = or <>");
}

void RuleReading::check_text(const RuleAsked& asked, const RulePlace& place) {
  if (asked.known && asked.field.type != Type::text)
    note(place, &asked, "only texts contain or start with something", "compare it by =, < or >");
}

void RuleReading::check_missing(const RuleAsked& asked, const RulePlace& place) {
  const RuleMeasure measure = asked.subject.measure;
  if (asked.subject.kind == RuleSubject::Kind::records &&
      (measure == RuleMeasure::count || measure == RuleMeasure::different || measure == RuleMeasure::sum))
    note(place, &asked, "this is a number for everybody, and never missing", "compare it with 0");
}

void RuleReading::check_name(std::string_view name, const RulePlace& place) {
  if (name.empty()) refuse(place, "a name is expected, and this text is empty", "write it in quotes: 'so'");
  if (name.size() > longest_name) refuse(place, "the name is longer than 256 bytes", "nothing has such a name");
}

void RuleReading::note(const RulePlace& place, const RuleAsked* asked, std::string message, std::string hint,
                       Code code) {
  const bool known = asked != nullptr && !asked->entity.empty();
  problems_.push_back({code, told(place) + std::move(message), known ? asked->entity : entity_->name,
                       asked == nullptr ? "" : asked->field.name, std::nullopt, std::move(hint)});
}

void RuleReading::refuse(const RulePlace& place, std::string message, std::string hint, Code code) {
  note(place, nullptr, std::move(message), std::move(hint), code);
  throw Error(std::move(problems_));
}

void RuleReading::throw_problems() {
  if (!problems_.empty()) throw Error(std::move(problems_));
}

std::string RuleReading::told(const RulePlace& place) const {
  if (place.pointer) return "at " + (place.pointer->empty() ? "the top" : *place.pointer) + " of the rule: ";
  return "at character " + std::to_string(length(text_.substr(0, place.at)) + 1) + " of the rule: ";
}

}  // namespace emptor
