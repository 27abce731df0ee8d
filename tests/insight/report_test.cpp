#include "emptor/insight/report.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "emptor/insight/analyse.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/store/open.hpp"
#include "insight/report/report_page.hpp"
#include "insight/report/report_sections.hpp"

using namespace emptor;

namespace {

constexpr std::string_view hostile = "<script>alert('x')</script> & \"Söhne\"";

std::unique_ptr<Store> new_shop() {
  auto store = open_store(":memory:", {.create = true, .currency = *Currency::parse("EUR")});
  Session session(*store);
  ChangeSet changes;
  for (int i = 0; i < 60; ++i) {
    const Id customer = changes.put("customer").set("name", hostile).set("country", "中国").id();
    for (int n = 0; n <= i % 7; ++n) {
      const Instant at{(20'000 + i * 3 - n * 40) * micros_per_day};
      const Id order = changes.put("order").set("customer_id", customer).set("ordered_at", at).id();
      changes.put("order_line").set("order_id", order).set("customer_id", customer).set("amount", Decimal(1'000 + i));
    }
  }
  const Id anonymous = changes.put("order").set("ordered_at", Instant{20'000 * micros_per_day}).id();
  changes.put("order_line").set("order_id", anonymous).set("amount", Decimal::of(123'456, 3));
  session.apply(changes);
  return store;
}

std::string report_of(Language language) {
  const auto store = new_shop();
  Session session(*store);
  return write_report(session, {.language = language,
                                .problems = {{"missing_customer", "order_line", "a<b>.csv", 1'234, 7, "no customer"}}});
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// Every start tag that needs an end has one, in the right order.
std::string unbalanced_tag(const std::string& html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != html.npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find_first_of(" >/", at + 2);
    const bool closes = html[at + 1] == '/';
    const std::string tag = html.substr(at + (closes ? 2 : 1), end - at - (closes ? 2 : 1));
    const bool empty = html[html.find('>', at) - 1] == '/' || tag == "br" || tag == "meta" || tag == "!doctype";
    if (empty) continue;
    if (!closes) {
      open.push_back(tag);
    } else if (open.empty() || open.back() != tag) {
      return tag;
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back();
}

}  // namespace

TEST_CASE("report: it stands alone, whole and in its language") {
  for (const Language language : {Language::english, Language::chinese}) {
    const std::string html = report_of(language);
    CHECK(unbalanced_tag(html).empty());
    for (const char* outside : {"http:", "https:", "//www", "src=", "@import", "url(", "<script", "<link"}) {
      CHECK_FALSE(contains(html, outside));
    }
    for (const char* anchor : {"base", "problems", "rfm", "classes", "groups", "top", "next"}) {
      CHECK(contains(html, "<section id=\"" + std::string(anchor) + "\">"));
    }
    CHECK_FALSE(contains(html, "{0}"));
  }
  CHECK(contains(report_of(Language::english), "<html lang=\"en\">"));
  const std::string chinese = report_of(Language::chinese);
  CHECK(contains(chinese, "<html lang=\"zh-CN\">"));
  CHECK(contains(chinese, "屈从"));
  CHECK(contains(chinese, "没有客户信息"));
}

TEST_CASE("report: text of the store and of files is escaped") {
  const std::string html = report_of(Language::english);
  CHECK_FALSE(contains(html, "<script"));
  CHECK(contains(html, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;Söhne&quot;"));
  CHECK(contains(html, "a&lt;b&gt;.csv"));
}

TEST_CASE("report: amounts are exact, with thousands apart and at least the minor digits") {
  CHECK(exact_amount(Decimal::of(9'747'747'934, 3), 2) == "9,747,747.934");
  CHECK(exact_amount(Decimal(12), 2) == "12.00");
  CHECK(exact_amount(Decimal::of(-1'234'5, 1), 2) == "-1,234.50");
  CHECK(exact_amount(Decimal(1'000), 0) == "1,000");
  CHECK(exact_amount(Decimal(0), 2) == "0.00");
  CHECK(with_thousands(-1'234'567) == "-1,234,567");
  CHECK(with_thousands(999) == "999");
  CHECK(contains(report_of(Language::english), "123.456"));
}

TEST_CASE("report: shares are rounded at one digit, and little is not nothing") {
  CHECK(percent(1, 8) == "12.5 %");
  CHECK(percent(2, 3) == "66.7 %");
  CHECK(percent(1, 100'000) == "<0.1 %");
  CHECK(percent(0, 5) == "0 %");
  CHECK(percent(5, 0) == "0 %");
  CHECK(percent(-1, 8) == "-12.5 %");
}

TEST_CASE("report: axes speak in thousands, or in ten thousands") {
  const Voice english(Language::english, 2), chinese(Language::chinese, 2);
  CHECK(english.compact(1'500'000) == "1.5M");
  CHECK(english.compact(350'000) == "350k");
  CHECK(english.compact(20) == "20");
  CHECK(chinese.compact(1'500'000) == "150万");
  CHECK(chinese.compact(250'000'000) == "2.5亿");
}

TEST_CASE("report: the lifetime curve is drawn from what the insight left, in both languages") {
  // A state as the insight keeps it: three weeks known, one held back.
  const std::string state =
      R"({"diagnostics":{"tracking":{"until":"2024-01-29","fitted_until":"2024-01-22","period_days":7,)"
      R"("actual":[10,20,30,1234],"expected":[11,19,29.6,1111.4]}}})";
  const auto store = new_shop();
  Session session(*store);
  CHECK_FALSE(contains(write_report(session), "id=\"curve\""));
  ChangeSet changes;
  changes.put("model").set("name", "lifetime").set("state", std::string_view(state));
  session.apply(changes);
  const std::string html = write_report(session);
  CHECK(unbalanced_tag(html).empty());
  CHECK(contains(html, "<section id=\"curve\">"));
  CHECK(contains(html, "there it expected 1,111 and 1,234 came"));
  // Five points a line: the beginning and four weeks; the dotted line after the third.
  CHECK(contains(html, "points=\"64.0,226.0 288.0,"));
  CHECK(contains(html, "<line class=\"border\" x1=\"736.0\""));
  CHECK(contains(write_report(session, {.language = Language::chinese}), "生命周期曲线"));
}

TEST_CASE("report: an empty store gives a page that says so") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  const std::string html = write_report(session);
  CHECK(unbalanced_tag(html).empty());
  CHECK(contains(html, "nothing to score"));
  CHECK_FALSE(contains(html, "<section id=\"classes\">"));
}

TEST_CASE("report: the verdict of each insight that left one stands in it, in both languages") {
  const auto store = new_shop();
  Session session(*store);
  analyse(session, {.language = Language::chinese});
  std::size_t told = 0;
  for (const InsightEntry& entry : insights()) {
    CAPTURE(entry.name);
    const std::vector<Record> models =
        session.view().select({.entity = "model", .where = Where::equal("name", entry.name), .limit = 1});
    if (models.empty() || models.front().get("state").text().find("\"verdict\":") == std::string_view::npos) continue;
    const auto known = std::find_if(std::begin(words::judging_insights), std::end(words::judging_insights),
                                    [&](const words::InsightWords& one) { return one.name == entry.name; });
    CHECK(known != std::end(words::judging_insights));
    ++told;
  }
  CHECK(told >= 15);
  CHECK(verdicts_on_record(session.view()).size() == told);
  const std::string english = write_report(session), chinese = write_report(session, {.language = Language::chinese});
  for (const ReportVerdict& one : verdicts_on_record(session.view())) {
    CAPTURE(one.verdict);
    CHECK(english.find(">" + escaped(one.verdict) + "<") != std::string::npos);
    CHECK(chinese.find(">" + escaped(one.verdict) + "<") == std::string::npos);
  }
}

TEST_CASE("report: habits and usage are told from what the insights left, in both languages") {
  const auto store = new_shop();
  Session session(*store);
  CHECK_FALSE(contains(write_report(session), "id=\"habits\""));
  CHECK_FALSE(contains(write_report(session), "id=\"usage\""));
  ChangeSet changes;
  changes.put("model").set("name", "habits").set("state", std::string_view(R"({"customers":1200,"with_habit":80,
"changed":{"customers":7},"dimensions":[{"name":"weekday","cells":[{"cell":"saturday","base":0.172,"customers":61},
{"cell":"monday","base":0.1,"customers":0}]},{"name":"channel","cells":[{"cell":"<web>","base":0.5,"customers":9}]}],
"groups":{"groups":[{"name":"more returns","name_zh":"退货多","customers":300}]},
"first_purchases":[{"category":"tea","customers":40,"again":10,"next":"cups"}]})"));
  changes.put("model").set("name", "usage").set("state", std::string_view(R"({"users":50,"with_lapsed":4,
"with_unused":3,"products":[{"product":7,"name":"paper","in_use":41,"lost":12,"gained":2,"losing":true,
"repeat_rate":{"value":0.25},"problems_per_100":{"value":2.5},"repairs_per_100":{"value":1},"unused":3}]})"));
  session.apply(changes);
  const std::string html = write_report(session);
  CHECK(unbalanced_tag(html).empty());
  CHECK(contains(html, "80 of 1,200 customers have a habit of their own"));
  CHECK(contains(html, "on Saturdays"));
  CHECK(contains(html, "by &lt;web&gt;"));
  CHECK_FALSE(contains(html, "on Mondays"));
  CHECK(contains(html, "25.0 %"));
  CHECK(contains(html, "−12 / +2"));
  CHECK(contains(html, "3.5"));
  const std::string chinese = write_report(session, {.language = Language::chinese});
  CHECK(contains(chinese, "退货多"));
  CHECK(contains(chinese, "周六"));
  CHECK(contains(chinese, "付费未用"));
}

TEST_CASE("report: preferences are told from what the insight left, in both languages") {
  const auto store = new_shop();
  Session session(*store);
  CHECK_FALSE(contains(write_report(session), "id=\"preferences\""));
  Id model = no_id;
  const auto put = [&](std::string_view verdict, std::string_view tone) {
    const std::string state = R"({"customers":310,"texts":1200,"naming":450,"tone":)" + std::string(tone) +
                              R"(,"verdict":")" + std::string(verdict) +
                              R"(","judged":{"customers":90,"purchases_hits":41,"words_hits":57},
"topics":[{"kind":"category","topic":"<tea>","customers":120,"likes":80,"dislikes":7,"asked":3},
{"kind":"brand","topic":"Acme","customers":60,"likes":2,"dislikes":31,"asked":0}]})";
    ChangeSet changes;
    changes.put("model", model).set("name", "preferences").set("state", std::string_view(state));
    model = session.apply(changes).ids.at(0);
  };
  put("sufficient", R"({"good":300,"bad":120,"judged":100,"right":88})");
  const std::string html = write_report(session);
  CHECK(unbalanced_tag(html).empty());
  CHECK(contains(html, "450 of 1,200 texts of customers name"));
  CHECK(contains(html, "the words of 420 rated texts, which put 88 of 100 others on the right side"));
  CHECK(contains(html, "right for 57 of 90, by purchases alone for 41"));
  CHECK(contains(html, "&lt;tea&gt;"));
  CHECK(contains(html, ">Acme<"));
  const std::string chinese = write_report(session, {.language = Language::chinese});
  CHECK(contains(chinese, "好恶由 420 条评分文本的用词判断"));
  CHECK(contains(chinese, "品牌"));
  put("no better than purchases alone",
      R"({"why":"there are 3 good and 1 bad rated texts; some 38 of each are needed"})");
  const std::string unsure = write_report(session);
  CHECK(contains(unsure, "Likes and dislikes cannot be told from these texts"));
  CHECK(contains(unsure, "does not tell what they buy next better"));
}
