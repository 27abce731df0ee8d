#include "core/options.hpp"
#include "insight/insight_runs.hpp"
#include "insight/offers/offer_work.hpp"
#include "insight/offers/offer_writing.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

std::string reason_of(const OfferOutcome& outcome, const Offer& offer, Language language) {
  const bool chinese = language == Language::chinese;
  if (offer.because) {
    const std::string& name = outcome.base.names[*offer.because];
    return chinese ? "已购“" + name + "”的客户常买" : "often bought by those who have: " + name;
  }
  const bool recent = outcome.judgement.chosen == OfferMethod::recent;
  const std::string buyers =
      std::to_string((recent ? outcome.ground.recent_buyers : outcome.ground.buyers)[offer.item]);
  if (chinese) return (recent ? "近期有" : "有") + buyers + "位客户购买";
  return "bought by " + buyers + " customers" + (recent ? " lately" : "");
}

Id write(Session& session, const OfferRequest& request, const OfferOutcome& outcome, const json::object& told,
         std::int64_t data_version) {
  const auto& chosen = outcome.judgement.chosen;
  const InsightRun run{
      .name = "offers",
      .algorithm = "offers/2 " + std::string(chosen ? name_of(*chosen) : "none"),
      .options = json::serialize(told.at("options")),
      .state = json::serialize(json::object{{"models", told.at("models")}, {"verdict", outcome.verdict}}),
      .as_of = outcome.until,
      .data_version = data_version,
      .scores = {}};
  const std::span<const std::int64_t> customers(outcome.ground.holdings.customer.data(), outcome.offers.size());
  return write_offers(session, run, customers, [&](std::size_t i, std::vector<GivenOffer>& offers) {
    for (const Offer& offer : outcome.offers[i])
      offers.push_back({outcome.base.products[offer.item], offer.chance, reason_of(outcome, offer, request.language)});
  });
}

}  // namespace

InsightResult run_offers(Session& session, const InsightOptions& options) {
  OfferRequest request = offer_request(checked_options(offers_schema, options.json), options.as_of);
  request.settings.similarity.memory_bytes = request.settings.als.memory_bytes = options.memory_bytes;
  const Facts facts = read_facts(session);
  const CustomerLines lines = lines_of(facts);
  const Date day = offer_day(lines, request).value_or(Date{});
  const OfferOutcome outcome = make_offers(lines, offer_base(session.view(), products_of(lines), day, request.consent),
                                           request, {session.options().executor, session.options().progress});
  const Column products = id_column(outcome.base.products);
  json::object summary = offer_json(request, outcome, products);
  tell_run(summary, "offers", facts.data_version, outcome.offers.size());
  if (options.write_back)
    summary["model_id"] = std::to_string(write(session, request, outcome, summary, facts.data_version).value);
  InsightResult result{summary_text(summary), facts.data_version, outcome.offers.size()};
  if (options.table) result.table = offer_table(outcome, id_column(outcome.ground.holdings.customer), products);
  return result;
}

}  // namespace emptor
