#include "emptor/store/open.hpp"

#include "store/postgres/location.hpp"

namespace emptor {
namespace {

bool is_url(std::string_view where) noexcept {
  return where.starts_with("postgres://") || where.starts_with("postgresql://");
}

}  // namespace

bool names_file(const std::string& where) noexcept { return where != ":memory:" && !is_url(where); }

std::unique_ptr<Store> open_store(const std::string& where, const OpenOptions& options, const Log& log) {
  if (where == ":memory:") return open_memory(options);
  return is_url(where) ? open_postgres(where, options, log) : open_sqlite(where, options, log);
}

std::string store_name(const std::string& where) {
  return is_url(where) ? postgres::Location::parse(where).schema : where;
}

}  // namespace emptor
