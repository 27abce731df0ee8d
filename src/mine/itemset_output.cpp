#include "mine/itemset_output.hpp"

namespace emptor::mine {

ItemsetDelivery::ItemsetDelivery(const ItemsetOptions& options, const ItemsetReceiver& receiver)
    : options_(options), receiver_(receiver), any_(options.any_of) {
  std::sort(any_.begin(), any_.end());
}

bool ItemsetDelivery::chooses() const noexcept {
  return options_.max_length != 0 || options_.min_length > 1 || !any_.empty();
}

void ItemsetDelivery::end(Ending ending) noexcept {
  ending_ = ending;
  stop();
}

void ItemsetDelivery::give(const ItemsetBlock& block) {
  const std::lock_guard lock(mutex_);
  if (stopped() || block.size() == 0) return;
  ItemsetBlock part = block;
  const std::uint64_t room = options_.max_sets == 0 ? no_more_sets : options_.max_sets - sets_;
  if (part.size() > room) {
    part.supports = part.supports.first(static_cast<std::size_t>(room));
    part.starts = part.starts.first(static_cast<std::size_t>(room) + 1);
    end(Ending::max_sets);
  }
  sets_ += part.size();
  if (part.size() > 0 && !receiver_(part)) end(Ending::receiver);
}

void ItemsetDelivery::count(std::uint64_t sets) {
  const std::lock_guard lock(mutex_);
  if (stopped()) return;
  sets_ = add_sets(sets_, sets);
  const std::uint64_t most = options_.max_sets == 0 ? no_more_sets - 1 : options_.max_sets;
  if (sets_ <= most) return;
  sets_ = options_.max_sets == 0 ? no_more_sets : options_.max_sets;
  end(Ending::max_sets);
}

ItemsetOutput::ItemsetOutput(ItemsetDelivery& delivery)
    : delivery_(delivery),
      least_(delivery.options().min_length),
      most_(delivery.options().max_length == 0 ? SIZE_MAX : delivery.options().max_length) {
  starts_.reserve(block_sets + 1);
  starts_.push_back(0);
}

void ItemsetOutput::enter(std::span<const std::uint32_t> outer, std::span<const std::uint32_t> names) {
  outer_.assign(outer.begin(), outer.end());
  names_.assign(names.begin(), names.end());
  if (!delivery_.needs_any()) {
    outer_has_any_ = true;
    return;
  }
  const auto any = [this](std::uint32_t item) { return delivery_.any_of(item); };
  outer_has_any_ = std::any_of(outer_.begin(), outer_.end(), any);
  any_bits_ = 0;
  for (std::size_t bit = 0; bit < names_.size(); ++bit) any_bits_ |= std::uint64_t{any(names_[bit])} << bit;
}

void ItemsetOutput::add(std::uint64_t members, std::uint32_t support) {
  const std::size_t length = outer_.size() + static_cast<std::size_t>(std::popcount(members));
  if (length < least_ || length > most_ || !(outer_has_any_ || (members & any_bits_) != 0)) return;
  if (!names()) {
    count(1);
    return;
  }
  if (!outer_.empty()) {
    merge(members);
  } else {
    const std::size_t before = items_.size();
    items_.resize(before + length);
    for (std::uint32_t* at = items_.data() + before; members != 0; members &= members - 1) {
      *at++ = names_[static_cast<std::size_t>(std::countr_zero(members))];
    }
  }
  close(support);
}

void ItemsetOutput::merge(std::uint64_t members) {
  auto outer = outer_.begin();
  for (; members != 0; members &= members - 1) {
    const std::uint32_t item = names_[static_cast<std::size_t>(std::countr_zero(members))];
    while (outer != outer_.end() && *outer < item) items_.push_back(*outer++);
    items_.push_back(item);
  }
  items_.insert(items_.end(), outer, outer_.end());
}

void ItemsetOutput::add(std::span<const std::uint32_t> items, std::uint32_t support) {
  if (items.size() < least_ || items.size() > most_) return;
  if (delivery_.needs_any() &&
      std::none_of(items.begin(), items.end(), [this](std::uint32_t item) { return delivery_.any_of(item); })) {
    return;
  }
  if (!names()) {
    count(1);
    return;
  }
  items_.insert(items_.end(), items.begin(), items.end());
  close(support);
}

void ItemsetOutput::close(std::uint32_t support) {
  starts_.push_back(items_.size());
  supports_.push_back(support);
  if (supports_.size() >= block_sets || items_.size() >= block_items) flush();
}

void ItemsetOutput::flush() {
  if (counted_ > 0) delivery_.count(counted_);
  counted_ = 0;
  if (supports_.empty()) return;
  delivery_.give({starts_, items_, supports_});
  starts_.resize(1);
  items_.clear();
  supports_.clear();
}

}  // namespace emptor::mine
