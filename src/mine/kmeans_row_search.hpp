/// The member templates of RowSearch.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "mine/kmeans_search.hpp"

namespace emptor::mine {

/// How many rows ahead of the search memory is asked for them.
inline constexpr std::size_t ahead = 3 * filter_rows;

template <class T>
RowSearch<T>::RowSearch(const KmeansTargets& targets, const NumberView& x)
    : targets_(targets),
      pack_(x, filter_rows),
      tile_(x.columns()),
      ends_(targets.exact.k + 1),
      distances_(targets.exact.k),
      repeated_(targets.exact.k) {}

template <class T>
template <class Moved>
void RowSearch<T>::search(std::size_t first, const State& state, Moved&& moved) {
  const std::size_t rows = state.labels.size();
  if (!state.known) return search_in_order(first, state, rows, false, moved);
  due_.resize(rows + filter_rows);
  const std::size_t due = due_rows(state.labels, state.slack, targets_.image.moved.data(), due_.data());
  if (targets_.shells != nullptr) return search_by_home(first, state, due, moved);
  search_in_order(first, state, due, true, moved);
}

template <class T>
template <class Moved>
void RowSearch<T>::search_in_order(std::size_t first, const State& state, std::size_t count, bool due_only,
                                   Moved&& moved) {
  const bool sparse = count < state.labels.size() / 2;
  for (std::size_t done = 0; done < count; done += filter_rows) {
    const std::size_t some = std::min(filter_rows, count - done);
    if (due_only) {
      // Where most rows are due, the processor sees that they come one after the other.
      for (std::size_t i = done + ahead; sparse && i < std::min(done + ahead + filter_rows, count); ++i) {
        pack_.prefetch(first + due_[i]);
      }
      search_tile_of(
          first, state, some, [&](std::size_t i) { return due_[done + i]; }, nullptr, moved);
    } else {
      search_tile_of(
          first, state, some, [&](std::size_t i) { return done + i; }, nullptr, moved);
    }
  }
}

/// Rows of one cluster share a tile, so that only the centres near theirs need be met.
template <class T>
template <class Moved>
void RowSearch<T>::search_by_home(std::size_t first, const State& state, std::size_t count, Moved&& moved) {
  group(state.labels, count);
  std::size_t begin = 0;
  for (std::uint32_t home = 0; home < targets_.exact.k; ++home) {
    const std::size_t end = ends_[home];
    for (; begin < end; begin += filter_rows) {
      const std::size_t some = std::min(filter_rows, end - begin);
      for (std::size_t i = begin + ahead; i < std::min(begin + ahead + filter_rows, count); ++i) {
        pack_.prefetch(first + grouped_[i]);
      }
      search_tile_of(
          first, state, some, [&](std::size_t i) { return grouped_[begin + i]; }, &home, moved);
    }
    begin = end;
  }
}

/// Sorts the due rows by label; `ends_` then holds the end of each group.
template <class T>
void RowSearch<T>::group(std::span<const std::uint32_t> labels, std::size_t count) {
  grouped_.resize(due_.size());
  std::fill(ends_.begin(), ends_.end(), 0);
  for (std::size_t i = 0; i < count; ++i) ++ends_[labels[due_[i]] + 1];
  for (std::size_t i = 1; i < ends_.size(); ++i) ends_[i] += ends_[i - 1];
  for (std::size_t i = 0; i < count; ++i) grouped_[ends_[labels[due_[i]]]++] = due_[i];
}

template <class T>
template <class Moved, class At>
void RowSearch<T>::search_tile_of(std::size_t first, const State& state, std::size_t count, At&& at,
                                  const std::uint32_t* home, Moved&& moved) {
  const T* rows[filter_rows] = {};
  pack_.take(
      count, [&](std::size_t i) { return first + at(i); }, rows);
  std::fill(rows + count, rows + filter_rows, rows[0]);
  load_tile(targets_.image, rows, tile_);
  KmeansCandidates candidates{.count = targets_.exact.k};
  if (home != nullptr) {
    const float radius = measure_home(targets_.image, *home, count, tile_);
    const CentreShells::Near near = targets_.shells->within(*home, 2 * radius, targets_.image.moved[*home]);
    candidates = {near.ids, near.count, tile_.home_distance, near.beyond};
  }
  search_tile(targets_.image, candidates, count, tile_);
  for (std::uint64_t left = tile_.uncertain; left != 0; left &= left - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(left));
    settle(rows[i], i);
  }
  std::uint64_t changed = ~std::uint64_t{0} >> (filter_rows - count);
  const std::size_t begin = at(0);
  if (at(count - 1) - begin == count - 1) {  // ascending, so none is left out between
    std::copy_n(tile_.slack, count, state.slack.begin() + static_cast<std::ptrdiff_t>(begin));
    if (state.known) changed = differing(state.labels.data() + begin, tile_.label, count);
  } else {
    std::uint32_t before[filter_rows] = {};
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t row = at(i);
      state.slack[row] = tile_.slack[i];
      before[i] = state.labels[row];
    }
    if (state.known) changed = differing(before, tile_.label, count);
  }
  const T* moving[filter_rows];
  std::size_t numbers[filter_rows];
  std::uint32_t before[filter_rows], after[filter_rows];
  std::size_t moves = 0;
  for (; changed != 0; changed &= changed - 1, ++moves) {
    const auto i = static_cast<std::size_t>(std::countr_zero(changed));
    const std::size_t row = at(i);
    moving[moves] = rows[i];
    numbers[moves] = first + row;
    after[moves] = tile_.label[i];
    before[moves] = std::exchange(state.labels[row], tile_.label[i]);
  }
  if (moves > 0) moved(moving, numbers, before, after, moves);
}

/// Finds the nearest centre of a row by the distances that count.
template <class T>
void RowSearch<T>::settle(const T* row, std::size_t at) {
  const std::size_t k = targets_.exact.k;
  std::fill(repeated_.begin(), repeated_.end(), row);
  square_distances(repeated_.data(), targets_.rows.data(), k, targets_.exact.columns, distances_.data());
  std::size_t best = 0;
  double second = std::numeric_limits<double>::infinity();
  for (std::size_t cluster = 1; cluster < k; ++cluster) {
    if (distances_[cluster] < distances_[best]) {
      second = distances_[best];
      best = cluster;
    } else {
      second = std::min(second, distances_[cluster]);
    }
  }
  const double loose = 0x1p-40 + static_cast<double>(targets_.exact.columns) * 0x1p-50;
  const double gap = std::sqrt(second) * (1 - loose) - std::sqrt(distances_[best]) * (1 + loose);
  const double bound = (targets_.image.moved[best] + gap * targets_.image.factor) * (1 - 0x1p-20);
  tile_.label[at] = static_cast<std::uint32_t>(best);
  tile_.slack[at] = single(bound);
}

}  // namespace emptor::mine
