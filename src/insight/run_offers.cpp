#include <unordered_map>

#include "core/options.hpp"
#include "insight/insight_runs.hpp"
#include "insight/offer_work.hpp"
#include "insight/offer_writing.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// Names of products, looked up once each.
class ProductNames {
 public:
  explicit ProductNames(const View& view) : view_(view) {}

  const std::string& of(std::int64_t product) {
    const auto [found, fresh] = names_.try_emplace(product);
    if (fresh) {
      const std::vector<Record> records =
          view_.select({.entity = "product", .where = Where::equal("id", Id{product}), .fields = {"name"}, .limit = 1});
      if (!records.empty()) found->second = records.front().get("name").text();
    }
    return found->second;
  }

 private:
  const View& view_;
  std::unordered_map<std::int64_t, std::string> names_;
};

std::string reason_of(const OfferOutcome& outcome, const Offer& offer, ProductNames& names) {
  if (offer.because) return "often bought by those who have: " + names.of(outcome.products[*offer.because]);
  return "bought by " + std::to_string(outcome.buyers[offer.item]) + " customers";
}

Id write(Session& session, const OfferOutcome& outcome, const json::object& told, std::int64_t data_version) {
  const InsightRun run{
      .name = "offers",
      .algorithm = "offers/1 " + (outcome.chosen.empty() ? "none" : outcome.chosen),
      .options = json::serialize(told.at("options")),
      .state = json::serialize(json::object{{"models", told.at("models")}, {"verdict", outcome.verdict}}),
      .as_of = outcome.until,
      .data_version = data_version,
      .scores = {}};
  const View view = session.view();
  ProductNames names(view);
  const std::span<const std::int64_t> offered(outcome.holdings.customer.data(), outcome.offers.size());
  return write_offers(session, run, offered, [&](std::size_t i, std::vector<GivenOffer>& offers) {
    for (const Offer& offer : outcome.offers[i])
      offers.push_back({outcome.products[offer.item], offer.score, reason_of(outcome, offer, names)});
  });
}

}  // namespace

InsightResult run_offers(Session& session, const InsightOptions& options) {
  const OfferRequest request = offer_request(checked_options(offers_schema, options.json), options.as_of);
  const Facts facts = read_facts(session);
  const OfferOutcome outcome =
      make_offers(lines_of(facts), request, {session.options().executor, session.options().progress});
  json::object summary = offer_json(request, outcome);
  tell_run(summary, "offers", facts.data_version, outcome.offers.size());
  if (options.write_back)
    summary["model_id"] = std::to_string(write(session, outcome, summary, facts.data_version).value);
  InsightResult result{json::serialize(summary), facts.data_version, outcome.offers.size()};
  if (options.table)
    result.table = offer_table(outcome, id_column(outcome.holdings.customer), id_column(outcome.products));
  return result;
}

}  // namespace emptor
