// The verifier for auditors (examples/python), which knows only docs/file-format.md, beside the program's own.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <filesystem>

#include "support/run_program.hpp"
#include "support/temp_folder.hpp"

using namespace emptor::test;

namespace {

Ran audit(const std::string& arguments) { return run_script("examples/python/verify_journal.py", arguments); }

std::string head_of(const std::string& store) {
  std::string head = audit(store).output;
  if (!head.empty()) head.pop_back();  // the end of the line
  return head;
}

void change(const std::string& store, const char* sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(store.c_str(), &database) == SQLITE_OK);
  REQUIRE(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
}

}  // namespace

TEST_CASE(
    "[M6] the verifier for auditors follows a trimmed journal from where it begins, and finds one cut off by hand") {
  const TempFolder folder;
  const std::string store = folder.file("s.emptor"), file = folder.file("sales.csv");
  const auto import = [&](const std::string& line) {
    write_file(file, "Order ID,Customer Name,Order Date,Amount\n" + line + "\n");
    REQUIRE(run_program("import " + store + " " + file + " --currency GBP").exit == 0);
  };
  import("1,Ada,2024-01-05,2.50");
  const std::string first = head_of(store);
  import("2,Bo,2024-02-05,3.50");
  const std::string second = head_of(store);
  REQUIRE(run_program("audit " + store + " --trim 2999-01-01").exit == 0);
  const std::string head = head_of(store);
  CHECK(run_program("verify " + store).output.find("head: " + head + "\n") != std::string::npos);
  for (const std::string& noted : {second, head}) {
    CHECK(audit(store + " " + noted).exit == 0);
    CHECK(run_program("verify " + store + " --head " + noted).exit == 0);
  }
  CHECK(audit(store + " " + first).exit == 1);
  CHECK(run_program("verify " + store + " --head " + first).exit == 4);
  import("3,Cy,2024-03-05,4.50");
  REQUIRE(audit(store).exit == 0);
  change(store, "DELETE FROM emptor_journal WHERE position = (SELECT min(position) FROM emptor_journal)");
  CHECK(audit(store).exit == 1);
  CHECK(run_program("verify " + store).exit == 4);
}

TEST_CASE(
    "[M6] the verifier for auditors tells the program's head, and finds edits, other heads and a journal rolled back") {
  const TempFolder folder;
  const std::string store = folder.file("s.emptor"), earlier = folder.file("earlier.emptor"),
                    file = folder.file("sales.csv");
  write_file(file, "Order ID,Customer Name,Order Date,Amount\n1,Ada,2024-01-05,2.50\n");
  REQUIRE(run_program("import " + store + " " + file + " --currency GBP").exit == 0);
  REQUIRE(run_program("backup " + store + " " + earlier).exit == 0);
  write_file(file, "Order ID,Customer Name,Order Date,Amount\n2,Bo,2024-02-05,3.50\n");
  REQUIRE(run_program("import " + store + " " + file).exit == 0);
  const std::string head = head_of(store);
  CHECK(run_program("verify " + store).output.find("head: " + head + "\n") != std::string::npos);
  CHECK(audit(store + " " + head).exit == 0);
  CHECK(run_program("verify " + store + " --head " + head).exit == 0);
  for (const std::string& changed : {head.substr(0, head.size() - 1) + (head.back() == '0' ? "1" : "0"), "9" + head}) {
    CHECK(audit(store + " " + changed).exit == 1);
    CHECK(run_program("verify " + store + " --head " + changed).exit == 4);
  }
  CHECK(audit(earlier).exit == 0);
  CHECK(audit(earlier + " " + head).exit == 1);
  change(store, "UPDATE emptor_journal SET reason = 'another' WHERE position = 1");
  CHECK(audit(store).exit == 1);
  CHECK(run_program("verify " + store).exit == 4);
}
