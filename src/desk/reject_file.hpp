// The file of refused lines: each as it stood, beside all the reasons.
#pragma once

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::desk {

class RejectFile {
 public:
  explicit RejectFile(std::string path) : path_(std::move(path)) {}
  /// Makes the file with the first line. Throws Code::io or Code::full.
  void add(std::string_view file, std::uint64_t line, const std::vector<std::string>& reasons,
           std::string_view original);
  void close();
  /// Empty where nothing was refused or no path was given.
  std::string written() const { return count_ > 0 ? path_ : ""; }

 private:
  std::string path_;
  std::ofstream out_;
  std::size_t count_ = 0;
};

}  // namespace emptor::desk
