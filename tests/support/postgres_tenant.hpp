// Stores of tests on the PostgreSQL server that EMPTOR_POSTGRES names (tools/run_tests starts one).
#pragma once

#include <string>

namespace emptor::test {

/// Whether the library was built with such stores; that it was not is counted as a skipped part.
bool has_postgres();
/// The server's URL; empty, which is counted as a skipped part, where there is none.
const std::string& postgres_server();
/// The URL of a store of that server.
std::string tenant_url(const std::string& schema);
/// Runs statements as the server's superuser, beside all stores.
void run_on_server(const std::string& script);
/// Removes a store for good. Harmless where there is none.
void drop_tenant(const std::string& schema);

}  // namespace emptor::test
