#include "session/rule/json_reader.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <utility>

#include "emptor/core/text.hpp"
#include "model/json_tree.hpp"
#include "session/rule/computed.hpp"
#include "session/rule/json_names.hpp"
#include "session/rule/reading.hpp"

namespace emptor {
namespace {

using Kind = JsonTree::Kind;
using Names = std::initializer_list<std::string_view>;
constexpr std::size_t shown = 60;     // bytes of a name that is unknown
constexpr std::size_t deepest = 512;  // lists and objects in each other: of a text with the most parentheses, and more

std::string under(const std::string& pointer, std::string_view name) {
  std::string longer = pointer + "/";
  for (const char c : truncate(name, shown)) longer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return longer;
}

std::string under(const std::string& pointer, std::size_t index) { return pointer + "/" + std::to_string(index); }

class Reader {
 public:
  Reader(const Entity& customer, const Schema& schema) : reading_(customer, &schema, {}) {}

  RuleTerm run(const JsonTree& json) {
    RuleTerm read = term(json, {});
    reading_.throw_problems();
    return read;
  }

 private:
  // What an object says is told by the one of these names that it has.
  struct Form {
    std::string_view name;
    RuleTerm (Reader::*read)(const JsonTree& json, const std::string& pointer, const Form& form);
    bool inner = false;  ///< has a meaning in a condition on records
    RuleMeasure measure = {};
  };
  static const Form forms[];

  RuleTerm term(const JsonTree& json, const std::string& pointer) {
    if (json.kind != Kind::object) refuse(pointer, "an object is expected");
    const Form* found = nullptr;
    for (const std::string& name : json.names) {
      const Form* form = form_of(name);
      if (form != nullptr && found != nullptr)
        refuse(under(pointer, name), "this and `" + std::string(found->name) + "` are not said by one object");
      if (form != nullptr) found = form;
    }
    if (found == nullptr) {
      allow(json, pointer, {});
      refuse(pointer, "the object says neither what is asked nor how conditions are joined");
    }
    if (reading_.is_inner() && !found->inner)
      refuse(under(pointer, found->name), "a condition on records asks their fields and those of what they refer to");
    return (this->*found->read)(json, pointer, *found);
  }

  static const Form* form_of(std::string_view name);

  RuleTerm joined(const JsonTree& json, const std::string& pointer, RuleTerm::Kind kind, std::string_view name) {
    allow(json, pointer, {name});
    const JsonTree& list = *json.find(name);
    const std::string inside = under(pointer, name);
    if (list.kind != Kind::array) refuse(inside, "a list of rules is expected");
    std::vector<RuleTerm> children;
    for (std::size_t i = 0; i < list.parts.size(); ++i) children.push_back(term(list.parts[i], under(inside, i)));
    return rule_combination(kind, std::move(children));
  }
  RuleTerm all(const JsonTree& json, const std::string& pointer, const Form&) {
    return joined(json, pointer, RuleTerm::Kind::all, "all");
  }
  RuleTerm any(const JsonTree& json, const std::string& pointer, const Form&) {
    return joined(json, pointer, RuleTerm::Kind::any, "any");
  }
  RuleTerm negated(const JsonTree& json, const std::string& pointer, const Form&) {
    allow(json, pointer, {"not"});
    return rule_negation(term(*json.find("not"), under(pointer, "not")));
  }

  RuleTerm field(const JsonTree& json, const std::string& pointer, const Form&) {
    allow(json, pointer, {"field", "op", "value", "values"});
    return compared(json, pointer, reading_.path(text(json, pointer, "field"), at(pointer, "field")));
  }

  RuleTerm score(const JsonTree& json, const std::string& pointer, const Form&) {
    allow(json, pointer, {"score", "op", "value", "values"});
    return compared(json, pointer, reading_.score(text(json, pointer, "score"), at(pointer, "score")));
  }

  RuleTerm named(const JsonTree& json, const std::string& pointer, RuleSubject::Kind kind, std::string_view name) {
    allow(json, pointer, {name});
    RuleAsked asked;
    asked.subject = {.kind = kind, .name = text(json, pointer, name)};
    reading_.check_name(asked.subject.name, at(pointer, name));
    return rule_comparison(asked, Operator::present, {});
  }
  RuleTerm tag(const JsonTree& json, const std::string& pointer, const Form&) {
    return named(json, pointer, RuleSubject::Kind::tag, "tag");
  }
  RuleTerm segment(const JsonTree& json, const std::string& pointer, const Form&) {
    return named(json, pointer, RuleSubject::Kind::segment, "segment");
  }

  RuleTerm top(const JsonTree& json, const std::string& pointer, const Form&) {
    allow(json, pointer, {"top", "by", "by_score"});
    const JsonTree& percents = *json.find("top");
    if (percents.kind != Kind::number && percents.kind != Kind::text)
      refuse(under(pointer, "top"), "a share in percent is expected");
    const std::int64_t share = reading_.share(percents.content, at(pointer, "top"));
    const bool by_score = json.find("by_score") != nullptr;
    if (by_score == (json.find("by") != nullptr)) refuse(pointer, "either `by` or `by_score` is expected");
    const std::string_view name = by_score ? "by_score" : "by";
    RuleAsked by = by_score ? reading_.score(text(json, pointer, name), at(pointer, name))
                            : reading_.path(text(json, pointer, name), at(pointer, name));
    return rule_comparison(reading_.top(share, std::move(by), at(pointer, name)), Operator::present, {});
  }

  RuleTerm measured(const JsonTree& json, const std::string& pointer, const Form& form) {
    const std::string_view name = form.name;
    const RuleMeasure measure = form.measure;
    allow(json, pointer, {name, "where", "window", "op", "value", "values"});
    const std::string path = text(json, pointer, name);
    const std::size_t dot = path.find('.');
    if (measure == RuleMeasure::count && dot != std::string::npos)
      refuse(under(pointer, name), "records are counted, not a field of theirs: `different` counts values");
    if (measure != RuleMeasure::count && dot == std::string::npos)
      refuse(under(pointer, name), "ENTITY.FIELD is expected");
    const std::string_view whole = path;
    const Entity& entity = reading_.records(whole.substr(0, dot), at(pointer, name));
    const std::string_view field = dot == std::string::npos ? std::string_view() : whole.substr(dot + 1);
    RuleAsked asked = reading_.measured(measure, entity, field, at(pointer, name));
    if (const JsonTree* where = json.find("where")) {
      const Entity* before = reading_.enter(entity);
      asked.subject.where = rule_inner(term(*where, under(pointer, "where")));
      reading_.leave(before);
    }
    if (const JsonTree* days = json.find("window")) {
      reading_.moment(entity, at(pointer, "window"));
      asked.subject.window = window(*days, under(pointer, "window"));
    }
    return compared(json, pointer, std::move(asked));
  }

  RuleWindow window(const JsonTree& json, const std::string& pointer) {
    if (json.kind != Kind::object) refuse(pointer, "an object is expected");
    allow(json, pointer, {"oldest", "newest"});
    const RuleWindow days{day(json, pointer, "oldest"), day(json, pointer, "newest")};
    if (days.newest > days.oldest) refuse(pointer, "the newest day lies before the oldest");
    return days;
  }

  std::int32_t day(const JsonTree& json, const std::string& pointer, std::string_view name) {
    const JsonTree* number = json.find(name);
    if (number == nullptr && name == "newest") return 0;
    const auto days = number == nullptr ? std::nullopt : days_of(*number);
    if (!days || *days < 0) refuse(under(pointer, name), "a number of days, at most 40000, is expected");
    return static_cast<std::int32_t>(*days);
  }

  static std::optional<std::int64_t> days_of(const JsonTree& number) {
    std::int64_t days = 0;
    const char *begin = number.content.data(), *end = begin + number.content.size();
    const auto [read, problem] = std::from_chars(begin, end, days);
    const bool whole = number.kind == Kind::number && problem == std::errc() && read == end;
    return whole && days >= -farthest_rule_day && days <= farthest_rule_day ? std::optional(days) : std::nullopt;
  }

  RuleTerm compared(const JsonTree& json, const std::string& pointer, RuleAsked asked) {
    const std::string name = text(json, pointer, "op");
    const std::optional<Operator> op = rule_json_operator(name);
    if (!op) refuse(under(pointer, "op"), "one of " + rule_json_operators() + " is expected");
    const bool alone = *op == Operator::missing || *op == Operator::present;
    const std::string_view wanted = *op == Operator::in ? "values" : "value";
    for (const std::string_view each : {"value", "values"})
      if (json.find(each) != nullptr && (alone || each != wanted))
        reading_.note(at(pointer, each), &asked, "this has no place beside the operator",
                      alone ? "leave it out" : "write `" + std::string(wanted) + "`");
    if (alone) {
      reading_.check_missing(asked, at(pointer, "op"));
      return rule_comparison(asked, *op, {});
    }
    const JsonTree* given = json.find(wanted);
    if (given == nullptr) refuse(pointer, "`" + std::string(wanted) + "` is expected");
    if (*op == Operator::in) return listed(*given, under(pointer, wanted), std::move(asked));
    RuleValue read = value(*given, under(pointer, wanted), asked);
    check(*op, asked, read, pointer);
    return rule_comparison(asked, *op, {std::move(read)});
  }

  void check(Operator op, const RuleAsked& asked, const RuleValue& given, const std::string& pointer) {
    if (op == Operator::equal || op == Operator::not_equal)
      reading_.check_choice(asked, given, at(pointer, "value"));
    else if (op == Operator::contains || op == Operator::starts_with)
      reading_.check_text(asked, at(pointer, "op"));
    else
      reading_.check_order(asked, at(pointer, "op"));
  }

  RuleTerm listed(const JsonTree& list, const std::string& pointer, RuleAsked asked) {
    if (list.kind != Kind::array || list.parts.empty()) refuse(pointer, "a list of values is expected");
    std::vector<RuleValue> values;
    for (std::size_t i = 0; i < list.parts.size(); ++i) {
      values.push_back(value(list.parts[i], under(pointer, i), asked));
      reading_.check_choice(asked, values.back(), {.pointer = under(pointer, i)});
    }
    return rule_comparison(asked, Operator::in, std::move(values));
  }

  RuleValue value(const JsonTree& json, const std::string& pointer, RuleAsked& asked) {
    const RulePlace place{.pointer = pointer};
    if (json.kind == Kind::object) {
      allow(json, pointer, {"today"});
      const JsonTree* number = json.find("today");
      const auto days = number == nullptr ? std::nullopt : days_of(*number);
      if (!days) refuse(pointer, "{\"today\": days after today} is expected, at most 40000");
      return reading_.today(asked, *days, place);
    }
    if (json.kind == Kind::boolean) return reading_.word(asked, json.content, place);
    if (json.kind != Kind::text && json.kind != Kind::number) refuse(pointer, "a value is expected");
    return reading_.written(asked, json.content, json.kind == Kind::text, place);
  }

  // --- objects

  void allow(const JsonTree& json, const std::string& pointer, Names names) {
    for (const std::string& name : json.names) {
      if (std::ranges::find(names, name) != names.end()) continue;
      const std::string meant = rule_hint(truncate(name, shown), {names.begin(), names.end()});
      reading_.note(at(pointer, name), nullptr, "this name has no meaning here",
                    meant.empty() ? "leave it out" : meant);
    }
  }

  std::string text(const JsonTree& json, const std::string& pointer, std::string_view name) {
    const JsonTree* found = json.find(name);
    if (found == nullptr) refuse(pointer, "`" + std::string(name) + "` is expected");
    if (found->kind != Kind::text) refuse(under(pointer, name), "a text is expected");
    return found->content;
  }

  static RulePlace at(const std::string& pointer, std::string_view name) { return {.pointer = under(pointer, name)}; }

  [[noreturn]] void refuse(const std::string& pointer, std::string message) {
    reading_.refuse({.pointer = pointer}, std::move(message), "see docs/rule.md");
  }

  RuleReading reading_;
};

const Reader::Form Reader::forms[] = {{"all", &Reader::all, true},
                                      {"any", &Reader::any, true},
                                      {"not", &Reader::negated, true},
                                      {"field", &Reader::field, true},
                                      {"score", &Reader::score},
                                      {"tag", &Reader::tag},
                                      {"segment", &Reader::segment},
                                      {"top", &Reader::top},
                                      {"count", &Reader::measured, false, RuleMeasure::count},
                                      {"different", &Reader::measured, false, RuleMeasure::different},
                                      {"sum", &Reader::measured, false, RuleMeasure::sum},
                                      {"average", &Reader::measured, false, RuleMeasure::average},
                                      {"least", &Reader::measured, false, RuleMeasure::least},
                                      {"most", &Reader::measured, false, RuleMeasure::most}};

const Reader::Form* Reader::form_of(std::string_view name) {
  const auto* found = std::ranges::find(forms, name, &Form::name);
  return found == std::end(forms) ? nullptr : found;
}

}  // namespace

RuleTerm read_rule_json(const Entity& customer, const Schema& schema, std::string_view json) {
  std::size_t read = 0;
  try {
    return Reader(customer, schema).run(read_json_tree(json, deepest, &read));
  } catch (const Error& error) {
    if (!error.first().entity.empty()) throw;
    const std::string place = "at character " + std::to_string(length(truncate(json, read)) + 1) + " of the rule: ";
    throw Error(Problem{Code::invalid, place + error.first().message, customer.name, "", {}, "see docs/rule.md"});
  }
}

}  // namespace emptor
