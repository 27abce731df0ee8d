// What came of customers, learnt from tables that were made with a known chance.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/insight/analyse.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/insight/report.hpp"
#include "emptor/mine/judgement.hpp"
#include "support/import_ground.hpp"

using namespace emptor;
using emptor::test::ImportGround;

namespace {

namespace json = boost::json;

/// A table whose chances are known: how well one who knows them could tell the rows apart.
struct MadeCustomers {
  std::string csv;
  std::vector<double> y, chance;
};

struct Made {
  std::size_t rows = 1'500;
  std::string answer = "left", yes = "Yes", no = "No", more_header = {};
  std::size_t open = 0;  ///< rows at the end whose answer is empty
  std::string (*more)(bool left, Random& random) = nullptr;
  double strength = 1;
};

MadeCustomers made(const Made& how) {
  Random random(7);
  MadeCustomers out;
  out.csv = "customer_id,plan,city,visits,spend,gender," + how.more_header + how.answer + "\n";
  const char* cities[] = {"Graz", "Lyon", "Porto"};
  for (std::size_t row = 0; row < how.rows; ++row) {
    const bool monthly = random.uniform() < 0.5;
    const int visits = static_cast<int>(random.uniform() * 12);
    const double spend = 20 + 80 * random.uniform();
    const double score = how.strength * (-0.6 + (monthly ? 1.1 : -1.1) - 0.22 * (visits - 6) + 0.012 * (spend - 60));
    out.chance.push_back(1 / (1 + std::exp(-score)));
    const bool left = random.uniform() < out.chance.back();
    out.y.push_back(left ? 1 : 0);
    out.csv += "C" + std::to_string(1'000 + row) + (monthly ? ",monthly," : ",yearly,");
    out.csv += std::string(cities[static_cast<int>(random.uniform() * 3)]) + "," + std::to_string(visits) + "," +
               std::to_string(static_cast<int>(spend)) + (random.uniform() < 0.5 ? ",female," : ",male,");
    if (how.more != nullptr) out.csv += how.more(left, random) + ",";
    out.csv += (row + how.open < how.rows ? (left ? how.yes : how.no) : std::string()) + "\n";
  }
  return out;
}

json::object learnt(ImportGround& ground, const std::string& options = "{}") {
  return json::parse(run_insight(ground.session(), "outcome", {.json = options}).json).as_object();
}

std::string text(const json::value& value) { return std::string(value.as_string()); }

bool lists(const json::value& list, const char* member, const std::string& name) {
  return std::any_of(list.as_array().begin(), list.as_array().end(),
                     [&](const json::value& one) { return text(one.at(member)) == name; });
}

}  // namespace

TEST_CASE("outcome: the answer is found, and told about as well as the chances behind the table allow") {
  const MadeCustomers customers = made({});
  ImportGround ground;
  ground.import({ground.file("customers.csv", customers.csv)});
  const json::object told = learnt(ground);
  CHECK(text(told.at("verdict")) == "sufficient");
  CHECK(text(told.at("answer").at("field")) == "x_left");
  CHECK(text(told.at("answer").at("title")) == "left");
  CHECK(text(told.at("answer").at("positive")) == "yes");
  CHECK(told.at("answered").to_number<int>() == 1'500);
  CHECK(told.at("events").to_number<double>() == std::count(customers.y.begin(), customers.y.end(), 1.0));
  CHECK(told.at("suspects").as_array().empty());
  // One who knows the chances themselves has the greatest AUC that there is; a model of 1,500 rows is close below.
  const double best = mine::auc(customers.y, customers.chance);
  const double auc = told.at("quality").at("auc").to_number<double>();
  CHECK(auc > best - 0.03);
  CHECK(auc < best + 0.02);
  CHECK(told.at("quality").at("brier").to_number<double>() <
        told.at("quality").at("brier_of_rate").to_number<double>());
  CHECK(told.at("quality").at("brier").to_number<double>() > mine::brier(customers.y, customers.chance) - 0.005);
  CHECK(told.at("quality").at("calibration_slope").to_number<double>() == doctest::Approx(1).epsilon(0.2));
  CHECK(text(told.at("drivers").at(0).at("field")) == "x_plan");
  CHECK(text(told.at("drivers").at(0).at("text")) == "plan: highest for monthly, lowest for yearly");
  CHECK(text(told.at("drivers").at(1).at("text")) == "visits: large values lower the chance");
}

TEST_CASE("outcome: chances and reasons become scores and a tag, and the same run writes nothing") {
  ImportGround ground;
  ground.import({ground.file("customers.csv", made({}).csv)});
  const json::object told = learnt(ground);
  CHECK(told.at("scored").to_number<int>() == 1'500);
  std::size_t chances = 0, monthly = 0, reasons = 0;
  for (const Record& score : ground.all("score")) {
    CHECK(score.get("data_version").integer() == told.at("data_version").as_int64());
    if (score.get("name").text() == "outcome.chance") {
      ++chances;
      CHECK(score.get("value").real() > 0);
      CHECK(score.get("value").real() < 1);
    } else {
      ++reasons;
      monthly += score.get("label").text() == "plan is monthly" ? 1U : 0U;
    }
  }
  CHECK(chances == 1'500);
  CHECK(reasons > 1'200);
  CHECK(monthly > 200);
  CHECK(ground.all("tag").size() == 1'500);
  const std::int64_t before = ground.position();
  CHECK(learnt(ground) == told);
  CHECK(ground.position() == before);
}

TEST_CASE("outcome: customers whose answer is still empty are told by the model of the others") {
  const MadeCustomers customers = made({.rows = 1'800, .open = 300});
  ImportGround ground;
  ground.import({ground.file("customers.csv", customers.csv)});
  const InsightResult result = run_insight(ground.session(), "outcome", {.table = true});
  const json::object told = json::parse(result.json).as_object();
  CHECK(told.at("answered").to_number<int>() == 1'500);
  const auto place = [&](const char* name) {
    return static_cast<std::size_t>(std::find(result.table.names.begin(), result.table.names.end(), name) -
                                    result.table.names.begin());
  };
  const Column &answer = result.table.columns[place("answer")], &chance = result.table.columns[place("chance")];
  std::vector<double> y, said;
  for (std::size_t row = 0; row < 1'800; ++row) {
    CHECK(answer.value(row).present() == (row < 1'500));
    if (row < 1'500) continue;
    y.push_back(customers.y[row]);
    said.push_back(chance.value(row).real());
  }
  // 300 rows: the standard error of an AUC of .8 is about .025.
  CHECK(mine::auc(y, said) >
        mine::auc(y, std::vector<double>(customers.chance.end() - 300, customers.chance.end())) - 0.05);
  for (const json::value& one : told.at("top").as_array()) CHECK(one.at("reasons").as_array().size() >= 1);
}

TEST_CASE("outcome: a field that knows too much is named and left out, and learnt from where that is asked") {
  const auto reason = [](bool left, Random& random) -> std::string {
    return left ? (random.uniform() < 0.5 ? "price" : "moved") : "none";
  };
  ImportGround ground;
  ground.import({ground.file("customers.csv", made({.more_header = "goodbye,", .more = reason}).csv)});
  const json::object told = learnt(ground);
  REQUIRE(told.at("suspects").as_array().size() == 1);
  CHECK(text(told.at("suspects").at(0).at("field")) == "x_goodbye");
  CHECK(text(told.at("suspects").at(0).at("reason")) == "certain");
  CHECK(lists(told.at("unused"), "field", "x_goodbye"));
  CHECK(told.at("quality").at("auc").to_number<double>() < 0.9);
  const json::object kept = learnt(ground, R"({"keep":["goodbye"]})");
  CHECK(kept.at("suspects").at(0).at("used").as_bool());
  CHECK(kept.at("quality").at("auc").to_number<double>() > 0.99);
}

TEST_CASE("outcome: where two fields could be the answer none is guessed, and one that is named is taken") {
  const auto visited = [](bool, Random& random) -> std::string { return random.uniform() < 0.3 ? "1" : "0"; };
  ImportGround ground;
  ground.import({ground.file(
      "customers.csv",
      made({.answer = "left,note", .yes = "1,a b", .no = "0,c", .more_header = "visit,", .more = visited}).csv)});
  const json::object told = learnt(ground);
  CHECK(text(told.at("verdict")).starts_with("unclear: no field stands out as the answer; name one of x_"));
  CHECK(told.at("answer").is_null());
  CHECK(lists(told.at("candidates"), "field", "x_left"));
  CHECK(lists(told.at("candidates"), "field", "x_visit"));
  CHECK(ground.all("score").empty());
  CHECK(text(learnt(ground, R"({"answer":"left"})").at("verdict")) == "sufficient");
  CHECK(text(learnt(ground, R"({"answer":"x_visit","positive":1})").at("verdict")) ==
        "no better than the base rate on rows that it has not seen");
  for (const auto& [options, field] :
       {std::pair{R"({"answer":"gone"})", "answer"}, std::pair{R"({"answer":"left","positive":"perhaps"})", "positive"},
        std::pair{R"({"answer":"visits"})", "positive"},
        std::pair{R"({"answer":"left","keep":["nothing"]})", "keep"}}) {
    CAPTURE(options);
    try {
      learnt(ground, options);
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.first().field == field);
    }
  }
}

TEST_CASE("outcome: fields that say the same as the answer are one with it") {
  const auto flag = [](bool left, Random&) -> std::string { return left ? "1" : "0"; };
  ImportGround ground;
  ground.import({ground.file("customers.csv", made({.more_header = "churn_flag,", .more = flag}).csv)});
  const json::object told = learnt(ground);
  CHECK(text(told.at("verdict")) == "sufficient");
  const std::string answer = text(told.at("answer").at("field"));
  CHECK(lists(told.at("unused"), "why", "says the same as the answer"));
  CHECK((answer == "x_left" || answer == "x_churn_flag"));
}

TEST_CASE("outcome: a Chinese table is understood, and its reasons are told in Chinese") {
  std::string csv = made({.answer = "是否流失", .yes = "是", .no = "否"}).csv;
  csv.replace(csv.find("plan"), 4, "套餐");
  ImportGround ground;
  ground.import({ground.file("customers.csv", csv)});
  const json::object told = learnt(ground, R"({"language":"zh"})");
  CHECK(text(told.at("answer").at("title")) == "是否流失");
  CHECK(told.at("quality").at("auc").to_number<double>() > 0.7);
  CHECK(text(told.at("drivers").at(0).at("text")) == "套餐：最高的是monthly，最低的是yearly");
}

TEST_CASE("outcome: where the answer is one of credit, protected fields decide only where that is asked") {
  ImportGround ground;
  ground.import({ground.file("customers.csv", made({.answer = "creditability", .yes = "bad", .no = "good"}).csv)});
  const json::object told = learnt(ground);
  CHECK(text(told.at("answer").at("positive")) == "bad");
  CHECK(json::serialize(told.at("answer").at("evidence")) == R"(["name","values","last"])");
  CHECK(lists(told.at("unused"), "field", "gender"));
  CHECK_FALSE(lists(learnt(ground, R"({"protected":"use"})").at("unused"), "field", "gender"));
}

TEST_CASE("outcome: too few with the event, or a table that tells nothing, have their verdict") {
  ImportGround few, nothing, none;
  few.import({few.file("customers.csv", made({.rows = 120}).csv)});
  CHECK(text(learnt(few).at("verdict")).starts_with("insufficient: "));
  CHECK(few.all("score").empty());
  nothing.import({nothing.file("customers.csv", made({.strength = 0}).csv)});
  CHECK(text(learnt(nothing).at("verdict")) == "no better than the base rate on rows that it has not seen");
  CHECK(text(learnt(none).at("verdict")) == "insufficient: there are no records to learn from");
}

TEST_CASE("outcome: analyse takes the answer that is named, and the report lists who is next") {
  ImportGround ground;
  ground.import({ground.file("customers.csv", made({.rows = 1'600, .open = 100}).csv)});
  const json::object told = json::parse(analyse(ground.session(), {.answer = "left", .positive = "Yes"})).as_object();
  CHECK(told.at("verdicts").at("outcome") == json::value("sufficient"));
  const std::string page = write_report(ground.session());
  CHECK(page.find("id=\"outcome\"") != std::string::npos);
  CHECK(page.find("plan: highest for monthly, lowest for yearly") != std::string::npos);
  CHECK(write_report(ground.session(), {.language = Language::chinese}).find("谁会是下一个") != std::string::npos);
}
