/// The bytes in which every model is kept: what it is, how and on what it was fitted, and a checksum.
///
/// Layout: "EMPTORMD", the frame's version, the algorithm, the version of its payload, the options as JSON, the
/// version of the data, the payload (LEB128 numbers and sized texts), then BLAKE2b-256 of all before it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/varint.hpp"

namespace emptor::mine {

struct ModelFrame {
  std::string algorithm;              ///< its name in the table of algorithms
  std::uint64_t payload_version = 1;  ///< raised when the algorithm's bytes change
  std::string options;                ///< JSON
  std::string data_version;           ///< of what it was fitted on, as its host names it
  std::string payload;                ///< the algorithm's own
};

std::string to_bytes(const ModelFrame& frame);
/// Throws Code::corrupt for damage, Code::newer for what a newer version wrote, Code::unsupported for another
/// algorithm's model.
ModelFrame frame_of(std::string_view bytes, std::string_view algorithm, std::uint64_t newest_payload);
/// The name of the algorithm alone, checked as the whole is.
std::string algorithm_of(std::string_view bytes);

/// The bits of a number, so that what is read is what was written.
void append_double(std::string& out, double value);
double read_double(ByteReader& reader);

}  // namespace emptor::mine
