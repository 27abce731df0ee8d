/// Sales: products and prices, opportunities and quotes, contracts, orders, payments and returns.
#pragma once

#include "emptor/model/describe.hpp"

namespace emptor {

struct Product {
  EMPTOR_ENTITY(Product, "product", 40, "what is sold")
  std::string name;
  EMPTOR_FIELD(name, "name as sold", required)
  std::string name_key;
  EMPTOR_FIELD(name_key, "folded name; set by the library",
               FieldOptions{field_flag::system | field_flag::indexed, {}, {}})
  std::string sku;
  EMPTOR_FIELD(sku, "stock keeping unit or article number", indexed)
  std::string category;
  EMPTOR_FIELD(category, "main category", indexed)
  std::string subcategory;
  EMPTOR_FIELD(subcategory, "category below the main one")
  std::string brand;
  EMPTOR_FIELD(brand, "brand or series")
  std::string description;
  EMPTOR_FIELD(description, "free text")
  std::optional<Decimal> price;
  EMPTOR_FIELD(price, "list price of one unit, in `currency`")
  std::optional<Decimal> cost;
  EMPTOR_FIELD(cost, "cost of one unit, in `currency`")
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217; the base currency if missing")
  std::optional<Decimal> stock;
  EMPTOR_FIELD(stock, "units at hand")
  std::optional<bool> active;
  EMPTOR_FIELD(active, "still sold")
};

struct Order {
  EMPTOR_ENTITY(Order, "order", 48, "a purchase, or a credit note that takes one back")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the buyer; missing for an anonymous sale", of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first booked for", refers_to("customer"))
  std::string number;
  EMPTOR_FIELD(number, "document number of the source", indexed)
  std::string kind;
  EMPTOR_FIELD(kind, "credit_note takes back a sale", one_of("sale|credit_note"))
  std::optional<Instant> ordered_at;
  EMPTOR_FIELD(ordered_at, "when it was placed", indexed)
  std::optional<Instant> due_at;
  EMPTOR_FIELD(due_at, "when it is to be delivered or paid")
  std::optional<Instant> shipped_at;
  EMPTOR_FIELD(shipped_at, "when it left")
  std::string status;
  EMPTOR_FIELD(status, "state of fulfilment")
  std::string channel;
  EMPTOR_FIELD(channel, "sales channel or ship mode")
  Id owner_id;
  EMPTOR_FIELD(owner_id, "the user who sold it", refers_to("user"))
  Id territory_id;
  EMPTOR_FIELD(territory_id, "where it was sold", refers_to("territory"))
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217; the base currency if missing")
  std::optional<Decimal> freight;
  EMPTOR_FIELD(freight, "freight charged, in `currency`")
};

struct OrderLine {
  EMPTOR_ENTITY(OrderLine, "order_line", 49, "one product on an order; category and price are frozen at sale")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the buyer, as on the order", of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first booked for", refers_to("customer"))
  Id order_id;
  EMPTOR_FIELD(order_id, "the order", required | indexed | refers_to("order"))
  Id product_id;
  EMPTOR_FIELD(product_id, "the product", indexed | refers_to("product"))
  std::string category;
  EMPTOR_FIELD(category, "the product's category when it was sold")
  std::string description;
  EMPTOR_FIELD(description, "text of the line where it differs from the product's name")
  std::optional<Decimal> quantity;
  EMPTOR_FIELD(quantity, "units; negative for what is taken back")
  std::optional<Decimal> price;
  EMPTOR_FIELD(price, "price of one unit, in `currency`")
  std::optional<Decimal> discount;
  EMPTOR_FIELD(discount, "share taken off the price, 0 to 1")
  std::optional<Decimal> amount;
  EMPTOR_FIELD(amount, "what the line came to, in `currency`")
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217; the base currency if missing")
  std::optional<Decimal> base_amount;
  EMPTOR_FIELD(base_amount, "the amount in the base currency, at the host's rate of the day")
  std::optional<Decimal> cost;
  EMPTOR_FIELD(cost, "what the line cost us, in `currency`")
  std::optional<std::int64_t> source_key;
  EMPTOR_FIELD(source_key, "fingerprint of the imported line and its occurrence in the document")
};

}  // namespace emptor
