#include <algorithm>
#include <numeric>

#include "core/options.hpp"
#include "emptor/insight/rfm.hpp"
#include "insight/insight_runs.hpp"
#include "insight/live/live_model.hpp"
#include "insight/rfm/rfm_json.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t top_customers = 10;

json::array top_json(const View& view, const Measures& measures) {
  std::vector<std::size_t> order(measures.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t count = std::min(top_customers, order.size());
  std::partial_sort(order.begin(), order.begin() + count, order.end(), [&](std::size_t a, std::size_t b) {
    return measures.monetary[a] != measures.monetary[b] ? measures.monetary[a] > measures.monetary[b] : a < b;
  });
  json::array top;
  for (std::size_t rank = 0; rank < count; ++rank) {
    const std::size_t i = order[rank];
    top.push_back(json::object{{"customer_id", std::to_string(measures.customer[i])},
                               {"external_id", external_id_of(view, Id{measures.customer[i]})},
                               {"recency", measures.recency[i]},
                               {"frequency", measures.frequency[i]},
                               {"monetary", decimal_json(measures.monetary[i])}});
  }
  return top;
}

GivenScore label_of(std::string_view name, std::uint8_t score) { return {name, double(score), std::to_string(score)}; }

void give(const RfmTable& table, std::size_t i, GivenResult& result) {
  const Measures& measures = table.measures;
  result.scores.push_back({"rfm.recency", double(measures.recency[i])});
  result.scores.push_back({"rfm.frequency", double(measures.frequency[i])});
  result.scores.push_back({"rfm.monetary", Decimal::from_micros(measures.monetary[i]).to_double()});
  result.scores.push_back(label_of("rfm.r", table.r[i]));
  result.scores.push_back(label_of("rfm.f", table.f[i]));
  result.scores.push_back(label_of("rfm.m", table.m[i]));
  if (table.segment.empty()) return;
  const std::string& name = table.names[table.segment[i]];
  result.scores.push_back({"rfm.segment", table.r[i] * 100.0 + table.f[i] * 10.0 + table.m[i], name});
  result.tag = "rfm." + name;
}

Id write_rfm(Session& session, const json::object& given, const RfmOptions& options, const RfmTable& table) {
  const InsightRun run{
      .name = "rfm",
      .algorithm = "rfm/1 " + std::string(name_of(options.scoring)),
      .options = rfm_options_json(given, options),
      .state = json::serialize(rfm_cuts_json(table)),
      .as_of = table.measures.as_of,
      .data_version = table.data_version,
      .fitted = save_cuts(table),
      .scores = {"rfm.recency", "rfm.frequency", "rfm.monetary", "rfm.r", "rfm.f", "rfm.m", "rfm.segment"}};
  return write_back(session, run, table.measures.customer,
                    [&](std::size_t i, GivenResult& result) { give(table, i, result); });
}

}  // namespace

InsightResult run_rfm(Session& session, const InsightOptions& options) {
  const json::object given = checked_options(rfm_schema, options.json);
  const RfmOptions rfm = rfm_options(given, options.as_of);
  const Facts facts = read_facts(session);
  const RfmTable table = score_rfm(facts, rfm);
  json::object summary = {{"insight", "rfm"},
                          {"as_of", day_json(table.measures)},
                          {"data_version", table.data_version},
                          {"model_id", nullptr},
                          {"customers", table.size()},
                          {"total", decimal_json(table.measures.total)},
                          {"scored", table.size()},
                          {"options", json::parse(rfm_options_json(given, rfm))},
                          {"cuts", rfm_cuts_json(table)},
                          {"segments", rfm_segments_json(table)},
                          {"top", top_json(session.view(), table.measures)}};
  if (options.write_back) summary["model_id"] = std::to_string(write_rfm(session, given, rfm, table).value);
  InsightResult result{summary_text(summary), table.data_version, table.size()};
  if (options.table) result.table = rfm_table(table, id_column(table.measures.customer));
  return result;
}

}  // namespace emptor
