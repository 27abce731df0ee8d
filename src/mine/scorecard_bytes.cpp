// The bytes of a scorecard.
#include <algorithm>
#include <cmath>

#include "emptor/mine/scorecard.hpp"
#include "mine/binning_bytes.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "scorecard";
constexpr std::uint64_t payload_version = 1;

std::string options_text(const ScorecardOptions& options) {
  return OptionsText()
      .number("base_points", options.base_points)
      .number("base_odds", options.base_odds)
      .number("points_to_double", options.points_to_double)
      .flag("whole_points", options.whole_points)
      .number("least_information", options.least_information)
      .number("ridge", options.ridge)
      .flag("drop_contrary", options.drop_contrary)
      .flag("allow_protected", options.allow_protected)
      .text();
}

void append_options(std::string& out, const ScorecardOptions& options) {
  append_options(out, options.binning);
  for (const double value :
       {options.base_points, options.base_odds, options.points_to_double, options.least_information, options.ridge})
    append_double(out, value);
  append_varint(
      out, (options.whole_points ? 1U : 0U) + (options.drop_contrary ? 2U : 0U) + (options.allow_protected ? 4U : 0U));
  append_texts(out, options.protected_columns);
}

ScorecardOptions read_options(ByteReader& reader) {
  ScorecardOptions options;
  options.binning = read_binning_options(reader);
  for (double* value : {&options.base_points, &options.base_odds, &options.points_to_double, &options.least_information,
                        &options.ridge})
    *value = read_double(reader);
  expect(options.base_odds > 0 && options.points_to_double > 0);
  const std::uint64_t flags = reader.varint();
  options.whole_points = (flags & 1) != 0;
  options.drop_contrary = (flags & 2) != 0;
  options.allow_protected = (flags & 4) != 0;
  options.protected_columns = read_texts(reader);
  return options;
}

ScorecardColumn read_column(ByteReader& reader, const ColumnBinning& binning) {
  ScorecardColumn column;
  const std::uint64_t use = reader.varint();
  expect(use <= static_cast<std::uint64_t>(ColumnUse::explained));
  column.use = static_cast<ColumnUse>(use);
  for (double* value : {&column.coefficient, &column.standard_error, &column.best, &column.mean})
    *value = read_double(reader);
  column.points = read_doubles(reader);
  expect(column.points.size() == binning.bins.size());
  for (const double points : column.points) expect(std::isfinite(points));
  return column;
}

}  // namespace

std::string save(const Scorecard& card) {
  std::string payload;
  append_options(payload, card.options);
  append_sized(payload, save(card.binning));
  for (const ScorecardColumn& column : card.columns) {
    append_varint(payload, static_cast<std::uint64_t>(column.use));
    for (const double value : {column.coefficient, column.standard_error, column.best, column.mean})
      append_double(payload, value);
    append_doubles(payload, column.points);
  }
  append_double(payload, card.intercept);
  append_double(payload, card.log_likelihood);
  append_doubles(payload, card.score_cuts);
  append_doubles(payload, card.score_shares);
  return to_bytes({std::string(algorithm), payload_version, options_text(card.options), card.data_version, payload});
}

Scorecard load_scorecard(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  Scorecard card;
  card.data_version = frame.data_version;
  card.options = read_options(reader);
  card.binning = load_binning(reader.sized());
  for (const ColumnBinning& binning : card.binning.columns) card.columns.push_back(read_column(reader, binning));
  card.intercept = read_double(reader);
  card.log_likelihood = read_double(reader);
  card.score_cuts = read_doubles(reader);
  card.score_shares = read_doubles(reader);
  expect(reader.done() && card.score_shares.size() == card.score_cuts.size() + 1);
  expect(std::is_sorted(card.score_cuts.begin(), card.score_cuts.end()));
  double sum = 0;
  for (const double share : card.score_shares) {
    expect(share >= 0);
    sum += share;
  }
  expect(std::abs(sum - 1) < 1e-9);
  return card;
}

}  // namespace emptor::mine
