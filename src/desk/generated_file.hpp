/// One CSV file being written: cells are appended, lines end with LF, a full disk is an error.
#pragma once

#include <charconv>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "emptor/core/decimal.hpp"

namespace emptor {

class GeneratedFile {
 public:
  /// Throws Code::io.
  GeneratedFile(const std::string& folder, const char* name);
  /// Adds a cell, quoted only where it must be. The first of a line is never empty.
  GeneratedFile& cell(std::string_view text);
  GeneratedFile& cell(std::uint64_t number);
  /// The shortest digits that read back as the same number.
  GeneratedFile& real(double value);
  /// A number of hundredths: "12.50".
  GeneratedFile& hundredths(std::int64_t value);
  void end_line();
  /// A line as it stands: a header.
  void raw_line(std::string_view text);
  /// Throws Code::full or Code::io. Called once, last.
  void close();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void flush();
  void separate();

  static constexpr std::size_t buffer_bytes = 1 << 20;
  std::unique_ptr<std::FILE, Close> file_;
  std::string buffer_;
  std::size_t line_begin_ = 0;
};

}  // namespace emptor
