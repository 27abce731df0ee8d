#include "emptor/desk/generate.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "core/digest.hpp"
#include "emptor/core/error.hpp"

using namespace emptor;

namespace {

/// A folder that goes away with the test.
struct Folder {
  explicit Folder(const char* name) : path((std::filesystem::temp_directory_path() / name).string()) {
    std::filesystem::remove_all(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string read(const char* file) const {
    std::ifstream in(path + "/" + file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  std::string path;
};

/// Rows of a file without quoted cells.
std::vector<std::vector<std::string>> rows_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == ',') {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    }
    rows.push_back(cells);
  }
  rows.erase(rows.begin());
  return rows;
}

std::string hexadecimal(const Hash& hash) {
  std::string text;
  for (const std::byte byte : hash) {
    constexpr const char* digits = "0123456789abcdef";
    text += digits[std::to_integer<int>(byte) >> 4];
    text += digits[std::to_integer<int>(byte) & 15];
  }
  return text;
}

}  // namespace

TEST_CASE("generator: the same seed gives the same bytes, another seed others") {
  const Folder one("emptor-generate-1"), two("emptor-generate-2"), other("emptor-generate-3");
  generate(one.path, {.customers = 300, .lines = 2'000});
  generate(two.path, {.customers = 300, .lines = 2'000});
  generate(other.path, {.customers = 300, .lines = 2'000, .seed = 2});
  for (const char* file : {"customers.csv", "products.csv", "order_lines.csv", "interactions.csv", "truth.json"}) {
    CHECK(one.read(file) == two.read(file));
    CHECK(one.read(file) != other.read(file));
  }
}

TEST_CASE("generator: the bytes are the same on every machine") {
  const Folder folder("emptor-generate-4");
  generate(folder.path, {.customers = 300, .lines = 2'000});
  // Written down from g++ 12 on x86-64; any other compiler or processor must agree.
  CHECK(hexadecimal(blake2b(folder.read("customers.csv"))).substr(0, 16) == "16dae29aa0320e62");
  CHECK(hexadecimal(blake2b(folder.read("order_lines.csv"))).substr(0, 16) == "0d2f7efd00528f14");
  CHECK(hexadecimal(blake2b(folder.read("interactions.csv"))).substr(0, 16) == "f08c15a608467304");
}

TEST_CASE("generator: it writes exactly the rows that were asked for, and counts what it planted") {
  const Folder folder("emptor-generate-5");
  const Generated made = generate(folder.path, {.customers = 1'000, .lines = 20'000, .seed = 5});
  const auto lines = rows_of(folder.read("order_lines.csv"));
  CHECK(lines.size() == 20'000);
  std::uint64_t anonymous = 0, returned = 0, doubled = 0;
  std::int64_t hundredths = 0;
  std::set<std::string> orders, buyers;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    anonymous += lines[i][2].empty();
    returned += lines[i][4].front() == '-';
    doubled += i > 0 && lines[i] == lines[i - 1];
    orders.insert(lines[i][0]);
    if (!lines[i][2].empty()) buyers.insert(lines[i][2]);
    hundredths += std::stoll(lines[i][4]) * Decimal::parse(lines[i][5])->micros() / 10'000;
  }
  CHECK(anonymous == made.anonymous_lines);
  CHECK(returned == made.returned_lines);
  CHECK(doubled == made.duplicate_lines);
  CHECK(orders.size() == made.orders);
  CHECK(buyers.size() <= made.buyers);
  CHECK(Decimal::of(hundredths, 2) == made.amount);
  CHECK(made.double_customers == 10);
}

TEST_CASE("generator: sales stand in the order of time, and few products carry most of them") {
  const Folder folder("emptor-generate-6");
  generate(folder.path, {.customers = 1'000, .lines = 20'000, .seed = 6});
  const auto lines = rows_of(folder.read("order_lines.csv"));
  std::map<std::string, int> sold;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) CHECK_MESSAGE(lines[i - 1][1] <= lines[i][1], "line " << i);
    ++sold[lines[i][3]];
  }
  std::vector<int> counts;
  for (const auto& [product, count] : sold) counts.push_back(count);
  std::sort(counts.rbegin(), counts.rend());
  int top = 0;
  for (std::size_t i = 0; i < counts.size() / 10; ++i) top += counts[i];
  CHECK(top > 8'000);
}

TEST_CASE("generator: without flaws nothing is anonymous, double or suspect") {
  const Folder folder("emptor-generate-7");
  const Generated made = generate(folder.path, {.customers = 500, .lines = 3'000, .flaws = false});
  CHECK(made.anonymous_lines + made.duplicate_lines + made.double_customers + made.suspect_names == 0);
  CHECK(made.lines == 3'000);
}

TEST_CASE("generator: a single line and a single customer are enough") {
  const Folder folder("emptor-generate-8");
  const Generated made = generate(folder.path, {.customers = 1, .lines = 1, .days = 1});
  CHECK(made.lines == 1);
  CHECK_THROWS_AS(generate(folder.path, {.customers = 0}), Error);
}
