// A file that appears at its path when it is whole, or not at all.
#pragma once

#include <string>

namespace emptor {

class NewFile {
 public:
  /// Throws Code::invalid where there is a file at the path.
  explicit NewFile(std::string path);
  /// Removes what is unfinished, with the files that SQLite and we keep beside it.
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  /// Where to write it.
  const std::string& part() const noexcept { return part_; }
  /// Gives it its name. Throws Code::invalid where somebody took it meanwhile, Code::io where that fails.
  void finish();

 private:
  void check_free() const;
  void remove_parts() const noexcept;

  std::string path_, part_;
};

}  // namespace emptor
