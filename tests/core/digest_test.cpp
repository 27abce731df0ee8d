#include "core/digest.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "emptor/core/error.hpp"

using namespace emptor;

namespace {

template <std::size_t Size>
std::string hex(const std::array<std::byte, Size>& bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    text += "0123456789abcdef"[static_cast<unsigned>(byte) >> 4];
    text += "0123456789abcdef"[static_cast<unsigned>(byte) & 15];
  }
  return text;
}

std::string counting_bytes(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(i & 0xFF);
  return bytes;
}

std::vector<std::byte> counting_key(std::size_t count) {
  std::vector<std::byte> key(count);
  for (std::size_t i = 0; i < count; ++i) key[i] = static_cast<std::byte>(i);
  return key;
}

}  // namespace

// All expected values: Python's hashlib.blake2b.

TEST_CASE("digest: BLAKE2b-256 is that of RFC 7693") {
  CHECK(hex(blake2b("")) == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  CHECK(hex(blake2b("abc")) == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  CHECK(hex(blake2b(counting_bytes(1'280))) == "82628cbfc9689e234b0923a531f4578fe2e7138a03e2f81ed6cde97517336650");
}

TEST_CASE("digest: pieces of any size give the digest of the whole") {
  const std::string whole = counting_bytes(1'000);
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{7}, std::size_t{128}, std::size_t{129}, std::size_t{999}}) {
    Blake2b digest;
    for (std::size_t at = 0; at < whole.size(); at += piece) digest.add(std::string_view(whole).substr(at, piece));
    CHECK(digest.finish() == blake2b(whole));
  }
}

TEST_CASE("digest: under a key it is the keyed BLAKE2b-128") {
  CHECK(hex(keyed_digest(counting_key(32), "abc")) == "1a64be47e4729d951c302ee543f97cf3");
  CHECK(hex(keyed_digest(counting_key(32), "")) == "3daf97bce7888fd59773c66bf647459c");
}

TEST_CASE("digest: another key gives another digest, and a short key is refused") {
  CHECK(keyed_digest(counting_key(32), "abc") != keyed_digest(counting_key(33), "abc"));
  CHECK_THROWS_AS(keyed_digest(counting_key(15), "abc"), Error);
  CHECK_THROWS_AS(keyed_digest(counting_key(65), "abc"), Error);
}
