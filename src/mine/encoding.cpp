#include "emptor/mine/encoding.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"
#include "mine/row_blocks.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "encoding";
constexpr std::uint64_t payload_version = 1;
constexpr std::size_t most_columns = std::size_t{1} << 20;
constexpr std::size_t nowhere = ~std::size_t{0};

[[noreturn]] void refuse_code(const char* what, std::size_t feature, std::size_t row) {
  throw Error(Problem{.code = Code::invalid,
                      .message = std::string("a category is ") + what,
                      .field = std::to_string(feature),
                      .row = static_cast<std::int64_t>(row),
                      .hint = "set what becomes of such categories"});
}

std::size_t rows_of(std::span<const CategoryColumn> columns) {
  if (columns.empty()) refuse_input("there is no column to encode", "columns");
  for (const CategoryColumn& column : columns) {
    if (column.size() != columns.front().size()) refuse_input("columns differ in length", "columns");
  }
  return columns.front().size();
}

struct Count {
  std::int32_t code;
  std::uint64_t rows;
};

/// Codes with their rows, ascending by code.
std::vector<Count> count_codes(CategoryColumn column) {
  std::unordered_map<std::int32_t, std::uint64_t> counts;
  for (const std::int32_t code : column) {
    if (code >= 0) ++counts[code];
  }
  std::vector<Count> sorted;
  for (const auto& [code, rows] : counts) sorted.push_back({code, rows});
  std::sort(sorted.begin(), sorted.end(), [](const Count& a, const Count& b) { return a.code < b.code; });
  return sorted;
}

/// Marks as rare (rows 0) what is too seldom, and the least frequent until few enough are left.
void mark_rare(std::vector<Count>& counts, const EncodingOptions& options) {
  for (Count& count : counts) {
    if (count.rows < options.least_rows) count.rows = 0;
  }
  if (options.most_categories == 0) return;
  std::vector<Count> by_rows;
  for (const Count& count : counts) {
    if (count.rows > 0) by_rows.push_back(count);
  }
  const bool any_rare = by_rows.size() < counts.size();
  std::size_t room = options.most_categories;
  if (any_rare || by_rows.size() > room) --room;
  if (by_rows.size() <= room) return;
  std::sort(by_rows.begin(), by_rows.end(),
            [](const Count& a, const Count& b) { return a.rows != b.rows ? a.rows > b.rows : a.code < b.code; });
  for (std::size_t i = room; i < by_rows.size(); ++i) {
    const auto at = std::lower_bound(counts.begin(), counts.end(), by_rows[i].code,
                                     [](const Count& count, std::int32_t code) { return count.code < code; });
    at->rows = 0;
  }
}

EncodedFeature learn(CategoryColumn column, std::size_t number, const EncodingOptions& options) {
  EncodedFeature feature;
  const auto missing = std::find_if(column.begin(), column.end(), [](std::int32_t code) { return code < 0; });
  if (missing != column.end()) {
    if (options.missing == MissingCategory::refuse) {
      refuse_code("missing", number, static_cast<std::size_t>(missing - column.begin()));
    }
    feature.has_missing = options.missing == MissingCategory::category;
  }
  std::vector<Count> counts = count_codes(column);
  mark_rare(counts, options);
  for (const Count& count : counts) (count.rows > 0 ? feature.codes : feature.rare).push_back(count.code);
  return feature;
}

/// The place of a code among the feature's categories; nowhere if it has none.
std::size_t place_of(const EncodedFeature& feature, const EncodingOptions& options, std::int32_t code,
                     std::size_t number, std::size_t row) {
  const std::size_t rare_place = feature.rare.empty() ? nowhere : feature.codes.size();
  if (code < 0) {
    if (options.missing == MissingCategory::refuse) refuse_code("missing", number, row);
    return feature.has_missing ? feature.categories() - 1 : nowhere;
  }
  const auto at = std::lower_bound(feature.codes.begin(), feature.codes.end(), code);
  if (at != feature.codes.end() && *at == code) return static_cast<std::size_t>(at - feature.codes.begin());
  if (std::binary_search(feature.rare.begin(), feature.rare.end(), code)) return rare_place;
  if (options.unknown == UnknownCategory::refuse) refuse_code("unknown", number, row);
  return options.unknown == UnknownCategory::rare ? rare_place : nowhere;
}

std::size_t width_of(const EncodingOptions& options, const EncodedFeature& feature) {
  if (options.method == EncodingMethod::ordinal) return 1;
  const std::size_t categories = feature.categories();
  return options.drop_first && categories > 0 ? categories - 1 : categories;
}

}  // namespace

std::size_t CategoryEncoding::first_column(std::size_t feature) const noexcept {
  std::size_t column = 0;
  for (std::size_t f = 0; f < feature; ++f) column += width_of(options, features[f]);
  return column;
}
std::size_t CategoryEncoding::width() const noexcept { return first_column(features.size()); }

CategoryEncoding fit_encoding(std::span<const CategoryColumn> columns, const EncodingOptions& options, const Run& run) {
  rows_of(columns);
  const LongCall call(run.progress);
  CategoryEncoding encoding;
  encoding.options = options;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    beat("encoding", c, columns.size());
    encoding.features.push_back(learn(columns[c], c, options));
  }
  if (encoding.width() > most_columns) {
    throw Error(Code::budget, "the categories would need " + std::to_string(encoding.width()) + " columns",
                "call seldom ones rare, keep the most frequent, or encode as ordinals");
  }
  return encoding;
}

void apply(const CategoryEncoding& encoding, std::span<const CategoryColumn> columns, std::span<double> out,
           const Run& run) {
  const std::size_t rows = rows_of(columns), width = encoding.width();
  if (columns.size() != encoding.features.size()) refuse_input("there are other columns than were learnt", "columns");
  if (out.size() != rows * width) refuse_input("the result has not rows x width numbers", "out");
  const LongCall call(run.progress);
  std::vector<std::size_t> first;
  for (std::size_t f = 0; f < columns.size(); ++f) first.push_back(encoding.first_column(f));
  const bool one_hot = encoding.options.method == EncodingMethod::one_hot;
  const std::size_t dropped = encoding.options.drop_first ? 1 : 0;
  in_blocks(rows, 4'096, run, "encoding", [&](std::size_t begin, std::size_t end) {
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(begin * width),
              out.begin() + static_cast<std::ptrdiff_t>(end * width), 0.0);
    for (std::size_t r = begin; r < end; ++r) {
      for (std::size_t f = 0; f < columns.size(); ++f) {
        double* cells = out.data() + r * width + first[f];
        const std::int32_t code = columns[f][r];
        const std::size_t place = place_of(encoding.features[f], encoding.options, code, f, r);
        if (!one_hot) {
          const double none = code < 0 ? std::numeric_limits<double>::quiet_NaN() : -1.0;
          *cells = place == nowhere ? none : static_cast<double>(place);
        } else if (place != nowhere && place >= dropped) {
          cells[place - dropped] = 1;
        }
      }
    }
  });
}

std::string save(const CategoryEncoding& encoding) {
  const EncodingOptions& options = encoding.options;
  ModelFrame frame{std::string(algorithm), payload_version, {}, encoding.data_version, {}};
  frame.options = OptionsText()
                      .word("method", options.method == EncodingMethod::one_hot ? "one_hot" : "ordinal")
                      .flag("drop_first", options.drop_first)
                      .whole("least_rows", options.least_rows)
                      .whole("most_categories", options.most_categories)
                      .text();
  std::string& out = frame.payload;
  for (const std::uint64_t value :
       {static_cast<std::uint64_t>(options.method), static_cast<std::uint64_t>(options.unknown),
        static_cast<std::uint64_t>(options.missing), std::uint64_t{options.drop_first}, options.least_rows,
        std::uint64_t{options.most_categories}, std::uint64_t{encoding.features.size()}}) {
    append_varint(out, value);
  }
  for (const EncodedFeature& feature : encoding.features) {
    append_whole(out, feature.codes);
    append_whole(out, feature.rare);
    append_varint(out, feature.has_missing ? 1 : 0);
  }
  return to_bytes(frame);
}

CategoryEncoding load_encoding(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  CategoryEncoding encoding;
  encoding.data_version = frame.data_version;
  const std::uint64_t method = reader.varint(), unknown = reader.varint(), missing = reader.varint();
  expect(method <= 1 && unknown <= 2 && missing <= 2);
  encoding.options.method = static_cast<EncodingMethod>(method);
  encoding.options.unknown = static_cast<UnknownCategory>(unknown);
  encoding.options.missing = static_cast<MissingCategory>(missing);
  encoding.options.drop_first = reader.varint() != 0;
  encoding.options.least_rows = reader.varint();
  encoding.options.most_categories = reader.varint();
  const std::uint64_t count = reader.varint();
  expect(count <= reader.left());
  for (std::uint64_t i = 0; i < count; ++i) {
    EncodedFeature feature;
    feature.codes = read_whole<std::int32_t>(reader);
    feature.rare = read_whole<std::int32_t>(reader);
    feature.has_missing = reader.varint() != 0;
    expect(std::is_sorted(feature.codes.begin(), feature.codes.end()) &&
           std::is_sorted(feature.rare.begin(), feature.rare.end()));
    encoding.features.push_back(std::move(feature));
  }
  expect(reader.done());
  return encoding;
}

}  // namespace emptor::mine
