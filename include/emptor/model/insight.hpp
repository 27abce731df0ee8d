/// Insight: what was computed about customers, with the model and the data it stands for.
#pragma once

#include "emptor/model/describe.hpp"

namespace emptor {

struct Model {
  EMPTOR_ENTITY(Model, "model", 80, "an analysis as it was run: algorithm, options, data version, state")
  std::string name;
  EMPTOR_FIELD(name, "name of the insight (\"rfm\")", required | indexed)
  std::string algorithm;
  EMPTOR_FIELD(algorithm, "the method and its version")
  std::string options;
  EMPTOR_FIELD(options, "options, as JSON")
  std::optional<std::int64_t> data_version;
  EMPTOR_FIELD(data_version, "journal position of the data it was computed from")
  std::optional<Date> as_of;
  EMPTOR_FIELD(as_of, "the day it stands for")
  std::string state;
  EMPTOR_FIELD(state, "fitted parameters, as JSON")
  Octets fitted;
  EMPTOR_FIELD(fitted, "what it scores a single customer by, checked bytes; missing where it cannot")
  std::optional<bool> live;
  EMPTOR_FIELD(live, "its scores are kept up to date inside every write", indexed)
};

struct Score {
  EMPTOR_ENTITY(Score, "score", 81, "a number or a class that a model gave a customer")
  static constexpr std::string_view unique_keys[] = {"customer_id|name"};
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first given to", refers_to("customer"))
  std::string name;
  EMPTOR_FIELD(name, "which score (\"rfm.recency\")", required | indexed)
  std::optional<double> value;
  EMPTOR_FIELD(value, "the number")
  std::string label;
  EMPTOR_FIELD(label, "the class, where the score is one")
  Id model_id;
  EMPTOR_FIELD(model_id, "the model that gave it", refers_to("model"))
  std::optional<std::int64_t> data_version;
  EMPTOR_FIELD(data_version, "journal position of the data it stands for")
};

struct Segment {
  EMPTOR_ENTITY(Segment, "segment", 82, "the customers to whom a rule applies, at any moment")
  std::string name;
  EMPTOR_FIELD(name, "name of the segment", required)
  std::string rule;
  EMPTOR_FIELD(rule, "the rule", required)
  std::string description;
  EMPTOR_FIELD(description, "what it is for")
  Id owner_id;
  EMPTOR_FIELD(owner_id, "the user who made it", responsible)
  std::optional<bool> active;
  EMPTOR_FIELD(active, "whether it is a segment at all; missing is yes")
  std::optional<bool> watched;
  EMPTOR_FIELD(watched, "customers who enter or leave it are noted (segment_change)")
  std::optional<bool> forgets;
  EMPTOR_FIELD(forgets, "whom it has is due to be forgotten by law (docs/forgetting.md)")
};

struct SegmentChange {
  EMPTOR_ENTITY(SegmentChange, "segment_change", 85, "that a customer entered or left a watched segment")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first noted for", refers_to("customer"))
  Id segment_id;
  EMPTOR_FIELD(segment_id, "the segment", required | indexed | refers_to("segment"))
  std::string kind;
  EMPTOR_FIELD(kind, "which of the two", required | one_of("enter|leave"))
  std::optional<Instant> at;
  EMPTOR_FIELD(at, "when it became true: the write, or the midnight at which it fell due", required | moment)
};

struct Alert {
  EMPTOR_ENTITY(Alert, "alert", 83, "a customer who needs attention now, and why")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first raised for", refers_to("customer"))
  std::string kind;
  EMPTOR_FIELD(kind, "what sort", required | one_of("value|value_change|problem|churn|credit|fraud|care|service"))
  std::optional<std::int64_t> severity;
  EMPTOR_FIELD(severity, "1 note to 5 act today")
  std::string reason;
  EMPTOR_FIELD(reason, "why, in plain words", personal)
  std::optional<Instant> raised_at;
  EMPTOR_FIELD(raised_at, "when", moment)
  Id owner_id;
  EMPTOR_FIELD(owner_id, "the user who is to act", indexed | responsible)
  std::string status;
  EMPTOR_FIELD(status, "how far it is", indexed | one_of("open|seen|acted|dismissed|expired"))
  std::optional<Instant> handled_at;
  EMPTOR_FIELD(handled_at, "when somebody acted or dismissed it")
  Id model_id;
  EMPTOR_FIELD(model_id, "the model that raised it", refers_to("model"))
  std::optional<std::int64_t> data_version;
  EMPTOR_FIELD(data_version, "journal position of the data it stands for")
};

struct Recommendation {
  EMPTOR_ENTITY(Recommendation, "recommendation", 84, "what to do next for a customer, or to offer them, and why")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first made for", refers_to("customer"))
  std::string action;
  EMPTOR_FIELD(action, "what to do", required | one_of("market|sell|serve|care|win_back|wait"))
  Id product_id;
  EMPTOR_FIELD(product_id, "the product to offer", refers_to("product"))
  std::optional<std::int64_t> rank;
  EMPTOR_FIELD(rank, "1 is the best for this customer")
  std::optional<double> score;
  EMPTOR_FIELD(score, "what the model expects of it")
  std::string reason;
  EMPTOR_FIELD(reason, "why, in plain words", personal)
  std::optional<Instant> made_at;
  EMPTOR_FIELD(made_at, "when", moment)
  std::optional<Date> valid_to;
  EMPTOR_FIELD(valid_to, "last day on which it makes sense")
  std::string status;
  EMPTOR_FIELD(status, "what came of it", indexed | one_of("open|shown|accepted|declined|expired"))
  Id model_id;
  EMPTOR_FIELD(model_id, "the model that made it", refers_to("model"))
  std::optional<std::int64_t> data_version;
  EMPTOR_FIELD(data_version, "journal position of the data it stands for")
};

}  // namespace emptor
