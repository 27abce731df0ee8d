// Subject keys: the secret of each customer that salts the digests of their records and seals their
// personal values in the journal. Records of no customer use the store's own salt.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/random.hpp"
#include "emptor/store/store.hpp"
#include "model/owner.hpp"
#include "store/secret_settings.hpp"

namespace emptor {

/// The setting that tells the version of the newest legal erasure: secrets that are at hand from before are not to be
/// used any more.
inline constexpr std::string_view erased_setting = "erased";

using Secret = std::array<std::byte, 16>;
using StateDigest = std::array<std::byte, 16>;

class SubjectKeys {
 public:
  explicit SubjectKeys(Entropy entropy) : entropy_(std::move(entropy)) {}

  /// Draws and writes the secrets of new customers.
  void create(Writer& writer, std::span<const Id> customers);
  /// Destroys those of `customers` and draws new ones: what versions before `since` sealed opens no more.
  void renew(Writer& writer, std::span<const Id> customers, std::int64_t since);
  /// Reads those of `customers` that are not at hand, in one go.
  void load(Reader& reader, std::span<const Id> customers);
  /// The customer's secret, the store's salt for id 0; null once it has been destroyed. Loads it if need be.
  const Secret* of(Reader& reader, Id customer);
  /// The secret that what a version sealed opens with; null where it has been destroyed.
  const Secret* opening(Reader& reader, Id customer, std::int64_t version);
  /// Makes the store's salt if it has none yet.
  void prepare(Writer& writer);
  /// Forgets what is at hand (after a write that was not committed).
  void forget() { secrets_.clear(); }

 private:
  struct Known {
    Secret secret;
    std::int64_t since = 0;
  };
  const Known* find(Id customer) const;
  const Known* known(Reader& reader, Id customer);
  void keep(Id customer, const Known& known);
  void draw(Writer& writer, std::span<const Id> customers, std::int64_t since);

  static constexpr std::size_t most_kept = 2'000'000;  // 32 bytes each
  Entropy entropy_;
  boost::unordered_flat_map<std::int64_t, Known> secrets_;
};

/// Keyed digest of a row as written, without its version (which is not known to the hash's reader first).
StateDigest state_digest(const Secret& secret, const Entity& entity, Row row, std::string& scratch);

/// What turns `after` back into `before`: plain fields readable, personal ones sealed under the secret
/// (XChaCha20-Poly1305). (version, entity, id) make the nonce: each triple is written once.
std::string seal_difference(const Secret& secret, const Entity& entity, Row after, Row before, std::int64_t version);
/// Applies a sealed difference to `row`. Text is kept in `text`. With a destroyed secret (null) personal
/// fields come back missing. Throws Code::corrupt.
void apply_sealed(const Secret* secret, const Entity& entity, Id id, std::int64_t version, std::string_view difference,
                  std::vector<Value>& row, Arena& text);
/// The fields that a sealed difference is about, ascending; without the personal ones where the secret was destroyed.
/// Throws Code::corrupt.
std::vector<FieldNumber> fields_of_sealed(const Secret* secret, const Entity& entity, Id id, std::int64_t version,
                                          std::string_view difference);

}  // namespace emptor
