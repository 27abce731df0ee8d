#include "insight/words/verdict_words.hpp"

#include <doctest/doctest.h>

#include <utility>

#include "emptor/insight/analyse.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/store/open.hpp"

using namespace emptor;

namespace {

namespace json = boost::json;

std::string chinese(std::string_view english) { return told_verdict(english, Language::chinese); }

/// Whether a text has a letter of the Latin alphabet outside names of options.
bool speaks_english(std::string_view text) {
  return text.find("insufficient") != std::string_view::npos || text.find(" the ") != std::string_view::npos ||
         text.find(" of ") != std::string_view::npos || text.find(" are ") != std::string_view::npos;
}

}  // namespace

TEST_CASE("verdict words: a sentence is told in Chinese with its numbers, and in English as it is") {
  const std::string lack =
      "insufficient: of the customers to learn from 12 fell silent and 3 did not; 50 of each are needed";
  CHECK(told_verdict(lack, Language::english) == lack);
  CHECK(chinese(lack) == "数据不足：用于学习的客户中 12 位沉默、3 位未沉默；两者各需 50 位");
  CHECK(chinese("sufficient") == "数据充分");
  CHECK(chinese("insufficient: there are no purchases") == "数据不足：没有购买记录");
  CHECK(chinese("unclear: no field stands out as the answer; name one of x_a, x_b") ==
        "不明确：没有字段明显是答案；请从中指定：x_a, x_b");
  CHECK(chinese("insufficient: an interval of a parameter spans a factor above twenty: more customers or a longer time "
                "are needed") == "数据不足：某参数的置信区间上下相差二十倍以上：需要更多客户或更长时间");
}

TEST_CASE("verdict words: codes and what the catalogue lacks stay as they are") {
  CHECK(chinese("measured") == "measured");
  CHECK(chinese("no such sentence: at all") == "no such sentence: at all");
  CHECK(chinese("insufficient: some text of an error") == "数据不足：some text of an error");
  CHECK(chinese("") == "");
  CHECK(chinese("insufficient: # customers") == "数据不足：# customers");
}

TEST_CASE("verdict words: verdicts within a summary are told, and nothing else") {
  json::object summary = {{"verdict", "sufficient"},
                          {"name", "sufficient"},
                          {"churn", {{"verdict", "insufficient: there are no purchases"}}}};
  tell_verdicts(summary, Language::chinese);
  CHECK(summary.at("verdict") == json::value("数据充分"));
  CHECK(summary.at("name") == json::value("sufficient"));
  CHECK(summary.at("churn").at("verdict") == json::value("数据不足：没有购买记录"));
}

TEST_CASE("verdict words: verdicts of what a list holds are told too") {
  json::object summary = {{"series", json::array{json::object{{"measure", "sufficient"},
                                                              {"verdict", "trend only: too short to judge a forecast"}},
                                                 "sufficient"}}};
  tell_verdicts(summary, Language::chinese);
  const json::array& series = summary.at("series").as_array();
  CHECK(series[0].at("verdict") == json::value("仅有趋势：时间太短，无法检验预测"));
  CHECK(series[0].at("measure") == json::value("sufficient"));
  CHECK(series[1] == json::value("sufficient"));
}

TEST_CASE("verdict words: what an insight found is told whole, numbers below 0 too") {
  constexpr std::pair<std::string_view, std::string_view> told[] = {
      {"no stable segments: halves of the customers give other ones (adjusted Rand index -0.02, least overlap of a "
       "cluster 0.41)",
       "没有稳定的细分：各半客户给出不同的细分（调整兰德指数 -0.02，聚类最小重合度 0.41）"},
      {"no segments: customers who differ by degrees only would give clusters as clear (p 0.25, silhouette 0.31 "
       "against "
       "0.33)",
       "没有细分：仅有程度差异的客户也会给出同样清晰的聚类（p 值 0.25，轮廓系数 0.31 对 0.33）"},
      {"insufficient: 3 decided deals name a competitor, 20 are needed to compare; mentions are told all the same",
       "数据不足：3 个已结商机注明竞争对手，比较需要 20 个；提及次数仍予列出"},
      {"insufficient: 0 rows of earlier windows to learn from, 500 are needed; 7 to set thresholds by, 1000 are needed "
       "for this rate of false alarms",
       "数据不足：可供学习的以往时段数据 0 行，需要 500 行；用于设定阈值的 7 行，此误报率需要 1000 行"},
      {"doubtful: fewer than three in ten of those asked answered", "存疑：被询问者中回答的不足三成"},
      {"now only: the lifetime model has no estimate on these data", "仅有当前：生命周期模型在这些数据上没有估计"},
      {"no habits: shares of their own tell no more of customers' next purchases than the shares of all",
       "没有习惯：客户自身的占比并不比总体占比更能说明其下次购买"},
      {"insufficient: no product has more than 12 customers; 20 are needed",
       "数据不足：没有商品的客户超过 12 位；需要 20 位"}};
  for (const auto& [english, expected] : told) CHECK(chinese(english) == expected);
  CHECK(chinese("insufficient: - buyers, 100 are needed for segments") ==
        "数据不足：- buyers, 100 are needed for segments");
}

TEST_CASE("verdict words: every insight that takes a language tells its verdict in it") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  std::size_t told = 0;
  for (const InsightEntry& entry : insights()) {
    if (entry.options_schema.find("\"language\"") == std::string_view::npos) continue;
    CAPTURE(entry.name);
    const InsightResult result =
        run_insight(session, entry.name, {.json = R"({"language":"zh"})", .write_back = false});
    const std::string verdict(json::parse(result.json).at("verdict").as_string());
    CAPTURE(verdict);
    CHECK(verdict.starts_with("数据不足："));
    CHECK_FALSE(speaks_english(verdict));
    ++told;
  }
  CHECK(told >= 20);
  const json::object all = json::parse(analyse(session, {.language = Language::chinese})).as_object();
  for (const auto& [name, verdict] : all.at("verdicts").as_object()) {
    CAPTURE(std::string(name));
    CHECK_FALSE(speaks_english(verdict.as_string()));
  }
}
