#include "mine/column_bundles.hpp"

#include <algorithm>
#include <limits>

namespace emptor::mine {
namespace {

constexpr std::size_t most_codes = 256;
constexpr std::size_t rows_a_code = 8;  // a node of few rows would pay more for the codes than for the rows

/// The codes of a column. Of few codes what is missing has one only where something is.
BundledColumn column_of(const BinnedRows& bins, std::size_t feature) {
  const FeatureBins& own = bins.features[feature];
  const std::uint8_t* codes = bins.column(feature);
  const bool missing =
      own.size() >= few_codes || std::find(codes, codes + bins.rows, own.missing()) != codes + bins.rows;
  return {static_cast<std::uint32_t>(feature), static_cast<std::uint32_t>(own.size()) + (missing ? 1U : 0U)};
}

/// The largest first, each into the first bundle with room.
std::vector<ColumnBundle> packed(std::vector<BundledColumn> columns, std::size_t most) {
  std::sort(columns.begin(), columns.end(), [](const BundledColumn& a, const BundledColumn& b) {
    return a.size != b.size ? a.size > b.size : a.feature < b.feature;
  });
  std::vector<ColumnBundle> bundles;
  for (const BundledColumn& column : columns) {
    const bool alone = column.size >= few_codes;
    const auto room = std::find_if(bundles.begin(), bundles.end(), [&](const ColumnBundle& bundle) {
      return !alone && bundle.columns.front().size < few_codes && bundle.size * column.size <= most;
    });
    ColumnBundle& bundle = room != bundles.end() ? *room : bundles.emplace_back();
    bundle.columns.push_back(column);
    bundle.size *= column.size;
  }
  return bundles;
}

void write_codes(const BinnedRows& bins, const ColumnBundle& bundle, std::uint8_t* to, std::size_t width) {
  std::size_t unit = 1;
  for (const BundledColumn& column : bundle.columns) {
    const std::uint8_t* codes = bins.column(column.feature);
    for (std::size_t row = 0; row < bins.rows; ++row) {
      std::uint8_t& code = to[row * width];
      code = static_cast<std::uint8_t>(code + unit * codes[row]);
    }
    unit *= column.size;
  }
}

}  // namespace

ColumnBundles::ColumnBundles(const BinnedRows& bins) {
  std::vector<BundledColumn> columns;
  for (std::size_t f = 0; f < bins.features.size(); ++f) columns.push_back(column_of(bins, f));
  bundles = packed(std::move(columns), std::clamp(bins.rows / rows_a_code, std::size_t{few_codes}, most_codes));
  if (4 * bundles.size() > 3 * bins.features.size()) bundles.clear();
  by_row.resize(bundles.size() * bins.rows);
  for (std::size_t b = 0; b < bundles.size(); ++b) {
    const std::size_t block = b / BinnedRows::block_width * BinnedRows::block_width;
    const std::size_t width = std::min(BinnedRows::block_width, bundles.size() - block);
    write_codes(bins, bundles[b], by_row.data() + block * bins.rows + (b - block), width);
  }
}

}  // namespace emptor::mine
