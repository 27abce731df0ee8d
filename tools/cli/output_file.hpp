/// A file that is there whole or not at all: written beside its place, then renamed.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace emptor::cli {

/// Writes to standard output where the path is empty. Failures end the program with Exit::input.
class OutputFile {
 public:
  explicit OutputFile(std::string path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::string_view text);
  /// Puts the file in its place.
  void finish();

 private:
  std::string path_;
  std::FILE* file_;
};

}  // namespace emptor::cli
