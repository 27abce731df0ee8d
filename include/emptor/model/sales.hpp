/// Sales: products and their prices, orders, payments and returns.
#pragma once

#include "emptor/model/describe.hpp"

namespace emptor {

struct Product {
  EMPTOR_ENTITY(Product, "product", 40, "what is sold")
  std::string name;
  EMPTOR_FIELD(name, "name as sold", required | searched)
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
  EMPTOR_FIELD(description, "free text", searched)
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

struct PriceList {
  EMPTOR_ENTITY(PriceList, "price_list", 41, "prices that hold for some customers in some time")
  std::string name;
  EMPTOR_FIELD(name, "name of the list", required)
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217; the base currency if missing")
  std::string tier;
  EMPTOR_FIELD(tier, "service tier of the customers that it is for; missing is all")
  std::string channel;
  EMPTOR_FIELD(channel, "sales channel that it is for; missing is all")
  std::optional<Date> valid_from;
  EMPTOR_FIELD(valid_from, "first day; missing is always")
  std::optional<Date> valid_to;
  EMPTOR_FIELD(valid_to, "last day; missing is for ever")
};

struct PriceListItem {
  EMPTOR_ENTITY(PriceListItem, "price_list_item", 42, "the price of one product in a price list")
  Id price_list_id;
  EMPTOR_FIELD(price_list_id, "the price list", required | indexed | refers_to("price_list"))
  Id product_id;
  EMPTOR_FIELD(product_id, "the product", required | indexed | refers_to("product"))
  std::optional<Decimal> least_quantity;
  EMPTOR_FIELD(least_quantity, "units from which on it holds; missing is any number")
  std::optional<Decimal> price;
  EMPTOR_FIELD(price, "price of one unit, in the list's currency", required)
};

struct BundleItem {
  EMPTOR_ENTITY(BundleItem, "bundle_item", 43, "a product that is part of another, sold as a bundle")
  Id bundle_id;
  EMPTOR_FIELD(bundle_id, "the product that is the bundle", required | refers_to("product"))
  Id product_id;
  EMPTOR_FIELD(product_id, "the part", required | refers_to("product"))
  std::optional<Decimal> quantity;
  EMPTOR_FIELD(quantity, "units of the part in one bundle")
  std::optional<bool> optional;
  EMPTOR_FIELD(optional, "the customer may leave it out")
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
  EMPTOR_FIELD(ordered_at, "when it was placed", indexed | moment)
  std::optional<Instant> due_at;
  EMPTOR_FIELD(due_at, "when it is to be delivered or paid")
  std::optional<Instant> shipped_at;
  EMPTOR_FIELD(shipped_at, "when it left")
  std::string status;
  EMPTOR_FIELD(status, "state of fulfilment")
  std::string channel;
  EMPTOR_FIELD(channel, "sales channel or ship mode")
  Id owner_id;
  EMPTOR_FIELD(owner_id, "the user who sold it", responsible)
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

struct Payment {
  EMPTOR_ENTITY(Payment, "payment", 54, "money received for an order or contract, or paid back")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer who paid", of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first booked for", refers_to("customer"))
  Id order_id;
  EMPTOR_FIELD(order_id, "the order that it is for", indexed | refers_to("order"))
  Id contract_id;
  EMPTOR_FIELD(contract_id, "the contract that it is for", refers_to("contract"))
  Id subscription_id;
  EMPTOR_FIELD(subscription_id, "the subscription that it is for", refers_to("subscription"))
  std::string number;
  EMPTOR_FIELD(number, "document number of the source", indexed)
  std::string kind;
  EMPTOR_FIELD(kind, "refund is paid back to the customer", one_of("payment|refund"))
  std::string method;
  EMPTOR_FIELD(method, "how (\"card\", \"bank transfer\")")
  std::string reference;
  EMPTOR_FIELD(reference, "account or reference of the payer", personal)
  std::optional<Instant> paid_at;
  EMPTOR_FIELD(paid_at, "when it came in", moment)
  std::optional<Date> due_on;
  EMPTOR_FIELD(due_on, "day on which it was due")
  std::optional<Decimal> amount;
  EMPTOR_FIELD(amount, "how much, in `currency`; a refund is above 0 too")
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217; the base currency if missing")
  std::optional<Decimal> base_amount;
  EMPTOR_FIELD(base_amount, "the amount in the base currency, at the host's rate of the day")
};

struct Return {
  EMPTOR_ENTITY(Return, "return", 55, "goods that a customer sent back")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer; missing where the source does not say", of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first booked for", refers_to("customer"))
  Id order_id;
  EMPTOR_FIELD(order_id, "the order that they came from", indexed | refers_to("order"))
  Id product_id;
  EMPTOR_FIELD(product_id, "the product; missing where the whole order came back", refers_to("product"))
  std::optional<Decimal> quantity;
  EMPTOR_FIELD(quantity, "units")
  std::optional<Decimal> amount;
  EMPTOR_FIELD(amount, "what they had been sold for, in `currency`")
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217; the base currency if missing")
  std::optional<Decimal> base_amount;
  EMPTOR_FIELD(base_amount, "the amount in the base currency, at the host's rate of the day")
  std::optional<Instant> returned_at;
  EMPTOR_FIELD(returned_at, "when they came back", indexed | moment)
  Id territory_id;
  EMPTOR_FIELD(territory_id, "where they came back", refers_to("territory"))
  std::string reason;
  EMPTOR_FIELD(reason, "why, as a class")
};

}  // namespace emptor
