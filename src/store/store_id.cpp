#include "store/store_id.hpp"

#include <array>

namespace emptor {

std::string new_store_id(const OpenOptions& options) {
  if (options.origin) return options.origin->store_id;
  std::array<std::byte, 16> bytes;
  (options.entropy ? options.entropy : system_entropy())(bytes);
  std::string text;
  for (const std::byte byte : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    text += digits[std::to_integer<unsigned>(byte) >> 4];
    text += digits[std::to_integer<unsigned>(byte) & 15];
  }
  return text;
}

std::span<const CatalogField> first_catalog(const OpenOptions& options) noexcept {
  return options.origin ? std::span(options.origin->catalog) : std::span<const CatalogField>();
}

}  // namespace emptor
