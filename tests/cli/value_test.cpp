// What customers are worth, from plain files and from folders that nobody has seen before.

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cmath>
#include <string>

#include "emptor/core/random.hpp"
#include "support/data.hpp"
#include "support/run_program.hpp"
#include "support/temp_folder.hpp"

using namespace emptor::test;

namespace {

namespace json = boost::json;

json::object answer(const std::string& arguments, int exit = 0) {
  const Ran ran = run_program(arguments);
  REQUIRE(ran.exit == exit);
  return json::parse(ran.output).as_object();
}

double number(const json::object& object, const char* group, const char* name) {
  return object.at(group).at(name).to_number<double>();
}

bool near(double value, double expected, double relative) {
  return std::abs(value - expected) <= relative * std::abs(expected);
}

struct ExpectedFit {
  const char* model;
  double log_likelihood;
  std::vector<std::pair<const char*, double>> parameters, errors;
};

/// A shop of 400 customers who buy at rates of their own for 300 days, in days as Americans write them.
std::string made_sales() {
  emptor::Random random(4);
  std::string text = "Order;Customer;Date;Amount\n";
  int order = 0;
  for (int customer = 1; customer <= 400; ++customer) {
    const double gap = 8 + 40 * random.uniform(), end = customer % 3 == 0 ? 300 * random.uniform() : 300;
    for (double day = gap * random.uniform(); day <= end; day -= gap * std::log(1 - random.uniform())) {
      const int at = static_cast<int>(day);
      text += std::to_string(++order) + ";C" + std::to_string(customer) + ";" + std::to_string(at / 28 + 1) + "/" +
              std::to_string(at % 28 + 1) + "/2023;" + std::to_string(5 + static_cast<int>(random.below(20))) + ".50\n";
    }
  }
  return text;
}

}  // namespace

TEST_CASE("value lifetime: [I2] the CDNOW figures of the papers, to the digits printed there and beyond") {
  const auto path = data_path("cdnow/cdnow_elog_sample.csv");
  if (!path) return;
  // Optima by 30-digit arithmetic; Fader, Hardie and Lee (2005) print .243, 4.414, .793, 2.426 and -9582.4.
  const ExpectedFit expected[] = {
      {"bg-nbd",
       -9582.429206674,
       {{"r", .2425945224}, {"alpha", 4.413602019}, {"a", .7929220172}, {"b", 2.425906777}},
       {{"r", .012557378}, {"alpha", .37822406}, {"a", .18573382}, {"b", .70541426}}},
      {"mbg-nbd",
       -9582.135715554,
       {{"r", .5248431591}, {"alpha", 6.183085280}, {"a", .8913593907}, {"b", 1.614002240}},
       {{"r", .083268206}, {"alpha", .69562064}, {"a", .15478993}, {"b", .53749480}}},
      {"pareto-nbd",
       -9594.976178940,
       {{"r", .5532770469}, {"alpha", 10.57768346}, {"s", .6062399891}, {"beta", 11.66873529}},
       {{"r", .047627923}, {"alpha", .84272251}, {"s", .18728131}, {"beta", 6.2111125}}},
      {"nbd",
       -9763.657614673,
       {{"r", .3847661358}, {"alpha", 12.07202285}},
       {{"r", .020985376}, {"alpha", .80872318}}}};
  for (const ExpectedFit& fit : expected) {
    CAPTURE(fit.model);
    const json::object told = answer("value lifetime " + *path +
                                     " --customer sampleid --date date --amount sales --until 1997-09-30 --unit week "
                                     "--horizon 39 --json --model " +
                                     fit.model);
    CHECK(std::abs(told.at("log_likelihood").to_number<double>() - fit.log_likelihood) < 1e-6);
    for (const auto& [name, value] : fit.parameters) CHECK(near(number(told, "parameters", name), value, 1e-6));
    for (const auto& [name, value] : fit.errors) CHECK(near(number(told, "standard_errors", name), value, 1e-4));
    CHECK(told.at("customers").to_number<int>() == 2'357);
    CHECK(told.at("repeat_purchases").to_number<double>() == 2'457);
    CHECK(told.at("verdict").as_string() == "sufficient");
    const json::object& spend = told.at("gamma_gamma").as_object();
    CHECK(std::abs(spend.at("log_likelihood").to_number<double>() + 4055.917694802) < 1e-6);
    CHECK(near(number(spend, "parameters", "p"), 6.249572271, 1e-6));
    CHECK(near(number(spend, "parameters", "q"), 3.744224667, 1e-6));
    CHECK(near(number(spend, "parameters", "gamma"), 15.44352096, 1e-6));
    CHECK(spend.at("customers").to_number<int>() == 946);
    if (std::string(fit.model) == "bg-nbd") CHECK(near(told.at("expected").to_number<double>(), 1653.4087, 1e-6));
    if (std::string(fit.model) == "pareto-nbd") CHECK(near(told.at("expected").to_number<double>(), 1665.5131, 1e-6));
  }
}

TEST_CASE("value lifetime: what is wrong is said, with column and row") {
  const TempFolder folder;
  const std::string file = folder.file("sales.csv");
  write_file(file, "who,day,paid\na,2024-01-05,1\nb,2024-01-06,2\nb,2024-01-09,x\n");
  const std::string form = "value lifetime " + file + " --customer who --date day --amount ";
  CHECK(run_program(form + "paid").exit == 3);
  CHECK(run_program(form + "price").exit == 2);
  CHECK(run_program(form + "day").exit == 3);
  CHECK(run_program(form + "paid --until yesterday").exit == 2);
  CHECK(run_program(form + "paid --model guess").exit == 3);
  write_file(file, "who,day,paid\na,2024-01-05,1\nb,2024-01-06,2\n");
  const json::object told = answer(form + "paid --json");
  CHECK(told.at("verdict").as_string() == "insufficient: no customer bought more than once");
  CHECK(told.at("expected").is_null());
}

TEST_CASE("analyse: [M15] from a folder of unknown files to scores and a verdict on each insight") {
  const TempFolder folder;
  write_file(folder.file("sales.csv"), made_sales());
  const std::string store = folder.file("shop.emptor"), report = folder.file("shop.html");
  const json::object told =
      answer("analyse " + store + " " + folder.file("sales.csv") + " --currency EUR --json --report " + report);
  CHECK(told.at("import").at("entities").as_object().contains("order_line"));
  const json::object& verdicts = told.at("verdicts").as_object();
  CHECK(verdicts.at("rfm").as_string() == "sufficient");
  CHECK(verdicts.at("churn").as_string() == "sufficient");
  CHECK(verdicts.contains("lifetime"));
  CHECK(told.at("insights").at("churn").at("customers") == told.at("insights").at("rfm").at("customers"));
  const std::string page = read_file(report);
  for (const char* part : {"id=\"worth\"", "id=\"curve\"", "id=\"leaving\"", "</html>"})
    CHECK(page.find(part) != std::string::npos);
  // The scores are kept: the same again changes nothing, and without files nothing is imported.
  const json::object again = answer("analyse " + store + " --json");
  CHECK_FALSE(again.contains("import"));
  CHECK(again.at("insights").at("churn").at("model_id") == told.at("insights").at("churn").at("model_id"));
  CHECK(again.at("insights").at("churn").at("first_reasons") == told.at("insights").at("churn").at("first_reasons"));
  const json::object none = answer("analyse " + store + " --memory 1 --rows 1 --json");
  CHECK(none.at("insights").as_object().empty());
  CHECK(none.at("needs").at("rfm").at("rows").to_number<std::int64_t>() > 1);
  CHECK(run_program("analyse " + store + " --rows 0").exit == 2);
  CHECK(run_program("analyse " + store + " --memory many").exit == 2);
  CHECK(run_program("analyse " + folder.file("absent.emptor")).exit == 4);
  CHECK(run_program("analyse " + store + " " + folder.file("absent.csv")).exit == 3);
}

TEST_CASE("insight campaigns: by name, from a made-up shop to what its campaigns brought") {
  const TempFolder folder;
  const std::string store = folder.file("shop.emptor"), shop = folder.file("shop");
  REQUIRE(run_program("generate " + shop + " --customers 400 --seed 2").exit == 0);
  REQUIRE(run_program("init " + store + " --currency EUR").exit == 0);
  REQUIRE(run_program("import " + store + " " + shop + " --source shop").exit == 0);
  const json::object told =
      answer("insight " + store + R"( campaigns --options '{"response":"conversion","cost":1}' --json)");
  CHECK(told.at("insight").as_string() == "campaigns");
  CHECK(told.at("channels").as_array().size() == 3);
  for (const json::value& campaign : told.at("campaigns").as_array()) CHECK(!campaign.at("words").as_string().empty());
  CHECK(run_program("insight " + store + R"( campaigns --options '{"learn_from":["Wave 99"]}')").exit != 0);
}

TEST_CASE("value lifetime: columns that move the rate are covariates, numbers and words, and blanks are allowed") {
  const TempFolder folder;
  const std::string file = folder.file("sales.csv");
  std::string text = "who,day,paid,channel,age\n";
  for (int who = 0; who < 120; ++who) {
    const bool web = who % 2 == 0;
    const std::string rest =
        std::string(web ? ",web," : ",shop,") + (who % 7 == 0 ? "" : std::to_string(20 + who % 40));
    // As spread as a negative binomial distribution, and twice as many of the web.
    constexpr int web_purchases[] = {1, 2, 3, 5, 7, 10, 15, 2, 4}, shop_purchases[] = {1, 1, 2, 3, 5, 1, 2};
    const int purchases = web ? web_purchases[who / 2 % 9] : shop_purchases[who / 2 % 7];
    for (int i = 0; i < purchases; ++i) {
      const int day = who % 28 + 1, month = 1 + i % 12;
      text += "C" + std::to_string(who) + (i < 12 ? ",2023-" : ",2024-") + (month < 10 ? "0" : "") +
              std::to_string(month) + "-" + (day < 10 ? "0" : "") + std::to_string(day) + ",10" + rest + "\n";
    }
  }
  write_file(file, text);
  const std::string form = "value lifetime " + file + " --customer who --date day --amount paid --model nbd --json";
  const json::object plain = answer(form), told = answer(form + " --covariates channel,age");
  CHECK(told.at("log_likelihood").to_number<double>() > plain.at("log_likelihood").to_number<double>());
  CHECK(told.at("covariates").at("p_value").to_number<double>() < 1e-6);
  CHECK(told.at("parameters").as_object().contains("rate.channel=web"));
  CHECK(told.at("parameters").as_object().contains("rate.age"));
  CHECK(run_program(form + " --covariates nobody").exit == 2);
}

TEST_CASE("analyse: the answer is named, and the verdicts are told in Chinese") {
  const TempFolder folder;
  std::string text = "customer_id,plan,visits,churned\n";
  for (int who = 0; who < 400; ++who)
    text += "C" + std::to_string(who) + (who % 2 == 0 ? ",monthly," : ",yearly,") + std::to_string(who / 2 % 9) + "," +
            (who * 7919 % 100 < (who % 2 == 0 ? 60 : 20) ? "1" : "0") + "\n";
  write_file(folder.file("customers.csv"), text);
  const std::string report = folder.file("shop.html");
  const std::string form = "analyse " + folder.file("shop.emptor") + " " + folder.file("customers.csv");
  const json::object told = answer(form + " --answer churned --positive 1 --language zh --json --report " + report);
  CHECK(told.at("verdicts").at("outcome").as_string() == "数据充分");
  CHECK(told.at("verdicts").at("churn").as_string() == "数据不足：没有购买记录");
  CHECK(told.at("insights").at("outcome").at("answer").at("field").as_string() == "x_churned");
  const std::string page = read_file(report);
  CHECK(page.find("谁会是下一个") != std::string::npos);
  CHECK(page.find("数据充分") != std::string::npos);
  CHECK(run_program(form + " --positive 1").exit == 2);
  CHECK(run_program(form + " --answer nobody").exit == 3);
  CHECK(run_program(form + " --language fr").exit == 2);
}
