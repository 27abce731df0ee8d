#include "core/sha256.hpp"

#include <sodium.h>

#include <array>

#include "core/sodium_ready.hpp"

namespace emptor {

std::string sha256_hex(std::string_view data) {
  sodium_ready();
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest;
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(data.data()), data.size());
  std::string text(2 * digest.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
  text.pop_back();
  return text;
}

}  // namespace emptor
