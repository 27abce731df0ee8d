#include "store/sealed/sealing.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/base64.hpp"
#include "core/digest.hpp"
#include "core/sodium_ready.hpp"
#include "emptor/core/error.hpp"

namespace emptor::sealed {
namespace {

constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kept_nonce_size = 12;  // of a sealed text
constexpr char wrapped_mark = '\x01';

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
const unsigned char* octets(const char* text) { return reinterpret_cast<const unsigned char*>(text); }
unsigned char* octets(char* text) { return reinterpret_cast<unsigned char*>(text); }

std::string_view view_of_key(const HostKey& key) { return {reinterpret_cast<const char*>(key.data()), key.size()}; }

// To where there is room for the text and a tag.
void encrypt(const unsigned char* key, const char* nonce, std::string_view plain, std::string_view bound, char* to) {
  crypto_aead_xchacha20poly1305_ietf_encrypt(octets(to), nullptr, octets(plain), plain.size(), octets(bound),
                                             bound.size(), nullptr, octets(nonce), key);
}

std::optional<std::string> decrypt(const unsigned char* key, const char* nonce, std::string_view sealed,
                                   std::string_view bound) {
  if (sealed.size() < tag_size) return std::nullopt;
  std::string plain(sealed.size() - tag_size, '\0');
  const int failed =
      crypto_aead_xchacha20poly1305_ietf_decrypt(octets(plain.data()), nullptr, nullptr, octets(sealed), sealed.size(),
                                                 octets(bound), bound.size(), octets(nonce), key);
  if (failed != 0) return std::nullopt;
  return plain;
}

// The first twelve bytes of BLAKE2b-128 of two texts, one after the other.
using ShortDigest = std::array<char, 12>;
ShortDigest short_digest(std::span<const unsigned char> key, std::string_view first, std::string_view second) {
  constexpr std::size_t whole_size = 16;
  crypto_generichash_state state;
  crypto_generichash_init(&state, key.data(), key.size(), whole_size);
  crypto_generichash_update(&state, octets(first), first.size());
  crypto_generichash_update(&state, octets(second), second.size());
  unsigned char whole[whole_size];
  crypto_generichash_final(&state, whole, whole_size);
  ShortDigest digest;
  std::memcpy(digest.data(), whole, digest.size());
  return digest;
}

// A place as bytes.
class Octets {
 public:
  Octets(const Place& place, bool with_id) {
    add(place.entity, 2);
    add(place.field, 2);
    if (with_id) add(static_cast<std::uint64_t>(place.id.value), 8);
  }
  std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  void add(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes_[size_++] = static_cast<char>(value >> (8 * i));
  }
  std::array<char, 12> bytes_;
  std::size_t size_ = 0;
};

}  // namespace

KeyRing::KeyRing(std::vector<HostKey> keys, Entropy entropy)
    : entropy_(entropy ? std::move(entropy) : system_entropy()) {
  if (!keys.empty()) sodium_ready();
  for (const HostKey& key : keys) {
    const Hash digest = blake2b("emptor host key" + std::string(view_of_key(key)));
    Fingerprint fingerprint;
    std::memcpy(fingerprint.data(), digest.data(), fingerprint.size());
    keys_.emplace_back(fingerprint, key);
  }
}

std::string KeyRing::draw(std::size_t bytes) const {
  std::string drawn(bytes, '\0');
  entropy_(std::as_writable_bytes(std::span(drawn)));
  return drawn;
}

std::string KeyRing::wrap(std::string_view secret) const {
  const auto& [fingerprint, key] = keys_.front();
  const std::string head = wrapped_mark + std::string(fingerprint.data(), fingerprint.size());
  const std::string nonce = draw(nonce_size);
  std::string sealed(secret.size() + tag_size, '\0');
  encrypt(octets(view_of_key(key)), nonce.data(), secret, head, sealed.data());
  return head + nonce + sealed;
}

std::string KeyRing::unwrap(std::string_view wrapped) const {
  const auto fail = [] [[noreturn]] () {
    throw Error(Code::corrupt, "a wrapped secret of the store is damaged", "restore a backup");
  };
  constexpr std::size_t head_size = 1 + fingerprint_size;
  if (wrapped.size() < head_size + nonce_size || wrapped.front() != wrapped_mark) fail();
  const std::string_view head = wrapped.substr(0, head_size), fingerprint = head.substr(1);
  const auto found = std::ranges::find_if(
      keys_, [&](const auto& each) { return std::string_view(each.first.data(), each.first.size()) == fingerprint; });
  if (found == keys_.end())
    throw Error(Code::denied, "the secrets of the store are wrapped with another key than those that were given",
                "open the store with the key that sealed it, besides a new one");
  std::optional<std::string> secret = decrypt(octets(view_of_key(found->second)), wrapped.data() + head_size,
                                              wrapped.substr(head_size + nonce_size), head);
  if (!secret) fail();
  return *secret;
}

SubjectSeal::SubjectSeal(std::string_view secret) {
  constexpr std::string_view purpose = "emptor sealed field";
  crypto_generichash(keys_.data(), keys_.size(), octets(purpose), purpose.size(), octets(secret), secret.size());
}

// The nonce is a digest of what is sealed, so that it needs no chance and never serves two texts. Its second half is
// zeros, which are not kept.
std::string SubjectSeal::seal(const Place& place, std::string_view text) const {
  const Octets bound(place, true);
  const ShortDigest kept_nonce = short_digest(std::span(keys_).last(32), bound.view(), text);
  std::array<char, nonce_size> nonce{};
  std::memcpy(nonce.data(), kept_nonce.data(), kept_nonce_size);
  std::string sealed(kept_nonce_size + text.size() + tag_size, '\0');
  std::memcpy(sealed.data(), nonce.data(), kept_nonce_size);
  encrypt(keys_.data(), nonce.data(), text, bound.view(), sealed.data() + kept_nonce_size);
  return to_base64(sealed);
}

std::optional<std::string> SubjectSeal::open(const Place& place, std::string_view text) const {
  const std::optional<std::string> sealed = from_base64(text);
  if (!sealed || sealed->size() < kept_nonce_size) return std::nullopt;
  std::array<char, nonce_size> nonce{};
  std::memcpy(nonce.data(), sealed->data(), kept_nonce_size);
  return decrypt(keys_.data(), nonce.data(), std::string_view(*sealed).substr(kept_nonce_size),
                 Octets(place, true).view());
}

std::string StoreSecret::known() const {
  const std::lock_guard lock(turn_);
  return secret_;
}

void StoreSecret::keep(std::string secret) {
  const std::lock_guard lock(turn_);
  secret_ = std::move(secret);
}

std::string blind_index(std::string_view store_secret, const Place& place, std::string_view text) {
  const ShortDigest digest =
      short_digest({octets(store_secret), store_secret.size()}, Octets(place, false).view(), text);
  return to_base64({digest.data(), digest.size()});
}

}  // namespace emptor::sealed
