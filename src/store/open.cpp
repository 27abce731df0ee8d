#include "emptor/store/open.hpp"

#include "store/postgres/location.hpp"

namespace emptor {
namespace {

bool names_server(const std::string& where) noexcept {
  return where.starts_with("postgres://") || where.starts_with("postgresql://");
}

}  // namespace

bool names_file(const std::string& where) noexcept { return where != ":memory:" && !names_server(where); }

std::unique_ptr<Store> open_store(const std::string& where, const OpenOptions& options, const Log& log) {
  if (where == ":memory:") return open_memory(options);
  return names_server(where) ? open_postgres(where, options, log) : open_sqlite(where, options, log);
}

std::string store_name(const std::string& where) {
  return names_server(where) ? postgres::Location::parse(where).schema : where;
}

}  // namespace emptor
