// The bytes of a discrete-time hazard.
#include <cmath>

#include "emptor/mine/hazard.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"
#include "mine/symmetric.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "hazard";
constexpr std::uint64_t payload_version = 1;

void check_whole(const HazardModel& model) {
  const bool by_period = model.options.baseline == HazardBaseline::periods;
  expect(model.last >= 1 && model.baseline.size() == (by_period ? model.last : 2));
  const std::size_t parameters = model.baseline.size() + model.features();
  expect(model.centre.size() == model.features() && model.aliased.size() == parameters);
  expect(model.covariance.size() == triangle_size(parameters));
  expect(model.options.features.empty() || model.options.features.size() == model.features());
}

}  // namespace

std::string save(const HazardModel& model) {
  std::string payload;
  const HazardOptions& options = model.options;
  append_varint(payload, static_cast<std::uint64_t>(options.link));
  append_varint(payload, static_cast<std::uint64_t>(options.baseline));
  append_double(payload, options.tolerance);
  append_varint(payload, options.rounds);
  append_texts(payload, options.features);
  for (const std::vector<double>* values : {&model.baseline, &model.coefficients, &model.centre, &model.covariance})
    append_doubles(payload, *values);
  append_whole(payload, model.aliased);
  for (const double value : {model.log_likelihood, model.periods, model.events}) append_double(payload, value);
  append_varint(payload, model.rows);
  append_varint(payload, model.last);
  append_varint(payload, model.rounds);
  append_varint(payload, model.converged ? 1 : 0);
  const std::string text = OptionsText()
                               .word("link", options.link == HazardLink::logit ? "logit" : "cloglog")
                               .word("baseline", options.baseline == HazardBaseline::periods ? "periods" : "log_time")
                               .number("tolerance", options.tolerance)
                               .whole("rounds", options.rounds)
                               .text();
  return to_bytes({std::string(algorithm), payload_version, text, model.data_version, payload});
}

HazardModel load_hazard(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  HazardModel model;
  model.data_version = frame.data_version;
  const std::uint64_t link = reader.varint(), baseline = reader.varint();
  expect(link <= 1 && baseline <= 1);
  model.options.link = static_cast<HazardLink>(link);
  model.options.baseline = static_cast<HazardBaseline>(baseline);
  model.options.tolerance = read_double(reader);
  model.options.rounds = reader.varint();
  model.options.features = read_texts(reader);
  for (std::vector<double>* values : {&model.baseline, &model.coefficients, &model.centre, &model.covariance})
    *values = read_doubles(reader);
  model.aliased = read_whole<std::uint8_t>(reader);
  for (double* value : {&model.log_likelihood, &model.periods, &model.events}) *value = read_double(reader);
  model.rows = reader.varint();
  const std::uint64_t last = reader.varint();
  expect(last <= 100'000);
  model.last = static_cast<std::uint32_t>(last);
  model.rounds = reader.varint();
  model.converged = reader.varint() != 0;
  expect(reader.done());
  check_whole(model);
  return model;
}

}  // namespace emptor::mine
