// The memory store in a file: a checked header, then generic rows by field name in a Boost archive.
//
// The archive is read only after the header's checksum has shown that the file is whole and as it was
// written; it guards against accidents, not against strangers, whose files must not be loaded.
#pragma once

#include <string>

#include "store/memory/base.hpp"

namespace emptor::memory {

/// Throws Code::invalid where the file exists, Code::cancelled (leaving no file), Code::io or Code::full.
void write_snapshot(const Base& base, const Snapshot& snapshot, const std::string& path, const Progress& progress);
/// Fills an empty base. Throws Code::not_found, Code::corrupt, Code::newer or Code::io.
void read_snapshot(Base& base, const std::string& path);

}  // namespace emptor::memory
