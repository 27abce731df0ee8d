#include "insight/verdict_words.hpp"

#include <doctest/doctest.h>

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
  CHECK(told >= 10);
  const json::object all = json::parse(analyse(session, {.language = Language::chinese})).as_object();
  for (const auto& [name, verdict] : all.at("verdicts").as_object()) {
    CAPTURE(std::string(name));
    CHECK_FALSE(speaks_english(verdict.as_string()));
  }
}
