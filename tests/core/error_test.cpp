#include "emptor/core/error.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace emptor;

TEST_CASE("error: every code has its own word") {
  std::set<std::string_view> words;
  for (int code = 0; code <= 16; ++code) words.insert(name_of(static_cast<Code>(code)));
  CHECK(words.size() == 17);
  CHECK(name_of(Code::not_found) == "not_found");
  CHECK(name_of(Code::internal) == "internal");
  CHECK(name_of(static_cast<Code>(99)) == "unknown");
  CHECK(name_of(static_cast<Code>(-1)) == "unknown");
}

TEST_CASE("error: what() names the code, the place, the row and what to do") {
  const Error error(Problem{Code::invalid, "a quantity is a number", "order_line", "quantity", 7, "write 1 for one"});
  CHECK(std::string(error.what()) == "invalid: order_line.quantity (row 7): a quantity is a number (write 1 for one)");
  CHECK(std::string(Error(Code::busy, "another process writes").what()) == "busy: another process writes");
}

TEST_CASE("error: all problems are kept, and the first gives the code") {
  const Error error({Problem{Code::conflict, "changed"}, Problem{Code::invalid, "wrong"}});
  CHECK(error.code() == Code::conflict);
  CHECK(error.first().message == "changed");
  CHECK(error.problems().size() == 2);
  CHECK(std::string(error.what()) == "conflict: changed [and 1 more]");
}

TEST_CASE("error: an error without a problem is a bug of ours, and says so") {
  CHECK(Error(std::vector<Problem>{}).code() == Code::internal);
}
