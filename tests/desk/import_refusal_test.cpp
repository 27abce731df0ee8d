// Rows that the session refuses: refused one by one, with all reasons, beside everything else that is written. What is
// refused follows from the rules of the fields (unique, within what a decimal holds); nothing else may be missing.
#include <doctest/doctest.h>

#include "emptor/core/error.hpp"
#include "support/import_ground.hpp"
#include "support/store_contents.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

struct Refused {
  std::string line, reasons, original;
};

// The lines of a rejects file, whose cells here hold no quotes.
std::vector<Refused> refused_in(const std::string& path) {
  std::vector<Refused> refused;
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const std::size_t number = line.find("\",") + 2, reasons = line.find(",\"", number);
    const std::size_t original = line.find("\",\"", reasons + 2);
    refused.push_back({line.substr(number, reasons - number), line.substr(reasons + 2, original - reasons - 2),
                       line.substr(original + 3, line.size() - original - 4)});
  }
  return refused;
}

// 50 rates of as many days; every so-many-th is of the day before, which has one already. They may be left out.
std::string rates(int doubled_every, bool without_doubled = false) {
  std::string text = "external_id,currency,valid_from,rate\n";
  for (int i = 1; i <= 50; ++i) {
    const bool doubled = i % doubled_every == 0;
    if (doubled && without_doubled) continue;
    const int day = doubled ? i - 1 : i;
    text += "R" + std::to_string(i) + ",USD,2024-0" + std::to_string(day / 20 + 1) + "-" +
            std::to_string(10 + day % 20) + "," + std::to_string(i) + ".5\n";
  }
  return text;
}

const ImportOptions by_tens{.batch_rows = 10};

}  // namespace

TEST_CASE("[G5] import: a row that takes a unique value is refused by itself, and all others are written") {
  ImportGround ground;
  ImportOptions options = by_tens;
  options.rejects = ground.path("rejects.csv");
  const std::string path = ground.file("exchange_rates.csv", rates(10));
  const ImportReport report = ground.import({path}, options);
  const ImportCounts counts = report.entities.at("exchange_rate");
  CHECK(counts.read == 50);
  CHECK(counts.written == 45);
  CHECK(counts.rejected == 5);
  CHECK(problem_rows(report, "rejected_row") == 5);
  CHECK(ground.all("exchange_rate").size() == 45);
  const std::vector<Refused> refused = refused_in(options.rejects);
  REQUIRE(refused.size() == 5);
  CHECK(refused[0].line == "11");
  CHECK(refused[0].reasons == "exchange_rate.currency, valid_from: another record has this value already");
  CHECK(refused[0].original == "R10,USD,2024-01-19,10.5");
  const std::int64_t position = ground.position();
  const ImportReport again = ground.import({path}, options);
  CHECK(again.entities.at("exchange_rate").unchanged == 45);
  CHECK(again.entities.at("exchange_rate").rejected == 5);
  CHECK(ground.position() == position);
}

TEST_CASE("import: a refused row leaves nothing behind, and what follows is as if it had never been there") {
  ImportGround ground, without;
  ground.import({ground.file("exchange_rates.csv", rates(3))}, by_tens);
  without.import({without.file("exchange_rates.csv", rates(3, true))}, by_tens);
  CHECK(difference(contents(ground.session().store()), contents(without.session().store())) == "");
  CHECK(ground.all("exchange_rate").size() == 34);
}

TEST_CASE("import: a line that is beyond what a customer's revenue can hold is refused by itself") {
  ImportGround ground;
  ImportOptions options{.batch_rows = 100};
  options.rejects = ground.path("rejects.csv");
  std::string text = "order_number,customer_id,order_date,product,quantity,price\n";
  for (int i = 0; i < 60; ++i)
    text += "N" + std::to_string(i / 2) + ",C" + std::to_string(i / 2 % 5) + ",2024-01-11,Tea " +
            std::to_string(i % 3) + ",1," + (i == 20 || i == 31 ? "9000000000000" : std::to_string(i)) + "\n";
  const std::string path = ground.file("sales.csv", text);
  const ImportReport report = ground.import({path}, options);
  CHECK(report.entities.at("order_line").read == 60);
  CHECK(report.entities.at("order_line").written == 59);
  CHECK(report.entities.at("order_line").rejected == 1);
  const std::vector<Refused> refused = refused_in(options.rejects);
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].line == "33");  // the second for customer 0
  CHECK(refused[0].reasons == "customer_summary.revenue: a customer's revenue is beyond what a decimal holds");
  CHECK(ground.all("order_line").size() == 59);
  CHECK(ground.session().verify(true).intact);
  const ImportReport again = ground.import({path}, options);
  CHECK(again.entities.at("order_line").unchanged == 59);
  CHECK(again.entities.at("order_line").rejected == 1);
}

TEST_CASE("import: a failure that is not about a row stops the import, and nothing is refused") {
  ImportGround ground;
  const std::string path = ground.file("exchange_rates.csv", rates(1000));
  Instant now{2'000'000'000'000'000};
  Session ahead(ground.session().store(), {.clock = [&] { return now; }});
  ChangeSet set;
  set.put("product").set("name", "Tea");
  ahead.apply(set);
  try {
    ground.import({path}, {.batch_rows = 10});
    FAIL("a clock that went back was taken");
  } catch (const Error& error) {
    CHECK(error.code() == Code::invalid);
    CHECK(error.first().entity.empty());
  }
  CHECK(ground.all("exchange_rate").empty());
}

TEST_CASE("import: a customer's kind is read in every language, and kept as written where it is something else") {
  ImportGround ground;
  ground.import({ground.file("customers.csv", "customer_id,name,kind\n1,Ada,person\n2,Acme,organisation\n")});
  CHECK(ground.one("customer", "name", "Acme").get("kind").text() == "organisation");
  CHECK(ground.one("customer", "name", "Ada").get("kind").text() == "person");
  ImportGround german;
  german.import({german.file("kunden.csv", "Kundennummer;Name;Kundentyp\n1;Ada;Privatperson\n2;Acme;Firma\n")});
  CHECK(german.one("customer", "name", "Ada").get("kind").text() == "person");
  ImportGround portuguese;
  portuguese.import({portuguese.file("clientes.csv", "id_cliente,nome,tipo\n1,Ada,Pessoa Física\n2,Acme,Empresa\n")});
  CHECK(portuguese.one("customer", "name", "Acme").get("kind").text() == "organisation");
  ImportGround chinese;
  chinese.import({chinese.file("客户.csv", "客户编号,名称,客户类型\nK1,王芳,个人\nK2,华为,企业\n")});
  CHECK(chinese.one("customer", "name", "华为").get("kind").text() == "organisation");
  ImportGround other;
  const ImportReport report =
      other.import({other.file("customers.csv", "customer_id,name,kind\n1,Ada,robot\n2,Acme,person\n")});
  CHECK_FALSE(other.one("customer", "name", "Acme").get("kind").present());
  CHECK(problem_rows(report, "custom_field", "kind") == 0);
}
