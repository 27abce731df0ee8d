/// Where the bytes of a foreign table come from: a file, memory, gzip, or a decoder over one of these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "desk/encoding.hpp"

namespace emptor {

/// Bytes from the beginning to the end, as often as wanted.
class ByteInput {
 public:
  virtual ~ByteInput() = default;
  /// Reads up to `size` bytes; fewer only at the end. Throws Code::io and Code::corrupt.
  virtual std::size_t read(char* to, std::size_t size) = 0;
  virtual void rewind() = 0;
  /// Bytes taken from the file, and the file's size.
  virtual std::uint64_t position() const noexcept = 0;
  virtual std::uint64_t size() const noexcept = 0;
  /// Bytes so far that meant nothing in the file's encoding.
  virtual std::uint64_t malformed() const noexcept { return 0; }
};

/// How large a buffer to read this input with: small for small files, of which there may be many.
std::size_t buffer_size(const ByteInput& input, std::size_t largest) noexcept;

/// Throws Code::not_found and Code::io.
std::unique_ptr<ByteInput> open_file(const std::string& path);
/// The bytes must outlive it.
std::unique_ptr<ByteInput> open_memory(std::string_view bytes);
/// The content of one or more gzip members; `name` is for errors.
std::unique_ptr<ByteInput> open_gzip(std::unique_ptr<ByteInput> compressed, std::string name);
/// The text of `bytes` as UTF-8, behind its byte order mark of `skip` bytes.
std::unique_ptr<ByteInput> open_decoded(std::unique_ptr<ByteInput> bytes, std::unique_ptr<Decoder> decoder,
                                        std::size_t skip);

bool is_gzip(std::string_view first_bytes) noexcept;

}  // namespace emptor
