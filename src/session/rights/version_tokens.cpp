#include "session/rights/version_tokens.hpp"

#include <sodium.h>

#include <span>

#include "core/digest.hpp"

namespace emptor {
namespace {

constexpr unsigned rounds = 4;
constexpr unsigned bits = 31;  // of a half
constexpr std::uint64_t low = (std::uint64_t{1} << bits) - 1;
constexpr std::string_view purpose = "emptor version token";

}  // namespace

VersionTokens::VersionTokens(std::string_view secret) : key_(keyed_digest(std::as_bytes(std::span(secret)), purpose)) {}

std::uint64_t VersionTokens::half(std::uint64_t value, unsigned round) const noexcept {
  const std::uint64_t message[] = {value, round};
  std::uint64_t hash = 0;
  crypto_shorthash(reinterpret_cast<unsigned char*>(&hash), reinterpret_cast<const unsigned char*>(message),
                   sizeof message, reinterpret_cast<const unsigned char*>(key_.data()));
  return hash & low;
}

std::int64_t VersionTokens::token_of(std::int64_t version) const noexcept {
  if (version <= 0) return version;
  std::uint64_t left = static_cast<std::uint64_t>(version) >> bits & low,
                right = static_cast<std::uint64_t>(version) & low;
  for (unsigned round = 0; round < rounds; ++round) {
    const std::uint64_t next = left ^ half(right, round);
    left = right;
    right = next;
  }
  return static_cast<std::int64_t>(left << bits | right);
}

std::int64_t VersionTokens::version_of(std::int64_t token) const noexcept {
  if (token <= 0) return token;
  std::uint64_t left = static_cast<std::uint64_t>(token) >> bits & low, right = static_cast<std::uint64_t>(token) & low;
  for (unsigned round = rounds; round-- > 0;) {
    const std::uint64_t before = right ^ half(left, round);
    right = left;
    left = before;
  }
  return static_cast<std::int64_t>(left << bits | right);
}

}  // namespace emptor
