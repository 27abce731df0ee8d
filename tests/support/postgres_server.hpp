// A PostgreSQL server of a test's own, which it may kill (tools/postgres_server).
#pragma once

#include <string>

#include "support/temp_folder.hpp"

namespace emptor::test {

class PostgresServer {
 public:
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// Whether a server is installed; where none is, the part that needs it is counted as skipped.
  static bool installed();

  const std::string& url() const noexcept { return url_; }
  /// All of its processes at once, as a loss of power would.
  void kill();
  /// After `kill`: recovers, and answers again.
  void start();

 private:
  TempFolder folder_;
  std::string url_;
};

}  // namespace emptor::test
