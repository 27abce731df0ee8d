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

}  // namespace emptor
