/// Encoding: category codes as numbers that other miners take, one column a category or one a feature.
///
///     const CategoryEncoding encoding = fit_encoding(columns, {.unknown = UnknownCategory::zeros});
///     std::vector<double> out(rows * encoding.width());
///     apply(encoding, columns, out);
///
/// Codes are any 32-bit integers that the caller gave its categories; they need not be dense. The negative ones mean
/// missing. What is learnt does not depend on the order of rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/run.hpp"

namespace emptor::mine {

/// One feature: the code of each row.
using CategoryColumn = std::span<const std::int32_t>;

enum class EncodingMethod : std::uint8_t {
  one_hot,  ///< a column a category, 1 where it is
  ordinal,  ///< one column: the rank of the code among those learnt, from 0
};
enum class UnknownCategory : std::uint8_t {
  refuse,  ///< Code::invalid names feature and row
  zeros,   ///< one_hot: 0 in every column; ordinal: -1
  rare,    ///< as the rare ones; as zeros where a feature has none
};
enum class MissingCategory : std::uint8_t {
  refuse,    ///< Code::invalid names feature and row, in learning and in use
  zeros,     ///< one_hot: 0 in every column; ordinal: NaN
  category,  ///< one of the categories, the last, where it was met in learning; else as zeros
};

struct EncodingOptions {
  EncodingMethod method = EncodingMethod::one_hot;
  UnknownCategory unknown = UnknownCategory::zeros;
  MissingCategory missing = MissingCategory::zeros;
  bool drop_first = false;          ///< one_hot: no column for the lowest code, so that columns are not collinear
  std::uint64_t least_rows = 1;     ///< categories with fewer rows are rare: one category together
  std::size_t most_categories = 0;  ///< of a feature, the rare one included; the most frequent are kept; 0: any

  friend bool operator==(const EncodingOptions&, const EncodingOptions&) noexcept = default;
};

/// What was learnt of one feature.
struct EncodedFeature {
  std::vector<std::int32_t> codes;  ///< with a place of their own, ascending
  std::vector<std::int32_t> rare;   ///< that share one, ascending
  bool has_missing = false;         ///< missing is a category
  std::size_t categories() const noexcept { return codes.size() + (rare.empty() ? 0 : 1) + (has_missing ? 1 : 0); }

  friend bool operator==(const EncodedFeature&, const EncodedFeature&) = default;
};

struct CategoryEncoding {
  EncodingOptions options;
  std::string data_version;  ///< of what it was fitted on; the caller's to set
  std::vector<EncodedFeature> features;
  /// Columns of the result; those of a feature stand together, in the order codes, rare, missing.
  std::size_t width() const noexcept;
  /// The first of them.
  std::size_t first_column(std::size_t feature) const noexcept;

  friend bool operator==(const CategoryEncoding&, const CategoryEncoding&) = default;
};

/// Throws Code::invalid for no columns, columns of different length, missing codes where they are refused, and
/// Code::budget where a one_hot would have more than 2^20 columns. O(rows) a feature, expected.
CategoryEncoding fit_encoding(std::span<const CategoryColumn> columns, const EncodingOptions& options = {},
                              const Run& run = {});
/// Row by row into `out` of rows x width(). Throws Code::invalid where the number of columns or the size differs, and
/// for unknown and missing codes where they are refused (field: the number of the feature; row).
void apply(const CategoryEncoding& encoding, std::span<const CategoryColumn> columns, std::span<double> out,
           const Run& run = {});

std::string save(const CategoryEncoding& encoding);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
CategoryEncoding load_encoding(std::string_view bytes);

}  // namespace emptor::mine
