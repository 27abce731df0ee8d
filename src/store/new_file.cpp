#include "store/new_file.hpp"

#include <filesystem>

#include "emptor/core/error.hpp"

namespace emptor {

NewFile::NewFile(std::string path) : path_(std::move(path)), part_(path_ + "-part") {
  check_free();
  remove_parts();
}

NewFile::~NewFile() { remove_parts(); }

void NewFile::finish() {
  check_free();
  std::error_code error;
  std::filesystem::rename(part_, path_, error);
  if (error)
    throw Error(Code::io, "the finished backup could not be given its name", "look at the rights on its folder");
}

void NewFile::check_free() const {
  std::error_code error;
  if (std::filesystem::exists(path_, error))
    throw Error(Code::invalid, "there is a file at the backup's path already", "give another path");
}

void NewFile::remove_parts() const noexcept {
  for (const char* beside : {"", "-journal", "-wal", "-shm", "-lock"}) {
    std::error_code ignored;
    std::filesystem::remove(part_ + beside, ignored);
  }
}

}  // namespace emptor
