// An import that is stopped after any batch and run again, and one that is simply run again: both end in what one
// undisturbed run ends in, and tell the same of the files. The expected store is that of the undisturbed run.
#include <doctest/doctest.h>

#include <algorithm>

#include "emptor/core/error.hpp"
#include "emptor/desk/generate.hpp"
#include "support/data.hpp"
#include "support/import_ground.hpp"
#include "support/store_contents.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

using Files = std::vector<std::pair<std::string, std::string>>;

std::vector<std::string> write(ImportGround& ground, const Files& files) {
  std::vector<std::string> paths;
  for (const auto& [name, text] : files) paths.push_back(ground.file(name, text));
  return paths;
}

std::vector<std::string> told(const ImportReport& report) {
  std::vector<std::string> problems;
  for (const DataProblem& problem : report.problems)
    problems.push_back(problem.code + "|" + problem.entity + "|" + problem.file + "|" + std::to_string(problem.rows) +
                       "|" + std::to_string(problem.first_row) + "|" + problem.text);
  std::sort(problems.begin(), problems.end());
  return problems;
}

// Whether the import came to its end before it was stopped at the so many-th sign of progress.
bool import_until(ImportGround& ground, const std::vector<std::string>& paths, int signs) {
  ImportOptions options{.batch_rows = 3};
  options.progress = [&](std::string_view, std::uint64_t, std::uint64_t) { return --signs > 0; };
  try {
    ground.import(paths, options);
    return true;
  } catch (const Error& error) {
    CHECK(error.code() == Code::cancelled);
    return false;
  }
}

void check_every_stop(const Files& files, std::int64_t least_batches) {
  ImportGround whole;
  const ImportOptions options{.batch_rows = 3};
  const ImportReport first = whole.import(write(whole, files), options);
  const std::vector<std::string> expected = contents(whole.session().store());
  CHECK(whole.position() >= least_batches);
  bool done = false;
  for (int signs = 1; !done; ++signs) {
    CAPTURE(signs);
    ImportGround ground;
    const std::vector<std::string> paths = write(ground, files);
    done = import_until(ground, paths, signs);
    const ImportReport again = ground.import(paths, options);
    CHECK(difference(contents(ground.session().store()), expected) == "");
    CHECK(again.amount == first.amount);
    const std::int64_t position = ground.position();
    CHECK(difference(told(ground.import(paths, options)), told(first)) == "");
    CHECK(ground.position() == position);
  }
}

// Lines of one order name different customers, customers have different cities, credit comes before debit.
std::string crossed_sales() {
  std::string text = "order_number,customer_id,city,order_date,product,quantity,price\n";
  for (int i = 1; i <= 40; ++i)
    text += "N" + std::to_string(i / 3) + ",C" + std::to_string(i * 7 % 11) + ",Town " + std::to_string(i % 4) +
            ",2024-0" + std::to_string(i / 3 % 9 + 1) + "-11,Tea " + std::to_string(i % 5) + "," +
            std::to_string(i % 4 == 0 ? -2 : i % 3) + "," + std::to_string(i % 6) + ".25\n";
  return text;
}

std::string customers_with_channels() {
  std::string text = "customer_id,name,email,phone,country\n";
  for (int i = 1; i <= 9; ++i)
    text += "C" + std::to_string(i) + ",Customer " + std::to_string(i) + ",c" + std::to_string(i % 7) +
            "@example.org,+35191000000" + std::to_string(i) + ",PT\n";
  return text + "C3,Someone Else,c3@example.org,,DE\n";
}

}  // namespace

TEST_CASE("import: stopped after any batch and run again, orders keep the buyer that an undisturbed run gives them") {
  check_every_stop({{"sales.csv", crossed_sales()}}, 10);
}

TEST_CASE("import: stopped after any batch and run again, customers, their channels and their orders are the same") {
  std::string orders = "order_number,customer_id,order_date,product,quantity,price\n";
  for (int i = 1; i <= 30; ++i)
    orders += "N" + std::to_string(i / 3) + ",C" + std::to_string(i * 7 % 12) + ",2024-03-11,Tea " +
              std::to_string(i % 4) + "," + std::to_string(i % 5 + 1) + "," + std::to_string(i % 9) + ".25\n";
  check_every_stop({{"customers.csv", customers_with_channels()}, {"orders.csv", orders}}, 10);
}

TEST_CASE("import: stopped after any batch and run again, sales without a number are the same") {
  std::string text = "buyerid,date,items,sales\n";
  for (int i = 0; i < 30; ++i)
    text +=
        std::to_string(i % 6) + ",199701" + std::to_string(10 + i % 3) + "," + std::to_string(i % 2 + 1) + ",9.99\n";
  check_every_stop({{"log.csv", text}}, 8);
}

TEST_CASE("import: stopped after any batch and run again, lines of unknown orders and of misspelt ones are the same") {
  std::string orders = "order_id,order_date,customer_id\n", lines = "order_id,product_id,quantity,unit_price\n";
  for (int i = 1; i <= 9; ++i)
    orders += "A00" + std::to_string(i) + ",2024-02-0" + std::to_string(i) + ",K" + std::to_string(i % 4) + "\n";
  for (int i = 1; i <= 30; ++i)
    lines += (i % 5 == 0 ? std::to_string(i % 9 + 1) : "A00" + std::to_string(i % 12 + 1)) + ",P" +
             std::to_string(i % 3) + "," + std::to_string(i % 4 + 1) + ",2.5\n";
  const Files files{{"orders.csv", orders}, {"order_items.csv", lines}};
  check_every_stop(files, 8);
  ImportGround ground;
  const std::vector<std::string> paths = write(ground, files);
  const ImportReport report = ground.import(paths);
  CHECK(problem_rows(report, "unpadded_reference") > 0);
  CHECK(problem_rows(report, "broken_reference") > 0);
  ground.import(paths);
  CHECK(ground.all("order_line").size() == 30);  // as many as the file has, however often it is imported
}

TEST_CASE("import: stopped after any batch and run again, staff and who leads them are the same") {
  std::string text = "employee_id,last_name,first_name,reports_to\n";
  for (int i = 1; i <= 12; ++i)
    text += std::to_string(i) + ",Family" + std::to_string(i) + ",Given," + std::to_string(i * 5 % 12 + 1) + "\n";
  check_every_stop({{"employees.csv", text}}, 4);
}

TEST_CASE("import: a document is a sale if any line of it was sold, in this file or before") {
  ImportGround ground;
  const std::string header = "order_number,customer_id,order_date,product,quantity,price\n";
  ground.import({ground.file("first.csv", header + "N1,C1,2024-01-01,Tea,2,5\nN2,C1,2024-01-01,Tea,0,5\n")});
  ground.import({ground.file("second.csv", header + "N1,C1,2024-01-01,Tea,-1,5\nN2,C1,2024-01-01,Tea,-1,5\n")});
  CHECK(ground.one("order", "number", "N1").get("kind").text() == "sale");
  CHECK(ground.one("order", "number", "N2").get("kind").text() == "credit_note");  // nothing of it was ever sold
}

TEST_CASE("import: a row that was imported before changes no value, but fills in what the store lacks") {
  ImportGround ground;
  const std::string header = "order_number,customer_id,city,order_date,product,quantity,price\n";
  const std::string first = "N1,C1,Bonn,2024-01-01,Tea,2,5\n";
  ground.import({ground.file("sales.csv", header + first)});
  const Id customer = ground.all("customer").at(0).id();
  ChangeSet set;
  set.put("customer", customer).set("city", "Trier");
  ground.session().apply(set);
  ground.import({ground.file("sales.csv", header + first + "N1,C1,Bonn,2024-01-01,Cup,1,3\n")});
  CHECK(ground.all("customer").at(0).get("city").text() == "Trier");
  CHECK(ground.all("order_line").size() == 2);
  ChangeSet cleared;
  cleared.put("customer", customer).set("city", Value());
  ground.session().apply(cleared);
  ground.import({ground.path("sales.csv")});
  CHECK(ground.all("customer").at(0).get("city").text() == "Bonn");
}

TEST_CASE("import: run again on generated files, it tells the same problems and changes nothing") {
  for (const bool flaws : {false, true}) {
    CAPTURE(flaws);
    const TempFolder folder;
    const std::string files = folder.file("made");
    GenerateOptions options;
    options.customers = 300;
    options.lines = 3'000;
    options.flaws = flaws;
    generate(files, options);
    ImportGround ground;
    const ImportReport first = ground.import({files});
    const std::int64_t position = ground.position();
    CHECK(difference(told(ground.import({files})), told(first)) == "");
    CHECK(ground.position() == position);
  }
}

TEST_CASE("[G1] import: run again on public sets, it tells the same problems and changes nothing") {
  for (const std::string name : {"superstore", "crm-maven", "adventureworks-sales", "northwind"}) {
    const auto path = data_path(name);
    if (!path) return;
    CAPTURE(name);
    ImportGround ground("USD");
    const ImportReport first = ground.import({*path});
    const std::int64_t position = ground.position();
    CHECK(difference(told(ground.import({*path})), told(first)) == "");
    CHECK(ground.position() == position);
  }
}
