#include "mine/model_frame.hpp"

#include <bit>

#include "core/digest.hpp"
#include "emptor/core/error.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view magic = "EMPTORMD";
constexpr std::uint64_t frame_version = 1;
constexpr std::size_t digest_bytes = sizeof(Hash);

[[noreturn]] void damaged() {
  throw Error(Code::corrupt, "the bytes are no model or are damaged", "load the model from where it was saved");
}
[[noreturn]] void newer() {
  throw Error(Code::newer, "the model was saved by a newer version", "update this library, or fit it again");
}

/// What stands between the magic and the checksum.
std::string_view checked_body(std::string_view bytes) {
  if (bytes.size() < magic.size() + digest_bytes || !bytes.starts_with(magic)) damaged();
  const std::string_view signed_part = bytes.substr(0, bytes.size() - digest_bytes);
  const Hash expected = blake2b(signed_part);
  if (view_of(expected) != bytes.substr(signed_part.size())) damaged();
  return signed_part.substr(magic.size());
}

ModelFrame read_frame(std::string_view bytes) {
  ByteReader reader(checked_body(bytes));
  if (reader.varint() > frame_version) newer();
  ModelFrame frame;
  frame.algorithm = reader.sized();
  frame.payload_version = reader.varint();
  frame.options = reader.sized();
  frame.data_version = reader.sized();
  frame.payload = reader.sized();
  if (!reader.done()) damaged();
  return frame;
}

}  // namespace

std::string to_bytes(const ModelFrame& frame) {
  std::string out(magic);
  append_varint(out, frame_version);
  append_sized(out, frame.algorithm);
  append_varint(out, frame.payload_version);
  append_sized(out, frame.options);
  append_sized(out, frame.data_version);
  append_sized(out, frame.payload);
  const Hash digest = blake2b(out);
  return out.append(view_of(digest));
}

ModelFrame frame_of(std::string_view bytes, std::string_view algorithm, std::uint64_t newest_payload) {
  ModelFrame frame = read_frame(bytes);
  if (frame.algorithm != algorithm) {
    throw Error(Code::unsupported, "this is a model of another algorithm: " + frame.algorithm,
                "load it as what it is, not as " + std::string(algorithm));
  }
  if (frame.payload_version > newest_payload) newer();
  return frame;
}

std::string algorithm_of(std::string_view bytes) { return read_frame(bytes).algorithm; }

void append_double(std::string& out, double value) { append_fixed64(out, std::bit_cast<std::uint64_t>(value)); }
double read_double(ByteReader& reader) { return std::bit_cast<double>(reader.fixed64()); }

}  // namespace emptor::mine
