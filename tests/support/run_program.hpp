// The `emptor` program, run as a shell runs it.
#pragma once

#include <string>

namespace emptor::test {

struct Ran {
  int exit = -1;
  std::string output;  // standard output alone
};
Ran run_program(const std::string& arguments);
/// A script of this repository, by its path in it, run by python3.
Ran run_script(const std::string& path, const std::string& arguments);
void write_file(const std::string& path, const std::string& text);
std::string read_file(const std::string& path);

}  // namespace emptor::test
