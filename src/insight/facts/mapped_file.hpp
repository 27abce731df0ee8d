/// A file seen as memory; the one place of the insights that depends on the system.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace emptor {

/// The bytes of a whole file, read-only, as long as the pointer lives; null where it cannot be opened.
std::shared_ptr<const std::span<const std::byte>> map_file(const std::string& path);

/// Writes a file beside its final name and renames it there, so that a reader sees all of it or nothing.
class ReplacedFile {
 public:
  /// Check `good()`; nothing here throws: what is written can be built again.
  explicit ReplacedFile(std::string path);
  ~ReplacedFile();
  ReplacedFile(const ReplacedFile&) = delete;
  ReplacedFile& operator=(const ReplacedFile&) = delete;
  void write(std::span<const std::byte> bytes);
  /// True if the new file stands under its name.
  bool finish();

 private:
  std::string path_, temporary_;
  int file_ = -1;
};

}  // namespace emptor
