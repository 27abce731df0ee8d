#include "emptor/store/open.hpp"

namespace emptor {

namespace {

bool names_server(const std::string& where) noexcept {
  return where.starts_with("postgres://") || where.starts_with("postgresql://");
}

}  // namespace

bool names_file(const std::string& where) noexcept { return where != ":memory:" && !names_server(where); }

std::unique_ptr<Store> open_store(const std::string& where, const OpenOptions& options, const Log& log) {
  if (where == ":memory:") return open_memory(options);
  if (names_server(where)) return open_postgres(where, options, log);
  return open_sqlite(where, options, log);
}

}  // namespace emptor
