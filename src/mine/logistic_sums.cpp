#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/fixed_point.hpp"
#include "mine/logistic_state.hpp"
#include "mine/logistic_tile.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

using State = LogisticPlan::State;

/// Losses are kept to 2^-32: they have no bound that would be known beforehand.
constexpr double loss_factor = 0x1p32;
constexpr double weight_units = 0x1p42;
/// Newton's steps move the decision of separated rows by about 1 each, for ever, and that of others less and less.
constexpr double still = 1e-5, moving = 1e-2;
/// Rows that move must be this near to certainty: where a row far out is fitted, it moves likewise for a while.
constexpr double certain = 1 - 1e-6;

std::size_t blocks_of(const State& state) { return triangle_size(state.outputs); }

/// What one task sums up, in the units of the tiles.
class Adder {
 public:
  Adder(const State& state, LogisticSums& into)
      : state_(state),
        into_(into),
        triangle_(triangle_size(state.columns + 1)),
        z_(state.columns * tile_stride),
        eta_(state.outputs * tile_stride),
        chances_(state.outputs * tile_stride),
        residual_(tile_stride),
        v_(tile_stride),
        scratch_(tile_stride),
        gradient_(state.parameters() * sum_lanes),
        information_(state.information == Information::exact ? blocks_of(state) * triangle_ * sum_lanes : 0),
        shorts_(state.information == Information::quick ? (state.columns + 1) * tile_rows : 0),
        short_sums_(state.information == Information::quick ? triangle_ * 16 : 0) {}

  void add(const TrainingRows& batch, std::size_t first, std::size_t rows) {
    load_tile(batch.x, first, rows, state_.centre.data(), state_.factor.data(), z_.data());
    take_weights(batch, first, rows);
    if (state_.first_round() && !look_at(z_.data(), state_.columns, into_.reach.data())) refuse_number(batch.x);
    decide();
    for (std::size_t k = 0; k < state_.outputs; ++k) add_output(k);
    add_information_of_all();
    if (state_.stage == Stage::inference) add_losses();
    if (!state_.tested.empty()) test_separation();
    into_.rows += rows;
    if (++tiles_ == tiles_a_flush) flush();
  }

  void flush() {
    const std::uint64_t offset = sum_offset() * (tiles_ * tile_rows);
    drain(gradient_.data(), into_.gradient, offset);
    if (state_.information == Information::exact) drain(information_.data(), into_.information, offset);
    if (state_.information == Information::quick) drain_short();
    for (std::size_t k = 0; k < state_.classes; ++k) into_.others[2 + k] += by_class_[k];
    std::fill(by_class_.begin(), by_class_.end(), 0);
    tiles_ = 0;
  }

 private:
  void take_weights(const TrainingRows& batch, std::size_t first, std::size_t rows) {
    rows_ = rows;
    if (state_.first_round()) check_rows(batch, first, rows);
    const bool weighted = !batch.weights.empty();
    const std::int64_t one = std::llrint(state_.weight_factor * weight_units);
    std::int64_t total = 0;
    for (std::size_t r = 0; r < rows; ++r) {
      weight_[r] = batch.weight(first + r) * state_.weight_factor;
      class_[r] = std::min(static_cast<std::size_t>(batch.y[first + r]), state_.classes - 1);
      const std::int64_t units = weighted ? std::llrint(weight_[r] * weight_units) : one;
      total += units;
      by_class_[class_[r]] += units;
    }
    into_.others[0] += total;
    std::fill(weight_ + rows, weight_ + tile_rows, 0.0);
    std::fill(class_ + rows, class_ + tile_rows, 0);
  }

  void check_rows(const TrainingRows& batch, std::size_t first, std::size_t rows) {
    for (std::size_t r = first; r < first + rows; ++r) {
      checked_weight(batch, r);
      checked_class(batch.y[r], state_.classes, r);
    }
  }

  void decide() {
    const double* theta = state_.theta.data();
    for (std::size_t k = 0; k < state_.outputs; ++k, theta += state_.columns + 1) {
      linear(z_.data(), state_.columns, theta, theta[state_.columns], eta_.data() + k * tile_stride);
    }
    if (state_.outputs == 1) {
      logistic(eta_.data(), chances_.data());
    } else {
      std::copy_n(eta_.data(), state_.outputs * tile_stride, chances_.data());
      softmax(chances_.data(), state_.outputs);
    }
  }

  void add_output(std::size_t k) {
    const double* chance = chances_.data() + k * tile_stride;
    const std::size_t own = state_.outputs == 1 ? 1 : k;
    for (std::size_t r = 0; r < tile_rows; ++r) {
      residual_.data()[r] = weight_[r] * (chance[r] - (class_[r] == own ? 1.0 : 0.0));
    }
    add_gradient(z_.data(), state_.columns, residual_.data(), gradient_.data() + k * (state_.columns + 1) * sum_lanes);
  }

  /// Blocks of outputs (a, b), a >= b, in the order of a triangle.
  void add_information_of_all() {
    if (state_.information == Information::none) return;
    std::size_t block = 0;
    for (std::size_t a = 0; a < state_.outputs; ++a) {
      for (std::size_t b = 0; b <= a; ++b, ++block) add_block(a, b, block);
    }
  }

  void add_block(std::size_t a, std::size_t b, std::size_t block) {
    const double* first = chances_.data() + a * tile_stride;
    const double* second = chances_.data() + b * tile_stride;
    const bool quick = state_.information == Information::quick;
    for (std::size_t r = 0; r < tile_rows; ++r) {
      const double value = a == b ? weight_[r] * (first[r] * (1 - first[r])) : -(weight_[r] * (first[r] * second[r]));
      v_.data()[r] = quick ? std::sqrt(value) : value;
    }
    if (quick) {
      shorten(z_.data(), state_.columns, v_.data(), shorts_.data());
      add_short_information(shorts_.data(), state_.columns, short_sums_.data());
    } else {
      add_information(z_.data(), state_.columns, v_.data(), scratch_.data(),
                      information_.data() + block * triangle_ * sum_lanes);
    }
  }

  void add_losses() {
    for (std::size_t r = 0; r < rows_; ++r) {
      if (weight_[r] > 0) into_.others[1] += std::llrint(weight_[r] * loss_of(r) * loss_factor);
    }
  }

  double loss_of(std::size_t r) const {
    if (state_.outputs == 1) {
      const double against = class_[r] == 1 ? -eta_.data()[r] : eta_.data()[r];  // log(1 + e^against)
      const double tail = elementary::log(1 + elementary::exp(against > 0 ? -against : against));
      return against > 0 ? against + tail : tail;
    }
    double highest = eta_.data()[r], sum = 0;
    for (std::size_t k = 1; k < state_.outputs; ++k) highest = std::max(highest, eta_.data()[k * tile_stride + r]);
    for (std::size_t k = 0; k < state_.outputs; ++k) {
      sum += elementary::exp(eta_.data()[k * tile_stride + r] - highest);
    }
    return elementary::log(sum) + (highest - eta_.data()[class_[r] * tile_stride + r]);
  }

  /// How far the direction moves each row's own class against the others.
  void test_separation() {
    for (std::size_t k = 0; k < state_.outputs; ++k) {
      const double* direction = state_.tested.data() + k * (state_.columns + 1);
      linear(z_.data(), state_.columns, direction, direction[state_.columns], eta_.data() + k * tile_stride);
    }
    for (std::size_t r = 0; r < rows_; ++r) {
      if (weight_[r] == 0) continue;
      const double* move = eta_.data() + r;
      if (state_.outputs == 1) {
        const double chance = chances_.data()[r];
        note_movement(class_[r] == 1 ? move[0] : -move[0], class_[r] == 1 ? chance : 1 - chance);
        continue;
      }
      for (std::size_t k = 0; k < state_.outputs; ++k) {
        if (k == class_[r]) continue;
        note_movement(move[class_[r] * tile_stride] - move[k * tile_stride], 1 - chances_.data()[k * tile_stride + r]);
      }
    }
  }

  void note_movement(double along, double certainty) {
    if (along < -still || (along > still && certainty < certain)) into_.separated[0] = 1;
    if (along > moving) into_.separated[1] = 1;
  }

  static void drain(std::uint64_t* lanes, std::vector<Wide>& into, std::uint64_t offset) {
    for (Wide& sum : into) {
      std::uint64_t total = 0;
      for (std::size_t i = 0; i < sum_lanes; ++i) total += lanes[i];
      sum += static_cast<std::int64_t>(total - offset);
      std::fill(lanes, lanes + sum_lanes, 0);
      lanes += sum_lanes;
    }
  }

  void drain_short() {
    std::int32_t* lanes = short_sums_.data();
    for (Wide& sum : into_.information) {
      for (std::size_t i = 0; i < 16; ++i) sum += lanes[i];
      std::fill(lanes, lanes + 16, 0);
      lanes += 16;
    }
  }

  const State& state_;
  LogisticSums& into_;
  const std::size_t triangle_;
  Lines<double> z_, eta_, chances_, residual_, v_, scratch_;
  Lines<std::uint64_t> gradient_, information_;
  Lines<std::int16_t> shorts_;
  Lines<std::int32_t> short_sums_;
  std::vector<std::int64_t> by_class_ = std::vector<std::int64_t>(state_.classes);
  double weight_[tile_rows];
  std::size_t class_[tile_rows];
  std::size_t rows_ = 0, tiles_ = 0;
};

LogisticSums empty_sums(const State& state) {
  LogisticSums sums;
  sums.gradient.resize(state.parameters());
  if (state.information != Information::none) {
    sums.information.resize(blocks_of(state) * triangle_size(state.columns + 1));
  }
  sums.others.resize(2 + state.classes);
  sums.reach.resize(state.columns);
  sums.separated.resize(2);
  return sums;
}

/// Rows that one call of the executor takes, so that it comes back well within 100 ms.
std::size_t rows_a_turn(const State& state, std::size_t threads) {
  const double width = static_cast<double>(state.columns + 1);
  const double outputs = static_cast<double>(state.outputs);
  double work = 8 * outputs * (width + 8);
  if (state.information != Information::none) work += outputs * outputs * width * width;
  const auto tiles = static_cast<std::size_t>(2e7 / work / tile_rows) + 1;
  return tiles * tile_rows * threads;
}

}  // namespace

LogisticSums partial_logistic(const TrainingRows& batch, const LogisticPlan& plan, const Run& run) {
  const LongCall call(run.progress);
  if (plan.done()) throw Error(Code::misuse, "the fit is done: there is nothing to sum");
  return sum_rows(batch, plan.state(), run);
}

LogisticSums sum_rows(const TrainingRows& batch, const State& state, const Run& run) {
  check_training_rows(batch);
  check_columns(batch.x, state.columns);
  const std::size_t count = batch.x.rows();
  const std::size_t threads = std::max<std::size_t>(run.executor.threads, 1);
  const std::size_t tasks = std::clamp<std::size_t>(count / (4 * tile_rows), 1, threads);
  std::vector<LogisticSums> sums(tasks, empty_sums(state));
  std::vector<Adder> adders;
  adders.reserve(tasks);
  for (std::size_t t = 0; t < tasks; ++t) adders.emplace_back(state, sums[t]);
  const std::size_t turn = rows_a_turn(state, tasks);
  for (std::size_t first = 0; first < count; first += turn) {
    beat("logistic regression", first, count);
    const std::size_t here = std::min(turn, count - first);
    const std::size_t share = (here + tasks * tile_rows - 1) / (tasks * tile_rows) * tile_rows;
    const auto work = [&](std::size_t t) {
      const std::size_t end = std::min((t + 1) * share, here);
      for (std::size_t at = t * share; at < end; at += tile_rows) {
        adders[t].add(batch, first + at, std::min(tile_rows, end - at));
      }
    };
    if (tasks == 1) {
      work(0);
    } else {
      run.executor.run(tasks, work);
    }
  }
  for (Adder& adder : adders) adder.flush();
  for (std::size_t t = 1; t < tasks; ++t) merge(sums[0], sums[t]);
  return std::move(sums[0]);
}

namespace {

void add(std::vector<Wide>& into, const std::vector<Wide>& other) {
  if (into.size() != other.size()) throw Error(Code::misuse, "the sums are of different plans");
  for (std::size_t i = 0; i < into.size(); ++i) into[i] += other[i];
}

}  // namespace

void merge(LogisticSums& into, const LogisticSums& other) {
  add(into.gradient, other.gradient);
  add(into.information, other.information);
  add(into.others, other.others);
  for (std::size_t c = 0; c < into.reach.size(); ++c) into.reach[c] = std::max(into.reach[c], other.reach[c]);
  for (std::size_t i = 0; i < into.separated.size(); ++i) into.separated[i] |= other.separated[i];
  into.rows += other.rows;
}

}  // namespace emptor::mine
