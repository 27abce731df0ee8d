#include "mine/histogram.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace emptor::mine {
namespace {

constexpr std::size_t table_stride = 280;  // more than 256, so that the columns' first bins share no set of the cache
constexpr std::size_t look_ahead = 16;     // rows of a node lie apart in memory

struct CountRows {
  const std::uint8_t* codes;
  const std::uint64_t* packed;
  const std::uint32_t* order;
  std::size_t first, rows;
  std::uint64_t* table;
};

/// Width is known to the compiler, so that the table's addresses are constants.
template <std::size_t Width>
inline void add_row(const std::uint8_t* codes, std::uint64_t packed, std::uint64_t* table) noexcept {
#pragma GCC unroll 20
  for (std::size_t f = 0; f < Width; ++f) table[f * table_stride + codes[f]] += packed;
}

template <std::size_t Width>
void count_width(const CountRows& work) noexcept {
  const std::size_t last = work.first + work.rows;
  if (work.order == nullptr) {
    for (std::size_t row = work.first; row < last; ++row)
      add_row<Width>(work.codes + row * Width, work.packed[row], work.table);
    return;
  }
  const std::uint32_t* order = work.order + work.first;
  const std::size_t ahead = work.rows > look_ahead ? work.rows - look_ahead : 0;
  std::size_t i = 0;
  for (; i < ahead; ++i) {
    __builtin_prefetch(work.codes + std::size_t{order[i + look_ahead]} * Width);
    __builtin_prefetch(work.packed + order[i + look_ahead]);
    add_row<Width>(work.codes + std::size_t{order[i]} * Width, work.packed[order[i]], work.table);
  }
  for (; i < work.rows; ++i)
    add_row<Width>(work.codes + std::size_t{order[i]} * Width, work.packed[order[i]], work.table);
}

template <std::size_t... Widths>
constexpr auto counters(std::index_sequence<Widths...>) {
  return std::array<void (*)(const CountRows&) noexcept, sizeof...(Widths)>{count_width<Widths + 1>...};
}
constexpr auto count_by_width = counters(std::make_index_sequence<BinnedRows::block_width>());

void add_packed(const std::uint64_t* table, std::size_t size, std::size_t first, Histogram& to) {
  if (!to.packed.empty()) {
    for (std::size_t b = 0; b < size; ++b) to.packed[first + b] += table[b];
    return;
  }
  std::int64_t* g = to.g.data() + first;
  std::int64_t* h = to.h.data() + first;
  for (std::size_t b = 0; b < size; ++b) {
    g[b] += packed_g(table[b]);
    h[b] += packed_h(table[b]);
  }
}

void move_plane(std::vector<std::int64_t>& from, std::size_t begin, std::size_t end, std::vector<std::int64_t>& to) {
  for (std::size_t bin = begin; bin < end; ++bin) to[bin] += from[bin];
  std::fill(from.begin() + static_cast<std::ptrdiff_t>(begin), from.begin() + static_cast<std::ptrdiff_t>(end), 0);
}

void move_sums(Histogram& from, std::size_t begin, std::size_t end, Histogram& to) {
  move_plane(from.g, begin, end, to.g);
  move_plane(from.h, begin, end, to.h);
  move_plane(from.n, begin, end, to.n);
}

}  // namespace

HistogramLayout::HistogramLayout(const std::vector<FeatureBins>& features) {
  first.push_back(0);
  for (const FeatureBins& bins : features) first.push_back(first.back() + static_cast<std::uint32_t>(bins.size()) + 1);
}

void Histogram::reset(std::size_t size, Form form) {
  packed.assign(form == Form::packed ? size : 0, 0);
  g.assign(form == Form::packed ? 0 : size, 0);
  h.assign(form == Form::packed ? 0 : size, 0);
  n.assign(form == Form::wide ? size : 0, 0);
}

void Histogram::subtract(const Histogram& other) noexcept {
  for (std::size_t i = 0; i < packed.size(); ++i) packed[i] -= other.packed[i];
  for (std::size_t i = 0; i < g.size(); ++i) g[i] -= other.g[i];
  for (std::size_t i = 0; i < h.size(); ++i) h[i] -= other.h[i];
  for (std::size_t i = 0; i < n.size(); ++i) n[i] -= other.n[i];
}

void HistogramBuilder::prepare(HistogramScratch& scratch) const {
  if (!sums_.wide()) {
    scratch.table.resize(std::min(columns(), BinnedRows::block_width) * table_stride);
  } else if (scratch.wide.g.size() != layout_.size()) {
    scratch.wide.reset(layout_.size(), Histogram::Form::wide);
  }
}

void HistogramBuilder::count(std::size_t block, const std::uint32_t* order, std::size_t first, std::size_t rows,
                             HistogramScratch& scratch) const {
  if (sums_.wide()) return count_wide(block, order, first, rows, scratch.wide);
  const std::size_t begin = block * BinnedRows::block_width;
  const std::size_t width = std::min(BinnedRows::block_width, columns() - begin);
  const std::vector<std::uint8_t>& codes = bundled_ ? bundles_.by_row : bins_.by_row;
  count_by_width[width - 1](
      {codes.data() + begin * bins_.rows, sums_.packed.data(), order, first, rows, scratch.table.data()});
}

void HistogramBuilder::flush(std::size_t block, HistogramScratch& scratch, Histogram& to) const {
  const std::size_t begin = block * BinnedRows::block_width;
  const std::size_t end = std::min(begin + BinnedRows::block_width, columns());
  if (sums_.wide()) return move_sums(scratch.wide, layout_.first[begin], layout_.first[end], to);
  for (std::size_t c = begin; c < end; ++c) {
    std::uint64_t* table = scratch.table.data() + (c - begin) * table_stride;
    if (bundled_) {
      flush_bundle(bundles_.bundles[c], table, to);
    } else {
      add_packed(table, layout_.first[c + 1] - layout_.first[c], layout_.first[c], to);
      std::fill_n(table, layout_.first[c + 1] - layout_.first[c], 0);
    }
  }
}

/// Column by column: the sums of its codes over those of the columns after it, while the table shrinks to theirs.
void HistogramBuilder::flush_bundle(const ColumnBundle& bundle, std::uint64_t* table, Histogram& to) const {
  std::size_t left = bundle.size;
  for (const BundledColumn& column : bundle.columns) {
    const std::size_t first = layout_.first[column.feature];
    if (left == column.size) {
      add_packed(table, left, first, to);
      break;
    }
    left /= column.size;
    std::array<std::uint64_t, few_codes> own{};
    for (std::size_t rest = 0; rest < left; ++rest) {
      std::uint64_t sum = 0;
      for (std::size_t code = 0; code < column.size; ++code) {
        const std::uint64_t cell = table[rest * column.size + code];
        own[code] += cell;
        sum += cell;
      }
      table[rest] = sum;
    }
    add_packed(own.data(), column.size, first, to);
  }
  std::fill_n(table, bundle.size, 0);
}

void HistogramBuilder::count_wide(std::size_t block, const std::uint32_t* order, std::size_t first, std::size_t rows,
                                  Histogram& to) const {
  const std::size_t begin = block * BinnedRows::block_width;
  const std::size_t width = std::min(BinnedRows::block_width, bins_.features.size() - begin);
  const std::uint8_t* codes = bins_.by_row.data() + begin * bins_.rows;
  const std::uint32_t* offsets = layout_.first.data() + begin;
  for (std::size_t i = first; i < first + rows; ++i) {
    const std::size_t row = order == nullptr ? i : order[i];
    const std::int64_t g = sums_.g[row], h = sums_.h[row];
    const std::uint8_t* code = codes + row * width;
    for (std::size_t f = 0; f < width; ++f) {
      const std::size_t bin = offsets[f] + code[f];
      to.g[bin] += g;
      to.h[bin] += h;
      ++to.n[bin];
    }
  }
}

}  // namespace emptor::mine
