#include "support/postgres_tenant.hpp"

#include <cstdlib>

#include "support/data.hpp"

#if __has_include(<libpq-fe.h>)
#include "store/postgres/connection.hpp"
#endif

namespace emptor::test {

bool has_postgres() {
#if __has_include(<libpq-fe.h>)
  return true;
#else
  static const bool told = (skip("stores on PostgreSQL: this build has none"), true);
  return !told;
#endif
}

const std::string& postgres_server() {
  static const std::string url = [] {
    if (!has_postgres()) return std::string();
    const char* const named = std::getenv("EMPTOR_POSTGRES");
    if (named == nullptr || *named == '\0') skip("stores on PostgreSQL: no server is named by EMPTOR_POSTGRES");
    return std::string(named == nullptr ? "" : named);
  }();
  return url;
}

std::string tenant_url(const std::string& schema) { return postgres_server() + "?schema=" + schema; }

#if __has_include(<libpq-fe.h>)
void run_on_server(const std::string& script) {
  postgres::Connection(postgres::Location::parse(postgres_server()), {}).execute(script);
}
#else
void run_on_server(const std::string&) {}
#endif

void drop_tenant(const std::string& schema) { run_on_server("DROP SCHEMA IF EXISTS \"" + schema + "\" CASCADE"); }

}  // namespace emptor::test
