#include "insight/offers/offer_base.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <tuple>

#include "insight/facts/each_row.hpp"

namespace emptor {
namespace {

constexpr std::size_t rows_a_batch = 10'000;
constexpr std::array<std::string_view, 2> purposes = {"marketing", "profiling"};

double margin_share(const Value& price, const Value& cost) {
  if (!price.present() || !cost.present() || price.decimal() <= Decimal(0))
    return std::numeric_limits<double>::quiet_NaN();
  return 1 - cost.decimal().to_double() / price.decimal().to_double();
}

bool is_at_hand(const Value& stock, const Value& active) {
  return (!active.present() || active.boolean()) && (!stock.present() || stock.decimal() > Decimal(0));
}

void add_products(const View& view, OfferBase& base) {
  base.names.resize(base.products.size());
  base.offered.assign(base.products.size(), 0);
  base.margin_shares.assign(base.products.size(), std::numeric_limits<double>::quiet_NaN());
  const Query query{.entity = "product", .fields = {"name", "price", "cost", "stock", "active"}, .limit = rows_a_batch};
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    const auto found = std::lower_bound(base.products.begin(), base.products.end(), batch.ids[i].value);
    if (found == base.products.end() || *found != batch.ids[i].value) return;
    const auto place = static_cast<std::size_t>(found - base.products.begin());
    const auto cell = [&](std::size_t column) { return batch.columns[column].value(i); };
    base.names[place] = cell(0).text();
    base.margin_shares[place] = margin_share(cell(1), cell(2));
    base.offered[place] = is_at_hand(cell(3), cell(4)) ? 1 : 0;
  });
}

/// A statement about one purpose: one that names it before one that names none, then the newest.
struct Statement {
  bool names_purpose = false;
  std::int64_t at = std::numeric_limits<std::int64_t>::min();
  std::int64_t id = 0;
  bool allows = true;

  bool gives_way_to(const Statement& other) const {
    return std::tie(names_purpose, at, id) < std::tie(other.names_purpose, other.at, other.id);
  }
};

void add_refusals(const View& view, Date day, std::vector<std::int64_t>& out) {
  std::map<std::int64_t, std::array<Statement, purposes.size()>> said;
  const Query query{.entity = "consent",
                    .where = Where::missing("channel"),
                    .fields = {"customer_id", "purpose", "state", "stated_at", "valid_to"},
                    .limit = rows_a_batch};
  const Zone zone = Zone::of(view.info().zone);
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    const auto cell = [&](std::size_t column) { return batch.columns[column].value(i); };
    Statement statement{.names_purpose = cell(1).present(), .id = batch.ids[i].value};
    if (cell(3).present()) statement.at = cell(3).instant().micros;
    if (cell(3).present() && zone.date_of(cell(3).instant()) > day) return;
    statement.allows = cell(2).text() == "granted" && (!cell(4).present() || cell(4).date() >= day);
    for (std::size_t k = 0; k < purposes.size(); ++k) {
      if (statement.names_purpose && cell(1).text() != purposes[k]) continue;
      Statement& holds = said[cell(0).id().value][k];
      if (holds.id == 0 || holds.gives_way_to(statement)) holds = statement;
    }
  });
  for (const auto& [customer, statements] : said)
    if (!std::ranges::all_of(statements, &Statement::allows)) out.push_back(customer);
}

void add_blocked(const View& view, Date day, std::vector<Value> kinds, std::vector<std::int64_t>& out) {
  const Query query{.entity = "block",
                    .where = Where::in("kind", std::move(kinds)),
                    .fields = {"customer_id", "valid_from", "valid_to"},
                    .limit = rows_a_batch};
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    const auto cell = [&](std::size_t column) { return batch.columns[column].value(i); };
    const bool in_force =
        (!cell(1).present() || cell(1).date() <= day) && (!cell(2).present() || cell(2).date() >= day);
    if (in_force) out.push_back(cell(0).id().value);
  });
}

void tidy(std::vector<std::int64_t>& customers) {
  std::ranges::sort(customers);
  customers.erase(std::unique(customers.begin(), customers.end()), customers.end());
}

}  // namespace

std::vector<std::int64_t> customers_without_offers(const View& view, Date day) {
  std::vector<std::int64_t> customers;
  add_refusals(view, day, customers);
  add_blocked(view, day, {"no_service", "no_marketing"}, customers);
  tidy(customers);
  return customers;
}

std::vector<std::int64_t> customers_not_served(const View& view, Date day) {
  std::vector<std::int64_t> customers;
  add_blocked(view, day, {"no_service"}, customers);
  tidy(customers);
  return customers;
}

OfferBase offer_base(const View& view, std::vector<std::int64_t> products, Date day, bool consent) {
  OfferBase base{.products = std::move(products)};
  add_products(view, base);
  if (consent) base.left_out = customers_without_offers(view, day);
  return base;
}

}  // namespace emptor
