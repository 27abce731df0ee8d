// Rules of segments: every line of their grammar, their one text, and what is said of those that are wrong.
// rule_test.cpp has what they share with every other rule.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/session/rule.hpp"
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
