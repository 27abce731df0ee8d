// What is kept encrypted, byte by byte (docs/sealing.md). Nothing here knows a store.
//
// A host's key wraps the secrets of customers; a customer's secret seals their texts. Before each sealed text stands
// its blind index, by which equal texts of a field are found: only who holds the store's own secret can tell it.
#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/random.hpp"
#include "emptor/model/schema.hpp"
#include "emptor/store/store.hpp"

namespace emptor::sealed {

/// The host's keys, told apart by their fingerprints.
class KeyRing {
 public:
  KeyRing(std::vector<HostKey> keys, Entropy entropy);

  bool empty() const noexcept { return keys_.empty(); }
  /// With the first key, under a nonce that is drawn.
  std::string wrap(std::string_view secret) const;
  /// Throws Code::denied where the key that wrapped it is not on the ring, Code::corrupt for what is no wrapped secret.
  std::string unwrap(std::string_view wrapped) const;
  std::string draw(std::size_t bytes) const;

 private:
  static constexpr std::size_t fingerprint_size = 8;
  using Fingerprint = std::array<char, fingerprint_size>;

  std::vector<std::pair<Fingerprint, HostKey>> keys_;
  Entropy entropy_;
};

/// Where a text stands: a sealed one opens nowhere else.
struct Place {
  EntityNumber entity = 0;
  FieldNumber field = 0;
  Id id;
};

/// What a customer's secret seals with.
class SubjectSeal {
 public:
  explicit SubjectSeal(std::string_view secret);

  /// The same text at the same place is sealed to the same bytes.
  std::string seal(const Place& place, std::string_view text) const;
  /// Nothing where it was not sealed with this at this place.
  std::optional<std::string> open(const Place& place, std::string_view sealed) const;

 private:
  std::array<unsigned char, 64> keys_;  // for texts, and for their nonces
};

/// The store's own secret, found once a process: it is never another, whatever key it is wrapped with.
class StoreSecret {
 public:
  std::string known() const;
  void keep(std::string secret);

 private:
  mutable std::mutex turn_;
  std::string secret_;
};

inline constexpr std::size_t blind_index_size = 16;  ///< characters

/// The same for equal texts of a field, by the store's own secret.
std::string blind_index(std::string_view store_secret, const Place& place, std::string_view text);

}  // namespace emptor::sealed
