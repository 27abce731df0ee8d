// The bytes of a binning.
#include <algorithm>
#include <cmath>

#include "emptor/mine/binning.hpp"
#include "mine/binning_bytes.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "binning";
constexpr std::uint64_t payload_version = 1;
constexpr std::string_view shapes[] = {"none", "ascending", "descending", "monotone", "peak", "valley"};

BinShape read_shape(ByteReader& reader) {
  const std::uint64_t shape = reader.varint();
  expect(shape < std::size(shapes));
  return static_cast<BinShape>(shape);
}

void append_column(std::string& out, const ColumnBinning& column) {
  append_varint(out, (column.categorical ? 1U : 0U) + 2 * static_cast<std::uint64_t>(column.shape));
  append_doubles(out, column.cuts);
  append_doubles(out, column.categories);
  append_whole(out, column.groups);
  append_doubles(out, column.special);
  append_varint(out, column.bins.size());
  for (const WoeBin& bin : column.bins)
    for (const double value : {bin.events, bin.others, bin.woe, bin.value}) append_double(out, value);
  append_double(out, column.information_value);
  append_double(out, column.gap);
  append_varint(out, column.distinct);
}

/// Finite and ascending, so that what is searched in it is found.
void expect_ascending(const std::vector<double>& values) {
  for (const double value : values) expect(std::isfinite(value));
  expect(std::adjacent_find(values.begin(), values.end(), [](double a, double b) { return a >= b; }) == values.end());
}

ColumnBinning read_column(ByteReader& reader) {
  ColumnBinning column;
  const std::uint64_t flags = reader.varint();
  column.categorical = (flags & 1) != 0;
  expect(flags / 2 < std::size(shapes));
  column.shape = static_cast<BinShape>(flags / 2);
  column.cuts = read_doubles(reader);
  column.categories = read_doubles(reader);
  column.groups = read_whole<std::uint32_t>(reader);
  column.special = read_doubles(reader);
  const std::uint64_t bins = reader.varint();
  expect(bins <= reader.left() / (4 * sizeof(double)));
  for (std::uint64_t b = 0; b < bins; ++b) {
    WoeBin& bin = column.bins.emplace_back();
    for (double* value : {&bin.events, &bin.others, &bin.woe, &bin.value}) *value = read_double(reader);
    expect(std::isfinite(bin.woe));
  }
  column.information_value = read_double(reader);
  column.gap = read_double(reader);
  column.distinct = reader.varint();
  for (const std::vector<double>* values : {&column.cuts, &column.categories, &column.special})
    expect_ascending(*values);
  expect(column.bins.size() >= column.special.size() + 2);
  expect(column.groups.size() == column.categories.size());
  for (const std::uint32_t group : column.groups) expect(group < column.ordinary());
  expect(column.categorical ? column.cuts.empty()
                            : column.categories.empty() && column.cuts.size() + 1 == column.ordinary());
  return column;
}

}  // namespace

void append_options(std::string& out, const BinningOptions& options) {
  append_varint(out, static_cast<std::uint64_t>(options.shape));
  append_double(out, options.least_share);
  append_double(out, options.least_events);
  append_varint(out, options.most_bins);
  append_varint(out, options.exact_values);
  append_varint(out, options.pre_bins);
  append_doubles(out, options.special);
  append_whole(out, options.categorical);
  append_texts(out, options.features);
}

BinningOptions read_binning_options(ByteReader& reader) {
  BinningOptions options;
  options.shape = read_shape(reader);
  options.least_share = read_double(reader);
  options.least_events = read_double(reader);
  options.most_bins = reader.varint();
  options.exact_values = reader.varint();
  options.pre_bins = reader.varint();
  options.special = read_doubles(reader);
  options.categorical = read_whole<std::size_t>(reader);
  options.features = read_texts(reader);
  return options;
}

std::string options_text(const BinningOptions& options) {
  return OptionsText()
      .word("shape", shapes[static_cast<std::size_t>(options.shape)])
      .number("least_share", options.least_share)
      .number("least_events", options.least_events)
      .whole("most_bins", options.most_bins)
      .whole("exact_values", options.exact_values)
      .whole("pre_bins", options.pre_bins)
      .text();
}

std::string save(const BinningModel& binning) {
  std::string payload;
  append_options(payload, binning.options);
  append_varint(payload, binning.columns.size());
  for (const ColumnBinning& column : binning.columns) append_column(payload, column);
  return to_bytes(
      {std::string(algorithm), payload_version, options_text(binning.options), binning.data_version, payload});
}

BinningModel load_binning(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  BinningModel binning;
  binning.data_version = frame.data_version;
  binning.options = read_binning_options(reader);
  const std::uint64_t columns = reader.varint();
  expect(columns >= 1 && columns <= reader.left());
  for (std::uint64_t c = 0; c < columns; ++c) binning.columns.push_back(read_column(reader));
  expect(reader.done());
  return binning;
}

}  // namespace emptor::mine
