/// BLAKE2b (RFC 7693): the one digest of the library, for the journal's chain, rows and keys.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace emptor {

using Hash = std::array<std::byte, 32>;         ///< BLAKE2b-256
using KeyedDigest = std::array<std::byte, 16>;  ///< BLAKE2b-128 under a key

/// The digest of a text in one piece.
Hash blake2b(std::string_view data);

/// A digest that only who holds the key can make or check. Requires a key of 16 to 64 bytes.
KeyedDigest keyed_digest(std::span<const std::byte> key, std::string_view data);

/// The digest of a text that comes in pieces: the same as of the whole.
class Blake2b {
 public:
  Blake2b();
  Blake2b& add(std::string_view data);
  /// The digest of all that was added. Called once, last.
  Hash finish();

 private:
  static constexpr std::size_t state_bytes = 384;
  alignas(64) std::array<std::byte, state_bytes> state_;
};

/// The bytes of a digest, as the byte formats and other digests take them.
template <std::size_t Size>
std::string_view view_of(const std::array<std::byte, Size>& bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), Size};
}

}  // namespace emptor
