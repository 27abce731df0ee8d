/// Agreements: what a customer signed, and what they are sent again and again because of it.
#pragma once

#include "emptor/model/describe.hpp"

namespace emptor {

struct Contract {
  EMPTOR_ENTITY(Contract, "contract", 51, "an agreement with a customer over some time")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer who signed it", refers_to("customer"))
  std::string number;
  EMPTOR_FIELD(number, "document number", indexed)
  std::string name;
  EMPTOR_FIELD(name, "what it is about, in a line")
  std::string kind;
  EMPTOR_FIELD(kind, "what sort", one_of("sale|service|maintenance|rental|licence|frame|other"))
  std::string status;
  EMPTOR_FIELD(status, "how far it is", one_of("draft|active|suspended|ended|cancelled"))
  Id opportunity_id;
  EMPTOR_FIELD(opportunity_id, "the opportunity that it came from", refers_to("opportunity"))
  Id owner_id;
  EMPTOR_FIELD(owner_id, "the user who looks after it", responsible)
  Id service_level_id;
  EMPTOR_FIELD(service_level_id, "the service that it promises", refers_to("service_level"))
  std::optional<Date> signed_on;
  EMPTOR_FIELD(signed_on, "day of signature", moment)
  std::optional<Date> starts_on;
  EMPTOR_FIELD(starts_on, "first day")
  std::optional<Date> ends_on;
  EMPTOR_FIELD(ends_on, "last day", indexed)
  std::optional<std::int64_t> notice_days;
  EMPTOR_FIELD(notice_days, "days of notice before its end")
  std::optional<bool> renews;
  EMPTOR_FIELD(renews, "goes on unless somebody gives notice")
  std::optional<Decimal> amount;
  EMPTOR_FIELD(amount, "what it is worth as a whole, in `currency`")
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217; the base currency if missing")
  std::optional<Decimal> base_amount;
  EMPTOR_FIELD(base_amount, "the amount in the base currency, at the host's rate of the day")
  std::string terms;
  EMPTOR_FIELD(terms, "what was agreed besides, or where it is kept")
};

struct Subscription {
  EMPTOR_ENTITY(Subscription, "subscription", 52, "a product delivered again and again; a customer may have several")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer who pays", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer who first took it", refers_to("customer"))
  Id recipient_id;
  EMPTOR_FIELD(recipient_id, "who gets it, where that is somebody else (a present)", indexed | refers_to("customer"))
  Id product_id;
  EMPTOR_FIELD(product_id, "what is delivered", indexed | refers_to("product"))
  Id contract_id;
  EMPTOR_FIELD(contract_id, "the contract", refers_to("contract"))
  Id contact_point_id;
  EMPTOR_FIELD(contact_point_id, "where it goes", refers_to("contact_point"))
  std::string number;
  EMPTOR_FIELD(number, "number of the source", indexed)
  std::string channel;
  EMPTOR_FIELD(channel, "how it was sold", one_of("field|phone|partner|shop|web|mail|other"))
  Id owner_id;
  EMPTOR_FIELD(owner_id, "the user who sold it", responsible)
  std::string status;
  EMPTOR_FIELD(status, "how far it is", one_of("trial|active|paused|ended|cancelled"))
  std::optional<Date> starts_on;
  EMPTOR_FIELD(starts_on, "first day", moment)
  std::optional<Date> ends_on;
  EMPTOR_FIELD(ends_on, "last day paid for", indexed)
  std::optional<bool> renews;
  EMPTOR_FIELD(renews, "goes on unless somebody gives notice")
  std::string period;
  EMPTOR_FIELD(period, "how often it is paid", one_of("once|week|month|quarter|half_year|year"))
  std::optional<Decimal> quantity;
  EMPTOR_FIELD(quantity, "copies of each issue")
  std::optional<std::int64_t> issues;
  EMPTOR_FIELD(issues, "number of issues agreed")
  std::optional<Decimal> price;
  EMPTOR_FIELD(price, "price of a period, in `currency`")
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217; the base currency if missing")
  std::optional<Instant> cancelled_at;
  EMPTOR_FIELD(cancelled_at, "when notice was given")
  std::string cancel_reason;
  EMPTOR_FIELD(cancel_reason, "why, as a class")
};

struct Issue {
  EMPTOR_ENTITY(Issue, "issue", 53, "one issue of a subscription, as it was sent")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer, as on the subscription", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first booked for", refers_to("customer"))
  Id subscription_id;
  EMPTOR_FIELD(subscription_id, "the subscription", required | indexed | refers_to("subscription"))
  std::string label;
  EMPTOR_FIELD(label, "which issue (\"2024/07\")", required)
  std::optional<Date> due_on;
  EMPTOR_FIELD(due_on, "day on which it should arrive", indexed)
  std::optional<Instant> sent_at;
  EMPTOR_FIELD(sent_at, "when it left", moment)
  std::optional<Instant> delivered_at;
  EMPTOR_FIELD(delivered_at, "when it arrived")
  std::string status;
  EMPTOR_FIELD(status, "how far it is", one_of("planned|sent|delivered|claimed|sent_again|returned"))
};

}  // namespace emptor
