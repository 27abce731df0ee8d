#include "support/postgres_server.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "support/data.hpp"
#include "support/postgres_tenant.hpp"

namespace emptor::test {
namespace {

const std::string tool = EMPTOR_SOURCE_DIR "/tools/postgres_server ";

std::string line_of(const std::string& command) {
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no program can be run");
  char text[512] = "";
  const bool read = std::fgets(text, sizeof text, pipe) != nullptr;
  if (pclose(pipe) != 0 || !read) throw std::runtime_error("the server does not start");
  std::string line(text);
  return line.substr(0, line.find('\n'));
}

void run(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error("it failed: " + command);
}

}  // namespace

bool PostgresServer::installed() {
  if (!has_postgres()) return false;
  if (std::system((tool + "installed").c_str()) == 0) return true;
  skip("a PostgreSQL server that is killed: none is installed");
  return false;
}

PostgresServer::PostgresServer() { start(); }

PostgresServer::~PostgresServer() {
  if (std::system((tool + "stop '" + folder_.path().string() + "'").c_str()) != 0)
    std::fprintf(stderr, "a server could not be stopped\n");
}

void PostgresServer::kill() { run(tool + "kill '" + folder_.path().string() + "'"); }

void PostgresServer::start() { url_ = line_of(tool + "start '" + folder_.path().string() + "'"); }

}  // namespace emptor::test
