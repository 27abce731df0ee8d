#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/core/text.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/store/open.hpp"
#include "insight/preferences/preference_work.hpp"
#include "insight/preferences/topic_words.hpp"

using namespace emptor;

namespace {

namespace json = boost::json;

constexpr std::int32_t today = 19'700;

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::vector<std::uint32_t> topics_in(const TopicWords& words, std::string_view text) {
  std::vector<std::uint32_t> topics;
  const std::string folded = fold(text);
  for (const TopicWords::Mention& one : words.find(folded))
    topics.insert(topics.end(), one.topics->begin(), one.topics->end());
  return topics;
}

std::string pick(Random& random, std::initializer_list<const char*> words) {
  return *(words.begin() + random.below(words.size()));
}

/// Rated texts whose good words and bad words are made up: no list of ours can know them.
void rate(ChangeSet& changes, Random& random, Id customer, bool good) {
  const std::string word =
      good ? pick(random, {"zumm", "plock", "finnig"}) : pick(random, {"grott", "murks", "wobbel"});
  const std::string filler = pick(random, {"it was", "quite", "today all", "this time"});
  changes.put("feedback")
      .set("customer_id", customer)
      .set("kind", good ? "praise" : "complaint")
      .set("received_at", Instant{(today - 800) * micros_per_day})
      .set("body", filler + " " + word);
}

}  // namespace

TEST_CASE("preferences: names are found as whole words in Latin, anywhere in Chinese, the longest first") {
  TopicWords words;
  words.add("Tea", 0);
  words.add("Green Tea", 1);
  words.add("绿茶", 2);
  words.add("Café", 3);
  words.add("ab", 4);  // says too little
  words.add("茶", 5);
  CHECK(topics_in(words, "I drink TEA, no steam") == std::vector<std::uint32_t>{0});
  CHECK(topics_in(words, "green tea and teas") == std::vector<std::uint32_t>{1, 0});
  CHECK(topics_in(words, "我想买绿茶和杯子") == std::vector<std::uint32_t>{2});
  CHECK(topics_in(words, "the cafe! ab") == std::vector<std::uint32_t>{3});
  CHECK(topics_in(words, "茶").empty());
  CHECK(topics_in(words, "teapot theatre").empty());
}

TEST_CASE("preferences: words after a negation are other words, Chinese ones are characters and pairs") {
  const std::vector<std::string> english = words_of("i do not like the new taste at all");
  CHECK(has(english, "!like"));
  CHECK(has(english, "!new"));
  CHECK(has(english, "taste"));
  CHECK_FALSE(has(english, "like"));
  CHECK(has(words_of("it doesn't work"), "!work"));
  const std::vector<std::string> chinese = words_of("味道不好");
  CHECK(has(chinese, "味道"));
  CHECK(has(chinese, "!好"));
  CHECK_FALSE(has(chinese, "好"));
  CHECK(asks("do you have it in red"));
  CHECK(asks("我想买"));
  CHECK_FALSE(asks("wanted poster"));
  CHECK(clauses_of("love tea, hate coffee。好").size() == 3);
}

TEST_CASE("preferences: the tone of words is learnt from rated texts, and refused where it cannot be") {
  Random random(3);
  std::vector<RatedText> texts, senseless;
  for (std::uint64_t id = 1; id <= 300; ++id) {
    const bool good = random.below(2) == 0;
    std::vector<std::string> words = {good ? "plock" : "murks", "w" + std::to_string(random.below(20))};
    std::sort(words.begin(), words.end());
    texts.push_back({id, good, words});
    senseless.push_back({id, good, {"w" + std::to_string(random.below(20))}});
  }
  const Tone tone = learn_tone(texts);
  REQUIRE(tone.usable());
  CHECK(tone.right == tone.judged);
  CHECK(tone.delta.value == doctest::Approx(1));
  CHECK(tone.score({"plock"}) > 2);
  CHECK(tone.score({"murks"}) < -2);
  CHECK(tone.score({"unheard"}) == 0);
  CHECK(learn_tone(senseless).why == "the words of rated texts do not tell good from bad ones");
  CHECK(learn_tone({texts.begin(), texts.begin() + 20}).why.find("are needed") != std::string::npos);
}

TEST_CASE("preferences: [I14] who speaks well of a category buys it next, and that beats purchases alone") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  ChangeSet changes;
  Random random(7);
  const char* const names[] = {"tea", "coffee", "茶具"};
  std::vector<Id> products;
  for (const char* name : names)
    products.push_back(changes.put("product").set("name", std::string(name) + " one").set("category", name).id());
  std::vector<Id> customers;
  const auto buy = [&](Id customer, std::int32_t day, std::size_t category) {
    const Id order =
        changes.put("order").set("customer_id", customer).set("ordered_at", Instant{day * micros_per_day}).id();
    changes.put("order_line")
        .set("order_id", order)
        .set("customer_id", customer)
        .set("product_id", products[category])
        .set("quantity", Decimal(1))
        .set("amount", Decimal(10));
  };
  const auto say = [&](Id customer, std::int32_t day, const std::string& text) {
    changes.put("interaction")
        .set("customer_id", customer)
        .set("direction", "in")
        .set("channel", "chat")
        .set("at", Instant{day * micros_per_day})
        .set("body", text);
  };
  for (std::size_t i = 0; i < 300; ++i) {
    const Id customer = changes.put("customer").set("name", "somebody").id();
    customers.push_back(customer);
    rate(changes, random, customer, i % 2 == 0);
    for (int n = 0; n < 3; ++n) buy(customer, today - 700 + n * 20, random.below(3));
    const std::size_t fond = i == 0 ? 0 : random.below(3);
    say(customer, today - 400,
        "that " + std::string(names[fond]) + " is so " + pick(random, {"zumm", "plock", "finnig"}));
    for (const std::int32_t day : {today - 300, today - 100})
      buy(customer, day, random.below(10) < 8 ? fond : random.below(3));
  }
  say(customers[0], today - 10, "coffee is murks, I would like 茶具");
  session.apply(changes);
  const InsightResult result = run_insight(session, "preferences", {.as_of = Date{today}, .table = true});
  const json::object told = json::parse(result.json).as_object();
  CHECK(told.at("tone").at("lower").to_number<double>() > .8);
  REQUIRE(told.at("verdict") == json::value("sufficient"));
  const json::object& judged = told.at("judged").as_object();
  CHECK(judged.at("lower").to_number<double>() > 0);
  CHECK(judged.at("words_hits").to_number<int>() > judged.at("purchases_hits").to_number<int>());
  CHECK(told.at("weights").at("tone").to_number<double>() > .5);
  for (const char* name : {"dislikes:coffee", "asks:茶具"})
    CHECK(session.view().count("tag", Where::equal("name", name)) == 1);
  // Nothing that a customer wrote but names of the store's own leaves by the summary.
  CHECK(result.json.find("plock") == std::string::npos);
  const std::int64_t position = session.view().info().position;
  run_insight(session, "preferences", {.as_of = Date{today}});
  CHECK(session.view().info().position == position);
}

TEST_CASE("preferences: words that say nothing of what is bought are no better than purchases alone") {
  Random random(5);
  Occasions occasions;
  PreferenceTexts texts;
  LineKinds category{{}, {"a", "b", "c"}};
  texts.topics = {{"category", "a"}, {"category", "b"}, {"category", "c"}};
  for (std::int64_t customer = 1; customer <= 400; ++customer) {
    occasions.customer.push_back(customer);
    for (std::int32_t day = today - 600; day <= today; day += 50)
      occasions.all.push_back({.day = day, .category = static_cast<std::uint32_t>(random.below(3))});
    occasions.starts.push_back(occasions.all.size());
    occasions.returned.push_back(0);
    texts.mentions.push_back({customer, today - 500, static_cast<std::uint32_t>(random.below(3)), false, 3});
  }
  const PreferenceOutcome outcome = infer_preferences(occasions, category, texts, {});
  CHECK(outcome.verdict == "no better than purchases alone");
  CHECK(outcome.weights.tone == 0);
  CHECK(outcome.judgement.customers == 400);
  CHECK(std::abs(outcome.judgement.gain) < .02);
  REQUIRE(outcome.all.size() == 400);
  CHECK(outcome.all[0].likes == 1);
  CHECK(*outcome.all[0].base == doctest::Approx(1. / 3).epsilon(.1));
}

TEST_CASE("preferences: options that are none are refused by name, and an empty store lacks all") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  CHECK_THROWS_WITH_AS(run_insight(session, "preferences", {.json = R"({"window":3})"}), doctest::Contains("window"),
                       Error);
  CHECK(json::parse(run_insight(session, "preferences").json).as_object().at("verdict") ==
        json::value("insufficient: there are neither purchases nor texts"));
}
