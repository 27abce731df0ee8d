#include "insight/offers/offer_writing.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>

#include "core/long_call.hpp"
#include "insight/facts/each_row.hpp"

namespace emptor {
namespace {

constexpr std::size_t customers_a_batch = 2'000;

struct Standing {
  Id id;
  std::int64_t rank = 0;
  double score = 0;
  std::string reason, status, action;
  std::optional<Date> valid_to;
};
using StandingOffers = std::map<std::pair<std::int64_t, std::int64_t>, Standing>;  // by customer and product

StandingOffers standing_offers(const View& view, Id model, std::int64_t after, std::int64_t upto) {
  const Query query{
      .entity = "recommendation",
      .where =
          Where::all({Where::compare("customer_id", Operator::greater, Value::of_bits(Type::id, after)),
                      Where::compare("customer_id", Operator::less_equal, Id{upto}), Where::equal("model_id", model)}),
      .order = {{"customer_id"}},
      .fields = {"customer_id", "product_id", "rank", "score", "reason", "status", "valid_to", "action"},
      .limit = 10'000};
  StandingOffers standing;
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    const auto cell = [&](std::size_t column) { return batch.columns[column].value(i); };
    Standing one{batch.ids[i]};
    if (cell(2).present()) one.rank = cell(2).integer();
    if (cell(3).present()) one.score = cell(3).real();
    one.reason = cell(4).text();
    one.status = cell(5).text();
    if (cell(6).present()) one.valid_to = cell(6).date();
    one.action = cell(7).text();
    standing[{cell(0).id().value, cell(1).id().value}] = std::move(one);
  });
  return standing;
}

bool same(const Standing& standing, std::int64_t rank, const GivenOffer& offer) {
  return standing.rank == rank && standing.reason == offer.reason && standing.valid_to == offer.valid_to &&
         standing.action == offer.action &&
         std::bit_cast<std::uint64_t>(standing.score) == std::bit_cast<std::uint64_t>(offer.score);
}

/// The changes of one batch of customers.
class OfferChanges {
 public:
  OfferChanges(const View& view, const InsightRun& run, Id model, std::int64_t after, std::int64_t upto)
      : run_(run), model_(model), standing_(standing_offers(view, model, after, upto)) {}

  void give(std::int64_t customer, const std::vector<GivenOffer>& offers) {
    std::int64_t rank = 0;
    for (const GivenOffer& offer : offers) give_one(customer, offer, ++rank);
  }
  ChangeSet& finish() {
    for (const auto& [key, standing] : standing_)
      if (is_open(standing)) changes_.erase("recommendation", standing.id);
    return changes_;
  }

 private:
  static bool is_open(const Standing& standing) { return standing.status.empty() || standing.status == "open"; }

  void give_one(std::int64_t customer, const GivenOffer& offer, std::int64_t rank) {
    Id id = no_id;
    if (const auto found = standing_.extract({customer, offer.product}); !found.empty()) {
      if (!is_open(found.mapped()) || same(found.mapped(), rank, offer)) return;
      id = found.mapped().id;
    }
    ChangeSet::Put put = changes_.put("recommendation", id);
    if (!id) put.set("customer_id", Id{customer}).set("product_id", Id{offer.product});
    put.set("action", offer.action);
    put.set("rank", rank).set("score", offer.score).set("reason", std::string_view(offer.reason));
    put.set("valid_to", offer.valid_to ? Value(*offer.valid_to) : Value());
    put.set("status", "open").set("model_id", model_).set("data_version", run_.data_version);
  }

  const InsightRun& run_;
  Id model_;
  StandingOffers standing_;
  ChangeSet changes_;
};

}  // namespace

Id write_offers(Session& session, const InsightRun& run, std::span<const std::int64_t> customers,
                const std::function<void(std::size_t, std::vector<GivenOffer>&)>& give) {
  const Id model = write_model(session, run);
  std::vector<GivenOffer> offers;
  std::int64_t upto = 0;
  for (std::size_t first = 0; first == 0 || first < customers.size(); first += customers_a_batch) {
    beat(run.name, first, customers.size());
    const std::size_t end = std::min(first + customers_a_batch, customers.size());
    const std::int64_t after = upto;
    upto = end == customers.size() ? std::numeric_limits<std::int64_t>::max() : customers[end - 1];
    OfferChanges changes(session.view(), run, model, after, upto);
    for (std::size_t i = first; i < end; ++i) {
      offers.clear();
      give(i, offers);
      changes.give(customers[i], offers);
    }
    const ChangeSet& set = changes.finish();
    if (!set.empty()) session.apply(set, {.reason = "insight " + run.name});
  }
  return model;
}

}  // namespace emptor
