/// A text file as blocks of whole lines, of which one is in memory at a time.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "emptor/core/error.hpp"

namespace emptor::mine {

class LineSource {
 public:
  explicit LineSource(const std::string& path) : file_(std::fopen(path.c_str(), "rb")) {
    if (!file_) throw Error(errno == ENOENT ? Code::not_found : Code::io, "the file cannot be opened");
    std::setvbuf(file_.get(), nullptr, _IONBF, 0);
    if (std::fseek(file_.get(), 0, SEEK_END) == 0)
      size_ = static_cast<std::uint64_t>(std::max(std::ftell(file_.get()), 0L));
    std::rewind(file_.get());
  }

  std::uint64_t size() const noexcept { return size_; }  ///< of the file in bytes; 0 where that cannot be told

  /// The next lines, each with its end but perhaps the file's last; nothing at the end. They live until the next call.
  std::optional<std::string_view> next() {
    std::size_t kept = buffer_.size() - given_;
    std::memmove(buffer_.data(), buffer_.data() + given_, kept);
    buffer_.resize(kept);
    for (;;) {
      const std::size_t got = fill();
      const std::size_t end = got == 0 ? buffer_.size() : end_of_lines(kept);
      given_ = end;
      if (end > 0) return std::string_view(buffer_).substr(0, end);
      if (got == 0) return std::nullopt;
      kept = buffer_.size();
    }
  }

 private:
  static constexpr std::size_t block = std::size_t{256} * 1024;
  struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  std::size_t fill() {
    const std::size_t before = buffer_.size();
    buffer_.resize(before + block);
    const std::size_t got = std::fread(buffer_.data() + before, 1, block, file_.get());
    buffer_.resize(before + got);
    if (got == 0 && std::ferror(file_.get()) != 0) throw Error(Code::io, "the file cannot be read");
    return got;
  }

  /// Where the last whole line ends; looks at what is new only.
  std::size_t end_of_lines(std::size_t old) const noexcept {
    const std::size_t at = std::string_view(buffer_).substr(old).rfind('\n');
    return at == std::string_view::npos ? 0 : old + at + 1;
  }

  std::unique_ptr<std::FILE, Close> file_;
  std::uint64_t size_ = 0;
  std::string buffer_;
  std::size_t given_ = 0;
};

}  // namespace emptor::mine
