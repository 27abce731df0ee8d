#include "insight/market/market_telling.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base64.hpp"
#include "emptor/core/error.hpp"
#include "insight/insight_runs.hpp"
#include "insight/market/market_words.hpp"
#include "insight/tables/taken_number.hpp"
#include "insight/value/value_portrait.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

json::value interval_json(const std::optional<mine::RateInterval>& interval) {
  if (!interval) return nullptr;
  return json::object{{"value", interval->value}, {"lower", interval->lower}, {"upper", interval->upper}};
}

json::object segment_json(const MarketSegment& segment) {
  json::object told = portrait_json({segment.name, {}}, segment.portrait);
  told["customers"] = segment.customers;
  told["share"] = segment.share;
  told["revenue"] = segment.revenue;
  told["revenue_a_customer"] = segment.customers == 0 ? 0 : segment.revenue / static_cast<double>(segment.customers);
  told["growth"] = interval_json(segment.growth);
  told["overlap"] = segment.overlap;
  return told;
}

json::object segmentation_json(const Segmentation& one) {
  json::object told = {{"verdict", one.verdict}, {"kept", one.kept}};
  json::array candidates, segments;
  for (const mine::KmeansCandidate& candidate : one.choice.candidates)
    candidates.push_back(
        json::object{{"k", candidate.k}, {"inertia", candidate.inertia}, {"silhouette", candidate.silhouette}});
  for (const MarketSegment& segment : one.segments) segments.push_back(segment_json(segment));
  told["candidates"] = std::move(candidates);
  told["segments"] = std::move(segments);
  if (!one.model) return told;
  told["columns"] = json::value_from(one.model->columns.names);
  told["k"] = one.model->clusters.k();
  if (one.kept) return told;
  told["by_silhouette"] = one.choice.by_silhouette;
  told["by_elbow"] = one.choice.by_elbow;
  told["silhouette"] = one.clouds.silhouette;
  told["cloud_silhouette"] = one.clouds.cloud_silhouette;
  told["clouds"] = one.clouds.clouds;
  told["p_value"] = one.clouds.p_value;
  told["rand_index"] = one.stability.mean_rand_index;
  return told;
}

json::array reasons_json(const std::vector<StatedShare>& reasons) {
  json::array told;
  for (const StatedShare& one : reasons)
    told.push_back(json::object{{"reason", one.reason}, {"deals", one.deals}, {"share", interval_json(one.share)}});
  return told;
}

json::object competitor_json(const CompetitorRecord& one, double false_findings) {
  return {{"name", one.name},
          {"deals", one.deals},
          {"won", one.won},
          {"rate", interval_json(one.rate)},
          {"odds_ratio", interval_json(one.odds.ratio)},
          {"p_value", one.odds.p_value},
          {"adjusted", one.adjusted},
          {"strata", one.odds.strata},
          {"reasons", reasons_json(one.reasons)},
          {"mentions", one.mentions},
          {"customers", one.customers},
          {"en", competitor_words(one, false_findings, Language::english)},
          {"zh", competitor_words(one, false_findings, Language::chinese)}};
}

json::object competition_json(const MarketRequest& request, const MarketOutcome& outcome) {
  const Competition& one = outcome.competition;
  json::array competitors, groups;
  for (const CompetitorRecord& competitor : one.competitors)
    competitors.push_back(competitor_json(competitor, request.false_findings));
  for (const DealGroup& group : one.groups)
    groups.push_back(json::object{{"dimension", group.dimension},
                                  {"name", group.name},
                                  {"deals", group.deals},
                                  {"won", group.won},
                                  {"rate", interval_json(group.rate)},
                                  {"phi", group.phi},
                                  {"p_value", group.p_value},
                                  {"adjusted", group.adjusted}});
  const MentionSequel& sequel = outcome.sequel;
  return {{"verdict", one.verdict},
          {"deals", one.deals},
          {"won", one.won},
          {"rate", interval_json(one.rate)},
          {"competitors", std::move(competitors)},
          {"groups", std::move(groups)},
          {"reasons", reasons_json(one.reasons)},
          {"named_lately", outcome.named.size()},
          {"after_naming",
           {{"named", sequel.named},
            {"named_silent", sequel.named_silent},
            {"others", sequel.others},
            {"others_silent", sequel.others_silent},
            {"ratio", interval_json(sequel.ratio)}}}};
}

/// Of those whose wallet is known: revenue over what they spend with anybody.
json::value wallet_json(const MarketOutcome& outcome) {
  DoubleSum spent, all;
  std::size_t customers = 0, beyond = 0;
  for (std::size_t i = 0; i < outcome.wallet.size(); ++i) {
    if (!(outcome.wallet[i] > 0)) continue;
    ++customers;
    beyond += outcome.rows.revenue[i] > outcome.wallet[i] ? 1U : 0U;
    spent.add(outcome.rows.revenue[i]);
    all.add(outcome.wallet[i]);
  }
  if (customers == 0) return nullptr;
  return json::object{{"customers", customers},
                      {"wallet", all.value()},
                      {"share", spent.value() / all.value()},
                      {"above_wallet", beyond}};
}

}  // namespace

MarketRequest market_request(const json::object& options, const std::optional<Date>& until) {
  MarketRequest request{.segments = {}, .wallet = {}, .until = until, .language = language_option(options)};
  take_number(options, "least_k", request.segments.least_k);
  take_number(options, "greatest_k", request.segments.greatest_k);
  take_number(options, "window_days", request.segments.window_days);
  take_number(options, "mention_days", request.mention_days);
  take_number(options, "false_findings", request.false_findings);
  if (request.segments.least_k > request.segments.greatest_k)
    throw Error(
        Problem{.code = Code::invalid, .message = "the option 'least_k' is above 'greatest_k'", .field = "least_k"});
  if (const json::value* by = options.if_contains("choose_by"); by != nullptr && by->as_string() == "elbow")
    request.segments.by = mine::KmeansChooser::elbow;
  if (const json::value* kept = options.if_contains("use_kept")) request.use_kept = kept->as_bool();
  if (const json::value* wallet = options.if_contains("wallet")) request.wallet = wallet->as_string();
  if (const json::value* all = options.if_contains("attributes"))
    for (const json::value& one : all->as_array()) request.segments.attributes.emplace_back(one.as_string());
  return request;
}

std::string MarketOutcome::verdict() const {
  if (segmentation.verdict == "sufficient" || competition.verdict == "sufficient") return "sufficient";
  return segmentation.verdict;
}

json::object market_json(const MarketRequest& request, const MarketOutcome& outcome) {
  return {{"until", request.until ? json::value(to_string(*request.until)) : json::value()},
          {"verdict", outcome.verdict()},
          {"customers", outcome.rows.size()},
          {"segmentation", segmentation_json(outcome.segmentation)},
          {"competition", competition_json(request, outcome)},
          {"share_of_wallet", wallet_json(outcome)},
          {"options",
           {{"attributes", json::value_from(request.segments.attributes)},
            {"least_k", request.segments.least_k},
            {"greatest_k", request.segments.greatest_k},
            {"choose_by", request.segments.by == mine::KmeansChooser::elbow ? "elbow" : "silhouette"},
            {"use_kept", request.use_kept},
            {"window_days", request.segments.window_days},
            {"mention_days", request.mention_days},
            {"false_findings", request.false_findings},
            {"wallet", request.wallet.empty() ? json::value() : json::value(request.wallet)},
            {"language", code_of(request.language)}}}};
}

NamedTable segment_table(const MarketOutcome& outcome, Column customers) {
  NamedTable table;
  table.add("customer", customers.type) = std::move(customers);
  const bool segmented = !outcome.segmentation.segments.empty();
  Column& segment = table.add("segment", Type::text);
  for (std::size_t i = 0; i < outcome.rows.size(); ++i)
    segment.append(segmented
                       ? Value(std::string_view(outcome.segmentation.segments[outcome.segmentation.segment[i]].name))
                       : Value());
  const BuyerRows& rows = outcome.rows;
  const std::pair<const char*, const std::vector<double>&> columns[] = {
      {"recency", rows.recency}, {"orders", rows.orders},   {"mean_amount", rows.mean_amount},
      {"tenure", rows.tenure},   {"revenue", rows.revenue}, {"before", rows.before}};
  for (const auto& [name, column] : columns) table.add(name, Type::real) = real_column(column);
  return table;
}

NamedTable market_table(const MarketOutcome& outcome, Column customers) {
  NamedTable table = segment_table(outcome, std::move(customers));
  Column& mentions = table.add("mentions", Type::integer);
  Column& competitor = table.add("competitor", Type::text);
  for (const std::int64_t customer : outcome.rows.customer) {
    const auto named = outcome.named.find(customer);
    const bool any = named != outcome.named.end();
    mentions.append(Value(static_cast<std::int64_t>(any ? named->second.mentions : 0)));
    competitor.append(any ? Value(std::string_view(named->second.competitor)) : Value());
  }
  return table;
}

std::string save(const SegmentModel& model) {
  json::array missing;  // as texts, which are read back to the last bit
  for (const double number : model.columns.missing)
    missing.push_back(json::value(json::serialize(json::value(number))));
  return json::serialize(json::object{{"names", json::value_from(model.columns.names)},
                                      {"missing", std::move(missing)},
                                      {"scaling", to_base64(mine::save(model.columns.scaling))},
                                      {"clusters", to_base64(mine::save(model.clusters))},
                                      {"rank", json::value_from(model.rank)}});
}

std::optional<SegmentModel> load_segments(std::string_view text) {
  boost::system::error_code failed;
  const json::value told = json::parse(text, failed);
  if (failed || !told.is_object() || !told.as_object().contains("clusters")) return std::nullopt;
  const auto bytes = [&](const char* name) { return from_base64(std::string_view(told.at(name).as_string())).value(); };
  SegmentModel model;
  model.columns.names = json::value_to<std::vector<std::string>>(told.at("names"));
  for (const json::value& number : told.at("missing").as_array()) {
    const std::string_view text = number.as_string();
    std::from_chars(text.data(), text.data() + text.size(), model.columns.missing.emplace_back());
  }
  model.columns.scaling = mine::load_scaling(bytes("scaling"));
  model.clusters = mine::load_kmeans(bytes("clusters"));
  model.rank = json::value_to<std::vector<std::uint32_t>>(told.at("rank"));
  return model;
}

}  // namespace emptor
