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
constexpr char wrapped_mark = '\x01';

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* octets(char* text) { return reinterpret_cast<unsigned char*>(text); }

std::string_view view_of_key(const HostKey& key) { return {reinterpret_cast<const char*>(key.data()), key.size()}; }

std::array<unsigned char, 32> derived(std::string_view secret, std::string_view purpose) {
  std::array<unsigned char, 32> key;
  crypto_generichash(key.data(), key.size(), octets(purpose), purpose.size(), octets(secret), secret.size());
  return key;
}

// Nonce, then what was encrypted.
std::string encrypt(const unsigned char* key, std::string_view nonce, std::string_view plain, std::string_view bound) {
  std::string sealed(nonce);
  sealed.resize(nonce_size + plain.size() + tag_size);
  crypto_aead_xchacha20poly1305_ietf_encrypt(octets(sealed.data() + nonce_size), nullptr, octets(plain), plain.size(),
                                             octets(bound), bound.size(), nullptr, octets(nonce), key);
  return sealed;
}

std::optional<std::string> decrypt(const unsigned char* key, std::string_view sealed, std::string_view bound) {
  if (sealed.size() < nonce_size + tag_size) return std::nullopt;
  std::string plain(sealed.size() - nonce_size - tag_size, '\0');
  const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
      octets(plain.data()), nullptr, nullptr, octets(sealed.substr(nonce_size)), sealed.size() - nonce_size,
      octets(bound), bound.size(), octets(sealed), key);
  if (failed != 0) return std::nullopt;
  return plain;
}

std::string bytes_of(const Place& place, bool with_id) {
  std::string bytes;
  const auto add = [&](std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
  };
  add(place.entity, 2);
  add(place.field, 2);
  if (with_id) add(static_cast<std::uint64_t>(place.id.value), 8);
  return bytes;
}

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
  return head + encrypt(octets(view_of_key(key)), draw(nonce_size), secret, head);
}

std::string KeyRing::unwrap(std::string_view wrapped) const {
  const auto fail = [] [[noreturn]] () {
    throw Error(Code::corrupt, "a wrapped secret of the store is damaged", "restore a backup");
  };
  constexpr std::size_t head_size = 1 + fingerprint_size;
  if (wrapped.size() < head_size || wrapped.front() != wrapped_mark) fail();
  const std::string_view head = wrapped.substr(0, head_size), fingerprint = head.substr(1);
  const auto found = std::ranges::find_if(
      keys_, [&](const auto& each) { return std::string_view(each.first.data(), each.first.size()) == fingerprint; });
  if (found == keys_.end())
    throw Error(Code::denied, "the secrets of the store are wrapped with another key than those that were given",
                "open the store with the key that sealed it, besides a new one");
  std::optional<std::string> secret = decrypt(octets(view_of_key(found->second)), wrapped.substr(head_size), head);
  if (!secret) fail();
  return *secret;
}

SubjectSeal::SubjectSeal(std::string_view secret)
    : key_(derived(secret, "emptor sealed field")), nonce_key_(derived(secret, "emptor sealed nonce")) {}

// The nonce is a digest of what is sealed, so that it needs no chance and never serves two texts.
std::string SubjectSeal::seal(const Place& place, std::string_view text) const {
  const std::string bound = bytes_of(place, true);
  std::string nonce(nonce_size, '\0');
  const std::string message = bound + std::string(text);
  crypto_generichash(octets(nonce.data()), nonce.size(), octets(message), message.size(), nonce_key_.data(),
                     nonce_key_.size());
  return to_base64(encrypt(key_.data(), nonce, text, bound));
}

std::optional<std::string> SubjectSeal::open(const Place& place, std::string_view sealed) const {
  const std::optional<std::string> bytes = from_base64(sealed);
  return bytes ? decrypt(key_.data(), *bytes, bytes_of(place, true)) : std::nullopt;
}

std::string blind_index(std::string_view store_secret, const Place& place, std::string_view text) {
  const KeyedDigest digest =
      keyed_digest(std::as_bytes(std::span(store_secret)), bytes_of(place, false) + std::string(text));
  return to_base64(view_of(digest).substr(0, blind_index_size / 4 * 3));
}

}  // namespace emptor::sealed
