// Rules and findings in sentences, in both languages.
#include "emptor/session/rule_words.hpp"

#include <doctest/doctest.h>

#include <map>
#include <vector>

#include "emptor/core/error.hpp"

using namespace emptor;

namespace {

const Schema& schema() {
  static const Schema schema(described_entities(), {}, 1);
  return schema;
}

Rule parsed(std::string_view text) { return Rule::parse_segment(schema(), text); }
std::string english(std::string_view text) { return explain_rule(schema(), parsed(text), Language::english); }
std::string chinese(std::string_view text) { return explain_rule(schema(), parsed(text), Language::chinese); }

void collect(const RuleTerm& term, std::vector<const RuleTerm*>& found) {
  if (term.kind == RuleTerm::Kind::compare) found.push_back(&term);
  for (const RuleTerm& child : term.children) collect(child, found);
}

// Whether each comparison holds, in the order of the text, and what was observed.
struct Found {
  bool holds;
  Value observed = {};
};
std::string because(std::string_view text, const std::vector<Found>& found, Language language = Language::english,
                    const Zone& zone = {}) {
  const Rule rule = parsed(text);
  std::vector<const RuleTerm*> terms;
  collect(rule.root(), terms);
  REQUIRE(terms.size() == found.size());
  std::vector<RuleFinding> findings;
  for (std::size_t i = 0; i < found.size(); ++i) findings.push_back({terms[i], found[i].holds, found[i].observed});
  return explain_finding(schema(), rule, findings, language, zone);
}

}  // namespace

TEST_CASE("rule words: a rule in English") {
  CHECK(english("tier = 'gold' and count of order where (total > 500) in the last 90 days >= 3") ==
        "customers whose service tier is gold and who placed at least 3 orders over 500 in the last 90 days");
  CHECK(english("true") == "all customers");
  CHECK(english("false") == "no customers");
  CHECK(english("parent.tier <> 'gold' or city in ('Ulm', 'New York')") ==
        "customers whose parent's service tier is not gold or whose city is Ulm or “New York”");
  CHECK(english("summary.last_order_at < today - 90 days and since >= 2026-01-01") ==
        "customers whose last purchase is more than 90 days ago and whose first contact is on or after 2026-01-01");
  CHECK(english("no interaction in the last 60 days and any order where (kind = 'sale' and channel is missing)") ==
        "customers who had no contacts in the last 60 days and who placed at least one order whose kind is sale and "
        "whose channel is missing");
  CHECK(english("sum of order_line.base_amount where (category = 'Tea') in the last 365 days > 1000") ==
        "customers whose total amount of order lines in the last 365 days whose category is Tea is above 1000");
  CHECK(english("last order where (total >= 50) between 2026-01-01 and today") ==
        "customers whose last order of at least 50 is on or after 2026-01-01 and whose last order of at least 50 is "
        "on or before today");
  CHECK(english("score 'churn.probability' > 0.8 and score 'value.class' = 'vip' and score 'clv' is missing") ==
        "customers whose score churn.probability is above 0.8, whose score value.class is vip and whose score clv "
        "is missing");
  CHECK(english("has tag 'likes tea' and not in segment 'Loyal' and top 0.5% by summary.revenue") ==
        "customers who have the tag “likes tea”, who are not in the segment Loyal and who are among the top 0.5% "
        "by revenue");
  CHECK(english("tier = 'a' and (city = 'b' or not (name contains 'c' and employees > 5))") ==
        "customers whose service tier is a and either whose city is b or who are not among those both whose name "
        "contains c and whose number of employees is above 5");
  CHECK(english("not count of order >= 3 and not any case and not tier in ('a', 'b', 'c')") ==
        "customers who placed fewer than 3 orders, who opened no cases and whose service tier is not a, b or c");
  CHECK(english("average of order.total between 30 and 60 days ago < 5 or different of order_line.product_id > 2") ==
        "customers whose average amount of orders between 30 and 60 days ago is below 5 or whose number of different "
        "values of product of order lines is above 2");
}

TEST_CASE("rule words: a rule in Chinese") {
  CHECK(chinese("tier = 'gold' and count of order where (total > 500) in the last 90 days >= 3") ==
        "服务等级为“gold”，且最近 90 天内总额大于 500 的订单至少 3 笔的客户");
  CHECK(chinese("true") == "所有客户");
  CHECK(chinese("parent.tier <> 'gold' or city in ('Ulm', '北京')") ==
        "上级的服务等级不为“gold”，或城市为“Ulm”或“北京”的客户");
  CHECK(chinese("no interaction in the last 60 days and not has tag 'vip'") ==
        "最近 60 天内没有交往记录，且没有标签“vip”的客户");
  CHECK(chinese("last order < today - 90 days") == "最近一笔订单早于 90 天前的客户");
  CHECK(chinese("sum of order_line.base_amount where (category = '茶') in the last 365 days > 1000") ==
        "最近 365 天内类别为“茶”的订单明细的金额合计大于 1000 的客户");
  CHECK(chinese("top 10% by summary.revenue and in segment '忠诚' and (employees > 5 or score 'clv' < 1)") ==
        "按销售额排名前 10%，且属于客户分群“忠诚”，且（员工人数大于 5 或评分“clv”小于 1）的客户");
}

TEST_CASE("rule words: of a customer the conditions are named that decide") {
  constexpr const char* rule =
      "tier = 'gold' and count of order where (total > 500) in the last 90 days >= 3 and annual_revenue > 10000";
  const Value tier("gold"), revenue(*Decimal::parse("12000")), little(*Decimal::parse("10.5"));
  CHECK(because(rule, {{true, tier}, {true, Value(4)}, {true, revenue}}) ==
        "in, because the service tier is gold, there are 4 orders over 500 in the last 90 days (asked: at least 3) and "
        "the annual revenue is 12000 (asked: above 10000)");
  CHECK(because(rule, {{true, tier}, {false, Value(1)}, {true, revenue}}) ==
        "not in, because there is 1 order over 500 in the last 90 days (asked: at least 3)");
  CHECK(because(rule, {{false, Value("silver")}, {false, Value(0)}, {false, little}}) ==
        "not in, because the service tier is silver (asked: gold), there are no orders over 500 in the last 90 days "
        "(asked: at least 3) and the annual revenue is 10.5 (asked: above 10000)");
  CHECK(because(rule, {{false}, {true, Value(3)}, {false}}) ==
        "not in, because the service tier is missing (asked: gold) and the annual revenue is missing (asked: above "
        "10000)");
  CHECK(because(rule, {{true, tier}, {false, Value(1)}, {true, revenue}}, Language::chinese) ==
        "不符合，因为最近 90 天内总额大于 500 的订单有 1 笔（要求：至少 3 笔）");
  CHECK(because(rule, {{false, Value("silver")}, {true, Value(3)}, {true, revenue}}, Language::chinese) ==
        "不符合，因为服务等级为“silver”（要求：为“gold”）");
}

TEST_CASE("rule words: one that is enough, and one that is turned round") {
  CHECK(because("has tag 'a' or in segment 'b' or top 5% by employees", {{false}, {true}, {false}}) ==
        "in, because the customer is in the segment b");
  CHECK(because("has tag 'a' or in segment 'b' or top 5% by employees", {{false}, {false}, {false}}) ==
        "not in, because the customer does not have the tag a, the customer is not in the segment b and the customer "
        "is not among the top 5% by number of employees");
  CHECK(because("not (tier = 'gold' and employees > 5)", {{true, Value("gold")}, {false, Value(2)}}) ==
        "in, because the number of employees is 2 (asked: not above 5)");
  CHECK(because("not (tier = 'gold' and employees > 5)", {{true, Value("gold")}, {true, Value(7)}}) ==
        "not in, because the service tier is gold (asked: not gold) and the number of employees is 7 (asked: not above "
        "5)");
  CHECK(because("no interaction in the last 60 days", {{true, Value(0)}}) ==
        "in, because there are no contacts in the last 60 days");
  CHECK(because("no interaction in the last 60 days", {{false, Value(2)}}) ==
        "not in, because there are 2 contacts in the last 60 days (asked: none)");
  CHECK(because("not any order", {{true, Value(2)}}) == "not in, because there are 2 orders (asked: none)");
  CHECK(because("true", {}) == "in, because everybody is");
  CHECK(because("false", {}) == "not in, because nobody is");
  CHECK(because("country is missing", {{false, Value("DE")}}) == "not in, because the country is known");
}

TEST_CASE("rule words: a day is told in the zone of the store") {
  const Value midnight(*parse_instant("2026-03-01T23:30:00Z"));
  CHECK(because("last order < today - 9 days", {{true, midnight}}) ==
        "in, because the last order is 2026-03-01 (asked: more than 9 days ago)");
  CHECK(because("last order < today - 9 days", {{true, midnight}}, Language::english, Zone::of("Europe/Berlin")) ==
        "in, because the last order is 2026-03-02 (asked: more than 9 days ago)");
}

TEST_CASE("rule words: values of personal fields are not told, whether asked or observed") {
  for (const Language language : {Language::english, Language::chinese})
    for (const char* rule :
         {"city = 'Ann'", "not city = 'Ann'", "parent.city starts with 'Ann'", "not parent.name in ('Ann', 'b')",
          "any contact_point where (value = 'Ann')", "count of interaction where (not subject contains 'Ann') > 3"})
      for (const bool holds : {false, true}) {
        const Value observed = std::string_view(rule).find("of") == std::string_view::npos &&
                                       std::string_view(rule).find("any") == std::string_view::npos
                                   ? Value("Ann Li")
                                   : Value(2);
        const std::string told = because(rule, {{holds, observed}}, language);
        CAPTURE(told);
        CHECK(told.find("Ann") == std::string::npos);
      }
  CHECK(because("city = 'Ulm'", {{true, Value("Ulm")}}) == "in, because the city is as asked");
  CHECK(because("city = 'Ulm'", {{false, Value("Bonn")}}, Language::chinese) == "不符合，因为城市不符合要求");
}

TEST_CASE("rule words: of many conditions ten are told") {
  std::string rule;
  std::vector<Found> found;
  for (int i = 0; i < 13; ++i) {
    rule += (rule.empty() ? "" : " or ") + std::string("has tag 't'");
    found.push_back({false});
  }
  CHECK(because(rule, found).ends_with(" and 3 more"));
}

TEST_CASE("rule words: whatever can be asked of a customer or their records has a Chinese name") {
  std::vector<std::string> lacking;
  for (const Entity& entity : schema().entities()) {
    if (entity.name != "customer" && entity.name != "customer_summary" && !entity.customer_field) continue;
    for (const Field& field : entity.fields) {
      const std::string told = entity.name == "customer" ? chinese(field.name + " is missing")
                               : entity.name == "customer_summary"
                                   ? chinese("summary." + field.name + " is missing")
                                   : chinese("any " + entity.name + " where (" + field.name + " is missing)");
      if (told.find_first_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos)
        lacking.push_back(entity.name + "." + field.name + ": " + told);
    }
  }
  CHECK_MESSAGE(lacking.empty(), (lacking.empty() ? std::string() : lacking.front()));
}
