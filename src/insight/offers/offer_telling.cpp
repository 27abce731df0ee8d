// Offers as options, JSON and a table.
#include "core/options.hpp"
#include "insight/insight_runs.hpp"
#include "insight/offers/offer_work.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view measure_texts[] = {"cosine", "jaccard", "lift"};
constexpr std::string_view order_texts[] = {"chance", "amount", "margin"};

json::object interval_json(const mine::Interval& interval) {
  return {{"value", interval.value}, {"lower", interval.lower}, {"upper", interval.upper}};
}

json::object quality_json(const OfferQuality& quality) {
  return {{"name", name_of(quality.method)},
          {"recall_at_10", quality.recall.value},
          {"recall_interval", json::array{quality.recall.lower, quality.recall.upper}},
          {"hit_rate_at_10", quality.hit_rate.value},
          {"ndcg_at_10", quality.ndcg.value},
          {"chance_of_first", quality.chance_of_rank.empty() ? 0 : quality.chance_of_rank.front()}};
}

std::string text_of(const Value& value) {
  return value.is_text() ? std::string(value.text()) : std::to_string(value.bits());
}

json::object pair_json(const ProductPair& pair, const Column& products) {
  const mine::RuleMeasures measures = mine::measures_of(pair.counts);
  return {{"product", text_of(products.value(pair.left))},
          {"with", text_of(products.value(pair.right))},
          {"together", pair.counts.both},
          {"confidence", measures.confidence},
          {"lift", measures.lift}};
}

json::array qualities_json(const OfferJudgement& judgement) {
  json::array qualities;
  for (const OfferQuality& quality : judgement.qualities) qualities.push_back(quality_json(quality));
  return qualities;
}

}  // namespace

const std::string_view offers_schema = R"({"type":"object","properties":{
"count":{"type":"integer","minimum":1,"maximum":20,"description":"offers a customer; 3 without it"},
"horizon_days":{"type":"integer","minimum":1,"maximum":3650,"description":"days of the window by which offers are judged; 90 without it"},
"purchases":{"type":"string","enum":["positive","non_negative","net"],"description":"which line items are purchases"},
"rank_by":{"type":"string","enum":["chance","amount","margin"],"description":"what comes first of what is likely: the likeliest (without it), what brings most, or what earns most"},
"consent":{"type":"boolean","description":"whether customers who refused marketing or profiling, or are blocked, are left out; true without it"},
"measure":{"type":"string","enum":["cosine","jaccard","lift"],"description":"of how alike two products are"},
"least_together":{"type":"integer","minimum":1,"maximum":1000000000,"description":"customers who must have both; 5 without it"},
"neighbours":{"type":"integer","minimum":1,"maximum":1000,"description":"of each product; 20 without it"},
"factors":{"type":"integer","minimum":1,"maximum":256,"description":"of customers and products in als; 32 without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of reasons and verdict"}}})";

OfferRequest offer_request(const json::object& options, const std::optional<Date>& until) {
  OfferRequest request;
  request.until = until;
  const auto whole = [&](const char* name, auto& number) {
    if (const json::value* value = options.if_contains(name))
      number = value->to_number<std::decay_t<decltype(number)>>();
  };
  whole("count", request.count);
  whole("horizon_days", request.horizon);
  whole("least_together", request.settings.similarity.least_together);
  whole("neighbours", request.settings.similarity.neighbours);
  whole("factors", request.settings.als.factors);
  if (const json::value* consent = options.if_contains("consent")) request.consent = consent->as_bool();
  request.purchases = measure_options(options, {}).purchases;
  request.language = language_option(options);
  request.order = choice_option<OfferOrder>(options, "rank_by", order_texts);
  request.settings.similarity.measure = choice_option<mine::ItemMeasure>(options, "measure", measure_texts);
  return request;
}

json::object offer_options_json(const OfferRequest& request) {
  return {{"count", request.count},
          {"horizon_days", request.horizon},
          {"purchases", measure_options_json({.purchases = request.purchases}).at("purchases")},
          {"rank_by", order_texts[static_cast<std::size_t>(request.order)]},
          {"consent", request.consent},
          {"measure", measure_texts[static_cast<std::size_t>(request.settings.similarity.measure)]},
          {"least_together", request.settings.similarity.least_together},
          {"neighbours", request.settings.similarity.neighbours},
          {"factors", request.settings.als.factors},
          {"language", code_of(request.language)}};
}

json::object offer_json(const OfferRequest& request, const OfferOutcome& outcome, const Column& products) {
  const OfferJudgement& judgement = outcome.judgement;
  json::array together, left_out;
  for (const ProductPair& pair : outcome.together) together.push_back(pair_json(pair, products));
  if (judgement.als_left_out) left_out.emplace_back("als: it would take too long for so many customers and products");
  return {{"until", outcome.base.products.empty() ? json::value() : json::value(to_string(outcome.until))},
          {"customers", outcome.customers()},
          {"products", outcome.base.products.size()},
          {"want_no_offers", outcome.base.left_out.size()},
          {"judged", judgement.judged},
          {"verdict", outcome.verdict},
          {"chosen", judgement.chosen ? json::value(name_of(*judgement.chosen)) : json::value()},
          {"gain_over_popular", judgement.chosen ? json::value(interval_json(judgement.gain)) : json::value()},
          {"models", qualities_json(judgement)},
          {"left_out", std::move(left_out)},
          {"bought_together", std::move(together)},
          {"options", offer_options_json(request)}};
}

NamedTable offer_table(const OfferOutcome& outcome, const Column& customers, const Column& products) {
  NamedTable table;
  table.add("customer", customers.type);
  table.add("rank", Type::integer);
  table.add("product", products.type);
  table.add("score", Type::real);
  table.add("chance", Type::real);
  table.add("worth", Type::real);
  table.add("because", products.type);
  for (std::size_t i = 0; i < outcome.offers.size(); ++i) {
    std::int64_t rank = 0;
    for (const Offer& offer : outcome.offers[i]) {
      const Value cells[] = {customers.value(i),
                             ++rank,
                             products.value(offer.item),
                             offer.score,
                             offer.chance,
                             offer.worth ? Value(*offer.worth) : Value(),
                             offer.because ? products.value(*offer.because) : Value()};
      for (std::size_t column = 0; column < std::size(cells); ++column) table.columns[column].append(cells[column]);
    }
  }
  return table;
}

}  // namespace emptor
