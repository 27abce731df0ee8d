// A store file that gets its name only when it is whole.
#pragma once

#include <string>

namespace emptor {

class UnfinishedFile {
 public:
  /// Throws Code::invalid where there is something at the path already. What an earlier attempt left is removed.
  explicit UnfinishedFile(std::string target);
  /// Removes it, and what stands beside it, unless it was finished.
  ~UnfinishedFile();
  UnfinishedFile(const UnfinishedFile&) = delete;
  UnfinishedFile& operator=(const UnfinishedFile&) = delete;

  const std::string& path() const noexcept { return path_; }
  /// Gives it its name. Requires the file to be closed, and its log to be written back. Throws as the constructor, and
  /// Code::io.
  void finish();

 private:
  std::string target_, path_;
};

}  // namespace emptor
