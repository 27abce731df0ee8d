#include "desk/table_input.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "emptor/core/error.hpp"

namespace emptor {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

std::string base_name(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

class FileInput final : public ByteInput {
 public:
  explicit FileInput(const std::string& path) : name_(base_name(path)), file_(std::fopen(path.c_str(), "rb")) {
    if (!file_) {
      throw Error(errno == ENOENT ? Code::not_found : Code::io, "cannot open " + name_ + ": " + std::strerror(errno));
    }
    std::setvbuf(file_.get(), nullptr, _IONBF, 0);  // we read in large pieces
    if (std::fseek(file_.get(), 0, SEEK_END) != 0) fail();
    const long end = std::ftell(file_.get());
    if (end < 0) fail();
    size_ = static_cast<std::uint64_t>(end);
    FileInput::rewind();
  }
  std::size_t read(char* to, std::size_t size) override {
    const std::size_t got = std::fread(to, 1, size, file_.get());
    if (got < size && std::ferror(file_.get()) != 0) fail();
    position_ += got;
    return got;
  }
  void rewind() override {
    if (std::fseek(file_.get(), 0, SEEK_SET) != 0) fail();
    position_ = 0;
  }
  std::uint64_t position() const noexcept override { return position_; }
  std::uint64_t size() const noexcept override { return size_; }

 private:
  std::string name_;
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::uint64_t position_ = 0, size_ = 0;

  [[noreturn]] void fail() const { throw Error(Code::io, "cannot read " + name_ + ": " + std::strerror(errno)); }
};

class MemoryInput final : public ByteInput {
 public:
  explicit MemoryInput(std::string_view bytes) : bytes_(bytes) {}
  std::size_t read(char* to, std::size_t size) override {
    const std::size_t got = std::min(size, bytes_.size() - at_);
    if (got > 0) std::memcpy(to, bytes_.data() + at_, got);
    at_ += got;
    return got;
  }
  void rewind() override { at_ = 0; }
  std::uint64_t position() const noexcept override { return at_; }
  std::uint64_t size() const noexcept override { return bytes_.size(); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

class DecodedInput final : public ByteInput {
 public:
  DecodedInput(std::unique_ptr<ByteInput> bytes, std::unique_ptr<Decoder> decoder, std::size_t skip)
      : bytes_(std::move(bytes)),
        decoder_(std::move(decoder)),
        skip_(skip),
        raw_(buffer_size(*bytes_, 256 * 1024), '\0') {
    skip_mark();
  }
  std::size_t read(char* to, std::size_t size) override {
    std::size_t done = 0;
    while (done < size) {
      if (at_ == text_.size() && !refill()) break;
      const std::size_t count = std::min(size - done, text_.size() - at_);
      std::memcpy(to + done, text_.data() + at_, count);
      at_ += count;
      done += count;
    }
    return done;
  }
  void rewind() override {
    bytes_->rewind();
    decoder_->reset();
    text_.clear();
    at_ = 0;
    ended_ = false;
    skip_mark();
  }
  std::uint64_t position() const noexcept override { return bytes_->position(); }
  std::uint64_t size() const noexcept override { return bytes_->size(); }
  std::uint64_t malformed() const noexcept override { return decoder_->malformed(); }

 private:
  std::unique_ptr<ByteInput> bytes_;
  std::unique_ptr<Decoder> decoder_;
  std::size_t skip_;
  std::string raw_, text_;
  std::size_t at_ = 0;
  bool ended_ = false;

  void skip_mark() {
    if (skip_ > 0) bytes_->read(raw_.data(), skip_);
  }
  bool refill() {
    text_.clear();
    at_ = 0;
    while (text_.empty() && !ended_) {
      const std::size_t got = bytes_->read(raw_.data(), raw_.size());
      ended_ = got < raw_.size();
      decoder_->decode(std::string_view(raw_).substr(0, got), ended_, text_);
    }
    return !text_.empty();
  }
};

}  // namespace

std::size_t buffer_size(const ByteInput& input, std::size_t largest) noexcept {
  // One more than the file, so that the first read finds its end.
  return static_cast<std::size_t>(std::clamp<std::uint64_t>(input.size() + 1, 16 * 1024, largest));
}

std::unique_ptr<ByteInput> open_file(const std::string& path) { return std::make_unique<FileInput>(path); }

std::unique_ptr<ByteInput> open_memory(std::string_view bytes) { return std::make_unique<MemoryInput>(bytes); }

std::unique_ptr<ByteInput> open_decoded(std::unique_ptr<ByteInput> bytes, std::unique_ptr<Decoder> decoder,
                                        std::size_t skip) {
  return std::make_unique<DecodedInput>(std::move(bytes), std::move(decoder), skip);
}

}  // namespace emptor
