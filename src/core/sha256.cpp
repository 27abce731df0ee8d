#include "core/sha256.hpp"

#include <sodium.h>

#include "core/hex.hpp"
#include "core/sodium_ready.hpp"

namespace emptor {

std::string sha256_hex(std::string_view data) {
  sodium_ready();
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                     reinterpret_cast<const unsigned char*>(data.data()), data.size());
  return to_hex(digest);
}

}  // namespace emptor
