#include "support/public_calls.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace emptor::test {
namespace {

bool is_word(char c) { return (std::isalnum(static_cast<unsigned char>(c)) != 0) || c == '_'; }

// The name before the first parenthesis of a declaration that begins in this column; empty for what is none.
std::string declared_in(const std::string& line, std::size_t column) {
  if (line.size() <= column || line.find_first_not_of(' ') != column || !is_word(line[column])) return {};
  const std::size_t open = line.find('(');
  if (open == std::string::npos) return {};
  std::size_t begin = open;
  while (begin > 0 && is_word(line[begin - 1])) --begin;
  // A declaration has a type before its name.
  const bool declares = begin > column && begin < open && (line[begin - 1] == ' ' || line[begin - 1] == '&');
  const std::string first = line.substr(column, line.find(' ', column) - column);
  if (!declares || first == "return" || first == "using" || first == "explicit" || first == "constexpr" ||
      first == "friend" || first == "inline" || line.find("operator") != std::string::npos)
    return {};
  return line.substr(begin, open - begin);
}

void read_header(const std::filesystem::path& path, std::set<std::string>& names) {
  std::ifstream file(path);
  std::string line, of;
  bool is_public = false;
  while (std::getline(file, line)) {
    if (line == "class View {" || line == "class Session {") of = line.substr(6, line.size() - 8);
    if (line == " public:") is_public = true;
    if (line == " private:" || line == "};") is_public = false;
    if (line == "};") of.clear();
    const std::string name = declared_in(line, of.empty() ? 0 : 2);
    if (name.empty() || (!of.empty() && !is_public)) continue;
    names.insert(of.empty() ? name : of + "::" + name);
  }
}

}  // namespace

std::set<std::string> calls_of_headers() {
  std::set<std::string> names;
  for (const char* layer : {"session", "desk", "insight"})
    for (const auto& file :
         std::filesystem::directory_iterator(std::filesystem::path(EMPTOR_SOURCE_DIR) / "include/emptor" / layer))
      read_header(file.path(), names);
  return names;
}

}  // namespace emptor::test
