#include "emptor/store/open.hpp"

namespace emptor {

std::unique_ptr<Store> open_store(const std::string& where, const OpenOptions& options, const Log& log) {
  if (where == ":memory:") return open_memory(options);
  if (where.starts_with("postgres://") || where.starts_with("postgresql://"))
    return open_postgres(where, options, log);
  return open_sqlite(where, options, log);
}

}  // namespace emptor
