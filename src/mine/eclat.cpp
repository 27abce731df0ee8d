#include <algorithm>
#include <bit>

#include "core/long_call.hpp"
#include "mine/set_engines.hpp"

namespace emptor::mine {
namespace {

/// An item that may follow a prefix: how many baskets the two have, and which of the prefix's baskets lack the item.
struct Member {
  std::uint32_t item = 0;
  std::uint32_t support = 0;
  std::vector<std::uint32_t> lost;
};
using Members = std::vector<Member>;

class Eclat {
 public:
  Eclat(const RankedBaskets& baskets, std::uint32_t min_support, ItemsetOutput& output, MemoryMeter& meter)
      : frequent_(baskets.frequent()),
        min_support_(min_support),
        output_(output),
        meter_(meter),
        words_((std::size_t{frequent_.all_of_support} + 63) / 64),
        held_(meter, 8 * words_ * frequent_.size()),
        bits_(words_ * frequent_.size()) {
    std::size_t number = 0;
    baskets.each([&](std::span<const std::uint32_t> ranks) {
      for (const std::uint32_t rank : ranks) bits_[rank * words_ + number / 64] |= std::uint64_t{1} << (number % 64);
      ++number;
    });
  }

  void run() {
    if (!frequent_.all_of.empty() && frequent_.all_of_support >= min_support_) give(frequent_.all_of_support);
    // The least frequent item first: the more frequent ones follow it.
    for (std::uint32_t rank = frequent_.size(); rank-- > 0 && !output_.stopped();) {
      beat("eclat", frequent_.size() - rank, frequent_.size());
      prefix_.push_back(frequent_.items[rank]);
      give(frequent_.supports[rank]);
      grow(pairs(rank));
      prefix_.pop_back();
    }
  }

 private:
  void give(std::uint32_t support) {
    set_ = frequent_.all_of;
    set_.insert(set_.end(), prefix_.begin(), prefix_.end());
    std::sort(set_.begin(), set_.end());
    output_.add(set_, support);
  }

  bool may_grow() const { return output_.room_for_more(frequent_.all_of.size() + prefix_.size()) > 0; }

  /// The items that are more frequent than one, by the baskets of it that lack them.
  Members pairs(std::uint32_t rank) const {
    Members members;
    const std::uint32_t room = frequent_.supports[rank] - min_support_;
    if (!may_grow()) return members;
    for (std::uint32_t other = 0; other < rank; ++other) {
      Member member{.item = frequent_.items[other]};
      for (std::size_t word = 0; word < words_ && member.lost.size() <= room; ++word) {
        std::uint64_t left = bits_[rank * words_ + word] & ~bits_[other * words_ + word];
        for (; left != 0; left &= left - 1) {
          member.lost.push_back(
              static_cast<std::uint32_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(left))));
        }
      }
      if (member.lost.size() > room) continue;
      member.support = frequent_.supports[rank] - static_cast<std::uint32_t>(member.lost.size());
      members.push_back(std::move(member));
    }
    return members;
  }

  /// What b loses beyond what a does; nothing if that is too much.
  bool follow(const Member& a, const Member& b, Member& into) const {
    const std::uint32_t room = a.support - min_support_;
    std::size_t at = 0;
    for (const std::uint32_t basket : b.lost) {
      while (at < a.lost.size() && a.lost[at] < basket) ++at;
      if (at < a.lost.size() && a.lost[at] == basket) continue;
      if (into.lost.size() == room) return false;
      into.lost.push_back(basket);
    }
    into.item = b.item;
    into.support = a.support - static_cast<std::uint32_t>(into.lost.size());
    return true;
  }

  void grow(Members members) {
    std::uint64_t bytes = 0;
    for (const Member& member : members) bytes += sizeof(Member) + 4 * member.lost.capacity();
    const Held held(meter_, bytes);
    std::stable_sort(members.begin(), members.end(),
                     [](const Member& a, const Member& b) { return a.support < b.support; });
    for (std::size_t a = 0; a < members.size() && !output_.stopped(); ++a) {
      prefix_.push_back(members[a].item);
      give(members[a].support);
      Members next;
      for (std::size_t b = a + 1; b < members.size() && may_grow(); ++b) {
        Member member;
        if (follow(members[a], members[b], member)) next.push_back(std::move(member));
      }
      if ((++steps_ & 255) == 0) beat("eclat");
      if (!next.empty()) grow(std::move(next));
      prefix_.pop_back();
    }
  }

  const FrequentItems& frequent_;
  std::uint32_t min_support_;
  ItemsetOutput& output_;
  MemoryMeter& meter_;
  std::size_t words_;
  Held held_;
  std::vector<std::uint64_t> bits_;  ///< of each rank, its baskets
  std::vector<std::uint32_t> prefix_, set_;
  std::uint32_t steps_ = 0;
};

}  // namespace

void search_eclat(const RankedBaskets& baskets, std::uint32_t min_support, ItemsetOutput& output, MemoryMeter& meter) {
  Eclat(baskets, min_support, output, meter).run();
}

}  // namespace emptor::mine
