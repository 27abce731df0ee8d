#include "emptor/store/id_set.hpp"

#include <algorithm>

#include "emptor/core/error.hpp"

namespace emptor {

void IdSet::insert(Id id) {
  if (id.value <= 0) throw Error(Code::misuse, "a set of records holds positive ids only");
  const auto bit = static_cast<std::uint64_t>(id.value);
  if (bit / 64 >= words_.size()) words_.resize(bit / 64 + 1);
  const std::uint64_t mask = std::uint64_t{1} << (bit % 64);
  size_ += (words_[bit / 64] & mask) == 0;
  words_[bit / 64] |= mask;
}

void IdSet::erase(Id id) noexcept {
  if (!contains(id)) return;
  const auto bit = static_cast<std::uint64_t>(id.value);
  words_[bit / 64] &= ~(std::uint64_t{1} << (bit % 64));
  --size_;
}

IdSet& IdSet::operator|=(const IdSet& other) {
  if (other.words_.size() > words_.size()) words_.resize(other.words_.size());
  for (std::size_t i = 0; i < other.words_.size(); ++i) words_[i] |= other.words_[i];
  recount();
  return *this;
}

IdSet& IdSet::operator&=(const IdSet& other) noexcept {
  if (words_.size() > other.words_.size()) words_.resize(other.words_.size());
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
  recount();
  return *this;
}

std::size_t IdSet::count_common(const IdSet& other) const noexcept {
  std::size_t common = 0;
  for (std::size_t i = 0; i < std::min(words_.size(), other.words_.size()); ++i)
    common += static_cast<std::size_t>(std::popcount(words_[i] & other.words_[i]));
  return common;
}

void IdSet::recount() noexcept {
  size_ = 0;
  for (const std::uint64_t word : words_) size_ += static_cast<std::size_t>(std::popcount(word));
}

// Trailing words without a member say nothing.
bool operator==(const IdSet& a, const IdSet& b) noexcept {
  const std::size_t common = std::min(a.words_.size(), b.words_.size());
  return a.size_ == b.size_ &&
         std::equal(a.words_.begin(), a.words_.begin() + static_cast<std::ptrdiff_t>(common), b.words_.begin());
}

}  // namespace emptor
