/// Where a store is, as its URL says: a database of a server, and the tenant's schema in it.
#pragma once

#include <cstdint>
#include <string>

namespace emptor::postgres {

struct Location {
  std::string server;  ///< the URL as libpq takes it; may hold a password, so it is never told
  std::string schema;

  /// From "postgres://user@host:port/database?schema=shop". Throws Code::invalid.
  static Location parse(const std::string& url);
  /// What writers lock: the same number in every process that has this schema open.
  std::int64_t lock() const noexcept;
};

}  // namespace emptor::postgres
