#include "store/unfinished_file.hpp"

#include <filesystem>
#include <utility>

#include "emptor/core/error.hpp"

namespace emptor {
namespace {

void check_free(const std::string& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error))
    throw Error(Code::invalid, "there is a file at the copy's path already", "give another path");
}

void remove_all(const std::string& path) noexcept {
  std::error_code ignored;
  for (const char* suffix : {"", "-journal", "-wal", "-shm", "-lock"}) std::filesystem::remove(path + suffix, ignored);
}

}  // namespace

UnfinishedFile::UnfinishedFile(std::string target) : target_(std::move(target)), path_(target_ + "-part") {
  check_free(target_);
  remove_all(path_);
}

UnfinishedFile::~UnfinishedFile() { remove_all(path_); }

void UnfinishedFile::finish() {
  check_free(target_);
  std::error_code error;
  std::filesystem::rename(path_, target_, error);
  if (error) throw Error(Code::io, "the finished copy could not be given its name", "look at the rights on its folder");
}

}  // namespace emptor
