// `emptor mine`: fixed forms, figures that are known, and what is wrong told by exit codes.

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <sstream>
#include <string>

#include "support/data.hpp"
#include "support/run_program.hpp"
#include "support/temp_folder.hpp"

using namespace emptor::test;

namespace {

namespace json = boost::json;

json::object mined(const std::string& arguments) {
  const Ran ran = run_program("mine " + arguments + " --json");
  REQUIRE_MESSAGE(ran.exit == 0, arguments);
  return json::parse(ran.output).as_object();
}

std::uint64_t count(const json::object& answer, const char* name) { return answer.at(name).to_number<std::uint64_t>(); }
double real(const json::object& answer, const char* name) { return answer.at(name).to_number<double>(); }

// Two classes that a number and a word tell apart, but for every tenth row.
std::string made_customers(int rows) {
  std::string text = "id,age,plan,churn,fold\n";
  for (int row = 0; row < rows; ++row) {
    const bool leaves = row % 2 == 0, odd = row % 10 == 0;
    text += std::to_string(row) + "," + (row % 7 == 3 ? "" : std::to_string((leaves != odd ? 60 : 20) + row % 13)) +
            "," + (leaves ? "flat" : "metered") + "," + (leaves ? "yes" : "no") + "," + std::to_string(row / 2 % 5) +
            "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("mine: itemsets of a small file, counted by hand") {
  const TempFolder folder;
  const std::string file = folder.file("b.dat"), out = folder.file("out.txt");
  write_file(file, "1 2 3\n1 2\n2 3\n\n1 2 3\n");
  json::object all = mined("itemsets " + file + " --support 2 --out " + out);
  CHECK(count(all, "sets") == 7);
  CHECK(count(all, "baskets") == 5);
  CHECK(real(all, "seconds") > 0);
  std::string text = read_file(out);
  CHECK(std::count(text.begin(), text.end(), '\n') == 7);
  CHECK(text.find("1 2 3 (2)\n") != std::string::npos);
  CHECK(text.find("2 (4)\n") != std::string::npos);
  CHECK(count(mined("itemsets " + file + " --support 40%"), "support") == 2);
  CHECK(count(mined("itemsets " + file + " --support 40%"), "sets") == 7);
  CHECK(count(mined("itemsets " + file + " --support 40.0001%"), "support") == 3);
  CHECK(count(mined("itemsets " + file + " --support 2 --kind closed"), "sets") == 4);
  CHECK(count(mined("itemsets " + file + " --support 2 --kind maximal --count-only"), "sets") == 1);
  CHECK(count(mined("itemsets " + file + " --support 2 --count-only --threads 2"), "sets") == 7);
  const Ran cut = run_program("mine itemsets " + file + " --support 2 --max-sets 3 --json");
  CHECK(cut.exit == 5);
  CHECK(json::parse(cut.output).at("ending").as_string() == "max_sets");
}

TEST_CASE("mine: rules and sequences of small files, counted by hand") {
  const TempFolder folder;
  const std::string baskets = folder.file("b.dat"), histories = folder.file("h.seq"), out = folder.file("out.txt");
  write_file(baskets, "1 2\n1 2\n1\n2\n");
  const json::object rules = mined("rules " + baskets + " --support 2 --confidence 0.6 --out " + out);
  CHECK(count(rules, "rules") == 2);
  CHECK(count(rules, "candidates") == 2);
  CHECK(read_file(out) == "1 => 2 (2 3 3)\n2 => 1 (2 3 3)\n");
  CHECK(count(mined("rules " + baskets + " --support 2 --confidence 0.7"), "rules") == 0);
  write_file(histories, "1 2 -1 3 -1 -2\n1 -1 3 -1 -2\n1 3\n");
  const json::object patterns = mined("sequences " + histories + " --support 3 --out " + out);
  CHECK(count(patterns, "patterns") == 3);
  CHECK(read_file(out) == "1 -1 #SUP: 3\n1 -1 3 -1 #SUP: 3\n3 -1 #SUP: 3\n");
  CHECK(count(mined("sequences " + histories + " --support 100%"), "support") == 3);
}

TEST_CASE("mine: k-means finds groups by the columns that are named, on their scale or on one of its own") {
  const TempFolder folder;
  const std::string file = folder.file("c.csv");
  write_file(file, "who,a,b\nx,0,0\ny,0,2\nz,10,0\nw,10,2\n");
  const json::object plain = mined("kmeans " + file + " --columns a,b --k 2 --seed 1");
  CHECK(real(plain, "inertia") == 4);
  CHECK(plain.at("sizes") == json::value({2, 2}));
  // Sample standard deviations: 10 / sqrt(3) and 2 / sqrt(3); both columns are the same then.
  const json::object scaled = mined("kmeans " + file + " --columns a,b --k 2 --seed 1 --scale zscore --threads 2");
  CHECK(real(scaled, "inertia") == doctest::Approx(3));
  CHECK(run_program("mine kmeans " + file + " --columns a,no --k 2").exit == 2);
  CHECK(run_program("mine kmeans " + file + " --columns who --k 2").exit == 3);
  CHECK(run_program("mine kmeans " + file + " --columns a --k 5").exit == 3);
  CHECK(run_program("mine kmeans " + file + " --columns a --k 2 --scale median").exit == 2);
}

TEST_CASE("mine: models are judged on folds that they did not learn from, the same for any threads") {
  const TempFolder folder;
  const std::string file = folder.file("c.csv"), folds = folder.file("f.csv");
  write_file(file, made_customers(400));
  const std::string form = file + " --target churn --positive yes --drop id,plan ";
  for (const char* kind : {"tree ", "forest ", "boost ", "logistic "}) {
    json::object answer = mined(kind + form + "--fold-column fold");
    CHECK(real(answer, "auc") > 0.75);
    CHECK(real(answer, "auc") < 0.9);  // every tenth row is told wrong
    CHECK(real(answer, "ks") > 0.6);
    CHECK(real(answer, "brier") < 0.25);
    CHECK(count(answer, "features") == 1);
    CHECK(count(answer, "folds") == 5);
    json::object threaded = mined(kind + form + "--fold-column fold --threads 2");
    for (json::object* one : {&answer, &threaded})
      for (const char* time : {"seconds", "fit_seconds"}) one->erase(time);
    CHECK(answer == threaded);
  }
  std::string numbers = "fold\n";
  for (int row = 0; row < 400; ++row) numbers += std::to_string(row / 2 % 5) + "\n";
  write_file(folds, numbers);
  const std::string own = file + " --target churn --positive yes --drop id,plan,fold ";
  CHECK(real(mined("tree " + own + "--fold-file " + folds + " --fold-column fold"), "auc") ==
        real(mined("tree " + form + "--fold-column fold"), "auc"));
  CHECK(real(mined("tree " + file + " --target churn --positive yes --folds 10 --seed 42"), "auc") == 1);
}

TEST_CASE("mine: boosting tunes itself unless options say what to fit, and tells each row's chance") {
  const TempFolder folder;
  const std::string file = folder.file("c.csv"), out = folder.file("chances.csv");
  write_file(file, made_customers(400));
  const std::string form = "boost " + file + " --target churn --positive yes --drop id,plan --fold-column fold ";
  const json::object tuned = mined(form + "--out " + out);
  CHECK(tuned.at("algorithm") == "blended_boosting");
  CHECK(real(tuned, "fit_seconds") > 0);
  CHECK(mined(form + "--tuning none").at("algorithm") == "gradient_boosting");
  CHECK(mined(form + "--options '{\"rounds\":5}'").at("algorithm") == "gradient_boosting");
  CHECK(mined(form + "--tuning auto --options '{\"rounds\":5}'").at("algorithm") == "blended_boosting");
  CHECK(run_program("mine " + form + "--tuning some").exit == 2);
  CHECK(run_program("mine tree " + file + " --target churn --positive yes --folds 5 --tuning auto").exit == 2);
  CHECK(run_program("mine " + form + "--tuning auto --options '{\"trees\":5}'").exit == 3);
  std::istringstream lines(read_file(out));
  std::string line;
  std::getline(lines, line);
  CHECK(line == "fold,chance");
  std::size_t rows = 0;
  for (; std::getline(lines, line); ++rows) {
    const double chance = std::stod(line.substr(line.find(',') + 1));
    CHECK(chance > 0);
    CHECK(chance < 1);
  }
  CHECK(rows == 400);
}

TEST_CASE("mine: a column that knows the outcome is warned of") {
  const TempFolder folder;
  const std::string file = folder.file("c.csv");
  std::string table = "age,reason,gone\n";
  for (int row = 0; row < 200; ++row)
    table +=
        std::to_string(row % 60) + "," + (row % 3 == 0 ? "price" : "") + "," + (row % 3 == 0 ? "yes" : "no") + "\n";
  write_file(file, table);
  const json::object answer = mined("logistic " + file + " --target gone --positive yes --folds 5 --seed 1");
  REQUIRE(answer.at("warnings").as_array().size() == 1);
  CHECK(answer.at("warnings").as_array()[0].as_string().starts_with("'reason' alone tells the target with an AUC of "));
  CHECK(mined("logistic " + file + " --target gone --positive yes --drop reason --folds 5 --seed 1")
            .at("warnings")
            .as_array()
            .empty());
}

TEST_CASE("mine: kinds go by the names that the help lists") {
  CHECK(run_program("mine itemsets --help").output.find("{all,closed,maximal}") != std::string::npos);
  const TempFolder folder;
  const std::string file = folder.file("b.dat");
  write_file(file, "1 2\n");
  CHECK(run_program("mine itemsets " + file + " --support 1 --kind maximal").exit == 0);
  CHECK(run_program("mine itemsets " + file + " --support 1 --kind 1").exit == 2);
}

TEST_CASE("mine: what is wrong ends with usage or input, never with an answer") {
  const TempFolder folder;
  const std::string file = folder.file("b.dat"), table = folder.file("c.csv");
  write_file(file, "1 2\n");
  write_file(table, made_customers(20));
  CHECK(run_program("mine").exit == 2);
  CHECK(run_program("mine itemsets " + file).exit == 2);
  for (const char* support : {"0", "-1", "1.5", "101%", "x", "0%", ""})
    CHECK(run_program("mine itemsets " + file + " --support '" + support + "'").exit == 2);
  CHECK(run_program("mine itemsets " + file + " --support 1 --kind some").exit == 2);
  CHECK(run_program("mine itemsets " + folder.file("absent") + " --support 1").exit == 3);
  write_file(file, "1 two\n");
  CHECK(run_program("mine itemsets " + file + " --support 1").exit == 3);
  const std::string form = "mine tree " + table + " --target churn --positive yes ";
  CHECK(run_program(form).exit == 2);
  CHECK(run_program(form + "--folds 5 --fold-column fold").exit == 2);
  CHECK(run_program(form + "--fold-file " + table).exit == 2);
  CHECK(run_program(form + "--folds 5 --drop nothing").exit == 2);
  CHECK(run_program("mine tree " + table + " --target no --positive yes --folds 5").exit == 2);
  CHECK(run_program("mine tree " + table + " --target churn --positive maybe --folds 5").exit == 3);
  CHECK(run_program(form + "--fold-column age").exit == 3);
  CHECK(run_program(form + "--folds 5 --options '{\"depth\":3}'").exit == 3);
}

TEST_CASE("mine: published figures of public data") {
  const auto mall = data_path("mall/Mall_Customers.csv"), mushroom = data_path("fimi/mushroom.dat");
  const auto telco = data_path("telco-churn/WA_Fn-UseC_-Telco-Customer-Churn.csv");
  const auto folds = data_path("telco-churn/folds.csv");
  if (!mall || !mushroom || !telco || !folds) return;
  const json::object clusters =
      mined("kmeans '" + *mall + "' --columns 'Annual Income (k$),Spending Score (1-100)' --k 5 --seed 1");
  CHECK(std::abs(real(clusters, "inertia") - 44448.4554) < 0.00005);
  CHECK(count(mined("itemsets '" + *mushroom + "' --support 2000"), "sets") == 6623);
  const json::object churn = mined("logistic '" + *telco + "' --target Churn --positive Yes --drop customerID " +
                                   "--fold-file '" + *folds + "' --fold-column fold_42");
  CHECK(real(churn, "auc") == doctest::Approx(0.8455).epsilon(0.001));
}
