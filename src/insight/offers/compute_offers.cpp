#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/offers/offer_work.hpp"
#include "insight/tables/purchase_options.hpp"

namespace emptor {

namespace json = boost::json;

std::string_view compute_offers_schema() {
  static const std::string text = with_product_column(offers_schema);
  return text;
}

ComputedResult compute_offers(const PlainData& data) {
  const ProductPurchases bought = product_purchases(offers_schema, data);
  const OfferRequest request = offer_request(checked_options(offers_schema, bought.own_options), bought.as_of);
  if (request.order == OfferOrder::margin)
    throw Error(Problem{Code::invalid,
                        "a plain table says nothing of margins",
                        {},
                        "rank_by",
                        {},
                        "rank by chance or by amount, or use a store whose products have price and cost"});
  const CustomerLines lines = lines_of(bought.purchases);
  const OfferOutcome outcome =
      make_offers(lines, {.products = products_of(lines)}, request, {data.executor, data.progress});
  const Column products = keys_at(outcome.base.products, bought.purchases.products);
  json::object summary = offer_json(request, outcome, products);
  tell_table(summary, "offers", bought.purchases);
  return {summary_text(summary),
          offer_table(outcome, keys_at(outcome.ground.holdings.customer, bought.purchases.customers), products)};
}

}  // namespace emptor
