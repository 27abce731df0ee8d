// Small files whose right answer can be seen.
#include "emptor/desk/import.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "emptor/core/error.hpp"
#include "support/import_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

constexpr const char* sales =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    "1001,A1,Teapot,2,2024-03-01 10:00,12.50,77,France\n"
    "1001,A2,Cup,6,2024-03-01 10:00,1.25,77,France\n"
    "1001,A2,Cup,6,2024-03-01 10:00,1.25,77,France\n"
    "1002,A1,Teapot,1,2024-03-02 11:30,12.50,,France\n"
    "C1003,A1,Teapot,-1,2024-03-03 09:00,12.50,77,France\n"
    "C1003,A2,Cup,-2,2024-03-03 09:00,1.25,77,France\n";

}  // namespace

TEST_CASE("[G1] import: a flat file of sales becomes customers, products, orders and lines") {
  ImportGround ground;
  const ImportReport report = ground.import({ground.file("sales.csv", sales)});
  CHECK(report.entities.at("order_line").read == 6);
  CHECK(report.entities.at("order_line").written == 6);
  CHECK(report.entities.at("order").read == 3);
  CHECK(report.entities.at("customer").read == 1);
  CHECK(report.entities.at("product").read == 2);
  CHECK(report.amount.at("EUR").to_string() == "37.5");  // 25 + 7.5 + 7.5 + 12.5 - 12.5 - 2.5
  CHECK(problem_rows(report, "duplicate_row") == 1);
  CHECK(problem_rows(report, "missing_customer") == 1);
  CHECK(problem_rows(report, "cancellations") == 2);
  CHECK(ground.one("order", "number", "C1003").get("kind").text() == "credit_note");
  CHECK(ground.one("order", "number", "1001").get("kind").text() == "sale");
  CHECK(ground.one("product", "sku", "A2").get("name").text() == "Cup");
  CHECK(ground.all("customer").at(0).get("country").text() == "France");
}

TEST_CASE("[G1] import: the same file again changes nothing") {
  ImportGround ground;
  const std::string path = ground.file("sales.csv", sales);
  ground.import({path});
  const std::int64_t before = ground.position();
  const ImportReport again = ground.import({path});
  CHECK(ground.position() == before);
  CHECK(again.entities.at("order_line").unchanged == 6);
  CHECK(again.entities.at("order_line").written == 0);
  CHECK(again.entities.at("order").unchanged == 3);
  CHECK(again.amount.at("EUR").to_string() == "37.5");
}

TEST_CASE("[G1] import: an overlapping extract that starts within a document writes only what is new") {
  ImportGround ground;
  std::istringstream lines(sales);
  std::string header, line, first, second;
  std::getline(lines, header);
  first = second = header + "\n";
  for (int i = 0; std::getline(lines, line); ++i) {
    if (i < 4) first += line + "\n";
    if (i >= 1) second += line + "\n";  // the second row of document 1001 on
  }
  ground.import({ground.file("first.csv", first)});
  const ImportReport report = ground.import({ground.file("second.csv", second)});
  CHECK(report.entities.at("order_line").read == 5);
  CHECK(report.entities.at("order_line").written == 2);
  CHECK(report.entities.at("order_line").unchanged == 3);
  CHECK(report.entities.at("order").written == 1);
  CHECK(ground.all("order_line").size() == 6);
}

TEST_CASE("import: sales without a document number are orders of their own, repetitions too") {
  ImportGround ground;
  const std::string path = ground.file("log.csv",
                                       "buyerid,date,items,sales\n"
                                       "4,19970101,2,29.33\n"
                                       "4,19970101,2,29.33\n"
                                       "5,19970101,2,29.33\n"
                                       "4,19970118,1,14.96\n");
  const ImportReport report = ground.import({path});
  CHECK(report.entities.at("order_line").read == 4);
  CHECK(report.entities.at("order").read == 4);
  CHECK(report.entities.at("customer").read == 2);
  CHECK(report.amount.at("EUR").to_string() == "102.95");
  CHECK(ground.import({path}).entities.at("order_line").unchanged == 4);
}

TEST_CASE("import: sales are priced from the products file") {
  ImportGround ground;
  const ImportReport report = ground.import(
      {ground.file("a_sales.csv",
                   "OrderDate,OrderNumber,ProductKey,CustomerKey,OrderQuantity\n"
                   "2024-01-01,S1,10,1,3\n2024-01-02,S2,11,2,1\n2024-01-03,S3,10,1,1\n"),
       ground.file("b_products.csv",
                   "ProductKey,ProductSubcategoryKey,ProductName,ProductCost,ProductPrice\n"
                   "10,1,Helmet,13.0863,34.99\n11,2,Jersey,4.5,9.5\n12,2,Sock,1,2\n"),
       ground.file("c_subcategories.csv", "ProductSubcategoryKey,SubcategoryName\n1,Helmets\n2,Clothes\n")});
  CHECK(report.amount.at("EUR").to_string() == "149.46");  // 4 x 34.99 + 9.5
  CHECK(report.entities.at("product").read == 3);
  CHECK(ground.one("product", "name", "Helmet").get("subcategory").text() == "Helmets");
  CHECK(problem_rows(report, "unused_product") == 1);
}

TEST_CASE("import: references are found under other spellings, and broken ones are told") {
  ImportGround ground;
  const ImportReport report = ground.import(
      {ground.file("customers.csv",
                   "customer_id,name,city\nC00001925,Ada,Bonn\nC00001926,Bob,Ulm\nC00001927,Eve,Bonn\n"),
       ground.file("products.csv", "product,sales_price\nGTX Pro,100\nMG Special,5\n"),
       ground.file(
           "orders.csv",
           "order_id,order_date,customer_id,product,quantity\n"
           "1,2024-01-01,1925,GTXPro,1\n2,2024-01-02,C00001926,GTXPro,2\n3,2024-01-03,C00009999,MG Special,1\n")});
  CHECK(report.entities.at("order_line").written == 3);
  CHECK(problem_rows(report, "inconsistent_name", "GTXPro") == 2);
  CHECK(problem_rows(report, "unpadded_reference") == 1);
  CHECK(problem_rows(report, "broken_reference") == 1);
  CHECK(report.amount.at("EUR").to_string() == "305");
  CHECK(ground.all("product").size() == 2);
}

TEST_CASE("[G5] import: a refused line stands beside all its reasons") {
  ImportGround ground;
  ImportOptions options;
  options.rejects = ground.path("rejects.csv");
  std::string text = "order_id,order_date,product_id,quantity,amount\n";
  for (int i = 0; i < 30; ++i)
    text += std::to_string(i / 2) + ",2024-01-" + std::to_string(10 + i / 2) + ",P" + std::to_string(i % 3) + ",1,10\n";
  text += "90,nonsense,P1,many,10\n";
  const ImportReport report = ground.import({ground.file("lines.csv", text)}, options);
  CHECK(report.entities.at("order_line").rejected == 1);
  CHECK(report.entities.at("order_line").read == 31);
  CHECK(report.entities.at("order_line").written == 30);
  CHECK(report.rejects == options.rejects);
  std::ifstream in(options.rejects);
  std::string header, line;
  std::getline(in, header);
  std::getline(in, line);
  CHECK(header == "file,line,reasons,original");
  CHECK(line == "\"lines.csv\",32,\"quantity is not a number; order_date is not a date\",\"90,nonsense,P1,many,10\"");
}

TEST_CASE("import: a dry run writes nothing, shows rows and counts what it would do") {
  ImportGround ground;
  ImportOptions options;
  options.dry_run = true;
  const ImportReport report = ground.import({ground.file("sales.csv", sales)}, options);
  CHECK(ground.position() == 0);
  CHECK(report.entities.at("order_line").written == 6);
  CHECK(report.preview.size() == 6);
  CHECK(report.preview.at(0).at(0) == "sales.csv");
  CHECK(report.mapping.size() == 8);
}

TEST_CASE("import: what a dry run shows is a mapping file, and a mapping file decides") {
  ImportGround ground;
  ImportOptions options;
  options.dry_run = true;
  const std::string path = ground.file("sales.csv", sales);
  const ImportReport guessed = ground.import({path}, options);
  ImportOptions mapped;
  for (const ColumnMapping& column : guessed.mapping)
    mapped.mapping += column.file + "." + column.column + " -> " +
                      (column.entity.empty() ? "-" : column.entity + "." + column.field) + "  [" + column.note + "]\n";
  mapped.mapping += "sales.csv.Country -> -\n";
  const ImportReport report = ground.import({path}, mapped);
  CHECK(report.entities.at("order_line").written == 6);
  CHECK_FALSE(ground.all("customer").at(0).get("country").present());
  mapped.mapping = "sales.csv.Nothing -> customer.name\nnot a line\nsales.csv.Country -> customer.colour\n";
  try {
    ground.import({path}, mapped);
    FAIL("a wrong mapping was taken");
  } catch (const Error& error) {
    CHECK(error.problems().size() == 3);
  }
}

TEST_CASE("import: columns that nobody knows become custom fields of the record they depend on") {
  ImportGround ground;
  std::string text = "customerID,gender,tenure,Contract,Paperless\n";
  for (int i = 0; i < 20; ++i) text += "K" + std::to_string(i) + ",Female," + std::to_string(i) + ",Monthly,Yes\n";
  const ImportReport report = ground.import({ground.file("people.csv", text)});
  CHECK(report.entities.at("customer").written == 20);
  CHECK(problem_rows(report, "custom_field", "tenure") == 0);
  CHECK(ground.one("customer", "x_contract", "Monthly").get("x_paperless").boolean());
}

TEST_CASE("import: Chinese and German files of sales are understood") {
  ImportGround ground;
  const ImportReport chinese = ground.import({ground.file(
      "销售.csv",
      "订单编号,客户编号,商品名称,数量,单价,下单时间\nD1,K1,茶壶,2,12.5,2024-03-01\nD1,K1,茶杯,1,2,2024-03-01\n"
      "D2,K2,茶壶,1,12.5,2024-03-02\n")});
  CHECK(chinese.entities.at("order_line").written == 3);
  CHECK(chinese.entities.at("order").written == 2);
  CHECK(chinese.entities.at("customer").written == 2);
  CHECK(chinese.amount.at("EUR").to_string() == "39.5");
  const ImportReport german = ground.import(
      {ground.file("verkauf.csv",
                   "Rechnungsnummer;Kundennummer;Artikelnummer;Menge;Einzelpreis;Rechnungsdatum\n"
                   "R1;0007;A1;2;1.012,50;31.12.2023\nR1;0007;A2;1;2,00;31.12.2023\nR2;0008;A1;1;12,50;01.01.2024\n")});
  CHECK(german.entities.at("order_line").written == 3);
  CHECK(german.amount.at("EUR").to_string() == "2039.5");
}

TEST_CASE("import: staff, offices and managers become users and a tree of teams") {
  ImportGround ground;
  const ImportReport report = ground.import({ground.file(
      "sales_teams.csv",
      "sales_agent,manager,regional_office\nAnna,Dustin,Central\nCecily,Dustin,Central\nMoses,Melvin,East\n")});
  CHECK(report.entities.at("user").read == 3);
  CHECK(report.entities.at("team").read == 4);
  const Record team = ground.one("team", "manager_name", "Dustin");
  CHECK(team.get("parent_id").id() == ground.one("team", "name", "Central").id());
  CHECK(ground.one("user", "name", "Anna").get("team_id").id() == team.id());
}

TEST_CASE("import: who reports to whom is found though the manager stands further down") {
  ImportGround ground;
  const std::string path = ground.file(
      "employees.csv",
      "employee_id,last_name,first_name,reports_to\n1,Davolio,Nancy,2\n2,Fuller,Andrew,\n3,King,Robert,2\n");
  const ImportReport report = ground.import({path});
  CHECK(report.entities.at("user").read == 3);
  CHECK(ground.one("user", "name", "Nancy Davolio").get("manager_id").id() ==
        ground.one("user", "name", "Andrew Fuller").id());
  const std::int64_t before = ground.position();
  CHECK(ground.import({path}).entities.at("user").unchanged == 3);
  CHECK(ground.position() == before);
}

TEST_CASE("import: a later file changes values, blanks take nothing away") {
  ImportGround ground;
  ground.import({ground.file("customers.csv", "customer_id,name,city\n1,Ada,Bonn\n2,Bob,Ulm\n")});
  const ImportReport report =
      ground.import({ground.file("customers.csv", "customer_id,name,city\n1,Ada,Trier\n2,Bob,\n3,Eve,Kiel\n")});
  CHECK(report.entities.at("customer").written == 2);
  CHECK(report.entities.at("customer").unchanged == 1);
  CHECK(ground.one("customer", "name", "Ada").get("city").text() == "Trier");
  CHECK(ground.one("customer", "name", "Bob").get("city").text() == "Ulm");
}

TEST_CASE("import: the report is JSON of the fixed form") {
  ImportReport report;
  report.entities["order_line"] = {3, 1, 1, 1};
  report.amount["GBP"] = *Decimal::parse("9747747.934");
  report.problems.push_back({"duplicate_row", "order_line", "a\"b.csv", 2, 7, "Twice."});
  CHECK(to_json(report) ==
        "{\"entities\":{\"order_line\":{\"read\":3,\"written\":1,\"unchanged\":1,\"rejected\":1}},"
        "\"amount\":{\"GBP\":\"9747747.934\"},\"rejects\":null,\"problems\":[{\"code\":\"duplicate_row\","
        "\"entity\":\"order_line\",\"file\":\"a\\\"b.csv\",\"rows\":2,\"first_row\":7,\"text\":\"Twice.\"}],"
        "\"mapping\":[]}");
}

TEST_CASE("import: an id that repeats is the buyer, and a price that grows with the quantity is an amount") {
  ImportGround ground;
  std::string text = "Id,Date,CDs,Price\n";
  std::int64_t cents = 0;
  for (int i = 0; i < 200; ++i) {
    const int units = 1 + i % 2, price = units * (1400 + i % 7 * 10);
    cents += price;
    text += std::to_string(i / 4) + ",2023-01-" + std::to_string(10 + i % 19) + "," + std::to_string(units) + "," +
            std::to_string(price / 100) + "." + (price % 100 < 10 ? "0" : "") + std::to_string(price % 100) + "\n";
  }
  const ImportReport report = ground.import({ground.file("daily.csv", text)});
  CHECK(report.entities.at("customer").read == 50);
  CHECK(report.entities.at("order_line").read == 200);
  CHECK(report.amount.at("EUR") == Decimal::of(cents, 2));
}

TEST_CASE(
    "import: a flat file without products keeps their class on the line, and documents beside lines are no sales") {
  ImportGround ground;
  std::string flat = "Invoice ID,Gender,Product line,Unit price,Quantity,Total,Date,Time\n";
  for (int i = 0; i < 40; ++i)
    flat += std::to_string(100 + i) + ",Female,Health,10.5," + std::to_string(1 + i % 3) + "," +
            std::to_string((1 + i % 3) * 11) + ",1/" + std::to_string(1 + i % 28) + "/2019,13:08\n";
  const ImportReport report = ground.import({ground.file("supermarket.csv", flat)});
  CHECK(report.entities.at("order_line").read == 40);
  CHECK(ground.all("order_line").at(0).get("category").text() == "Health");
  CHECK(to_string(ground.one("order", "number", "100").get("ordered_at").instant()) == "2019-01-01T13:08:00Z");

  ImportGround other;
  const ImportReport pair = other.import(
      {other.file("orders.csv",
                  "order_id,order_date,order_customer_id,order_status\n1,2024-01-01,7,CLOSED\n2,2024-01-02,7,OPEN\n"),
       other.file("order_items.csv",
                  "order_item_id,order_item_order_id,order_item_product_id,order_item_quantity,order_item_subtotal\n"
                  "1,1,5,2,20\n2,1,6,1,5\n3,2,5,1,10\n")});
  CHECK(pair.entities.at("order").read == 2);
  CHECK(pair.entities.at("order_line").read == 3);
  CHECK(pair.amount.at("EUR").to_string() == "35");
  CHECK(other.all("order_line").at(2).get("customer_id").present());
}

TEST_CASE("import: a column that tells the outcome, and the length of a call, are said to know the future") {
  ImportGround ground;
  std::string text = "age,job,contact,duration,refund,y\n";
  for (int i = 0; i < 200; ++i) {
    const bool yes = i % 5 == 0;
    text += std::to_string(20 + i % 50) + ",clerk,cellular," + std::to_string(100 + i * 37 % 90) + "," +
            (yes ? std::to_string(5 + i % 3) : "0") + "," + (yes ? "yes" : "no") + "\n";
  }
  const ImportReport report = ground.import({ground.file("calls.csv", text)});
  CHECK(problem_rows(report, "knows_the_future", "refund") == 200);
  CHECK(problem_rows(report, "knows_the_future", "duration") == 200);
  CHECK(problem_rows(report, "knows_the_future", "age") == -1);
}
