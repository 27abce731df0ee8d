// Random rules of segments: text, JSON and layout are one rule; and texts and JSON that no one would write.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/core/text.hpp"
#include "emptor/session/rule.hpp"
#include "emptor/session/rule_forms.hpp"
#include "emptor/session/rule_words.hpp"
#include "session/rule/needs.hpp"
#include "session/rule/terms.hpp"

using namespace emptor;

namespace {

const Schema& schema() {
  static const Schema schema = [] {
    const Schema described(described_entities(), {}, 1);
    std::vector<CatalogField> catalog = described.catalog();
    const auto declare = [&](const char* name, Type type) {
      const Schema now(described_entities(), catalog, 1);
      catalog.push_back(now.custom({.entity = "customer", .name = name, .type = type}));
    };
    declare("score", Type::real);
    declare("vip", Type::boolean);
    return Schema(described_entities(), catalog, 2);
  }();
  return schema;
}

// Terms as a program would make them, each in its simplest form.
class Terms {
 public:
  explicit Terms(std::uint64_t seed) : random_(seed) {}

  RuleTerm term(int depth = 0) {
    const Entity& customer = schema().entity("customer");
    return joined(depth, [&] { return segment_comparison(customer, depth); });
  }

 private:
  bool chance(std::uint64_t in) { return random_.below(in) == 0; }
  template <class List>
  auto any(const List& list) {
    return list[random_.below(std::size(list))];
  }

  template <class Make>
  RuleTerm joined(int depth, Make&& make) {
    const std::uint64_t drawn = depth < 4 ? random_.below(12) : 11;
    if (drawn < 4) {
      std::vector<RuleTerm> children;
      for (std::uint64_t left = 2 + random_.below(3); left > 0; --left) children.push_back(joined(depth + 1, make));
      return rule_combination(drawn < 2 ? RuleTerm::Kind::all : RuleTerm::Kind::any, std::move(children));
    }
    if (drawn < 6) return rule_negation(joined(depth + 1, make));
    if (chance(40)) return {.kind = chance(2) ? RuleTerm::Kind::all : RuleTerm::Kind::any};
    return make();
  }

  std::string word() {
    static constexpr const char* words[] = {
        "vip", "churn.probability", "O'Hara", "忠诚, 客户", "a(b) or 'c'", "in (1,2", "x\ny", "\"\\", "where (", "{"};
    return any(words);
  }

  RuleTerm segment_comparison(const Entity& customer, int depth) {
    switch (random_.below(9)) {
      case 0:
        return standing({.kind = RuleSubject::Kind::tag, .name = word()});
      case 1:
        return standing({.kind = RuleSubject::Kind::segment, .name = word()});
      case 2: {
        Field field;
        field.type = chance(2) ? Type::text : Type::real;
        return compared({.kind = RuleSubject::Kind::score, .type = field.type, .name = word()}, field, true);
      }
      case 3:
        return standing(greatest(customer));
      case 4: {
        const Entity& summary = schema().entity("customer_summary");
        const Field& field = any(summary.fields);
        return compared(
            {.kind = RuleSubject::Kind::related, .field = field.name, .type = field.type, .entity = summary.name},
            field, true);
      }
      case 5:
      case 6:
        return measured(depth);
      default:
        return plain(customer, false);
    }
  }

  RuleTerm standing(RuleSubject asked) {
    return {.kind = RuleTerm::Kind::compare, .subject = std::move(asked), .op = Operator::present};
  }

  RuleSubject greatest(const Entity& customer) {
    RuleSubject asked{.kind = RuleSubject::Kind::top, .share = 1 + static_cast<std::int64_t>(random_.below(1'000'000))};
    if (chance(3)) {
      asked.type = Type::real;
      asked.name = word();
      return asked;
    }
    const bool own = chance(2);
    const Entity& entity = own ? customer : schema().entity("customer_summary");
    const Field* field = &any_field(entity);
    while (field->type != Type::integer && field->type != Type::decimal && field->type != Type::real)
      field = &any_field(entity);
    asked.field = field->name;
    asked.type = field->type;
    if (!own) asked.entity = entity.name;
    return asked;
  }

  const Field& any_field(const Entity& entity) { return entity.fields[random_.below(entity.fields.size())]; }

  // A field of the record, a computed one or one of what it refers to.
  RuleTerm plain(const Entity& entity, bool inner) {
    if (inner && chance(4) && entity.name == "order") return computed("total", Type::decimal);
    if (inner && chance(4) && entity.name == "order_line") return computed("ordered_at", Type::instant);
    const Field& field = any_field(entity);
    const Entity* other = field.type == Type::id && !field.reference.empty() ? schema().find(field.reference) : nullptr;
    if (other == nullptr || chance(3)) return compared({.field = field.name, .type = field.type}, field, true);
    const Field& there = any_field(*other);
    return compared({.kind = RuleSubject::Kind::related,
                     .field = there.name,
                     .type = there.type,
                     .through = field.name,
                     .entity = other->name},
                    there, true);
  }

  RuleTerm computed(const char* name, Type type) {
    Field field;
    field.type = type;
    return compared({.field = name, .type = type}, field, true);
  }

  RuleTerm measured(int depth) {
    static constexpr const char* entities[] = {"order", "order_line", "interaction", "payment", "subscription",
                                               "score", "case",       "alert",       "tag",     "contact_point"};
    const Entity& entity = schema().entity(any(entities));
    RuleSubject asked{.kind = RuleSubject::Kind::records, .type = Type::integer, .entity = entity.name};
    asked.measure = static_cast<RuleMeasure>(random_.below(6));
    if (asked.measure != RuleMeasure::count && !take_field(asked, entity)) asked.measure = RuleMeasure::count;
    const bool timeless = entity.name == "score" || entity.name == "contact_point";
    if (!timeless && chance(2)) {
      const auto oldest = static_cast<std::int32_t>(random_.below(400));
      asked.window = RuleWindow{oldest, chance(2) ? 0 : static_cast<std::int32_t>(random_.below(1u + oldest))};
    }
    if (chance(2)) asked.where = rule_inner(joined(depth + 2, [&] { return plain(entity, true); }));
    Field field;
    field.type = asked.type;
    const bool always = asked.measure == RuleMeasure::count || asked.measure == RuleMeasure::different ||
                        asked.measure == RuleMeasure::sum;
    return compared(std::move(asked), field, !always);
  }

  bool take_field(RuleSubject& asked, const Entity& entity) {
    for (int i = 0; i < 20; ++i) {
      const Field& field = any_field(entity);
      const Type type = field.type;
      const bool number = type == Type::integer || type == Type::decimal || type == Type::real;
      const bool day = type == Type::date || type == Type::instant;
      const bool edge = asked.measure == RuleMeasure::least || asked.measure == RuleMeasure::most;
      if (asked.measure == RuleMeasure::different ? type == Type::bytes : !number && !(edge && day)) continue;
      asked.field = field.name;
      const bool exact = asked.measure == RuleMeasure::average && type == Type::integer;
      if (asked.measure != RuleMeasure::different) asked.type = exact ? Type::decimal : type;
      return true;
    }
    return false;
  }

  RuleTerm compared(RuleSubject asked, const Field& field, bool may_be_missing) {
    RuleTerm term{.kind = RuleTerm::Kind::compare, .subject = std::move(asked)};
    const Type type = term.subject.type;
    std::vector<Operator> ops;
    if (type != Type::bytes) ops = {Operator::equal, Operator::not_equal, Operator::in};
    if (may_be_missing || type == Type::bytes) ops.insert(ops.end(), {Operator::missing, Operator::present});
    if (type != Type::id && type != Type::boolean && type != Type::bytes)
      ops.insert(ops.end(), {Operator::less, Operator::less_equal, Operator::greater, Operator::greater_equal});
    if (type == Type::text) ops.insert(ops.end(), {Operator::starts_with, Operator::contains});
    term.op = any(ops);
    // A score that is only asked for is its number.
    if (term.op == Operator::missing || term.op == Operator::present) {
      if (term.subject.kind == RuleSubject::Kind::score) term.subject.type = Type::real;
      return term;
    }
    for (std::uint64_t left = term.op == Operator::in ? 1 + random_.below(20) : 1; left > 0; --left)
      term.values.push_back(value(type, field));
    return term;
  }

  RuleValue value(Type type, const Field& field) {
    if ((type == Type::date || type == Type::instant) && chance(3))
      return {.kind = RuleValue::Kind::today, .bits = static_cast<std::int64_t>(random_.below(201)) - 100};
    switch (type) {
      case Type::text:
        return rule_literal(Value(std::string_view(field.choices.empty() ? any_text() : any(field.choices))));
      case Type::boolean:
        return rule_literal(Value(chance(2)));
      case Type::real:
        return rule_literal(Value((static_cast<double>(random_.below(2'000'001)) - 1e6) / 3e4 *
                                  (chance(4)   ? 1e200
                                   : chance(4) ? 1e-300
                                               : 1.0)));
      case Type::date:
        return rule_literal(Value(Date{static_cast<std::int32_t>(random_.below(40'000))}));
      case Type::instant:
        return chance(2) ? rule_literal(Value(Date{static_cast<std::int32_t>(random_.below(40'000))}))
                         : rule_literal(Value(Instant{static_cast<std::int64_t>(random_.below(1ull << 50))}));
      case Type::id:
        return rule_literal(Value(Id{1 + static_cast<std::int64_t>(random_.below(1'000))}));
      default: {
        const std::int64_t bits = static_cast<std::int64_t>(random_.below(1ull << 62)) >> random_.below(62);
        return rule_literal(Value::of_bits(type, chance(2) ? bits : -bits));
      }
    }
  }

  std::string any_text() {
    std::string text = word();
    if (chance(3)) text += static_cast<char>(1 + random_.below(127));
    return text;
  }

  Random random_;
};

std::uint64_t runs(std::uint64_t usual) {
  const char* given = std::getenv("EMPTOR_RUNS");
  return given == nullptr ? usual : std::strtoull(given, nullptr, 10);
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0, begin = 0;
  for (std::size_t end; begin <= text.size(); begin = end + 1) {
    end = std::min(text.find('\n', begin), text.size());
    longest = std::max(longest, end - begin);
  }
  return longest;
}

// Every form of a rule that was read is that rule again.
void check_forms(const Rule& rule) {
  const std::string text = rule.text(), json = rule_json(rule);
  CAPTURE(text);
  CAPTURE(json);
  REQUIRE(Rule::parse_segment(schema(), text) == rule);
  REQUIRE(Rule::parse_segment(schema(), text).text() == text);
  REQUIRE(Rule::parse_json(schema(), json) == rule);
  REQUIRE(Rule::parse_segment(schema(), json) == rule);
  for (const std::size_t width : {1u, 40u, 100u}) {
    const std::string layout = rule_layout(rule, width);
    CAPTURE(layout);
    REQUIRE(Rule::parse_segment(schema(), layout) == rule);
    if (text.size() <= width) REQUIRE(layout == text);
  }
  static_cast<void>(needs_of(rule));
}

// Findings drawn at random; the sentence says of whom the rule holds as an evaluator of two lines does.
class Findings {
 public:
  Findings(const RuleTerm& root, Random& random) : random_(random) { draw(root); }

  bool holds(const RuleTerm& term) const {
    const auto child = [&](const RuleTerm& each) { return holds(each); };
    if (term.kind == RuleTerm::Kind::all) return std::ranges::all_of(term.children, child);
    if (term.kind == RuleTerm::Kind::any) return std::ranges::any_of(term.children, child);
    if (term.kind == RuleTerm::Kind::negate) return !holds(term.children.front());
    return std::ranges::find(all, &term, &RuleFinding::term)->holds;
  }

  std::vector<RuleFinding> all;

 private:
  void draw(const RuleTerm& term) {
    for (const RuleTerm& child : term.children) draw(child);
    if (term.kind != RuleTerm::Kind::compare) return;
    all.push_back({&term, random_.below(2) == 0, {}});
    if (random_.below(3) > 0) all.back().observed = observed(term.subject.type);
  }

  Value observed(Type type) {
    if (type == Type::text) return Value("text");
    if (type == Type::bytes) return {};
    return Value::of_bits(type, static_cast<std::int64_t>(random_.below(20'000)));
  }

  Random& random_;
};

void check_words(const Rule& rule, Random& random) {
  const Findings findings(rule.root(), random);
  const bool in = findings.holds(rule.root());
  for (const Language language : {Language::english, Language::chinese}) {
    REQUIRE(is_utf8(explain_rule(schema(), rule, language)));
    const std::string told = explain_finding(schema(), rule, findings.all, language);
    REQUIRE(is_utf8(told));
    REQUIRE(told.starts_with(language == Language::english ? (in ? "in, because " : "not in, because ")
                                                           : (in ? "符合，因为" : "不符合，因为")));
  }
}

constexpr std::string_view pieces[] = {"and",
                                       "or",
                                       "not",
                                       "(",
                                       ")",
                                       "'",
                                       "=",
                                       "<>",
                                       ">=",
                                       "in",
                                       "is",
                                       "between",
                                       "missing",
                                       "today",
                                       "-",
                                       "3",
                                       "days",
                                       "day",
                                       "ago",
                                       "'vip'",
                                       ",",
                                       " ",
                                       "\n",
                                       "\xff",
                                       "中",
                                       ".5",
                                       "true",
                                       "count",
                                       "of",
                                       "sum",
                                       "average",
                                       "least",
                                       "most",
                                       "different",
                                       "last",
                                       "first",
                                       "no",
                                       "any",
                                       "at",
                                       "since",
                                       "the",
                                       "where",
                                       "order",
                                       "order_line",
                                       "interaction",
                                       "order.total",
                                       "order_line.base_amount",
                                       "order_line.product_id",
                                       "score",
                                       "has",
                                       "tag",
                                       "segment",
                                       "top",
                                       "10%",
                                       "0.5",
                                       "%",
                                       "by",
                                       "summary.revenue",
                                       "parent.tier",
                                       "owner.team",
                                       "tier",
                                       "employees",
                                       "total",
                                       "order.channel",
                                       "product.brand",
                                       "in the last 90 days",
                                       "between 30 and 60 days ago",
                                       "count of order",
                                       "no interaction",
                                       "any order where (",
                                       "score 'a'",
                                       "top 5% by score 'clv'",
                                       "2026-01-31",
                                       "99999999999999999999",
                                       "me",
                                       "."};
constexpr std::string_view json_pieces[] = {"{",
                                            "}",
                                            "[",
                                            "]",
                                            ",",
                                            ":",
                                            "\"all\":[",
                                            "\"any\":[",
                                            "\"not\":",
                                            "\"field\":\"tier\"",
                                            "\"op\":\"=\"",
                                            "\"value\":\"gold\"",
                                            "\"value\":3",
                                            "\"values\":[1,2]",
                                            "\"field\":\"employees\"",
                                            "\"op\":\"in\"",
                                            "\"op\":\"missing\"",
                                            "\"count\":\"order\"",
                                            "\"sum\":\"order.total\"",
                                            "\"where\":{",
                                            "\"window\":{\"oldest\":90}",
                                            "\"window\":{\"oldest\":9,\"newest\":90}",
                                            "\"score\":\"a\"",
                                            "\"tag\":\"vip\"",
                                            "\"segment\":\"L\"",
                                            "\"top\":\"10\"",
                                            "\"top\":0.5",
                                            "\"by\":\"summary.revenue\"",
                                            "\"by_score\":\"clv\"",
                                            "{\"today\":-3}",
                                            "null",
                                            "true",
                                            "1e400",
                                            "-0",
                                            "\"\\u0000\"",
                                            "\"\\ud800\"",
                                            "\xff",
                                            "{\"tag\":\"a\"}",
                                            "{\"all\":[]}",
                                            " ",
                                            "\"x\":1",
                                            "{\"field\":\"employees\",\"op\":\">\",\"value\":\"3\"}",
                                            "{\"not\":{\"segment\":\"b\"}}"};

template <class Pieces>
std::string hostile(Random& random, const Pieces& list, std::string text, std::string_view blank) {
  for (std::uint64_t left = random.below(14); left > 0; --left) {
    if (random.below(30) == 0)
      text += static_cast<char>(random.below(256));
    else
      text.append(list[random.below(std::size(list))]).append(random.below(4) == 0 ? "" : blank);
  }
  return text;
}

// Returns whether it was read.
template <class Parse>
bool read_or_refused(const std::string& text, Parse&& parse) {
  CAPTURE(text);
  try {
    check_forms(parse(text));
    return true;
  } catch (const Error& error) {
    for (const Problem& problem : error.problems())
      REQUIRE((problem.code == Code::invalid || problem.code == Code::not_found));
    return false;
  }
}

}  // namespace

TEST_CASE("segment rule: random terms are read from their text, their JSON and every layout") {
  Random random(13);
  std::size_t too_long = 0, laid = 0;
  for (std::uint64_t seed = 1; seed <= runs(6) * 1'000; ++seed) {
    CAPTURE(seed);
    const RuleTerm term = Terms(seed).term();
    const std::string text = rule_text(term);
    CAPTURE(text);
    if (text.size() > Rule::longest) {
      ++too_long;
      continue;
    }
    const Rule rule = Rule::parse_segment(schema(), text);
    REQUIRE(rule.root() == term);
    check_forms(rule);
    check_words(rule, random);
    laid += text.size() > 100 && longest_line(rule_layout(rule)) <= 100 ? 1 : 0;
  }
  CHECK(too_long < runs(6) * 10);
  CHECK(laid > runs(6) * 100);
}

TEST_CASE("segment rule: hostile texts are refused or read, and what is read is one rule in every form") {
  Random random(11);
  std::size_t read = 0;
  const std::uint64_t all = runs(6) * 20'000;
  for (std::uint64_t i = 0; i < all; ++i)
    read += read_or_refused(hostile(random, pieces, {}, " "),
                            [](const std::string& text) { return Rule::parse_segment(schema(), text); })
                ? 1
                : 0;
  CHECK(read > all / 2'000);
  CHECK(read < all / 2);
}

TEST_CASE("segment rule: hostile JSON is refused or read, and what is read is one rule in every form") {
  Random random(12);
  std::size_t read = 0;
  const std::uint64_t all = runs(6) * 20'000;
  for (std::uint64_t i = 0; i < all; ++i) {
    // A rule with a piece put in, taken out or written over, or pieces alone.
    std::string json = random.below(3) == 0
                           ? hostile(random, json_pieces, "{", random.below(2) == 0 ? "," : "")
                           : rule_json(Rule::parse_segment(schema(), rule_text(Terms(i % 500).term(3))));
    for (std::uint64_t left = random.below(3); left > 0 && !json.empty(); --left) {
      const std::string_view piece = json_pieces[random.below(std::size(json_pieces))];
      json.replace(random.below(json.size()), random.below(4), piece);
    }
    read += read_or_refused(json, [](const std::string& text) { return Rule::parse_json(schema(), text); }) ? 1 : 0;
  }
  CHECK(read > all / 100);
  CHECK(read < all);
}
