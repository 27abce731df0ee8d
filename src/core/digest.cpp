#include "core/digest.hpp"

#include <sodium.h>

#include "core/sodium_ready.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

template <std::size_t Size>
unsigned char* octets(std::array<std::byte, Size>& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

crypto_generichash_blake2b_state* state_of(std::byte* bytes) {
  return reinterpret_cast<crypto_generichash_blake2b_state*>(bytes);
}

}  // namespace

Hash blake2b(std::string_view data) {
  sodium_ready();
  Hash hash;
  crypto_generichash_blake2b(octets(hash), hash.size(), octets(data), data.size(), nullptr, 0);
  return hash;
}

KeyedDigest keyed_digest(std::span<const std::byte> key, std::string_view data) {
  if (key.size() < crypto_generichash_blake2b_KEYBYTES_MIN || key.size() > crypto_generichash_blake2b_KEYBYTES_MAX) {
    throw Error(Code::misuse, "the key of a digest has 16 to 64 bytes");
  }
  sodium_ready();
  KeyedDigest digest;
  crypto_generichash_blake2b(octets(digest), digest.size(), octets(data), data.size(),
                             reinterpret_cast<const unsigned char*>(key.data()), key.size());
  return digest;
}

Blake2b::Blake2b() {
  static_assert(sizeof(crypto_generichash_blake2b_state) == state_bytes);
  static_assert(alignof(crypto_generichash_blake2b_state) <= 64);
  sodium_ready();
  crypto_generichash_blake2b_init(state_of(state_.data()), nullptr, 0, sizeof(Hash));
}

Blake2b& Blake2b::add(std::string_view data) {
  crypto_generichash_blake2b_update(state_of(state_.data()), octets(data), data.size());
  return *this;
}

Hash Blake2b::finish() {
  Hash hash;
  crypto_generichash_blake2b_final(state_of(state_.data()), octets(hash), hash.size());
  return hash;
}

}  // namespace emptor
