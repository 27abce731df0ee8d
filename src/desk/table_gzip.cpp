#include <zlib.h>

#include <algorithm>
#include <limits>

#include "desk/table_input.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

class GzipInput final : public ByteInput {
 public:
  GzipInput(std::unique_ptr<ByteInput> compressed, std::string name)
      : compressed_(std::move(compressed)), name_(std::move(name)), piece_(128 * 1024, '\0') {
    // 16 asks for the gzip format only, with its check sums.
    if (inflateInit2(&stream_, 16 + MAX_WBITS) != Z_OK)
      throw Error(Code::memory, "cannot start to decompress " + name_);
  }
  ~GzipInput() override { inflateEnd(&stream_); }
  GzipInput(const GzipInput&) = delete;
  GzipInput& operator=(const GzipInput&) = delete;

  std::size_t read(char* to, std::size_t size) override {
    std::size_t done = 0;
    while (done < size && !ended_) {
      if (stream_.avail_in == 0) refill();
      done += inflate_some(to + done, size - done);
    }
    return done;
  }
  void rewind() override {
    compressed_->rewind();
    inflateReset(&stream_);
    stream_.avail_in = 0;
    in_member_ = ended_ = drained_ = false;
  }
  std::uint64_t position() const noexcept override { return compressed_->position() - stream_.avail_in; }
  std::uint64_t size() const noexcept override { return compressed_->size(); }

 private:
  std::unique_ptr<ByteInput> compressed_;
  std::string name_;
  std::string piece_;
  z_stream stream_{};
  bool in_member_ = false;  // something of the current member was read
  bool ended_ = false, drained_ = false;

  void refill() {
    const std::size_t got = compressed_->read(piece_.data(), piece_.size());
    drained_ = got < piece_.size();
    stream_.next_in = reinterpret_cast<Bytef*>(piece_.data());
    stream_.avail_in = static_cast<uInt>(got);
  }

  std::size_t inflate_some(char* to, std::size_t size) {
    if (!in_member_ && skip_padding()) return 0;
    const auto room = static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    stream_.avail_out = room;
    in_member_ = true;
    const int state = inflate(&stream_, Z_NO_FLUSH);
    if (state == Z_STREAM_END) {
      inflateReset(&stream_);
      in_member_ = false;
    } else if (state == Z_MEM_ERROR) {
      throw Error(Code::memory, "no memory to decompress " + name_);
    } else if (state != Z_OK && state != Z_BUF_ERROR) {
      damaged("is damaged");
    }
    const std::size_t made = room - stream_.avail_out;
    // Output may still be pending when the input is used up, so only a call without effect is the end.
    if (made == 0 && in_member_ && stream_.avail_in == 0 && drained_) damaged("ends in the middle");
    return made;
  }

  /// Between members: zeros (as tapes leave) are passed over. True if no member begins here now.
  bool skip_padding() {
    while (stream_.avail_in > 0 && *stream_.next_in == 0) ++stream_.next_in, --stream_.avail_in;
    if (stream_.avail_in > 0) return false;
    ended_ = drained_;
    return true;
  }

  [[noreturn]] void damaged(const char* how) const {
    throw Error(Code::corrupt, "the gzip file " + name_ + " " + how + " at byte " + std::to_string(position()),
                "fetch the file again");
  }
};

}  // namespace

bool is_gzip(std::string_view first_bytes) noexcept { return first_bytes.starts_with("\x1F\x8B\x08"); }

std::unique_ptr<ByteInput> open_gzip(std::unique_ptr<ByteInput> compressed, std::string name) {
  return std::make_unique<GzipInput>(std::move(compressed), std::move(name));
}

}  // namespace emptor
