/// When everybody in a generated shop buys, how many lines, and what is remarkable about each order.
#pragma once

#include <cstdint>
#include <vector>

#include "desk/generated_basket.hpp"
#include "desk/generated_life.hpp"

namespace emptor {

enum OrderFlag : std::uint8_t {
  follows = 1,  ///< bits 0 to 2: brings the second product of sequence 0 to 2
  late = 8,
  sent_back = 16,  ///< its first line
  dear = 32,
  of_campaign = 64,
  anonymous = 128
};

struct PlannedOrder {
  std::uint32_t customer;
  std::uint16_t day, minute;
  std::uint16_t lines;
  std::uint8_t flags;
  std::uint8_t least;  ///< lines that are planted
};

struct OrderPlan {
  std::vector<PlannedOrder> orders;  ///< in the order of time
  std::uint64_t sale_lines = 0;      ///< of all orders
  std::uint64_t returned = 0;        ///< lines that come back besides those of orders that are sent back
  std::uint64_t doubled = 0;         ///< lines that stand twice
  std::uint64_t buyers = 0, lost = 0;
  std::uint64_t of_campaigns = 0;
  std::uint64_t stayed_away = 0;  ///< orders that went to a competitor
  std::uint64_t left_out = 0;     ///< because `lines` was too small
  double rate_factor = 1;
};

OrderPlan plan_orders(const GenerateOptions& options, const Season& season);

/// The random numbers of what stands on an order.
Random basket_of(const GenerateOptions& options, const PlannedOrder& order);

/// Exactly `chosen` of `count` things, evenly spread: the k-th is due when its turn is reached.
class EvenChoice {
 public:
  EvenChoice(std::uint64_t chosen, std::uint64_t count) : chosen_(chosen), count_(count) {}
  bool next() {
    sum_ += chosen_;
    if (sum_ < count_) return false;
    sum_ -= count_;
    return true;
  }

 private:
  std::uint64_t chosen_, count_, sum_ = 0;
};

}  // namespace emptor
