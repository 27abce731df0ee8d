/// The options of a binning as bytes, for the models that it is a part of.
#pragma once

#include <string>

#include "core/varint.hpp"
#include "emptor/mine/binning.hpp"

namespace emptor::mine {

void append_options(std::string& out, const BinningOptions& options);
BinningOptions read_binning_options(ByteReader& reader);
std::string options_text(const BinningOptions& options);

}  // namespace emptor::mine
