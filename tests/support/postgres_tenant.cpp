#include "support/postgres_tenant.hpp"

#include <cstdlib>

#include "support/data.hpp"

#if __has_include(<libpq-fe.h>)
#include "store/postgres/connection.hpp"
#include "store/sql/layout.hpp"
#endif

namespace emptor::test {

const std::string& postgres_server() {
  static const std::string url = [] {
    const char* const named = std::getenv("EMPTOR_POSTGRES");
    if (named == nullptr || *named == '\0') skip("stores on PostgreSQL: no server is named by EMPTOR_POSTGRES");
    return std::string(named == nullptr ? "" : named);
  }();
  return url;
}

std::string tenant_url(const std::string& schema) { return postgres_server() + "?schema=" + schema; }

#if __has_include(<libpq-fe.h>)
void drop_tenant(const std::string& schema) {
  postgres::Connection connection(postgres::Location::parse(postgres_server()), {});
  connection.execute("DROP SCHEMA IF EXISTS " + sql::quoted(schema) + " CASCADE");
}
#else
void drop_tenant(const std::string&) {}
#endif

}  // namespace emptor::test
