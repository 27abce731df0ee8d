// Preferences out of plain tables: counts by hand, and words that were planted to foretell.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "support/plain_table.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

constexpr std::int32_t today = 19'700;

class Shop {
 public:
  void buy(std::int64_t customer, std::int32_t day, std::string_view category) {
    table_.row({Value(customer), Date{day}, Decimal(10), Value(std::string_view(product(category))), Value(category),
                Value(), Value()});
  }
  void say(std::int64_t customer, std::int32_t day, std::string_view text, std::optional<double> rating = {}) {
    table_.row({Value(customer), Date{day}, Value(), Value(), Value(), Value(text), rating ? Value(*rating) : Value()});
  }
  /// A review of what was bought.
  void review(std::int64_t customer, std::int32_t day, std::string_view category, std::string_view text) {
    table_.row({Value(customer), Date{day}, Decimal(10), Value(std::string_view(product(category))), Value(category),
                Value(text), Value()});
  }
  ComputedResult compute(const std::string& more = {}) {
    return table_.compute(
        "preferences", R"({"amount":"amount","product":"product","category":"category","rating":"stars")" + more + "}");
  }

 private:
  const std::string& product(std::string_view category) { return product_ = std::string(category) + " one"; }

  std::string product_;
  PlainTable table_ = PlainTable({{"customer", Type::integer},
                                  {"date", Type::date},
                                  {"amount", Type::decimal},
                                  {"product", Type::text},
                                  {"category", Type::text},
                                  {"text", Type::text},
                                  {"stars", Type::real}});
};

std::string pick(Random& random, std::initializer_list<const char*> words) {
  return *(words.begin() + random.below(words.size()));
}

/// Rated texts whose good and bad words are made up: no list of ours can know them.
void rate(Shop& shop, Random& random, std::int64_t customer, bool good) {
  const std::string word =
      good ? pick(random, {"zumm", "plock", "finnig"}) : pick(random, {"grott", "murks", "wobbel"});
  shop.say(customer, today - 800, pick(random, {"it was", "quite", "this time"}) + " " + word, good ? 5 : 1);
}

}  // namespace

TEST_CASE("compute preferences: who named what how often, and what was asked for, by hand") {
  Shop shop;
  shop.buy(1, today - 20, "tea");
  shop.buy(2, today - 20, "coffee");
  shop.say(1, today - 3, "I would like coffee. Tea was late");
  shop.say(1, today - 2, "the tea again");
  shop.say(2, today - 1, "nothing of yours");
  shop.review(3, today, "tea", "came in time");
  const ComputedResult result = shop.compute();
  const json::object told = json::parse(result.json).as_object();
  CHECK(told.at("texts") == json::value(4));
  CHECK(told.at("naming") == json::value(3));
  CHECK(told.at("customers") == json::value(2));
  CHECK(told.at("until") == json::value(to_string(Date{today})));
  CHECK(told.at("rows") == json::value(6));
  CHECK(told.at("skipped") == json::value(0));
  // Categories come before products: 1 names coffee once and tea twice; the review is of a product and its category.
  REQUIRE(result.table.rows() == 4);
  const auto row = [&](std::size_t i) {
    std::string all;
    for (const char* column : {"customer", "kind", "topic", "mentions", "asked"})
      all += cell(result.table, column, i) + " ";
    return all;
  };
  CHECK(row(0) == "1 category coffee 1 1 ");
  CHECK(row(1) == "1 category tea 2 0 ");
  CHECK(row(2) == "3 category tea 1 0 ");
  CHECK(row(3) == "3 product tea one 1 0 ");
}

TEST_CASE("compute preferences: [I14] who speaks well of a category buys it next, and that beats purchases alone") {
  Shop shop;
  Random random(7);
  const char* const names[] = {"tea", "coffee", "茶具"};
  for (std::int64_t i = 0; i < 300; ++i) {
    rate(shop, random, i, i % 2 == 0);
    for (int n = 0; n < 3; ++n) shop.buy(i, today - 700 + n * 20, names[random.below(3)]);
    const std::size_t fond = i == 0 ? 0 : random.below(3);
    shop.say(i, today - 400,
             "that " + std::string(names[fond]) + " is so " + pick(random, {"zumm", "plock", "finnig"}));
    for (const std::int32_t day : {today - 300, today - 100})
      shop.buy(i, day, names[random.below(10) < 8 ? fond : random.below(3)]);
  }
  shop.say(0, today - 10, "coffee is murks, I would like 茶具");
  const ComputedResult result = shop.compute(R"(,"as_of":")" + to_string(Date{today}) + "\"");
  const json::object told = json::parse(result.json).as_object();
  CHECK(told.at("tone").at("lower").to_number<double>() > .8);
  REQUIRE(told.at("verdict") == json::value("sufficient"));
  CHECK(told.at("judged").at("words_hits").to_number<int>() > told.at("judged").at("purchases_hits").to_number<int>());
  CHECK(told.at("weights").at("tone").to_number<double>() > .5);
  std::string of_the_first;
  for (std::size_t i = 0; i < result.table.rows() && cell(result.table, "customer", i) == "0"; ++i)
    of_the_first += cell(result.table, "words", i) + "; ";
  CHECK(of_the_first ==
        "dislikes coffee (1 of 1 mentions); likes tea (1 of 1 mentions); asks for 茶具 (1 of 1 mentions); ");
  CHECK(result.json.find("plock") == std::string::npos);  // nothing that a customer wrote but what is sold
}

TEST_CASE("compute preferences: without amounts rows without a text are purchases; ratings are from 1 to 5") {
  PlainTable rows({{"customer", Type::integer}, {"date", Type::date}, {"category", Type::text}, {"text", Type::text}});
  for (std::int64_t i = 0; i < 2; ++i) {
    rows.row({Value(i), Date{today}, Value(std::string_view(i == 0 ? "tea" : "coffee")), Value()});
    rows.row({Value(i), Date{today - 1}, Value(), Value(std::string_view("more tea"))});
  }
  const ComputedResult result = rows.compute("preferences", R"({"category":"category"})");
  CHECK(json::parse(result.json).at("texts") == json::value(2));
  REQUIRE(result.table.rows() == 2);
  CHECK(cell(result.table, "base", 0) == "0.500000");  // one of two purchases, whichever way the texts are
  Shop shop;
  shop.buy(1, today, "tea");
  shop.say(1, today, "ten out of ten", 10);
  CHECK_THROWS_WITH_AS(shop.compute(), doctest::Contains("rating from 1 to 5"), Error);
}
