// The pages that are written by hand stay true: names, ids, links and files in them exist.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/model/schema.hpp"

namespace emptor {
namespace {

namespace fs = std::filesystem;

const fs::path root = EMPTOR_SOURCE_DIR;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// The cells of a table's row, trimmed; empty for a line that is no row.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  if (!line.starts_with("| ")) return cells;
  for (std::size_t at = 1; at < line.size();) {
    const std::size_t end = line.find('|', at);
    if (end == line.npos) break;
    const std::size_t first = line.find_first_not_of(' ', at);
    const std::size_t last = line.find_last_not_of(' ', end - 1);
    cells.push_back(first >= end ? std::string() : line.substr(first, last - first + 1));
    at = end + 1;
  }
  return cells;
}

/// What stands between `open` and `close`, for each time that `open` occurs.
std::vector<std::string> between(const std::string& text, std::string_view open, char close) {
  std::vector<std::string> found;
  for (std::size_t at = text.find(open); at != text.npos; at = text.find(open, at)) {
    at += open.size();
    const std::size_t end = text.find(close, at);
    if (end == text.npos) break;
    found.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return found;
}

std::vector<fs::path> pages() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md") found.push_back(entry.path());
  }
  for (const char* name : {"CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "README.md"}) {
    if (fs::exists(root / name)) found.push_back(root / name);
  }
  return found;
}

bool is_file_name(const std::string& text) {
  constexpr std::string_view folders[] = {"include/", "src/",      "tests/",      "tools/", "capi/",
                                          "docs/",    "examples/", "benchmarks/", "cmake/"};
  const bool in_tree = std::ranges::any_of(folders, [&](std::string_view folder) { return text.starts_with(folder); });
  return in_tree && text.find_first_of(" <>*{") == text.npos;
}

/// A page without its blocks of code, in which a lambda looks like a link.
std::string prose_of(const fs::path& page) {
  std::string prose;
  bool code = false;
  for (const std::string& line : lines_of(text_of(page))) {
    const bool fence = line.starts_with("```");
    if (fence) code = !code;
    if (!code && !fence) prose += line + '\n';
  }
  return prose;
}

}  // namespace

TEST_CASE("glossary: every entity has its term in English and Chinese and a definition") {
  std::map<std::string, std::vector<std::string>> rows;
  for (const std::string& line : lines_of(text_of(root / "docs/glossary.md"))) {
    const auto cells = cells_of(line);
    if (cells.empty()) continue;
    REQUIRE(cells.size() == 3);
    for (const std::string& name : between(cells[0], "`", '`')) rows[name] = cells;
  }
  for (const EntityDescription& entity : described_entities()) {
    CAPTURE(entity.name);
    const auto row = rows.find(std::string(entity.name));
    REQUIRE(row != rows.end());
    const std::string& chinese = row->second[1];
    CHECK(std::ranges::any_of(chinese, [](char c) { return static_cast<unsigned char>(c) >= 0xe4; }));
    CHECK_FALSE(row->second[2].empty());
    rows.erase(row);
  }
  CHECK(rows.empty());  // a name in code that is no entity
}

TEST_CASE("features: every capability is listed once, with its state and, where done, what shows it") {
  constexpr std::pair<char, int> groups[] = {{'A', 8},  {'B', 23}, {'C', 20}, {'D', 17}, {'E', 18}, {'F', 8}, {'G', 11},
                                             {'H', 15}, {'I', 28}, {'J', 17}, {'K', 8},  {'L', 10}, {'M', 15}};
  std::vector<std::string> expected;
  for (const auto& [group, count] : groups) {
    for (int number = 1; number <= count; ++number) expected.push_back(group + std::to_string(number));
  }
  std::vector<std::string> listed;
  for (const std::string& line : lines_of(text_of(root / "docs/features.md"))) {
    const auto cells = cells_of(line);
    if (cells.size() != 5 || cells[0] == "Id") continue;
    CAPTURE(line);
    listed.push_back(cells[0]);
    const bool done = cells[2] == "**done**";
    CHECK((done || cells[2].starts_with("partly: ") || cells[2].starts_with("planned: ")));
    if (done) CHECK_FALSE((cells[3].empty() || cells[4].empty()));
  }
  CHECK(listed == expected);
}

TEST_CASE("features: the calls that are named are there") {
  std::string headers = text_of(root / "capi/emptor.h");
  for (const auto& file : fs::recursive_directory_iterator(root / "include"))
    if (file.is_regular_file()) headers += text_of(file.path());
  std::size_t named = 0;
  for (const std::string& line : lines_of(text_of(root / "docs/features.md"))) {
    const auto cells = cells_of(line);
    if (cells.size() != 5) continue;
    for (const std::string& call : between(cells[3], "`", '`')) {
      const std::string name = call.substr(0, call.find_first_of("( .:"));
      CAPTURE(call);
      CHECK((headers.find(name) != std::string::npos || fs::exists(root / name)));
      ++named;
    }
  }
  CHECK(named > 50);
}

TEST_CASE("pages: every link to a file of the repository leads to one") {
  for (const fs::path& page : pages()) {
    for (const std::string& target : between(prose_of(page), "](", ')')) {
      if (target.starts_with("http") || target.starts_with("#")) continue;
      CAPTURE(page.string());
      CAPTURE(target);
      CHECK(fs::exists(page.parent_path() / target.substr(0, target.find('#'))));
    }
  }
}

TEST_CASE("pages: every file that is named in code exists") {
  for (const fs::path& page : pages()) {
    for (const std::string& line : lines_of(text_of(page))) {
      for (const std::string& name : between(line, "`", '`')) {
        if (!is_file_name(name)) continue;
        CAPTURE(page.string());
        CAPTURE(name);
        CHECK(fs::exists(root / name));
      }
    }
  }
}

}  // namespace emptor
