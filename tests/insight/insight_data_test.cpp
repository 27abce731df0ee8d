// The insights on real data. The expected figures were computed by pandas 2 and numpy 2 from the same files
// (quantiles: method "linear", plus one unit, bins closed on the left).
#include <doctest/doctest.h>

#include <array>
#include <boost/json.hpp>
#include <string>

#include "emptor/desk/import.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/store/open.hpp"
#include "support/data.hpp"

using namespace emptor;

namespace {

namespace json = boost::json;

json::object insight_of(const std::string& path, const std::string& currency, const char* name,
                        const InsightOptions& options) {
  const auto store = open_store(":memory:", {.create = true, .currency = *Currency::parse(currency)});
  Session session(*store);
  import_tables(session, std::array{path}, {.currency = currency, .zone = "UTC"});
  return json::parse(run_insight(session, name, options).json).as_object();
}

std::string text(const json::value& value) { return std::string(value.as_string()); }

struct ExpectedSegment {
  const char* name;
  std::int64_t customers;
  const char* revenue;
};

}  // namespace

TEST_CASE("insight data: [I6] RFM of Online Retail, cell for cell") {
  const auto path = test::data_path("online-retail/online_retail.csv.gz");
  if (!path) return;
  const json::object result = insight_of(*path, "GBP", "rfm", {.as_of = Date::of(2011, 12, 10), .write_back = false});
  CHECK(result.at("customers").as_int64() == 4'338);
  CHECK(text(result.at("total")) == "8911407.904");
  CHECK(text(result.at("top").at(0).at("external_id")) == "14646");
  CHECK(text(result.at("top").at(0).at("monetary")) == "280206.02");
  const json::object& cuts = result.at("cuts").as_object();
  CHECK(json::serialize(cuts.at("recency")) == "[15,34,73,181]");
  CHECK(json::serialize(cuts.at("frequency")) == "[2,3,4,7]");
  CHECK(json::serialize(cuts.at("monetary")) == R"(["251.194","491.096","943.276","2059.426"])");
  for (const ExpectedSegment& expected : {ExpectedSegment{"about to sleep", 478, "249848.51"},
                                          {"at risk", 357, "539260.091"},
                                          {"can't lose", 35, "119806.75"},
                                          {"champion", 604, "4303871.89"},
                                          {"hibernating", 1'335, "683557.392"},
                                          {"loyal", 688, "2210652.881"},
                                          {"need attention", 121, "141275.92"},
                                          {"new", 67, "23358.72"},
                                          {"potential loyalist", 484, "586236.63"},
                                          {"promising", 169, "53539.12"}}) {
    const json::object& segment = result.at("segments").at(expected.name).as_object();
    CHECK(segment.at("customers").as_int64() == expected.customers);
    CHECK(text(segment.at("revenue")) == expected.revenue);
  }
}

TEST_CASE("insight data: RFM of CDNOW counts free purchases where that is asked for") {
  const auto path = test::data_path("cdnow/cdnow_elog_sample.csv");
  if (!path) return;
  const json::object all =
      insight_of(*path, "USD", "rfm", {.json = R"({"purchases":"non_negative"})", .write_back = false});
  CHECK(all.at("customers").as_int64() == 2'357);
  CHECK(text(all.at("total")) == "244091.94");
}

TEST_CASE("insight data: [I1, I3] value on Online Retail, its measures judged on the window just past") {
  const auto path = test::data_path("online-retail/online_retail.csv.gz");
  if (!path) return;
  const json::object result = insight_of(*path, "GBP", "value", {.write_back = false});
  const json::object& dimensions = result.at("dimensions").as_object();
  // By pandas and numpy: sums and ranks of the windows of 90 days that end on 2011-09-10 and 2011-12-09.
  const json::value& contribution = dimensions.at("contribution");
  CHECK(contribution.at("judged_on").as_int64() == 3'370);
  CHECK(contribution.at("gini").as_double() == doctest::Approx(.61695829).epsilon(1e-6));
  CHECK(contribution.at("calibration").at("ratio").as_double() == doctest::Approx(1.54605183).epsilon(1e-6));
  CHECK(dimensions.at("loyalty").at("auc").as_double() == doctest::Approx(.73292321).epsilon(1e-7));
  CHECK(dimensions.at("loyalty").at("recency_auc").as_double() == doctest::Approx(.68340800).epsilon(1e-7));
  // What a model expects orders better than the last window does; nobody pays later here.
  CHECK(dimensions.at("future").at("gini").as_double() > contribution.at("gini").as_double());
  CHECK(text(dimensions.at("credit").at("state")) == "absent");
  CHECK(text(result.at("verdict")) == "sufficient");
}
