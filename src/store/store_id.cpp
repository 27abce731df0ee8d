#include "store/store_id.hpp"

#include "core/hex.hpp"

namespace emptor {

std::string new_store_id(const OpenOptions& options) {
  if (options.origin) return options.origin->store_id;
  std::string bytes(16, '\0');
  (options.entropy ? options.entropy : system_entropy())(std::as_writable_bytes(std::span(bytes)));
  return to_hex(bytes);
}

std::vector<std::pair<std::string, std::string>> first_settings(const OpenOptions& options) {
  return {{"store_id", new_store_id(options)},
          {"currency", std::string(options.currency.code())},
          {"zone", options.zone},
          {"schema_version", options.origin ? "1" : ""}};
}

std::span<const CatalogField> first_catalog(const OpenOptions& options) noexcept {
  return options.origin ? std::span(options.origin->catalog) : std::span<const CatalogField>();
}

}  // namespace emptor
