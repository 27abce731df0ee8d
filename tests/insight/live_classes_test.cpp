// Live value classes. The oracle is the insight in full with the least values of the kept run as its thresholds.
#include "emptor/insight/value_class.hpp"

#include "insight/live_shop.hpp"

using namespace emptor;
using namespace emptor::test;
namespace json = boost::json;

namespace {

struct Class {
  double value = 0;
  std::string name;
  friend bool operator==(const Class&, const Class&) = default;
};
using Classes = std::map<std::int64_t, Class>;

Classes classes_in_full(Shop& shop, const std::string& measure) {
  const json::object state = json::parse(shop.model("value_class").get("state").text()).as_object();
  json::array least;
  for (const char* name : {"vip", "care", "adapt"})  // nobody is in a class whose ties all joined the better one
    least.push_back(state.at(name).is_null() ? least.back() : state.at(name));
  const json::object options = {{"measure", measure}, {"thresholds", least}};
  const NamedTable table =
      run_insight(shop.session(), "value_class",
                  {.as_of = Date{shop.today()}, .json = json::serialize(options), .write_back = false, .table = true})
          .table;
  Classes classes;
  for (std::size_t i = 0; i < table.columns[0].size(); ++i)
    classes[table.columns[0].bits[i]] = {table.columns[1].value(i).decimal().to_double(),
                                         std::string(table.columns[2].text(i))};
  return classes;
}

Classes standing_classes(Shop& shop) {
  Classes classes;
  for (const Record& score : shop.session().view().select(
           {.entity = "score", .where = Where::equal("name", "value_class"), .limit = 1'000'000}))
    if (score.get("value").present())
      classes[score.get("customer_id").id().value] = {score.get("value").real(),
                                                      std::string(score.get("label").text())};
  return classes;
}

std::map<std::int64_t, std::string> class_tags(Shop& shop) {
  std::map<std::int64_t, std::string> tags;
  for (const Record& tag : shop.session().view().select(
           {.entity = "tag", .where = Where::equal("source", "value_class"), .limit = 1'000'000}))
    tags[tag.get("customer_id").id().value] += tag.get("name").text();
  return tags;
}

}  // namespace

TEST_CASE("live: value classes are those of the insight in full between the same least values") {
  for (const auto& [measure, options] :
       {std::pair("spend", R"({})"), std::pair("frequency", R"({"measure":"frequency","ties":"upward"})")}) {
    Shop shop(300);
    shop.run("value_class", options);
    set_live(shop.session(), "value_class", true);
    Random random(17);
    std::size_t better = 0;
    for (int step = 0; step < 60; ++step) {
      const Classes before = standing_classes(shop);
      const std::set<std::int64_t> touched = Happening(shop, shop.session(), random).happen();
      const Classes full = classes_in_full(shop, measure), now = standing_classes(shop);
      const auto tags = class_tags(shop);
      CAPTURE(measure);
      CAPTURE(step);
      for (const std::int64_t customer : touched) {
        const auto one = now.find(customer), other = full.find(customer);
        REQUIRE((one == now.end()) == (other == full.end()));
        if (one == now.end()) continue;
        REQUIRE(one->second == other->second);
        CHECK(tags.at(customer) == "class." + one->second.name);
        const auto was = before.find(customer);
        better += was != before.end() && was->second.name != one->second.name;
      }
    }
    CHECK(better > 0);
    CHECK(shop.session().verify(true).intact);
  }
}

TEST_CASE("live: classes by thresholds are live as they are, and say from which value a class begins") {
  Shop shop(300);
  shop.run("value_class", R"({"thresholds":[900,400.5,100]})");
  set_live(shop.session(), "value_class", true);
  const json::object told =
      json::parse(live_scores(shop.session(), shop.customers()[3], {.reasons = true})).as_object();
  const json::object& model = told.at("models").as_object().at("value_class").as_object();
  CHECK(json::serialize(model.at("because")) == R"({"least":{"vip":"900","care":"400.5","adapt":"100"}})");
}

TEST_CASE("live: classes that split equal values, or follow another score, are refused with the way out") {
  Shop shop(300);
  Problem problem;
  for (const char* options : {R"({"measure":"frequency"})", R"({"measure":"score:rfm.monetary"})"}) {
    shop.run("value_class", options);
    CHECK(code_of_failure([&] { set_live(shop.session(), "value_class", true); }, problem) == Code::unsupported);
    CHECK(problem.field == "fitted");
    CHECK(problem.hint.find("ties upward") != std::string::npos);
  }
}
