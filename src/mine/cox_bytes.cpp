// The bytes of a Cox model.
#include <algorithm>
#include <cmath>
#include <limits>

#include "emptor/mine/cox.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"
#include "mine/symmetric.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "cox";
constexpr std::uint64_t payload_version = 1;

void check_whole(const CoxModel& model) {
  const std::size_t features = model.features();
  expect(features >= 1 && model.covariance.size() == triangle_size(features));
  expect(model.aliased.size() == features && model.centre.size() == features && !model.baselines.empty());
  expect(model.options.features.empty() || model.options.features.size() == features);
  for (std::size_t i = 0; i < model.baselines.size(); ++i) {
    const BaselineHazard& one = model.baselines[i];
    expect(one.times.size() == one.hazard.size());
    expect(i == 0 || model.baselines[i - 1].stratum < one.stratum);
    expect(std::is_sorted(one.times.begin(), one.times.end()));
    for (const double hazard : one.hazard) expect(hazard >= 0);
  }
}

}  // namespace

std::string save(const CoxModel& model) {
  std::string payload;
  const CoxOptions& options = model.options;
  append_varint(payload, static_cast<std::uint64_t>(options.ties));
  append_double(payload, options.ridge);
  append_double(payload, options.tolerance);
  append_varint(payload, options.rounds);
  append_texts(payload, options.features);
  append_doubles(payload, model.coefficients);
  append_doubles(payload, model.covariance);
  append_whole(payload, model.aliased);
  append_doubles(payload, model.centre);
  for (const double value : {model.log_likelihood, model.null_log_likelihood, model.concordance, model.events})
    append_double(payload, value);
  append_varint(payload, model.rows);
  append_varint(payload, model.rounds);
  append_varint(payload, model.converged ? 1 : 0);
  append_varint(payload, model.baselines.size());
  for (const BaselineHazard& one : model.baselines) {
    append_varint(payload, one.stratum);
    append_doubles(payload, one.times);
    append_doubles(payload, one.hazard);
  }
  const std::string text = OptionsText()
                               .word("ties", options.ties == CoxTies::efron ? "efron" : "breslow")
                               .number("ridge", options.ridge)
                               .number("tolerance", options.tolerance)
                               .whole("rounds", options.rounds)
                               .text();
  return to_bytes({std::string(algorithm), payload_version, text, model.data_version, payload});
}

CoxModel load_cox(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  CoxModel model;
  model.data_version = frame.data_version;
  const std::uint64_t ties = reader.varint();
  expect(ties <= static_cast<std::uint64_t>(CoxTies::breslow));
  model.options.ties = static_cast<CoxTies>(ties);
  model.options.ridge = read_double(reader);
  model.options.tolerance = read_double(reader);
  model.options.rounds = reader.varint();
  model.options.features = read_texts(reader);
  model.coefficients = read_doubles(reader);
  model.covariance = read_doubles(reader);
  model.aliased = read_whole<std::uint8_t>(reader);
  model.centre = read_doubles(reader);
  for (double* value : {&model.log_likelihood, &model.null_log_likelihood, &model.concordance, &model.events})
    *value = read_double(reader);
  model.rows = reader.varint();
  model.rounds = reader.varint();
  model.converged = reader.varint() != 0;
  const std::uint64_t baselines = reader.varint();
  expect(baselines <= reader.left());
  for (std::uint64_t i = 0; i < baselines; ++i) {
    const std::uint64_t stratum = reader.varint();
    expect(stratum <= std::numeric_limits<std::uint32_t>::max());
    BaselineHazard& one = model.baselines.emplace_back();
    one.stratum = static_cast<std::uint32_t>(stratum);
    one.times = read_doubles(reader);
    one.hazard = read_doubles(reader);
  }
  expect(reader.done());
  check_whole(model);
  return model;
}

}  // namespace emptor::mine
