#include "desk/generated_file.hpp"

#include <cerrno>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

[[noreturn]] void fail() {
  throw Error(errno == ENOSPC ? Code::full : Code::io, "a generated file could not be written");
}

}  // namespace

GeneratedFile::GeneratedFile(const std::string& folder, const char* name)
    : file_(std::fopen((folder + "/" + name).c_str(), "wb")) {
  if (!file_) fail();
  buffer_.reserve(buffer_bytes + 4096);
}

void GeneratedFile::separate() {
  if (buffer_.size() > line_begin_) buffer_ += ',';
}

GeneratedFile& GeneratedFile::cell(std::string_view text) {
  separate();
  if (text.find_first_of(",\"\n") == text.npos) {
    buffer_ += text;
    return *this;
  }
  buffer_ += '"';
  for (const char c : text) {
    if (c == '"') buffer_ += '"';
    buffer_ += c;
  }
  buffer_ += '"';
  return *this;
}

GeneratedFile& GeneratedFile::cell(std::uint64_t number) {
  char digits[24];
  char* const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  separate();
  buffer_.append(digits, end);
  return *this;
}

GeneratedFile& GeneratedFile::real(double value) {
  char digits[40];
  char* const end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return cell(std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

GeneratedFile& GeneratedFile::hundredths(std::int64_t value) {
  separate();
  const std::uint64_t magnitude = static_cast<std::uint64_t>(value < 0 ? -value : value);
  if (value < 0) buffer_ += '-';
  char digits[24];
  char* const end = std::to_chars(digits, digits + sizeof digits, magnitude / 100).ptr;
  buffer_.append(digits, end);
  buffer_ += '.';
  buffer_ += static_cast<char>('0' + magnitude / 10 % 10);
  buffer_ += static_cast<char>('0' + magnitude % 10);
  return *this;
}

void GeneratedFile::end_line() {
  buffer_ += '\n';
  if (buffer_.size() >= buffer_bytes) flush();
  line_begin_ = buffer_.size();
}

void GeneratedFile::raw_line(std::string_view text) {
  buffer_ += text;
  end_line();
}

void GeneratedFile::flush() {
  beat("generate");
  if (std::fwrite(buffer_.data(), 1, buffer_.size(), file_.get()) != buffer_.size()) fail();
  buffer_.clear();
}

void GeneratedFile::close() {
  flush();
  if (std::fclose(file_.release()) != 0) fail();
}

}  // namespace emptor
