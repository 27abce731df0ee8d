#include "emptor/insight/facts.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <tuple>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/store/open.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;

namespace {

const FactsOptions unkept{.persist = false};

Instant noon(std::int32_t day) { return {day * micros_per_day + micros_per_day / 2}; }

/// A shop that sells at random and knows how to change its mind.
class Shop {
 public:
  explicit Shop(Session& session, std::uint64_t seed = 1) : session_(session), random_(seed) {}

  void add_customers(int count) {
    ChangeSet changes;
    for (int i = 0; i < count; ++i) changes.put("customer").set("name", "somebody");
    for (const Id id : session_.apply(changes).ids) customers_.push_back(id);
  }
  void sell(int orders) {
    ChangeSet changes;
    for (int i = 0; i < orders; ++i) {
      const Id customer = random_.below(10) == 0 ? no_id : any(customers_);
      ChangeSet::Put order = changes.put("order");
      order.set("ordered_at", noon(static_cast<std::int32_t>(19'000 + random_.below(300))));
      if (customer) order.set("customer_id", customer);
      for (std::uint64_t line = 1 + random_.below(3); line > 0; --line) put_line(changes, order.id(), customer);
    }
    const Receipt receipt = session_.apply(changes);
    for (std::size_t i = 0; i < receipt.ids.size(); ++i) {
      (changes.changes()[i].entity == "order" ? orders_ : lines_).push_back(receipt.ids[i]);
    }
  }
  /// One random change of another kind than a sale.
  void change_something() {
    ChangeSet changes;
    const Id line = any(lines_), order = any(orders_);
    switch (random_.below(7)) {
      case 0:
        changes.put("order_line", line).set("amount", Decimal(3)).set("quantity", Decimal(-1));
        break;
      case 1:
        changes.put("order_line", line).set("customer_id", any(customers_));
        break;
      case 2:
        changes.put("order_line", line).set("customer_id", {});
        break;
      case 3:
        changes.put("order", order).set("ordered_at", noon(19'500));
        break;
      case 4:
        changes.put("order", order).set("customer_id", any(customers_));
        break;
      case 5:
        erase_from(changes, "order_line", lines_);
        break;
      default:
        changes.put("customer", any(customers_)).set("name", "somebody else");
        break;
    }
    session_.apply(changes);
  }
  void erase_an_order() {
    ChangeSet changes;
    erase_from(changes, "order", orders_);
    session_.apply(changes);
  }
  void erase_a_customer() {
    ChangeSet changes;
    erase_from(changes, "customer", customers_);
    session_.apply(changes);
  }

 private:
  void put_line(ChangeSet& changes, Id order, Id customer) {
    ChangeSet::Put line = changes.put("order_line");
    line.set("order_id", order).set("amount", Decimal::of(static_cast<std::int64_t>(random_.below(5'000)) - 200, 2));
    line.set("quantity", Decimal(1));
    if (customer) line.set("customer_id", customer);
  }
  Id any(const std::vector<Id>& ids) { return ids[random_.below(ids.size())]; }
  void erase_from(ChangeSet& changes, const char* entity, std::vector<Id>& ids) {
    const std::size_t at = random_.below(ids.size());
    changes.erase(entity, ids[at]);
    ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(at));
  }

  Session& session_;
  Random random_;
  std::vector<Id> customers_, orders_, lines_;
};

using FlatRow = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                           std::int64_t, std::int32_t>;

std::vector<FlatRow> flat(const Facts& facts) {
  std::vector<FlatRow> rows;
  for (std::size_t i = 0; i < facts.customers.size(); ++i) {
    const PurchaseRows one = facts.of(i);
    for (std::size_t row = 0; row < one.size(); ++row) {
      rows.emplace_back(facts.customers[i], one.line[row], one.order[row], one.product[row], one.at[row],
                        one.amount[row], one.quantity[row], one.day[row]);
    }
  }
  return rows;
}

/// The definition, record by record: what facts are, without a scan, a sort or a journal.
std::vector<FlatRow> by_definition(const Session& session) {
  const View view = session.view();
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>, FlatRow> sorted;
  for (const Record& line : view.select({.entity = "order_line", .limit = 1'000'000})) {
    const std::optional<Record> order = view.get("order", line.get("order_id").id());
    if (!order || !order->get("ordered_at").present()) continue;
    Id customer = line.get("customer_id").id();
    if (!customer) customer = order->get("customer_id").id();
    if (!customer || !view.get("customer", customer)) continue;
    const auto micros = [&](const char* field) { return line.get(field).present() ? line.get(field).micros() : 0; };
    const std::int64_t at = order->get("ordered_at").instant().micros;
    sorted[{customer.value, at, order->id().value, line.id().value}] = {customer.value,
                                                                        line.id().value,
                                                                        order->id().value,
                                                                        line.get("product_id").id().value,
                                                                        at,
                                                                        micros("base_amount"),
                                                                        micros("quantity"),
                                                                        Zone::of(view.info().zone).date_of({at}).days};
  }
  std::vector<FlatRow> rows;
  for (const auto& [key, row] : sorted) rows.push_back(row);
  return rows;
}

std::unique_ptr<Store> new_store(const std::string& where) {
  return open_store(where, {.create = true, .durability = Durability::off, .zone = "Asia/Shanghai"});
}

std::string base_of(const std::string& store) { return store + "-facts"; }

void overwrite(const std::string& path, std::streamoff at, char byte) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(at);
  file.put(byte);
}

}  // namespace

TEST_CASE("facts: they are what the records say, by customer, time, order and line") {
  test::TempFolder folder;
  for (const std::string& where : {std::string(":memory:"), folder.file("shop.emptor")}) {
    const auto store = new_store(where);
    Session session(*store);
    Shop shop(session);
    shop.add_customers(20);
    for (int i = 0; i < 5; ++i) shop.sell(40);
    for (int i = 0; i < 50; ++i) shop.change_something();
    shop.erase_an_order();
    shop.erase_a_customer();
    const Facts facts = read_facts(session);
    const std::vector<FlatRow> expected = by_definition(session);
    CHECK(expected.size() > 200);
    CHECK(flat(facts) == expected);
    CHECK(facts.rows == expected.size());
    CHECK(facts.position == session.view().info().position);
  }
}

TEST_CASE("facts: refreshed facts equal facts read anew, whatever changed") {
  test::TempFolder folder;
  for (const std::string& where : {std::string(":memory:"), folder.file("shop.emptor")}) {
    const auto store = new_store(where);
    Session session(*store);
    Shop shop(session, 3);
    shop.add_customers(30);
    shop.sell(100);
    Facts facts = read_facts(session);
    for (int round = 0; round < 40; ++round) {
      shop.sell(1 + round % 3);
      for (int i = 0; i < 1 + round % 5; ++i) shop.change_something();
      if (round % 9 == 4) shop.erase_an_order();
      if (round % 9 == 7) shop.erase_a_customer();
      if (round % 10 == 5) shop.add_customers(2);
      facts = refresh_facts(session, facts, unkept);
      const Facts anew = read_facts(session, unkept);
      REQUIRE(flat(facts) == flat(anew));
      REQUIRE(facts.rows == anew.rows);
      REQUIRE(facts.data_version == anew.data_version);
      REQUIRE(facts.position == anew.position);
      REQUIRE(facts.customers.size() == anew.customers.size());
    }
    CHECK(facts.parts[1].size() > 0);  // the merge was what ran
  }
}

TEST_CASE("facts: old facts stay as they were while newer ones are merged from them") {
  const auto store = new_store(":memory:");
  Session session(*store);
  Shop shop(session, 5);
  shop.add_customers(10);
  shop.sell(30);
  const Facts first = read_facts(session);
  const std::vector<FlatRow> before = flat(first);
  Facts second = refresh_facts(session, first);
  shop.sell(5);
  second = refresh_facts(session, first);
  const Facts third = refresh_facts(session, second);
  CHECK(flat(first) == before);
  CHECK(flat(third) == flat(second));
  CHECK(second.rows > first.rows);
}

TEST_CASE("facts: changes of other records move the position and not the data version") {
  const auto store = new_store(":memory:");
  Session session(*store);
  Shop shop(session);
  shop.add_customers(5);
  shop.sell(10);
  const Facts facts = read_facts(session);
  ChangeSet changes;
  changes.put("product").set("name", "tea");
  session.apply(changes);
  for (const Facts& later : {refresh_facts(session, facts), read_facts(session)}) {
    CHECK(later.position == facts.position + 1);
    CHECK(later.data_version == facts.data_version);
  }
}

TEST_CASE("facts: the base beside the file is found again, merged with what came since, and dropped") {
  test::TempFolder folder;
  const std::string path = folder.file("shop.emptor");
  const auto store = new_store(path);
  Session session(*store);
  Shop shop(session);
  shop.add_customers(10);
  shop.sell(50);
  const Facts facts = read_facts(session);
  CHECK(std::filesystem::exists(base_of(path)));
  shop.sell(2);
  const Facts again = read_facts(session);
  CHECK(again.parts[0].size() == facts.rows);
  CHECK(again.parts[1].size() > 0);
  CHECK(flat(again) == by_definition(session));
  drop_facts(session);
  CHECK_FALSE(std::filesystem::exists(base_of(path)));
  CHECK(flat(again) == flat(read_facts(session)));
}

TEST_CASE("facts: a damaged, cut, foreign or newer base is built anew without a word") {
  test::TempFolder folder;
  const std::string path = folder.file("shop.emptor");
  const auto store = new_store(path);
  Session session(*store);
  Shop shop(session);
  shop.add_customers(10);
  shop.sell(50);
  const std::vector<FlatRow> expected = flat(read_facts(session));
  const std::string base = base_of(path);
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(base));
  for (std::streamoff at = 0; at < size; at += size / 40 + 1) {  // magic, format, counts, store id, columns
    overwrite(base, at, '\x7f');
    CHECK(flat(read_facts(session)) == expected);
  }
  std::filesystem::resize_file(base, static_cast<std::uintmax_t>(size) / 2);
  CHECK(flat(read_facts(session)) == expected);
  std::filesystem::resize_file(base, 0);
  CHECK(flat(read_facts(session)) == expected);
  const auto other = new_store(folder.file("other.emptor"));
  Session stranger(*other);
  Shop(stranger).add_customers(1);
  read_facts(stranger);
  std::filesystem::copy_file(base_of(folder.file("other.emptor")), base,
                             std::filesystem::copy_options::overwrite_existing);
  CHECK(flat(read_facts(session)) == expected);
}

TEST_CASE("facts: a base of another history of the same store is not used") {
  test::TempFolder folder;
  const std::string path = folder.file("shop.emptor"), copy = folder.file("copy.emptor");
  const auto store = new_store(path);
  Session session(*store);
  Shop shop(session);
  shop.add_customers(10);
  shop.sell(20);
  store->backup(copy, {});
  shop.sell(1);
  read_facts(session);
  const auto restored = open_store(copy, {.durability = Durability::off});
  Session later(*restored);
  ChangeSet changes;  // the same position as the base, and another entry
  changes.put("customer").set("name", "somebody");
  later.apply(changes);
  std::filesystem::copy_file(base_of(path), base_of(copy));
  CHECK(flat(read_facts(later)) == by_definition(later));
}

TEST_CASE("facts: an empty store has none, and a read can be stopped") {
  const auto store = new_store(":memory:");
  Session session(*store);
  const Facts none = read_facts(session);
  CHECK(none.rows == 0);
  CHECK(none.customers.empty());
  CHECK_FALSE(none.find(Id{1}));
  CHECK_THROWS_AS(
      read_facts(session, {.progress = [](std::string_view, std::uint64_t, std::uint64_t) { return false; }}), Error);
}
