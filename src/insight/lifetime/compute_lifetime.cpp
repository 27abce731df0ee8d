#include "core/options.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/lifetime/lifetime_work.hpp"
#include "insight/tables/purchase_options.hpp"

namespace emptor {

namespace json = boost::json;

std::string_view compute_lifetime_schema() {
  static const std::string text = with_purchase_columns(lifetime_schema);
  return text;
}

namespace {

/// What is known of customers besides, read from the columns that the options name.
struct GivenCovariates {
  PlainCovariates rate, leaving;
  LifetimeCovariates view() const { return {&rate, &leaving}; }
};

GivenCovariates given_covariates(const ArrowTable& table, const PlainPurchases& purchases,
                                 const LifetimeRequest& request) {
  return {plain_covariates(table, purchases, request.covariates),
          plain_covariates(table, purchases, request.leaving_names())};
}

}  // namespace

ComputedResult compute_lifetime(const PlainData& data) {
  const OptionReader options(compute_lifetime_schema(), data.json);
  const OptionReader own(compute_lifetime_schema(), without_purchase_columns(options));
  const json::object given = checked_options(lifetime_schema, own.without({}));
  LifetimeRequest request = lifetime_request(given, options.day("as_of"));
  request.rows.zone = purchase_zone(options);
  PurchaseColumnNames names = purchase_columns(options);
  names.instants = request.rows.event == PurchaseEvent::instant;
  names.places = !request.covariates.empty() || !request.leaving_names().empty();
  const ArrowTable table(data.stream);
  const PlainPurchases purchases = plain_purchases(table, names, request.rows.zone);
  const GivenCovariates covariates = given_covariates(table, purchases, request);
  const CustomerLines lines = lines_of(purchases);
  const LifetimeRows rows = lifetime_rows(lines, request.rows);
  const LifetimeOutcome outcome =
      predict_lifetimes(lines, rows, covariates.view(), request, {data.executor, data.progress});
  json::object summary = lifetime_json(rows, covariates.view(), request, outcome);
  tell_table(summary, "lifetime", purchases);
  return {summary_text(summary), lifetime_table(rows, outcome, keys_at(rows.customer, purchases.customers))};
}

}  // namespace emptor
