// Patterns in plain tables through emptor_compute: what comes out is what can be counted by hand.

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "emptor.h"
#include "emptor/core/random.hpp"
#include "support/arrow_consumer.hpp"
#include "support/made_arrow.hpp"
#include "support/taken_document.hpp"

using namespace emptor::test;
namespace json = boost::json;

namespace {

// Baskets a: tea milk, b: tea, c: milk tea (tea twice), d: without an item; one row without a basket.
MadeArrow purchases() {
  return MadeArrow({texts("basket", {"a", "a", "b", "c", "c", "c", "d", ""}),
                    texts("item", {"tea", "milk", "tea", "milk", "tea", "tea", "", "tea"})});
}

// The texts of one list of a column of lists.
std::vector<std::string> list_at(const ArrowConsumer& table, std::size_t column, std::int64_t row) {
  const ArrowArray& lists = *table.batch.children[column];
  const auto* starts = static_cast<const std::int64_t*>(lists.buffers[1]);
  const auto* ends = static_cast<const std::int32_t*>(lists.children[0]->buffers[1]);
  const auto* bytes = static_cast<const char*>(lists.children[0]->buffers[2]);
  std::vector<std::string> all;
  for (std::int64_t i = starts[row]; i < starts[row + 1]; ++i)
    all.emplace_back(bytes + ends[i], static_cast<std::size_t>(ends[i + 1] - ends[i]));
  return all;
}
std::vector<std::int64_t> numbers_at(const ArrowConsumer& table, std::size_t column, std::int64_t row) {
  const ArrowArray& lists = *table.batch.children[column];
  const auto* starts = static_cast<const std::int64_t*>(lists.buffers[1]);
  const auto* values = static_cast<const std::int64_t*>(lists.children[0]->buffers[1]);
  return {values + starts[row], values + starts[row + 1]};
}

emptor_status compute(const char* operation, MadeArrow& made, const char* options, ArrowConsumer& out,
                      json::value* summary = nullptr, const emptor_host* host = nullptr, std::string* field = nullptr) {
  ArrowArrayStream in = made.stream();
  emptor_document* document = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  const emptor_status status =
      emptor_compute(operation, options, EMPTOR_NUL, &in, host, &out.stream, &document, &error);
  CHECK((in.release == nullptr));
  CHECK(made.streams + made.schemas + made.arrays == 0);
  if (field != nullptr) *field = error.field;
  if (status != EMPTOR_OK) return status;
  json::value told = take(document);
  if (summary != nullptr) *summary = std::move(told);
  return status;
}

/// Baskets 0, 1, 2 ... as batches of so many each.
class MadeBatches {
 public:
  MadeBatches(const std::vector<std::vector<std::string>>& baskets, std::size_t each) {
    for (std::size_t first = 0; first < baskets.size(); first += each) {
      std::vector<std::string> names, items;
      for (std::size_t basket = first; basket < std::min(baskets.size(), first + each); ++basket) {
        for (const std::string& item : baskets[basket]) {
          names.push_back("b" + std::to_string(basket));
          items.push_back(item);
        }
      }
      batches_.emplace_back(std::vector<MadeColumn>{texts_of("basket", names), texts_of("item", items)});
    }
  }
  emptor_tables tables() {
    emptor_tables tables = EMPTOR_TABLES_INIT;
    tables.context = this;
    tables.rewind = [](void* context) {
      auto& self = *static_cast<MadeBatches*>(context);
      self.next_ = 0;
      ++self.passes;
      return 0;
    };
    tables.next = [](void* context, ArrowArrayStream* batch) {
      auto& self = *static_cast<MadeBatches*>(context);
      if (self.next_ == self.fail_at) return -1;
      const std::size_t end = self.batches_.size() - (self.passes > 1 ? self.lost : 0);
      if (self.next_ >= end) return 0;
      *batch = self.batches_[self.next_++].stream();
      return 1;
    };
    return tables;
  }
  bool released() const {
    return std::all_of(batches_.begin(), batches_.end(),
                       [](const MadeArrow& one) { return one.streams + one.schemas + one.arrays == 0; });
  }

  int passes = 0;
  std::size_t fail_at = SIZE_MAX;
  std::size_t lost = 0;  ///< batches that only the first pass gives

 private:
  std::vector<MadeArrow> batches_;
  std::size_t next_ = 0;
};

std::vector<std::vector<std::string>> some_baskets() {
  emptor::Random random(3);
  std::vector<std::vector<std::string>> baskets;
  for (int basket = 0; basket < 200; ++basket) {
    std::vector<std::string>& items = baskets.emplace_back();
    for (std::uint64_t size = 1 + random.below(5); size > 0; --size)
      items.push_back(std::string(1, static_cast<char>('a' + random.below(1 + random.below(9)))));
  }
  return baskets;
}

/// Each set with its support, in their order.
std::vector<std::pair<std::vector<std::string>, std::int64_t>> sets_in(ArrowConsumer& table) {
  std::vector<std::pair<std::vector<std::string>, std::int64_t>> sets;
  while (table.more())
    for (std::int64_t row = 0; row < table.batch.length; ++row)
      sets.emplace_back(list_at(table, 0, row), table.number<std::int64_t>(1, row));
  return sets;
}

emptor_status compute_batches(const char* operation, MadeBatches& made, const char* options, ArrowConsumer& out,
                              json::value* summary = nullptr, std::string* field = nullptr) {
  const emptor_tables tables = made.tables();
  emptor_document* document = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  const emptor_status status =
      emptor_compute_batches(operation, options, EMPTOR_NUL, &tables, nullptr, &out.stream, &document, &error);
  CHECK(made.released());
  if (field != nullptr) *field = error.field;
  if (status == EMPTOR_OK && summary != nullptr) {
    *summary = take(document);
  } else if (status == EMPTOR_OK) {
    take(document);
  }
  return status;
}

}  // namespace

TEST_CASE("patterns in C: baskets in batches give the sets of all at once, however they are cut") {
  const auto baskets = some_baskets();
  for (const char* options : {R"({"min_support":4})", R"({"min_share":0.05,"max_length":3})",
                              R"({"min_support":3,"any_of":["b","nothing"],"without_items":["c"],"min_length":2})"}) {
    std::vector<std::string> names, items;
    for (std::size_t basket = 0; basket < baskets.size(); ++basket)
      for (const std::string& item : baskets[basket]) {
        names.push_back("b" + std::to_string(basket));
        items.push_back(item);
      }
    MadeArrow whole({texts_of("basket", names), texts_of("item", items)});
    ArrowConsumer all;
    json::value told;
    REQUIRE(compute("itemsets", whole, options, all, &told) == EMPTOR_OK);
    const auto expected = sets_in(all);
    REQUIRE(expected.size() > 10);
    for (const std::size_t each : {1, 7, 64, 200, 1'000}) {
      MadeBatches made(baskets, each);
      ArrowConsumer table;
      json::value summary;
      REQUIRE(compute_batches("itemsets", made, options, table, &summary) == EMPTOR_OK);
      CHECK(sets_in(table) == expected);
      CHECK(summary == told);
    }
  }
}

TEST_CASE("patterns in C: what is wrong with batches is told, and every stream is released") {
  const auto baskets = some_baskets();
  ArrowConsumer table;
  std::string field;
  MadeBatches good(baskets, 50);
  CHECK(compute_batches("itemsets", good, "{}", table, nullptr, &field) == EMPTOR_INVALID);
  CHECK(field == "min_support");
  CHECK(compute_batches("itemsets", good, R"({"min_support":2,"kind":"closed"})", table, nullptr, &field) ==
        EMPTOR_UNSUPPORTED);
  CHECK(field == "kind");
  CHECK(compute_batches("itemsets", good, R"({"min_support":2,"engine":"eclat"})", table, nullptr, &field) ==
        EMPTOR_UNSUPPORTED);
  CHECK(field == "engine");
  CHECK(compute_batches("rules", good, R"({"min_support":2})", table) == EMPTOR_UNSUPPORTED);
  CHECK(compute_batches("no_such", good, "{}", table) == EMPTOR_NOT_FOUND);
  CHECK(compute_batches("itemsets", good, R"({"min_support":2,"item":"no"})", table) == EMPTOR_NOT_FOUND);
  MadeBatches failing(baskets, 50), changing(baskets, 50);
  failing.fail_at = 2;
  CHECK(compute_batches("itemsets", failing, R"({"min_support":2})", table) == EMPTOR_IO);
  changing.lost = 1;
  CHECK(compute_batches("itemsets", changing, R"({"min_support":2})", table) == EMPTOR_MISUSE);
  CHECK(emptor_compute_batches("itemsets", nullptr, 0, nullptr, nullptr, nullptr, nullptr, nullptr) == EMPTOR_MISUSE);
  const emptor_tables empty = EMPTOR_TABLES_INIT;
  CHECK(emptor_compute_batches("itemsets", nullptr, 0, &empty, nullptr, nullptr, nullptr, nullptr) == EMPTOR_MISUSE);
  CHECK((table.stream.release == nullptr));
}

TEST_CASE("patterns in C: itemsets of a table with a row an item, on one thread or two") {
  for (const std::size_t threads : {1, 2}) {
    MadeArrow made = purchases();
    ArrowConsumer table;
    json::value summary;
    emptor_host host = EMPTOR_HOST_INIT;
    host.threads = threads;
    REQUIRE(compute("itemsets", made, R"({"min_share":0.5})", table, &summary, &host) == EMPTOR_OK);
    CHECK(summary.at("baskets").to_number<int>() == 4);
    CHECK(summary.at("rows").to_number<int>() == 8);
    CHECK(summary.at("skipped").to_number<int>() == 1);
    CHECK(summary.at("items").to_number<int>() == 2);
    CHECK(summary.at("complete").as_bool());
    CHECK(table.columns() == std::vector<std::string>{"items:+L", "support:l", "share:g"});
    REQUIRE(table.more());
    REQUIRE(table.batch.length == 3);
    CHECK(list_at(table, 0, 0) == std::vector<std::string>{"milk"});
    CHECK(list_at(table, 0, 1) == std::vector<std::string>{"tea"});
    CHECK(list_at(table, 0, 2) == std::vector<std::string>{"milk", "tea"});
    CHECK(table.number<std::int64_t>(1, 1) == 3);
    CHECK(table.number<double>(2, 2) == 0.5);
    CHECK(!table.more());
  }
}

TEST_CASE("patterns in C: options name items as the table does, also ones that it does not have") {
  const auto sets = [](const char* options) {
    MadeArrow made = purchases();
    ArrowConsumer table;
    REQUIRE(compute("itemsets", made, options, table) == EMPTOR_OK);
    return table.more() ? table.batch.length : 0;
  };
  CHECK(sets(R"({"min_support":1})") == 3);
  CHECK(sets(R"({"min_support":1,"without_items":["tea","coffee"]})") == 1);
  CHECK(sets(R"({"min_support":1,"only_items":["tea"]})") == 1);
  CHECK(sets(R"({"min_support":1,"all_of":["tea"]})") == 2);
  CHECK(sets(R"({"min_support":1,"all_of":["coffee"]})") == 0);
  CHECK(sets(R"({"min_support":1,"any_of":["coffee","milk"]})") == 2);
  CHECK(sets(R"({"min_support":2,"kind":"closed"})") == 2);
}

TEST_CASE("patterns in C: rules with their counts and measures") {
  MadeArrow made = purchases();
  ArrowConsumer table;
  json::value summary;
  REQUIRE(compute("rules", made, R"({"min_support":2,"min_confidence":0.6})", table, &summary) == EMPTOR_OK);
  CHECK(summary.at("rules").to_number<int>() == 2);
  CHECK(summary.at("candidates").to_number<int>() == 2);
  REQUIRE(table.more());
  REQUIRE(table.batch.length == 2);
  CHECK(list_at(table, 0, 0) == std::vector<std::string>{"milk"});
  CHECK(list_at(table, 1, 0) == std::vector<std::string>{"tea"});
  CHECK(table.number<std::int64_t>(table.column("both"), 0) == 2);
  CHECK(table.number<std::int64_t>(table.column("left_count"), 0) == 2);
  CHECK(table.number<std::int64_t>(table.column("right_count"), 0) == 3);
  CHECK(table.number<double>(table.column("confidence"), 0) == 1);
  CHECK(table.number<double>(table.column("support"), 0) == 0.5);
  CHECK(table.number<double>(table.column("lift"), 0) == doctest::Approx(4.0 / 3));
  CHECK(table.number<double>(table.column("leverage"), 0) == doctest::Approx(0.125));
  // By hand: of 4 baskets 3 have tea; both with milk have tea with a chance of 3/4 x 2/3.
  CHECK(table.number<double>(table.column("fisher"), 0) == doctest::Approx(0.5));
}

TEST_CASE("patterns in C: sequences in the order of rows, or of a column of times") {
  const auto columns = [] {
    return std::vector<MadeColumn>{numbers<std::int64_t>("history", "l", {1, 1, 2, 2, 3}),
                                   numbers<std::int64_t>("item", "l", {7, 9, 7, 9, 9}),
                                   numbers<std::int64_t>("time", "l", {2, 1, 4, 4, 0})};
  };
  MadeArrow by_rows(columns());
  ArrowConsumer rows;
  REQUIRE(compute("sequences", by_rows, R"({"min_support":2})", rows) == EMPTOR_OK);
  CHECK(rows.columns() == std::vector<std::string>{"items:+L", "elements:+L", "support:l", "share:g"});
  REQUIRE(rows.more());
  REQUIRE(rows.batch.length == 3);  // 7; 7 then 9; 9
  CHECK(numbers_at(rows, 0, 1) == std::vector<std::int64_t>{7, 9});
  CHECK(numbers_at(rows, 1, 1) == std::vector<std::int64_t>{0, 1});
  CHECK(rows.number<std::int64_t>(2, 2) == 3);
  MadeArrow by_times(columns());
  ArrowConsumer times;
  REQUIRE(compute("sequences", by_times, R"({"min_support":1,"time":"time"})", times) == EMPTOR_OK);
  REQUIRE(times.more());
  REQUIRE(times.batch.length == 4);  // 7; 7 with 9; 9; 9 then 7
  CHECK(numbers_at(times, 0, 1) == std::vector<std::int64_t>{7, 9});
  CHECK(numbers_at(times, 1, 1) == std::vector<std::int64_t>{0, 0});
  CHECK(numbers_at(times, 1, 3) == std::vector<std::int64_t>{0, 1});
}

TEST_CASE("patterns in C: what is wrong is told by option, column and row") {
  std::string field;
  ArrowConsumer table;
  MadeArrow made = purchases();
  CHECK(compute("itemsets", made, "{}", table, nullptr, nullptr, &field) == EMPTOR_INVALID);
  CHECK(field == "min_support");
  CHECK(compute("itemsets", made, R"({"min_support":0})", table, nullptr, nullptr, &field) == EMPTOR_INVALID);
  CHECK(compute("itemsets", made, R"({"min_support":1,"item":"no"})", table, nullptr, nullptr, &field) ==
        EMPTOR_NOT_FOUND);
  CHECK(field == "no");
  CHECK(compute("itemsets", made, R"({"min_support":1,"kind":"some"})", table, nullptr, nullptr, &field) ==
        EMPTOR_INVALID);
  CHECK(field == "kind");
  MadeArrow halves({numbers<double>("basket", "g", {1, 1.5}), numbers<std::int64_t>("item", "l", {1, 2})});
  CHECK(compute("itemsets", halves, R"({"min_support":1})", table, nullptr, nullptr, &field) == EMPTOR_INVALID);
  CHECK(field == "basket");
  emptor_host host = EMPTOR_HOST_INIT;
  host.progress = [](void*, const char*, std::uint64_t, std::uint64_t) { return 0; };
  CHECK(compute("itemsets", made, R"({"min_support":1})", table, nullptr, &host) == EMPTOR_CANCELLED);
  CHECK((table.stream.release == nullptr));
}
