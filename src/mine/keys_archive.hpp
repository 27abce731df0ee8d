/// Keys in the payload of a model.
#pragma once

#include <string>

#include "core/varint.hpp"
#include "emptor/mine/keys.hpp"

namespace emptor::mine {

void append_keys(std::string& out, const Keys& keys);
/// Throws Code::corrupt.
Keys read_keys(ByteReader& reader);

}  // namespace emptor::mine
