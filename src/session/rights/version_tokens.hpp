// Versions and journal positions as a user sees them: numbers that tell nothing, for the true ones count everybody's
// writes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace emptor {

/// A permutation of 0 to 2^62 - 1 that only the store's secret undoes: a balanced Feistel network of four rounds (Luby
/// and Rackoff, SIAM J. Computing 17, 1988), each a SipHash-2-4. 0 stays 0, for it is no position.
class VersionTokens {
 public:
  /// Requires a secret of 16 to 64 bytes.
  explicit VersionTokens(std::string_view secret);
  std::int64_t token_of(std::int64_t version) const noexcept;
  /// What no version gave is some number that is none; negative ones stay.
  std::int64_t version_of(std::int64_t token) const noexcept;

 private:
  std::uint64_t half(std::uint64_t value, unsigned round) const noexcept;
  std::array<std::byte, 16> key_;
};

}  // namespace emptor
