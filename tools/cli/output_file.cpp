#include "cli/output_file.hpp"

#include "cli/command.hpp"

namespace emptor::cli {

OutputFile::OutputFile(std::string path)
    : path_(std::move(path)), file_(path_.empty() ? stdout : std::fopen((path_ + ".part").c_str(), "wb")) {
  if (file_ == nullptr) fail(Exit::input, "this file cannot be written: " + path_);
}

OutputFile::~OutputFile() {
  if (file_ == nullptr || file_ == stdout) return;
  std::fclose(file_);
  std::remove((path_ + ".part").c_str());
}

void OutputFile::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_) != text.size())
    fail(Exit::input, "this file takes no more: " + (path_.empty() ? "standard output" : path_));
}

void OutputFile::finish() {
  bool whole = std::fflush(file_) == 0;
  if (file_ != stdout) {
    whole = std::fclose(file_) == 0 && whole;
    file_ = nullptr;
    whole = whole && std::rename((path_ + ".part").c_str(), path_.c_str()) == 0;
  }
  if (!whole) fail(Exit::input, "this file could not be finished: " + (path_.empty() ? "standard output" : path_));
}

}  // namespace emptor::cli
