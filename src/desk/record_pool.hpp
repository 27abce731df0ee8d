// What an import remembers of the records of one entity: their keys as fingerprints, their ids, and of each
// field as much as is needed to see that a value changes. About 60 bytes a record.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "desk/fingerprint.hpp"
#include "emptor/model/value.hpp"

namespace emptor::desk {

using Slot = std::uint32_t;
inline constexpr Slot no_slot = 0xffffffff;

/// What is remembered of a value: 31 bits, never zero.
inline std::uint32_t mark_of(const Value& value) noexcept {
  Fingerprinter printer;
  if (value.is_text())
    printer.add(value.text());
  else
    printer.add(static_cast<std::uint64_t>(value.bits()));
  const auto mark = static_cast<std::uint32_t>(printer.narrow()) & 0x7fffffff;
  return mark == 0 ? 1 : mark;
}

struct SlotState {
  Fingerprint key;
  std::int64_t id = 0;           ///< negative: made by the change set that is being built
  std::uint32_t last = 0;        ///< of the cells that were last seen, so that repetitions cost nothing
  Slot link = no_slot;           ///< an order's customer
  std::int32_t day = 0;          ///< an order's day, for rates
  bool seen : 1 = false;         ///< found in the files of this run
  bool stored : 1 = false;       ///< was in the store before
  bool written : 1 = false;      ///< made or changed by this run
  bool broken : 1 = false;       ///< made because something referred to it that no file has
  bool credit : 1 = false;       ///< an order: kept as a credit note
  bool debit : 1 = false;        ///< an order: has a line that is not taken back, here or in the store
  bool told_credit : 1 = false;  ///< an order: a credit note as far as the files of this run say
  bool told_debit : 1 = false;   ///< an order: has a line in them that is not taken back
  bool lines_known : 1 = false;  ///< an order: its stored lines were read
  bool kind_known : 1 = false;   ///< an order: its kind is written
  bool used : 1 = false;         ///< another table refers to it
  bool saved : 1 = false;        ///< its state before the batch is kept
};

class RecordPool {
 public:
  explicit RecordPool(std::size_t fields = 0) : fields_(fields), index_(1024, no_slot) {}

  std::size_t size() const noexcept { return size_; }
  std::size_t fields() const noexcept { return fields_; }
  SlotState& operator[](Slot slot) noexcept { return chunks_[slot >> chunk_bits][slot & (chunk_size - 1)]; }
  const SlotState& operator[](Slot slot) const noexcept { return chunks_[slot >> chunk_bits][slot & (chunk_size - 1)]; }

  Slot find(const Fingerprint& key) const noexcept {
    for (std::size_t at = key.low & (index_.size() - 1);; at = (at + 1) & (index_.size() - 1)) {
      const Slot slot = index_[at];
      if (slot == no_slot || (*this)[slot].key == key) return slot;
    }
  }
  /// Requires the key to be absent.
  Slot add(const Fingerprint& key) {
    if (size_ * 2 >= index_.size()) grow();
    if (size_ == chunks_.size() * chunk_size) {
      chunks_.push_back(std::make_unique<SlotState[]>(chunk_size));
      memory_.push_back(std::make_unique<std::uint32_t[]>(chunk_size * fields_));
    }
    const Slot slot = static_cast<Slot>(size_++);
    (*this)[slot].key = key;
    enter(slot);
    return slot;
  }
  /// What is remembered of a field's value; `accepted` set once a value of this run stands there.
  std::uint32_t& memory(Slot slot, std::size_t field) noexcept {
    return memory_[slot >> chunk_bits][(slot & (chunk_size - 1)) * fields_ + field];
  }
  static constexpr std::uint32_t accepted = 0x80000000;

 private:
  static constexpr std::size_t chunk_bits = 14, chunk_size = std::size_t{1} << chunk_bits;

  void enter(Slot slot) noexcept {
    std::size_t at = (*this)[slot].key.low & (index_.size() - 1);
    while (index_[at] != no_slot) at = (at + 1) & (index_.size() - 1);
    index_[at] = slot;
  }
  void grow() {
    index_.assign(index_.size() * 2, no_slot);
    for (Slot slot = 0; slot < size_; ++slot) enter(slot);
  }

  std::size_t fields_, size_ = 0;
  std::vector<std::unique_ptr<SlotState[]>> chunks_;
  std::vector<std::unique_ptr<std::uint32_t[]>> memory_;
  std::vector<Slot> index_;
};

}  // namespace emptor::desk
