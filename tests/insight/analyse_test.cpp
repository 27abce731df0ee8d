#include "emptor/insight/analyse.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "emptor/insight/insight.hpp"
#include "emptor/store/open.hpp"

using namespace emptor;

namespace {

namespace json = boost::json;

json::object analysed(const AnalyseOptions& options) {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  return json::parse(analyse(session, options)).as_object();
}

}  // namespace

TEST_CASE("analyse: [M15] each insight has a verdict, also where there is nothing to learn from") {
  const json::object told = analysed({});
  CHECK(told.at("verdicts").as_object().size() == insights().size());
  for (const auto& [name, verdict] : told.at("verdicts").as_object()) {
    CAPTURE(std::string(name));
    CHECK(verdict.as_string().starts_with("insufficient: "));
  }
}

TEST_CASE("analyse: past its budget of time no insight is begun, and each says so") {
  const json::object told = analysed({.seconds = 0});
  CHECK(told.at("insights").as_object().empty());
  CHECK(told.at("verdicts").as_object().size() == insights().size());
  for (const auto& [name, verdict] : told.at("verdicts").as_object())
    CHECK(verdict == json::value("left out: the budget of time is used up"));
}
