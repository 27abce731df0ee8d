// Models of tables through the C API: chains of states and rule servers, asked and kept; and what is no such table.

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "emptor.h"
#include "emptor/mine/markov_chain.hpp"
#include "support/arrow_consumer.hpp"
#include "support/made_arrow.hpp"
#include "support/taken_document.hpp"

using namespace emptor::test;
namespace json = boost::json;

namespace {

// Histories a: new active idle active lost; b: new lost; c: active idle; one row without a history.
MadeArrow states() {
  return MadeArrow(
      {texts("who", {"a", "b", "a", "a", "c", "a", "a", "b", "c", ""}),
       texts("what", {"new", "new", "active", "idle", "active", "active", "lost", "lost", "idle", "new"})});
}

struct Fitted {
  emptor_model* model = nullptr;
  emptor_status status = EMPTOR_OK;
  std::string field;
  std::int64_t row = 0;

  Fitted(const char* algorithm, ArrowArrayStream in, const char* options, const emptor_host* host = nullptr) {
    emptor_error error = EMPTOR_ERROR_INIT;
    status = emptor_model_fit_table(algorithm, options, EMPTOR_NUL, &in, host, &model, &error);
    CHECK((in.release == nullptr));
    CHECK((status == EMPTOR_OK) == (model != nullptr));
    field = error.field;
    row = error.row;
    if (status != EMPTOR_OK) CHECK(error.message[0] != 0);
  }
  ~Fitted() { emptor_model_free(model, nullptr); }
  Fitted(const Fitted&) = delete;
  Fitted& operator=(const Fitted&) = delete;

  json::value ask(const char* question) const {
    emptor_document* document = nullptr;
    emptor_error error = EMPTOR_ERROR_INIT;
    REQUIRE_MESSAGE(emptor_model_ask(model, question, EMPTOR_NUL, &document, &error) == EMPTOR_OK, error.message);
    return take(document);
  }
  emptor_status refused(const char* question, const char* of = nullptr) const {
    emptor_document* document = nullptr;
    emptor_error error = EMPTOR_ERROR_INIT;
    const emptor_status answered = emptor_model_ask(model, question, EMPTOR_NUL, &document, &error);
    CHECK(document == nullptr);
    if (of != nullptr) CHECK(error.field == std::string(of));
    return answered;
  }
  json::value info() const {
    emptor_document* document = nullptr;
    REQUIRE(emptor_model_info(model, &document, nullptr) == EMPTOR_OK);
    return take(document);
  }
};

emptor_model* loaded_again(emptor_model* model) {
  emptor_text bytes{};
  REQUIRE(emptor_model_save(model, &bytes, nullptr) == EMPTOR_OK);
  emptor_model* again = nullptr;
  REQUIRE(emptor_model_load(bytes.data, bytes.size, &again, nullptr) == EMPTOR_OK);
  emptor_text same{};
  REQUIRE(emptor_model_save(again, &same, nullptr) == EMPTOR_OK);
  CHECK(std::string_view(same.data, same.size) == std::string_view(bytes.data, bytes.size));
  return again;
}

constexpr const char* chain_options = R"({"history":"who","state":"what","data_version":"7"})";

// Baskets: tea milk, tea, tea milk egg, milk egg, tea egg.
MadeArrow purchases() {
  return MadeArrow({numbers<std::int64_t>("basket", "l", {1, 1, 2, 3, 3, 3, 4, 4, 5, 5}),
                    texts("item", {"tea", "milk", "tea", "tea", "milk", "egg", "milk", "egg", "tea", "egg"})});
}

ArrowArrayStream mined_rules(MadeArrow& baskets) {
  ArrowArrayStream in = baskets.stream(), out{};
  REQUIRE(emptor_compute("rules", R"({"min_support":1})", EMPTOR_NUL, &in, nullptr, &out, nullptr, nullptr) ==
          EMPTOR_OK);
  return out;
}

// One rule: who has 1 has 2, in 3 of 4 baskets with 1, of 10.
std::vector<MadeColumn> one_rule() {
  return {lists("left", {1}, numbers<std::int64_t>("item", "l", {1})),
          lists("right", {1}, numbers<std::int64_t>("item", "l", {2})),
          numbers<std::int64_t>("both", "l", {3}),
          numbers<std::int64_t>("left_count", "l", {4}),
          numbers<std::int64_t>("right_count", "l", {5}),
          numbers<double>("support", "g", {.3})};
}

}  // namespace

TEST_CASE("table models in C: a chain tells its states, what was counted and what comes next") {
  MadeArrow made = states();
  const Fitted chain("markov_chain", made.stream(), chain_options);
  REQUIRE(chain.status == EMPTOR_OK);
  CHECK(made.streams + made.schemas + made.arrays == 0);
  const json::value info = chain.info();
  CHECK(info.at("algorithm") == "markov_chain");
  CHECK(info.at("data_version") == "7");
  CHECK(json::serialize(info.at("states")) == R"(["active","idle","lost","new"])");
  CHECK(info.at("histories").to_number<int>() == 3);
  CHECK(info.at("initial").at(3).to_number<double>() == doctest::Approx(2. / 3));
  // By hand: new -> active, new -> lost, active -> idle twice, active -> lost, idle -> active.
  CHECK(info.at("steps").as_array().size() == 5);
  const json::value next = chain.ask(R"({"state":"active"})");
  CHECK(next.at("next").at(0).at("state") == "idle");
  CHECK(next.at("next").at(0).at("probability").to_number<double>() == doctest::Approx(2. / 3));
  CHECK(next.at("next").as_array().size() == 2);
  const json::value two = chain.ask(R"({"state":"active","steps":2})");
  CHECK(two.at("next").at(0).at("state") == "active");
  CHECK(two.at("next").at(0).at("probability").to_number<double>() == doctest::Approx(2. / 3));
  CHECK(chain.ask(R"({"state":"lost"})").at("next").as_array().empty());
  // active: 1/3 lost, else idle and back: 2 + 1 ... = (1 + 2/3 * 1) / (1 - 2/3) = 5.
  const json::value until = chain.ask(R"({"until":"lost"})");
  CHECK(until.at("from").at(0).at("state") == "active");
  CHECK(until.at("from").at(0).at("steps").to_number<double>() == doctest::Approx(5));
  CHECK(until.at("from").at(2).at("steps").to_number<double>() == 0);
  CHECK(chain.ask(R"({"until":"new"})").at("from").at(0).at("steps").is_null());
  const json::value history = chain.ask(R"({"history":["new","active","idle"]})");
  CHECK(history.at("log_probability").to_number<double>() == doctest::Approx(std::log(.5 * 2 / 3)));
  CHECK(history.at("next").at(0).at("state") == "active");
  CHECK(chain.ask(R"({"history":["lost","new"]})").at("log_probability").is_null());
}

TEST_CASE("table models in C: a chain's rows of probabilities are predictions of the states' numbers") {
  MadeArrow made = states();
  const Fitted chain("markov_chain", made.stream(), chain_options);
  const double numbers_of[] = {0, 1, 2, 3};
  emptor_matrix x = EMPTOR_MATRIX_INIT;
  x.data = numbers_of;
  x.rows = 4;
  x.columns = 1;
  double chances[16], best[4];
  REQUIRE(emptor_model_predict(chain.model, &x, EMPTOR_PROBABILITIES, nullptr, chances, 16, nullptr) == EMPTOR_OK);
  CHECK(chances[1] == doctest::Approx(2. / 3));
  CHECK(chances[4] == 1);
  for (int to = 0; to < 4; ++to) CHECK(chances[8 + to] == 0);
  REQUIRE(emptor_model_predict(chain.model, &x, EMPTOR_VALUE, nullptr, best, 4, nullptr) == EMPTOR_OK);
  CHECK(best[0] == 1);
  CHECK(std::isnan(best[2]));  // lost is never left
  for (const double wrong : {-1., 4., .5, std::nan(""), 1e300}) {
    x.data = &wrong;
    x.rows = 1;
    CHECK(emptor_model_predict(chain.model, &x, EMPTOR_VALUE, nullptr, best, 1, nullptr) == EMPTOR_INVALID);
  }
  x.data = numbers_of;
  CHECK(emptor_model_predict(chain.model, &x, EMPTOR_SCORES, nullptr, best, 1, nullptr) == EMPTOR_UNSUPPORTED);
  emptor_document* document = nullptr;
  CHECK(emptor_model_explain(chain.model, &x, &document, nullptr) == EMPTOR_UNSUPPORTED);
}

TEST_CASE("table models in C: a chain is the same when loaded, on any threads, and where states are told by times") {
  MadeArrow made = states();
  const Fitted chain("markov_chain", made.stream(), chain_options);
  emptor_model* again = loaded_again(chain.model);
  emptor_document* document = nullptr;
  REQUIRE(emptor_model_ask(again, R"({"state":"idle"})", EMPTOR_NUL, &document, nullptr) == EMPTOR_OK);
  CHECK(take(document) == chain.ask(R"({"state":"idle"})"));
  emptor_model_free(again, nullptr);
  emptor_host host = EMPTOR_HOST_INIT;
  host.threads = 3;
  const Fitted threaded("markov_chain", made.stream(), chain_options, &host);
  CHECK(threaded.info() == chain.info());
  MadeArrow timed({numbers<std::int64_t>("history", "l", {1, 1, 1}), numbers<std::int64_t>("state", "l", {30, 10, 20}),
                   numbers<std::int64_t>("at", "l", {9, 1, 5})});
  const Fitted by_time("markov_chain", timed.stream(), R"({"time":"at"})");
  CHECK(by_time.ask(R"({"state":10})").at("next").at(0).at("state").to_number<int>() == 20);
  CHECK(by_time.ask(R"({"state":20})").at("next").at(0).at("state").to_number<int>() == 30);
  // Bytes of the C++ miner alone are a chain whose states are their numbers.
  const std::uint64_t starts[] = {0, 3};
  const std::uint32_t walked[] = {0, 1, 0};
  const std::string plain = save(emptor::mine::fit_markov_chain({starts, walked}, {.states = 2}));
  REQUIRE(emptor_model_load(plain.data(), plain.size(), &again, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_model_ask(again, R"({"state":1})", EMPTOR_NUL, &document, nullptr) == EMPTOR_OK);
  CHECK(take(document).at("next").at(0).at("state").to_number<int>() == 0);
  emptor_model_free(again, nullptr);
}

TEST_CASE("table models in C: where a chain rests") {
  MadeArrow made(
      {numbers<std::int64_t>("history", "l", {1, 1, 1, 1, 1}), numbers<std::int64_t>("state", "l", {0, 0, 1, 1, 0})});
  const Fitted chain("markov_chain", made.stream(), R"({"pseudo_count":1})");
  // Steps 00 01 11 10, one more each: every row is 1/2, 1/2.
  const json::value rest = chain.ask(R"({"stationary":true})");
  CHECK(rest.at("stationary").at(0).at("probability").to_number<double>() == doctest::Approx(.5));
  CHECK(chain.info().at("options").at("pseudo_count").to_number<double>() == 1);
  CHECK(chain.info().at("dependence").at("p_value").to_number<double>() == doctest::Approx(1));
}

TEST_CASE("table models in C: questions that are none are refused by name") {
  MadeArrow made = states();
  const Fitted chain("markov_chain", made.stream(), chain_options);
  CHECK(chain.refused("{}", "state") == EMPTOR_INVALID);
  CHECK(chain.refused(R"({"state":"gone"})", "state") == EMPTOR_INVALID);
  CHECK(chain.refused(R"({"state":1})", "state") == EMPTOR_INVALID);
  CHECK(chain.refused(R"({"state":18446744073709551615})", "state") == EMPTOR_INVALID);
  CHECK(chain.refused(R"({"state":null})", "state") == EMPTOR_INVALID);
  CHECK(chain.refused(R"({"until":"gone"})", "until") == EMPTOR_INVALID);
  CHECK(chain.refused(R"({"history":["new","gone"]})", "history") == EMPTOR_INVALID);
  CHECK(chain.refused(R"({"state":"new","until":"lost"})", "state") == EMPTOR_INVALID);
  CHECK(chain.refused(R"({"state":"new","steps":-1})", "steps") == EMPTOR_INVALID);
  CHECK(chain.refused(R"({"state":"new","steps":4294967296})", "steps") == EMPTOR_INVALID);
  CHECK(chain.refused(R"({"state":"new","steps":4000000000})", "steps") == EMPTOR_BUDGET);
  CHECK(chain.refused(R"({"stationary":true})") == EMPTOR_INVALID);  // lost is never left
  CHECK(chain.refused(R"({"basket":["tea"]})", "basket") == EMPTOR_INVALID);
  CHECK(chain.refused("new") == EMPTOR_INVALID);
}

TEST_CASE("table models in C: histories that are none are refused by column and row") {
  MadeArrow made = states();
  CHECK(Fitted("no_such", made.stream(), "{}").status == EMPTOR_NOT_FOUND);
  CHECK(Fitted("kmeans", made.stream(), "{}").status == EMPTOR_NOT_FOUND);
  const Fitted missing("markov_chain", made.stream(), "{}");
  CHECK(missing.status == EMPTOR_NOT_FOUND);
  CHECK(missing.field == "history");
  CHECK(Fitted("markov_chain", made.stream(), R"({"pseudo_count":-1})").field == "pseudo_count");
  CHECK(Fitted("markov_chain", made.stream(), R"({"states":4})").field == "states");
  MadeArrow real({numbers<std::int64_t>("history", "l", {1, 1}), numbers<double>("state", "g", {1, 1.5})});
  const Fitted half("markov_chain", real.stream(), "{}");
  CHECK(half.status == EMPTOR_INVALID);
  CHECK(half.field == "state");
  CHECK(half.row == 2);
  MadeArrow none({numbers<std::int64_t>("history", "l", {}), numbers<std::int64_t>("state", "l", {})});
  CHECK(Fitted("markov_chain", none.stream(), "{}").status == EMPTOR_INVALID);
  CHECK(none.streams + none.schemas + none.arrays == 0);
}

TEST_CASE("table models in C: mined rules go straight into a server, which finds the best additions") {
  MadeArrow baskets = purchases();
  const Fitted server("rule_server", mined_rules(baskets), R"({"data_version":"7"})");
  REQUIRE(server.status == EMPTOR_OK);
  const json::value info = server.info();
  CHECK(info.at("algorithm") == "rule_server");
  CHECK(info.at("baskets").to_number<int>() == 5);
  CHECK(info.at("items").to_number<int>() == 3);
  CHECK(info.at("answers").as_object().empty());
  const json::value best = server.ask(R"({"basket":["milk"]})");
  // milk in 3 baskets, tea with it in 2, egg with it in 2: the lower item first.
  REQUIRE(best.at("additions").as_array().size() == 2);
  CHECK(best.at("additions").at(0).at("item") == "egg");
  CHECK(best.at("additions").at(1).at("item") == "tea");
  CHECK(best.at("additions").at(0).at("score").to_number<double>() == doctest::Approx(2. / 3));
  CHECK(json::serialize(best.at("additions").at(0).at("rule").at("left")) == R"(["milk"])");
  CHECK(best.at("additions").at(0).at("rule").at("both").to_number<int>() == 2);
  CHECK(server.ask(R"({"basket":["milk"],"count":1})").at("additions").as_array().size() == 1);
  CHECK(server.ask(R"({"basket":["milk"],"count":0})").at("additions").as_array().empty());
  CHECK(server.ask(R"({"basket":["tea","milk","egg"]})").at("additions").as_array().empty());
  CHECK(server.ask(R"({"basket":["coffee",7]})").at("additions").as_array().empty());
  CHECK(server.ask("{}").at("additions").as_array().empty());
  CHECK(server.refused(R"({"basket":"milk"})", "basket") == EMPTOR_INVALID);
  CHECK(server.refused(R"({"basket":[1.5]})", "basket") == EMPTOR_INVALID);
  CHECK(server.refused(R"({"count":-1})", "count") == EMPTOR_INVALID);
  emptor_model* again = loaded_again(server.model);
  emptor_document* document = nullptr;
  REQUIRE(emptor_model_ask(again, R"({"basket":["milk"]})", EMPTOR_NUL, &document, nullptr) == EMPTOR_OK);
  CHECK(take(document) == best);
  emptor_model_free(again, nullptr);
  double number = 0;
  emptor_matrix x = EMPTOR_MATRIX_INIT;
  CHECK(emptor_model_predict(again, &x, EMPTOR_VALUE, nullptr, &number, 1, nullptr) == EMPTOR_MISUSE);
  CHECK(emptor_model_predict(server.model, &x, EMPTOR_VALUE, nullptr, &number, 1, nullptr) == EMPTOR_UNSUPPORTED);
}

TEST_CASE("table models in C: a server goes by the measure that is asked for, and by no other") {
  MadeArrow baskets = purchases();
  for (const char* order : {"confidence", "lift", "leverage"}) {
    const std::string options = R"({"order":")" + std::string(order) + "\"}";
    const Fitted server("rule_server", mined_rules(baskets), options.c_str());
    const json::value best = server.ask(R"({"basket":["tea"]})");
    REQUIRE(best.at("additions").as_array().size() == 2);
    const json::value& first = best.at("additions").at(0);
    CHECK(first.at("score") == first.at("rule").at(order));
  }
  const Fitted other("rule_server", mined_rules(baskets), R"({"order":"price"})");
  CHECK(other.status == EMPTOR_INVALID);
  CHECK(other.field == "order");
}

TEST_CASE("table models in C: rules that no baskets have are refused by column and row") {
  const auto fit = [](std::vector<MadeColumn> columns, emptor_status status, const char* field) {
    MadeArrow made(std::move(columns));
    const Fitted server("rule_server", made.stream(), "{}");
    CHECK_MESSAGE(server.status == status, field);
    CHECK(server.field == field);
    CHECK(made.streams + made.schemas + made.arrays == 0);
  };
  fit(one_rule(), EMPTOR_OK, "");
  const auto with = [](std::size_t at, MadeColumn column) {
    std::vector<MadeColumn> columns = one_rule();
    columns[at] = std::move(column);
    return columns;
  };
  fit(with(0, numbers<std::int64_t>("left", "l", {1})), EMPTOR_INVALID, "left");
  fit(with(1, lists("right", {1}, texts("item", {"milk"}))), EMPTOR_INVALID, "right");
  fit(with(1, lists("right", {1}, numbers<double>("item", "g", {1.5}))), EMPTOR_INVALID, "right");
  fit(with(2, numbers<std::int64_t>("both", "l", {0})), EMPTOR_INVALID, "both");
  fit(with(2, numbers<std::int64_t>("both", "l", {-3})), EMPTOR_INVALID, "both");
  fit(with(3, numbers<std::int64_t>("left_count", "l", {INT64_MAX})), EMPTOR_INVALID, "left_count");
  fit(with(3, numbers<std::int64_t>("left_count", "l", {2})), EMPTOR_INVALID, "");  // fewer than both
  fit(with(4, numbers<std::int64_t>("right_count", "l", {11})), EMPTOR_INVALID, "");
  for (const double share : {0., -1., 2., 1e-300, std::nan(""), HUGE_VAL})
    fit(with(5, numbers<double>("support", "g", {share})), EMPTOR_INVALID, "support");
  std::vector<MadeColumn> short_one = one_rule();
  short_one.pop_back();
  fit(short_one, EMPTOR_NOT_FOUND, "support");
  fit({lists("left", {1, 2}, numbers<std::int64_t>("item", "l", {1, 1})),
       lists("right", {1, 2}, numbers<std::int64_t>("item", "l", {2, 2})), numbers<std::int64_t>("both", "l", {3, 3}),
       numbers<std::int64_t>("left_count", "l", {4, 4}), numbers<std::int64_t>("right_count", "l", {5, 5}),
       numbers<double>("support", "g", {.3, .03})},
      EMPTOR_INVALID, "support");
}
