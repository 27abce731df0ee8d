// The thread table of docs/threads.md says of every function of the header where it may be called.

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include <map>
#include <set>

#include "support/capi_calls.hpp"

using namespace emptor::test;

namespace {

struct ThreadRow {
  std::string thread, calls;
};

// "| `emptor_get` | the session's own | none |"
std::map<std::string, ThreadRow> thread_table() {
  std::ifstream file(EMPTOR_SOURCE_DIR "/docs/threads.md");
  std::map<std::string, ThreadRow> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("| `emptor_", 0) != 0) continue;
    const std::size_t name_end = line.find('`', 3), thread = line.find(" | ", name_end) + 3;
    const std::size_t calls = line.find(" | ", thread);
    const std::string name = line.substr(3, name_end - 3);
    CHECK_MESSAGE(rows.count(name) == 0, name);
    rows[name] = {line.substr(thread, calls - thread), line.substr(calls + 3, line.rfind(" |") - calls - 3)};
  }
  return rows;
}

}  // namespace

TEST_CASE("threads: the table has a row for every function of the header, and no other") {
  std::set<std::string> listed;
  for (const auto& [name, row] : thread_table()) {
    CHECK_MESSAGE(!row.calls.empty(), name);
    listed.insert(name);
  }
  CHECK(listed == functions_of_header());
}

TEST_CASE("threads: what the table calls the session's own is what another thread is refused") {
  const std::map<std::string, ThreadRow> table = thread_table();
  for (const CapiCall& call : capi_calls()) {
    const bool threaded = std::find(call.handles.begin(), call.handles.end(), capi_session) != call.handles.end();
    const auto row = table.find(call.name);
    if (row == table.end() || call.name == "emptor_session_adopt") continue;
    CHECK_MESSAGE((row->second.thread == "the session's own") == threaded, call.name);
  }
}
