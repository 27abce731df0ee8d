// The insight `value` against what the generator planted and wrote down beside its shop.
#include <doctest/doctest.h>

#include <array>
#include <boost/json.hpp>
#include <map>

#include "emptor/desk/generate.hpp"
#include "emptor/desk/import.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/mine/judgement.hpp"
#include "emptor/store/open.hpp"
#include "support/csv_columns.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

/// A shop of 3,000 customers in a store, the insight run on it, and of each customer by his key whether he was lost.
struct ValuedShop {
  ValuedShop() {
    const std::string path = folder.file("shop");
    generate(path, {.customers = 3'000, .seed = 7, .flaws = false});
    import_tables(session, std::array{path}, {.currency = "EUR", .zone = "UTC"});
    told = boost::json::parse(run_insight(session, "value").json).as_object();
    const CsvColumns truth(path + "/truth/customers.csv");
    const std::vector<std::string> keys = truth.texts("customer_id"), gone = truth.texts("lost");
    for (std::size_t i = 0; i < keys.size(); ++i) lost[keys[i]] = gone[i] == "true";
    const Query identities{.entity = "identity", .where = Where::equal("entity", "customer"), .limit = 100'000};
    for (const Record& one : session.view().select(identities))
      key_of[one.get("record_id").id().value] = one.get("external_id").text();
  }
  std::vector<Record> records(const char* entity, const Where& where) const {
    return session.view().select({.entity = entity, .where = where, .limit = 100'000});
  }
  bool is_lost(const Record& of_customer) const {
    return lost.at(key_of.at(of_customer.get("customer_id").id().value));
  }

  TempFolder folder;
  std::unique_ptr<Store> store = open_store(":memory:", {.create = true, .currency = *Currency::parse("EUR")});
  Session session{*store};
  boost::json::object told;
  std::map<std::string, bool> lost;
  std::map<std::int64_t, std::string> key_of;
};

}  // namespace

TEST_CASE("value: [I2, I27] on the generator's base those alarmed for silence had left, and the future tells who had") {
  const ValuedShop shop;
  std::size_t alarms = 0, had_left = 0;
  for (const Record& alert : shop.records("alert", Where::equal("kind", "value_change"))) {
    if (!alert.get("reason").text().starts_with("silent for ")) continue;
    ++alarms;
    had_left += shop.is_lost(alert);
  }
  MESSAGE(had_left << " of " << alarms << " had left");
  CHECK(alarms > 50);
  CHECK(static_cast<double>(had_left) >= .95 * static_cast<double>(alarms));  // .05 of the alarms may be false

  std::vector<double> stays, future;
  for (const Record& score : shop.records("score", Where::equal("name", "value.future"))) {
    stays.push_back(shop.is_lost(score) ? 0 : 1);
    future.push_back(score.get("value").real());
  }
  CHECK(mine::auc(stays, future) > .75);
  const boost::json::object& dimensions = shop.told.at("dimensions").as_object();
  CHECK(dimensions.at("future").at("gini").as_double() > dimensions.at("contribution").at("gini").as_double());
}
