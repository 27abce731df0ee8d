// What column names mean, in four languages. The expected readings are those of a person who knows them.
#include <doctest/doctest.h>

#include <string>

#include "desk/header_reading.hpp"
#include "desk/known_future.hpp"
#include "desk/known_names.hpp"

using namespace emptor::desk;

namespace {

std::string reading(std::string_view header) {
  const Reading read = read_header(header);
  return std::string(read.subject) + "." + std::string(read.attribute);
}

}  // namespace

TEST_CASE("header: the key of a customer is known in every language and style") {
  for (const char* name : {"CustomerID", "customer_id", "Customer ID", "CUST_NO", "客户编号", "会员编号",
                           "Kundennummer", "Kunden-Nr", "id_cliente", "codigo_cliente"})
    CHECK_MESSAGE(reading(name) == "customer.id", name);
}

TEST_CASE("header: words of a sale") {
  CHECK(reading("InvoiceNo") == "order.id");
  CHECK(reading("Rechnungsnummer") == "order.id");
  CHECK(reading("订单编号") == "order.id");
  CHECK(reading("numero_pedido") == "order.id");
  CHECK(reading("InvoiceDate") == "order.date");
  CHECK(reading("Bestelldatum") == "order.date");
  CHECK(reading("data_pedido") == "order.date");
  CHECK(reading("Quantity") == ".quantity");
  CHECK(reading("Menge") == ".quantity");
  CHECK(reading("数量") == ".quantity");
  CHECK(reading("quantidade") == ".quantity");
  CHECK(reading("UnitPrice") == ".price");
  CHECK(reading("Einzelpreis") == ".price");
  CHECK(reading("preço_unitário") == ".price");
  CHECK(reading("单价") == ".price");
  CHECK(reading("Sales") == ".amount");
  CHECK(reading("valor_total") == ".amount");
  CHECK(reading("总金额") == ".amount");
  CHECK(reading("Gesamtbetrag") == ".amount");
}

TEST_CASE("header: people are described") {
  CHECK(reading("FirstName") == ".given");
  CHECK(reading("Vorname") == ".given");
  CHECK(reading("last_name") == ".family");
  CHECK(reading("EmailAddress") == ".email");
  CHECK(reading("手机号") == ".mobile");
  CHECK(reading("Geburtsdatum") == ".birth");
  CHECK(reading("MaritalStatus") == ".marital");
  CHECK(reading("年龄") == ".age");
  CHECK(reading("PLZ") == ".postal");
}

TEST_CASE("header: the last subject is the one spoken of") {
  CHECK(reading("order_customer_id") == "customer.id");
  CHECK(reading("SalesTerritoryKey") == "territory.id");
  CHECK(reading("SupportRepId") == "staff.id");
}

TEST_CASE("header: a word that nobody knows makes the column unknown, not a guess") {
  CHECK(reading("tenure") == ".");
  CHECK(reading("ship_via") == ".");
  CHECK(reading("工龄") == ".");
  CHECK(reading("HomeOwner") == ".");
}

TEST_CASE("header: a file's name says what it holds") {
  CHECK(subject_of_table("AdventureWorks_Customers.csv") == "customer");
  CHECK(subject_of_table("shop.sqlite#order_details") == "line");
  CHECK(subject_of_table("sales_pipeline.csv") == "opportunity");
  CHECK(subject_of_table("online_retail.csv.gz").empty());
}

TEST_CASE("header: names of custom fields are letters, digits and underscores, whatever the script") {
  CHECK(custom_field_name("TotalChildren") == "x_total_children");
  CHECK(custom_field_name("Tax 5%") == "x_tax_5");
  CHECK(custom_field_name("工龄") == "x_u5de5u9f84");
}

TEST_CASE("known names: a slip is found, a name that is on the list or far from all is not") {
  CHECK(meant_by(KnownNames::countries, "Philipines") == "Philippines");
  CHECK(meant_by(KnownNames::industries, "technolgy") == "technology");
  CHECK(meant_by(KnownNames::countries, "Germany").empty());
  CHECK(meant_by(KnownNames::countries, "Atlantis").empty());
}

TEST_CASE("columns that know the future: the area under the curve counts ties half") {
  // By hand: positives .9 and .5, negatives .5 and .1; pairs won 3, tied 1 of 4.
  CHECK(area_under_curve({{.9, true}, {.5, true}, {.5, false}, {.1, false}}) == doctest::Approx(.875));
  CHECK(area_under_curve({{2, true}, {1, false}}) == 1);
}
