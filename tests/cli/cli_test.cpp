// The command line as a program sees it: fixed forms, exit codes, JSON.

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <chrono>
#include <fstream>
#include <string>

#include "support/postgres_tenant.hpp"
#include "support/run_program.hpp"
#include "support/temp_folder.hpp"

using namespace emptor::test;

namespace {

namespace json = boost::json;

Ran run(const std::string& arguments) { return run_program(arguments); }

const char* const sales =
    "Order ID,Customer ID,Customer Name,Order Date,Product,Quantity,Unit Price\n"
    "1,C1,Ada,2024-01-05,Tea,2,2.50\n"
    "1,C1,Ada,2024-01-05,Milk,1,1.25\n"
    "2,C2,Bo,2024-02-06,Tea,4,2.50\n";

}  // namespace

TEST_CASE("command line: exit codes tell usage, input and store apart") {
  const TempFolder folder;
  const std::string store = folder.file("s.emptor");
  CHECK(run("").exit == 2);
  CHECK(run("nonsense").exit == 2);
  CHECK(run("init").exit == 2);
  CHECK(run("init " + store + " --currency EURO").exit == 2);
  CHECK(run("init " + store + " --zone Nowhere/Land").exit == 2);
  CHECK(run("import " + store + " " + folder.file("absent.csv")).exit == 3);
  CHECK(run("verify " + store).exit == 4);
  write_file(store, "this is no store, but long enough to be taken for a damaged one");
  CHECK(run("verify " + store).exit == 4);
  CHECK(run("--help").exit == 0);
  CHECK(run("import --help").output.find("--dry-run") != std::string::npos);
}

TEST_CASE("command line: init makes a store with its currency and zone for ever") {
  const TempFolder folder;
  const std::string store = folder.file("s.emptor");
  CHECK(run("init " + store + " --currency EUR --zone Europe/Berlin").exit == 0);
  CHECK(run("init " + store + " --currency EUR --zone Europe/Berlin").exit == 0);
  CHECK(run("init " + store + " --currency USD").exit == 4);
}

TEST_CASE("command line: a store on a server is named by a URL, which is never told") {
  if (postgres_server().empty()) return;
  const TempFolder folder;
  const std::string schema = folder.path().filename().string();
  const std::string store = "'" + tenant_url(schema) + "'";
  const std::string file = folder.file("sales.csv");
  write_file(file, sales);
  CHECK(run("verify " + store).exit == 4);
  CHECK(run("import " + store + " " + file + " --currency EUR --dry-run").exit == 4);
  const Ran made = run("init " + store + " --currency EUR");
  CHECK(made.exit == 0);
  CHECK(made.output.find(schema + ": base currency EUR") != std::string::npos);
  CHECK(made.output.find("127.0.0.1") == std::string::npos);
  const Ran first = run("import " + store + " " + file + " --rejects " + folder.file("rejects.csv") + " --json");
  CHECK(first.exit == 0);
  CHECK(run("verify " + store).exit == 0);
  const std::string copy = folder.file("copy.emptor");
  CHECK(run("backup " + store + " " + copy).exit == 0);
  CHECK(run("verify " + copy).exit == 0);
  drop_tenant(schema);
  CHECK(run("verify " + store).exit == 4);
}

TEST_CASE("command line: import makes an absent store, counts what it read, and changes nothing the second time") {
  const TempFolder folder;
  const std::string store = folder.file("s.emptor");
  const std::string file = folder.file("sales.csv");
  write_file(file, sales);
  const Ran first = run("import " + store + " " + file + " --currency GBP --json");
  CHECK(first.exit == 0);
  const json::object report = json::parse(first.output).as_object();
  const json::object& lines = report.at("entities").at("order_line").as_object();
  CHECK(lines.at("read").to_number<int>() == 3);
  CHECK(lines.at("written").to_number<int>() == 3);
  CHECK(lines.at("rejected").to_number<int>() == 0);
  CHECK(report.at("amount").at("GBP").as_string() == "16.25");  // 2 x 2.50 + 1.25 + 4 x 2.50
  CHECK(report.at("problems").is_array());
  const json::object again =
      json::parse(run("import " + store + " " + file + " --currency GBP --json").output).as_object();
  for (const auto& entity : again.at("entities").as_object()) {
    CHECK(entity.value().at("written").to_number<int>() == 0);
    CHECK(entity.value().at("read").to_number<int>() == entity.value().at("unchanged").to_number<int>());
  }
  CHECK(json::parse(run("verify " + store + " --json").output).at("intact").as_bool());
}

TEST_CASE("command line: without currency and zone, an import says what it assumed") {
  const TempFolder folder;
  const std::string file = folder.file("sales.csv");
  write_file(file, sales);
  const Ran ran = run("import " + folder.file("s.emptor") + " " + file + " --json");
  CHECK(ran.exit == 0);
  CHECK(ran.output.find("XXX") != std::string::npos);
  CHECK(ran.output.find("UTC") != std::string::npos);
}

TEST_CASE("command line: a dry run writes nothing, not even a store") {
  const TempFolder folder;
  const std::string store = folder.file("s.emptor");
  const std::string file = folder.file("sales.csv");
  write_file(file, sales);
  const Ran ran = run("import " + store + " " + file + " --dry-run");
  CHECK(ran.exit == 0);
  CHECK(ran.output.find("Unit Price") != std::string::npos);
  CHECK_FALSE(std::ifstream(store).good());
}

TEST_CASE("command line: a made-up shop is the same for the same seed, and is imported as it stands") {
  const TempFolder folder;
  const std::string shop = folder.file("shop"), store = folder.file("s.emptor");
  const Ran made = run("generate " + shop + " --customers 200 --seed 9 --days 200 --start 2023-05-01 --json");
  CHECK(made.exit == 0);
  CHECK(run("generate " + folder.file("again") + " --customers 200 --seed 9 --days 200 --start 2023-05-01 --json")
            .output == made.output);
  const json::object counts = json::parse(made.output).as_object();
  const Ran imported = run("import " + store + " " + shop + " --currency EUR --zone UTC --json");
  CHECK(imported.exit == 0);
  const json::object report = json::parse(imported.output).as_object();
  const json::object& lines = report.at("entities").at("order_line").as_object();
  CHECK(lines.at("written").to_number<int>() == counts.at("lines").to_number<int>());
  CHECK(report.at("amount").at("EUR").as_string() == counts.at("amount").as_string());
  CHECK(run("generate " + shop + " --customers 0").exit == 3);
  CHECK(run("generate " + shop + " --start tomorrow").exit == 2);
}

TEST_CASE("command line: insights are listed and run, an unknown one is usage") {
  const TempFolder folder;
  const std::string store = folder.file("s.emptor");
  const std::string file = folder.file("sales.csv");
  write_file(file, sales);
  CHECK(run("import " + store + " " + file + " --currency EUR").exit == 0);
  CHECK(run("insight --list").output.find("rfm") != std::string::npos);
  CHECK(json::parse(run("insight --list --json").output).as_array().size() >= 3);
  const Ran rfm = run("insight " + store + " rfm --as-of 2024-03-01 --json");
  CHECK(rfm.exit == 0);
  CHECK(json::parse(rfm.output).is_object());
  CHECK(run("insight " + store + " nonsense").exit == 2);
  CHECK(run("insight " + store + " rfm --as-of 2023-02-29").exit == 2);
}

TEST_CASE("command line: a custom field is there at once; a backup is a store; the feed goes on where it ended") {
  const TempFolder folder;
  const std::string store = folder.file("s.emptor");
  CHECK(run("init " + store).exit == 0);
  CHECK(run("field " + store + " customer shoe_size --type integer").output == "customer.x_shoe_size: integer\n");
  CHECK(run("field " + store + " customer shoe_size --type integer").exit == 3);
  CHECK(run("field " + store + " customer colour --type paint").exit == 2);
  CHECK(run("backup " + store + " " + folder.file("copy.emptor")).exit == 0);
  CHECK(run("backup " + store + " " + folder.file("copy.emptor")).exit == 3);
  CHECK(run("verify " + folder.file("copy.emptor")).exit == 0);
  const Ran copied = run("copy " + store + " " + folder.file("other.emptor"));
  CHECK(copied.exit == 0);
  CHECK(copied.output.starts_with("state: "));
  CHECK(run("copy " + folder.file("other.emptor") + " " + folder.file("third.emptor")).output == copied.output);
  CHECK(run("copy " + store + " " + folder.file("other.emptor")).exit == 3);
  CHECK(run("feed " + store + " --json").output.find("\"items\":[") != std::string::npos);
}

TEST_CASE("command line: a copy that lived apart is joined, and told where both sides contradict each other") {
  const TempFolder folder;
  const std::string store = folder.file("s.emptor"), laptop = folder.file("laptop.emptor");
  CHECK(run("init " + store).exit == 0);
  CHECK(run("copy " + store + " " + laptop).exit == 0);
  CHECK(run("field " + laptop + " customer shoe_size --type integer").exit == 0);
  const Ran planned = run("join " + store + " " + laptop + " --dry-run --json");
  CHECK(planned.exit == 0);
  CHECK(json::parse(planned.output).at("conflicts").as_array().empty());
  CHECK(run("join " + store + " " + laptop).output.starts_with("parted at position "));
  CHECK(run("init " + folder.file("other.emptor")).exit == 0);
  CHECK(run("join " + store + " " + folder.file("other.emptor")).exit == 3);
}

#ifdef NDEBUG
#define EMPTOR_VERSION_BUDGET_MS 10
#else
#define EMPTOR_VERSION_BUDGET_MS 30  // the build with checks; sanitizers are not timed
#endif

TEST_CASE("command line: the version is told at once") {
  CHECK(run("--version").output == "emptor 0.1.0\n");
  double best = 1e9;
  for (int i = 0; i < 10; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    run("--version");
    best = std::min(best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(best < EMPTOR_VERSION_BUDGET_MS);
#endif
}
