#include "insight/facts/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>

namespace emptor {
namespace {

struct Mapping {
  ~Mapping() {
    if (!bytes.empty()) munmap(const_cast<std::byte*>(bytes.data()), bytes.size());
  }
  std::span<const std::byte> bytes;
};

/// Another process, and another thread of this one, write under other names.
std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> count{0};
  return path + "." + std::to_string(getpid()) + "-" + std::to_string(count++) + ".new";
}

}  // namespace

std::shared_ptr<const std::span<const std::byte>> map_file(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return nullptr;
  struct stat status {};
  void* memory = MAP_FAILED;
  if (fstat(file, &status) == 0 && status.st_size > 0) {
    memory = mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_SHARED, file, 0);
  }
  close(file);
  if (memory == MAP_FAILED) return nullptr;
  const auto mapping = std::make_shared<Mapping>();
  mapping->bytes = {static_cast<const std::byte*>(memory), static_cast<std::size_t>(status.st_size)};
  return {mapping, &mapping->bytes};
}

ReplacedFile::ReplacedFile(std::string path) : path_(std::move(path)), temporary_(temporary_name(path_)) {
  file_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

ReplacedFile::~ReplacedFile() {
  if (file_ < 0) return;
  close(file_);
  unlink(temporary_.c_str());
}

void ReplacedFile::write(std::span<const std::byte> bytes) {
  while (file_ >= 0 && !bytes.empty()) {
    const ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      close(file_);
      unlink(temporary_.c_str());
      file_ = -1;
      return;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

bool ReplacedFile::finish() {
  if (file_ < 0) return false;
  const bool closed = close(file_) == 0;
  file_ = -1;
  if (closed && std::rename(temporary_.c_str(), path_.c_str()) == 0) return true;
  unlink(temporary_.c_str());
  return false;
}

}  // namespace emptor
