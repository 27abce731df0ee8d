#include "mine/itemset_output.hpp"

#include "mine/set_writer.hpp"

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
  if (!delivery.names()) return;
  starts_.resize(block_sets + most_cells + 1);
  supports_.resize(block_sets + most_cells);
  items_.resize(block_items + most_cells * 64 + 16);
}

void ItemsetOutput::enter(std::span<const std::uint32_t> outer, std::span<const std::uint32_t> names) {
  outer_.assign(outer.begin(), outer.end());
  std::copy(names.begin(), names.end(), names_);
  plain_ = delivery_.names() && !delivery_.chooses() && outer_.empty();
  if (!delivery_.needs_any()) {
    outer_has_any_ = true;
    return;
  }
  const auto any = [this](std::uint32_t item) { return delivery_.any_of(item); };
  outer_has_any_ = std::any_of(outer_.begin(), outer_.end(), any);
  any_bits_ = 0;
  for (std::size_t bit = 0; bit < names.size(); ++bit) any_bits_ |= std::uint64_t{any(names[bit])} << bit;
}

void ItemsetOutput::add_chosen(std::uint64_t members, std::uint32_t support) {
  const std::size_t length = outer_.size() + static_cast<std::size_t>(std::popcount(members));
  if (length < least_ || length > most_ || !(outer_has_any_ || (members & any_bits_) != 0)) return;
  if (!names()) {
    count(1);
    return;
  }
  make_room(length);
  if (!outer_.empty()) {
    merge(members);
  } else {
    std::uint32_t* at = items_.data() + end_;
    for (; members != 0; members &= members - 1) *at++ = names_[static_cast<std::size_t>(std::countr_zero(members))];
    end_ += length;
  }
  close(support);
}

void ItemsetOutput::add_table(const std::uint64_t* members, const std::uint32_t* supports, const std::uint64_t* chosen,
                              std::size_t cells) {
  if (!plain_ || cells > most_cells) {
    for (std::size_t word = 0; word * 64 < cells; ++word) {
      for (std::uint64_t left = chosen[word]; left != 0; left &= left - 1) {
        const std::size_t cell = word * 64 + static_cast<std::size_t>(std::countr_zero(left));
        add(members[cell], supports[cell]);
      }
    }
    return;
  }
  const std::size_t sets = write_sets(members, supports, chosen, cells, names_, items_.data(), starts_.data() + sets_,
                                      supports_.data() + sets_);
  sets_ += sets;
  end_ = static_cast<std::size_t>(starts_[sets_]);
  if (sets_ >= block_sets || end_ >= block_items) flush();
}

void ItemsetOutput::make_room(std::size_t length) {
  if (end_ + length > items_.size()) items_.resize(end_ + length);
}

void ItemsetOutput::merge(std::uint64_t members) {
  auto outer = outer_.begin();
  std::uint32_t* at = items_.data() + end_;
  for (; members != 0; members &= members - 1) {
    const std::uint32_t item = names_[static_cast<std::size_t>(std::countr_zero(members))];
    while (outer != outer_.end() && *outer < item) *at++ = *outer++;
    *at++ = item;
  }
  at = std::copy(outer, outer_.end(), at);
  end_ = static_cast<std::size_t>(at - items_.data());
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
  make_room(items.size());
  std::copy(items.begin(), items.end(), items_.begin() + static_cast<std::ptrdiff_t>(end_));
  end_ += items.size();
  close(support);
}

void ItemsetOutput::flush() {
  if (counted_ > 0) delivery_.count(counted_);
  counted_ = 0;
  if (sets_ == 0) return;
  delivery_.give(
      {std::span(starts_).first(sets_ + 1), std::span(items_).first(end_), std::span(supports_).first(sets_)});
  sets_ = end_ = 0;
}

}  // namespace emptor::mine
