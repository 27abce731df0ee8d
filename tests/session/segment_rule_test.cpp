// Rules of segments: every line of their grammar, their one text, and what is said of those that are wrong.
// rule_test.cpp has what they share with every other rule.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/session/rule.hpp"
#include "emptor/session/rule_forms.hpp"
#include "session/rule/needs.hpp"

using namespace emptor;
using Names = std::vector<std::string>;

namespace {

const Schema& schema() {
  static const Schema schema(described_entities(), {}, 1);
  return schema;
}

Rule parsed(std::string_view text) { return Rule::parse_segment(schema(), text); }
std::string one_text(std::string_view text) { return parsed(text).text(); }

// The text is that of its rule already.
bool stays(std::string_view text) {
  const Rule rule = parsed(text);
  CHECK(rule.text() == text);
  return parsed(rule.text()) == rule;
}

RuleSubject subject(std::string_view text) { return parsed(text).root().subject; }

// Every problem as "code entity.field: message (hint)".
Names problems(std::string_view text) {
  Names found;
  try {
    parsed(text);
  } catch (const Error& error) {
    for (const Problem& problem : error.problems())
      found.push_back(std::string(name_of(problem.code)) + " " + problem.entity + "." + problem.field + ": " +
                      problem.message + " (" + problem.hint + ")");
  }
  return found;
}

using Fields = RuleNeeds::Fields;

}  // namespace

TEST_CASE("segment rule: every line of the grammar is its own text") {
  for (const char* text : {
           "tier = 'gold' and employees > 3",
           "parent.tier = 'gold'",
           "parent.tier not in ('gold', 'vip')",
           "owner.team_id = 3",
           "team.name starts with 'S'",
           "summary.revenue > 1000",
           "summary.last_order_at < today - 90 days",
           "summary.orders is missing",
           "count of order where (total > 500) in the last 90 days >= 3",
           "count of order between 30 and 60 days ago in (1, 2)",
           "count of order between 30 and 60 days ago > 0 and employees > 3",
           "sum of order_line.base_amount where (category = 'Tea') in the last 365 days > 1000",
           "average of order_line.quantity < 2.5",
           "average of order.total in the last 1 day is missing",
           "least of payment.base_amount >= -5",
           "most of order_line.price where (product.brand = 'Emptor' and order.channel <> 'web') > 10",
           "different of order_line.product_id in the last 30 days >= 5",
           "last order < today - 90 days",
           "last order where (kind = 'sale') between 2026-01-01T00:00:00Z and 2026-02-01T00:00:00Z",
           "first order_line where (category = 'Tea') >= 2026-01-01",
           "last subscription is missing",
           "no interaction in the last 60 days",
           "no interaction where (channel = 'phone' or channel is missing) in the last 0 days",
           "any order where (total >= 500)",
           "any tag where (name starts with 'class.')",
           "not any order",
           "score 'churn.probability' > 0.8",
           "score 'value.class' = 'vip'",
           "score 'value.class' in ('vip', 'good')",
           "score 'clv' is missing",
           "score 'value.class' not contains 'v'",
           "has tag 'vip'",
           "not has tag 'O''Hara'",
           "in segment 'Loyal'",
           "not in segment '忠诚'",
           "top 10% by summary.revenue",
           "top 0.5% by score 'clv'",
           "top 0.0001% by annual_revenue",
           "top 100% by employees",
           "not top 5% by employees and (has tag 'a' or in segment 'b')",
       }) {
    CAPTURE(text);
    if (std::string_view(text).find("between 2026") == std::string_view::npos) CHECK(stays(text));
    CHECK(parsed(one_text(text)) == parsed(text));
  }
}

TEST_CASE("segment rule: ways to write the same have one text") {
  CHECK(one_text("at least 3 orders where (total > 500) in the last 90 days") ==
        "count of order where (total > 500) in the last 90 days >= 3");
  CHECK(one_text("at most 2 case") == "count of case <= 2");
  CHECK(one_text("at least 1 order") == "any order");
  CHECK(one_text("COUNT OF order = 0") == "no order");
  CHECK(one_text("count of order >= 1") == "any order");
  CHECK(one_text("no interaction since today - 60 days") == "no interaction in the last 60 days");
  CHECK(one_text("no interaction since today") == "no interaction in the last 0 days");
  CHECK(one_text("no interaction since 2026-01-01") == "no interaction where (at >= 2026-01-01)");
  CHECK(one_text("no interaction where (channel = 'phone' or channel = 'chat') since 2026-01-01") ==
        "no interaction where ((channel = 'phone' or channel = 'chat') and at >= 2026-01-01)");
  CHECK(one_text("any order_line since 2026-01-01") == "any order_line where (ordered_at >= 2026-01-01)");
  CHECK(one_text("any order where (true)") == "any order");
  CHECK(one_text("most of order.ordered_at < today") == "last order < today");
  CHECK(one_text("least of order_line.ordered_at < today") == "first order_line < today");
  CHECK(one_text("count of order between 60 and 30 days ago > 2") == "count of order between 30 and 60 days ago > 2");
  CHECK(one_text("count of order between 0 and 30 days ago > 2") == "count of order in the last 30 days > 2");
  CHECK(one_text("count of order between 3 and 5") == "count of order >= 3 and count of order <= 5");
  CHECK(one_text("parent_id.tier = 'a'") == "parent.tier = 'a'");
  CHECK(one_text("owner.team = 3") == "owner.team_id = 3");
  CHECK(one_text("top 10.50% by annual_revenue") == "top 10.5% by annual_revenue");
  CHECK(one_text("score 'clv' between 1 and 2") == "score 'clv' >= 1 and score 'clv' <= 2");
  CHECK(one_text("score 'a' is not missing") == "score 'a' is present");
}

TEST_CASE("segment rule: what is asked, and of which type") {
  CHECK(subject("summary.revenue > 1") == RuleSubject{.kind = RuleSubject::Kind::related,
                                                      .field = "revenue",
                                                      .type = Type::decimal,
                                                      .entity = "customer_summary"});
  CHECK(subject("parent.tier = 'a'") ==
        RuleSubject{.kind = RuleSubject::Kind::related, .field = "tier", .through = "parent_id", .entity = "customer"});
  CHECK(subject("count of order >= 3").type == Type::integer);
  CHECK(subject("different of order_line.category >= 3").type == Type::integer);
  CHECK(subject("sum of order.total >= 3").type == Type::decimal);
  CHECK(subject("sum of score.value >= 3").type == Type::real);
  CHECK(subject("average of alert.severity >= 3.5").type == Type::decimal);
  CHECK(subject("average of score.value >= 3.5").type == Type::real);
  CHECK(subject("least of alert.severity >= 3").type == Type::integer);
  CHECK(subject("last order < today").type == Type::instant);
  CHECK(subject("last subscription < today").type == Type::date);
  CHECK(subject("score 'a' = 'vip'").type == Type::text);
  CHECK(subject("score 'a' = 1").type == Type::real);
  const RuleSubject asked = subject("count of order where (total > 500) between 5 and 90 days ago >= 3");
  CHECK(asked.window == RuleWindow{90, 5});
  REQUIRE(asked.where.size() == 1);
  CHECK(asked.where.front().subject == RuleSubject{.field = "total", .type = Type::decimal});
  const RuleSubject line = subject("any order_line where (order.channel = 'web')").where.front().subject;
  CHECK(line ==
        RuleSubject{.kind = RuleSubject::Kind::related, .field = "channel", .through = "order_id", .entity = "order"});
  CHECK(subject("top 0.5% by score 'clv'") ==
        RuleSubject{.kind = RuleSubject::Kind::top, .type = Type::real, .name = "clv", .share = 5'000});
  CHECK(subject("top 10% by summary.orders") == RuleSubject{.kind = RuleSubject::Kind::top,
                                                            .field = "orders",
                                                            .type = Type::integer,
                                                            .entity = "customer_summary",
                                                            .share = 100'000});
}

TEST_CASE("segment rule: what is wrong is told with its place, its field and what was perhaps meant") {
  CHECK(problems("count of ordr >= 3") ==
        Names{"not_found customer.: at character 10 of the rule: there is no such entity (did you mean 'order'?)"});
  CHECK(problems("parent.teir = 'gold'") ==
        Names{"not_found customer.teir: at character 8 of the rule: there is no such field (did you mean tier?)"});
  CHECK(problems("sum of order_line.base_amont > 5").front().find("at character 19 of the rule: there is no such") !=
        std::string::npos);
  CHECK(problems("any order where (totl > 5 and kind = 'sal')") ==
        Names{"not_found order.totl: at character 18 of the rule: there is no such field ()",
              "invalid order.kind: at character 38 of the rule: the value is not one of those that the field holds "
              "(did you mean 'sale'? use one of: 'sale' 'credit_note')"});
  CHECK(problems("owner is me") == Names{"invalid customer.owner_id: at character 10 of the rule: a segment is the "
                                         "same for whoever asks, so that nobody is `me` in it (write the number of a "
                                         "record: 17)"});
  CHECK(problems("any case where (owner in my_teams)").size() == 1);
  CHECK(problems("order.total > 5") == Names{"not_found customer.order: at character 1 of the rule: there is no such "
                                             "field (measure them: count of order, sum of, most of, last ...)"});
  // A place for each: where it stands, and what to write.
  const std::pair<const char*, const char*> lines[] = {
      {"has tag vip", "at character 9 of the rule: the name of a tag in quotes is expected"},
      {"has 'vip'", "at character 5 of the rule: `tag` is expected"},
      {"has tag ''", "at character 9 of the rule: a name is expected, and this text is empty"},
      {"in 'L'", "at character 4 of the rule: `segment` is expected"},
      {"in segment L", "at character 12 of the rule: the name of a segment in quotes is expected"},
      {"score churn > 1", "at character 7 of the rule: the name of a score in quotes is expected"},
      {"score 'a' > 'b' and score 'a' < me", "at character 33 of the rule: a segment is the same for whoever asks"},
      {"score 'a' in (1, 'b')", "at character 18 of the rule: the value is no real"},
      {"score 'a' contains 5", "at character 20 of the rule: only texts contain"},
      {"top 10 by employees", "at character 8 of the rule: `%` is expected"},
      {"top 0% by employees", "at character 5 of the rule: a share is above 0 and at most 100 percent"},
      {"top 100.1% by employees", "at character 5 of the rule: a share is above 0"},
      {"top 0.00001% by employees", "at character 5 of the rule: a share is above 0"},
      {"top 5% employees", "at character 8 of the rule: `by` is expected"},
      {"top 5% by tier", "at character 11 of the rule: the greatest are found by a number"},
      {"top 5% by parent.employees", "at character 11 of the rule: the greatest are found by a number of the customer"},
      {"top 5% by summary.revnue", "at character 19 of the rule: there is no such field"},
      {"count order > 1", "at character 7 of the rule: `of` is expected"},
      {"count of product > 1", "at character 10 of the rule: records of this entity belong to no customer"},
      {"count of order.total > 1", "at character 10 of the rule: records are counted, not a field of theirs"},
      {"sum of order > 1", "at character 8 of the rule: the field of the records that is measured is missing"},
      {"sum of order.status > 1", "at character 14 of the rule: text values have no such measure"},
      {"most of order.status > 'a'", "at character 15 of the rule: text values have no such measure"},
      {"least of order.owner > 1", "at character 16 of the rule: id values have no such measure"},
      {"sum of order.ordered_at > 1", "at character 14 of the rule: instant values have no such measure"},
      {"count of order is missing", "at character 19 of the rule: this is a number for everybody"},
      {"count of order > 1.5", "at character 18 of the rule: the value is no integer"},
      {"count of order", "at character 15 of the rule: =, <>, <"},
      {"any order where kind = 'sale'", "at character 17 of the rule: `(` is expected"},
      {"any order where (kind = 'sale'", "at character 31 of the rule: `)` is expected"},
      {"any order where (has tag 'a')", "at character 18 of the rule: a condition on records asks their fields"},
      {"any order where (any payment)", "at character 18 of the rule: a condition on records asks their fields"},
      {"any order where (summary.orders > 1)", "at character 18 of the rule: there is no such field"},
      {"any order where (customer.parent.tier = 'a')", "at character 27 of the rule: there is no such field"},
      {"any order_line where (order.total > 5)", "at character 29 of the rule: there is no such field"},
      {"any contact_point in the last 5 days", "at character 19 of the rule: records of this entity have no moment"},
      {"last contact_point < today", "at character 6 of the rule: records of this entity have no moment"},
      {"any contact_point since today", "at character 19 of the rule: records of this entity have no moment"},
      {"any order in the last 40001 days", "at character 23 of the rule: a number of days, at most 40000 is expected"},
      {"any order in the last -1 days", "at character 23 of the rule: a number of days"},
      {"any order in the last 5", "at character 24 of the rule: `days` is expected"},
      {"any order in the next 5 days", "at character 18 of the rule: `last` is expected"},
      {"any order between 3 and 40001 days ago", "at character 25 of the rule: a number of days"},
      {"any order since today + 1 day", "at character 17 of the rule: the day has not come yet"},
      {"any order since 'x'", "at character 17 of the rule: the value is no instant"},
      {"at leest 3 order", "at character 4 of the rule: `most` is expected"},
      {"at least x order", "at character 10 of the rule: a whole number is expected"},
      {"at least 1.5 order", "at character 10 of the rule: the value is no integer"},
      {"tier.x = 1", "at character 1 of the rule: the field refers to no record"},
      {"中文 = 1", "at character 1 of the rule: this character has no meaning"},
      {"tier = '中文' and teir = 'a'", "at character 17 of the rule: there is no such field"},
  };
  for (const auto& [text, told] : lines) {
    CAPTURE(text);
    const Names found = problems(text);
    REQUIRE(!found.empty());
    CHECK_MESSAGE(found.front().find(told) != std::string::npos, found.front());
  }
}

TEST_CASE("segment rule: plain rules ask fields of the record alone") {
  const Entity& customer = schema().entity("customer");
  for (const char* text : {"has tag 'a'", "in segment 'a'", "score 'a' > 1", "top 5% by employees", "any order",
                           "count of order > 1", "last order < today", "parent.tier = 'a'", "summary.orders > 1"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(Rule::parse(customer, text), Error);
    CHECK_THROWS_AS(parsed(text).where({}), Error);
  }
  // An entity may have a field of such a name.
  CHECK(Rule::parse(schema().entity("recommendation"), "score > 1").text() == "score > 1");
}

TEST_CASE("segment rule: depth is counted through conditions on records") {
  std::string deep = "kind is missing";
  for (std::size_t i = 0; i < Rule::deepest - 2; ++i) deep = "(" + deep + ")";
  CHECK(problems("any order where (" + deep + ")").empty());
  CHECK(problems("any order where ((" + deep + "))").front().find("too many parentheses") != std::string::npos);
  // As deep as a text may be, in every form.
  std::string zigzag = "employees = 1";
  for (int i = 0; i < 49; ++i) zigzag = "employees = 2 or employees = 3 and (" + zigzag + ")";
  const Rule rule = parsed(zigzag);
  CHECK(Rule::parse_json(schema(), rule_json(rule)) == rule);
  CHECK(Rule::parse_segment(schema(), rule_layout(rule, 40)) == rule);
}

TEST_CASE("segment rule: its JSON") {
  CHECK(
      rule_json(parsed("tier = 'gold' and (employees in (1, 2) or not since < today - 30 days)")) ==
      R"({"all":[{"field":"tier","op":"=","value":"gold"},{"any":[{"field":"employees","op":"in","values":["1","2"]},)"
      R"({"not":{"field":"since","op":"<","value":{"today":-30}}}]}]})");
  CHECK(rule_json(parsed("count of order where (total > 500) in the last 90 days >= 3")) ==
        R"({"count":"order","where":{"field":"total","op":">","value":"500"},"window":{"oldest":90,"newest":0},)"
        R"("op":">=","value":"3"})");
  CHECK(rule_json(parsed("score 'a' > 0.5 or score 'b' = 'x' or has tag 't' or in segment 's' or top 0.5% by "
                         "summary.revenue or top 1% by score 'c' or last order is missing")) ==
        R"({"any":[{"score":"a","op":">","value":0.5},{"score":"b","op":"=","value":"x"},{"tag":"t"},)"
        R"({"segment":"s"},{"top":"0.5","by":"summary.revenue"},{"top":"1","by_score":"c"},)"
        R"({"most":"order.ordered_at","op":"missing"}]})");
  const auto read = [](std::string_view json) { return Rule::parse_json(schema(), json).text(); };
  CHECK(read(R"( {"count":"order","op":">","value":3} )") == "count of order > 3");
  CHECK(read(R"({"field":"annual_revenue","op":"=","value":12345678901.123456})") ==
        "annual_revenue = 12345678901.123456");
  CHECK(read(R"({"all":[]})") == "true");
  CHECK(read(R"({"not":{"not":{"all":[{"tag":"a"}]}}})") == "has tag 'a'");
  CHECK(read(R"({"top":2.5,"by":"employees"})") == "top 2.5% by employees");
  CHECK(read(R"({"any":[{"count":"case","window":{"oldest":5},"op":"=","value":0},{"tag":"\u4e2d"}]})") ==
        "no case in the last 5 days or has tag '中'");
}

TEST_CASE("segment rule: what is wrong with its JSON is told at a JSON pointer") {
  const auto told = [](std::string_view json) {
    Names found;
    try {
      Rule::parse_segment(schema(), json);
    } catch (const Error& error) {
      for (const Problem& problem : error.problems()) found.push_back(problem.message + " (" + problem.hint + ")");
    }
    return found;
  };
  CHECK(told(R"({"field":"tier","op":"=","valeu":"gold","value":"x"})") ==
        Names{"at /valeu of the rule: this name has no meaning here (did you mean 'value'?)"});
  CHECK(
      told(
          R"({"all":[{"tag":"a"},{"field":"teir","op":"=","value":"a"},{"field":"employees","op":">","value":"x"}]})") ==
      Names{"at /all/1/field of the rule: there is no such field (did you mean tier?)",
            "at /all/2/value of the rule: the value is no integer (write a whole number: 17)"});
  CHECK(told(R"({"all":[{"tag":"a","any":[]}]})")
            .front()
            .starts_with("at /all/0/any of the rule: this and `tag` are not said by one object"));
  CHECK(told(R"({"not":[]})").front().starts_with("at /not of the rule: an object is expected"));
  CHECK(told(R"({"a/b~c":1})").front().starts_with("at /a~1b~0c of the rule: this name has no meaning here"));
  CHECK(told("{}").front().starts_with("at the top of the rule: the object says neither"));
  CHECK(told(R"({"field":"tier","op":"~","value":1})").front().starts_with("at /op of the rule: one of =, <>"));
  CHECK(told(R"({"field":"tier","op":"in","value":"a"})")
            .front()
            .starts_with("at /value of the rule: this has no place"));
  CHECK(told(R"({"field":"employees","op":"in","values":[1,"x"]})").front().starts_with("at /values/1 of the rule"));
  CHECK(told(R"({"field":"tier","op":"=","value":5})")
            .front()
            .starts_with("at /value of the rule: the value is no text"));
  CHECK(told(R"({"field":"owner","op":"=","value":{"word":"me"}})")
            .front()
            .starts_with("at /value/word of the rule: this name has no meaning here"));
  CHECK(told(R"({"count":"order","window":{"oldest":5,"newest":9},"op":"=","value":1})")
            .front()
            .starts_with("at /window of the rule: the newest day lies before the oldest"));
  CHECK(told(R"({"count":"order","where":{"tag":"a"},"op":"=","value":1})")
            .front()
            .starts_with("at /where/tag of the rule: a condition on"));
  CHECK(told(R"({"tag":"a")").front().starts_with("at character 11 of the rule: this is not JSON"));
  CHECK(told(R"({"tag":"a","tag":"b"})").front().find("a name comes twice") != std::string::npos);
  CHECK(told(R"({"tag":"a"} x)").front().find("this is not JSON") != std::string::npos);
  CHECK(told("{" + std::string(Rule::longest_json, ' ') + "}").front().find("128 KiB") != std::string::npos);
  std::string deep = R"({"tag":"a"})";
  for (int i = 0; i < 150; ++i) deep = R"({"not":{"any":[)" + deep + R"(,{"tag":"b"}]}})";
  CHECK(told(deep).front().find("too many parentheses") != std::string::npos);
  for (int i = 0; i < 400; ++i) deep = R"({"not":{"any":[)" + deep + R"(,{"tag":"b"}]}})";
  CHECK(told(deep).front().find("JSON") != std::string::npos);
}

TEST_CASE("segment rule: no error repeats a value") {
  for (const char* text :
       {"employees = 'Ann Li'", "any order where (kind = 'Ann Li')", "score 'a' in (1, 'Ann Li')",
        R"({"field":"employees","op":"=","value":"Ann Li"})", R"({"field":"stage","op":"=","value":"Ann Li"})",
        R"({"score":"a","op":"in","values":[1,"Ann Li"]})", "any order since 'Ann Li'"})
    for (const std::string& problem : problems(text)) {
      CAPTURE(text);
      CHECK(problem.find("Ann") == std::string::npos);
    }
}

TEST_CASE("segment rule: a long rule is laid out on lines that end before the width") {
  const Rule rule = parsed(
      "tier = 'gold' and (city = 'Ulm' or parent.tier in ('gold', 'vip')) and not (country = 'DE' and employees > "
      "5000) "
      "and count of order where (kind = 'sale' and total > 500 and channel is present) in the last 90 days >= 3");
  CHECK(rule_layout(rule, 60) == R"(tier = 'gold'
and (city = 'Ulm' or parent.tier in ('gold', 'vip'))
and not (country = 'DE' and employees > 5000)
and count of order where (
  kind = 'sale' and total > 500 and channel is present
) in the last 90 days >= 3)");
  CHECK(rule_layout(rule, 40) == R"(tier = 'gold'
and (
  city = 'Ulm'
  or parent.tier in ('gold', 'vip')
)
and not (
  country = 'DE' and employees > 5000
)
and count of order where (
  kind = 'sale'
  and total > 500
  and channel is present
) in the last 90 days >= 3)");
  CHECK(rule_layout(parsed("employees in (1000, 2000, 3000, 4000, 5000)"), 20) == R"(employees in (
  1000, 2000, 3000,
  4000, 5000
))");
  CHECK(rule_layout(rule, 1'000) == rule.text());
}

TEST_CASE("segment rule: what it needs is told") {
  const RuleNeeds needs = needs_of(parsed(
      "tier = 'a' and parent.tier = 'b' and summary.revenue > 5 and any order_line where (product.brand = 'x' "
      "and category = 'y') in the last 5 days and sum of order.total > 3 and score 'clv' > 1 and has tag 'v' and "
      "not in segment 'L'"));
  CHECK(needs.fields == Fields{"parent_id", "tier"});
  CHECK(needs.records.at("order_line") == Fields{"base_amount", "category", "order_id", "product_id"});
  CHECK(needs.records.at("order").empty());
  REQUIRE(needs.references.size() == 4);
  CHECK(needs.references[0].entity == "customer");
  CHECK(needs.references[0].fields == Fields{"tier"});
  CHECK(needs.references[1].entity == "customer_summary");
  CHECK(needs.references[2].from == "order_line");
  CHECK(needs.references[2].fields == Fields{"ordered_at"});
  CHECK(needs.references[3].entity == "product");
  CHECK(needs.scores == Fields{"clv"});
  CHECK(needs.tags == Fields{"v"});
  CHECK(needs.segments == Fields{"L"});
  CHECK(needs.windows);
  CHECK(needs.today);
  CHECK_FALSE(needs.top);
  CHECK(needs_of(parsed("top 5% by score 'a'")).top);
  CHECK_FALSE(needs_of(parsed("any order where (kind = 'sale')")).today);
  CHECK(needs_of(parsed("any order where (ordered_at > today - 3 days)")).today);
}
