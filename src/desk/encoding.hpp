/// Which encoding the bytes of a file are in, and their decoding to UTF-8, piece by piece.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "emptor/desk/table.hpp"

namespace emptor {

/// How many bytes of a byte order mark `bytes` begin with, and what it says.
struct ByteOrderMark {
  std::size_t size = 0;
  Encoding encoding = Encoding::utf8;
  bool big_endian = false;
};
ByteOrderMark byte_order_mark(std::string_view bytes) noexcept;

/// Collects what the bytes of a file without a byte order mark say about its encoding. Valid UTF-8 is
/// UTF-8, also with rare damage; for the rest, the shape of the runs of bytes above 127 decides between
/// GB18030 (pairs in the area of common Chinese characters, several in a row or standing alone) and
/// western text (single ones, next to letters).
class EncodingEvidence {
 public:
  /// Blocks should end behind a line end, so that no character is cut.
  void see(std::string_view block);

  Encoding encoding() const noexcept;
  /// Bytes that are no UTF-8; meaningful where the encoding is UTF-8.
  std::uint64_t malformed() const noexcept { return malformed_; }
  /// Places that look like UTF-8 decoded as cp1252 and encoded again, and the byte offset of the first.
  std::uint64_t mojibake() const noexcept { return mojibake_; }
  std::uint64_t first_mojibake() const noexcept { return first_mojibake_; }

 private:
  std::uint64_t seen_ = 0, sequences_ = 0, malformed_ = 0;
  std::uint64_t mojibake_ = 0, first_mojibake_ = 0;
  std::uint64_t chinese_ = 0, western_ = 0;
  std::uint64_t windows_ = 0, controls_ = 0;  // bytes 80-9F that cp1252 assigns, and that it does not

  void see_runs(std::string_view block);
  std::size_t see_run(std::string_view block, std::size_t at);
  void see_western(unsigned char byte) noexcept;
};

/// Decodes to UTF-8. Bytes that mean nothing become U+FFFD and are counted, as do NUL characters.
class Decoder {
 public:
  virtual ~Decoder() = default;
  /// Appends the text of `bytes`. A character cut at the end waits for the next call, unless this is the
  /// last one.
  virtual void decode(std::string_view bytes, bool last, std::string& text) = 0;
  /// Forgets everything, for a new start.
  virtual void reset() = 0;
  std::uint64_t malformed() const noexcept { return malformed_; }

 protected:
  std::uint64_t malformed_ = 0;
};

/// Throws Code::unsupported where the system lacks a converter for GB18030.
std::unique_ptr<Decoder> make_decoder(Encoding encoding, bool big_endian);

}  // namespace emptor
