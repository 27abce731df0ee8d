/// Baskets of a plain table that comes in batches: numbered alike in all of them, read as often as a miner asks.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "emptor/insight/compute.hpp"
#include "insight/tables/plain_items.hpp"

namespace emptor {

class BasketBatches {
 public:
  /// Reads all batches once, for the items and the number of baskets. The rows of a basket lie in one batch: in two
  /// they are two baskets. Throws what `plain_baskets` throws, and Code::invalid where items are texts in one batch and
  /// numbers in another.
  BasketBatches(const PlainBatches& data, std::string basket, std::string item);

  const PlainItems& items() const noexcept { return all_; }
  std::uint64_t baskets() const noexcept { return baskets_; }

  /// Calls give with the baskets of each batch. Throws Code::misuse where the rows are others than the first time.
  void each(const std::function<void(const mine::Baskets&)>& give) const;

 private:
  template <class Work>
  void each_batch(Work&& work) const;
  void add_items(const Column& items);
  void number_items();
  std::uint32_t number_of(const Value& item) const;

  const PlainBatches& data_;
  std::string basket_, item_;
  std::vector<std::string> texts_;    ///< items ascending, if they are texts
  std::vector<std::int64_t> wholes_;  ///< and if they are numbers
  PlainItems all_;
  std::uint64_t baskets_ = 0;
};

}  // namespace emptor
