// A store that notes which entities are scanned, and how many rows of each came out.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "emptor/store/store.hpp"

namespace emptor::test {

using ScannedRows = std::map<std::string, std::uint64_t>;

/// `store` as it is; its readers add what they scan to `scanned`, which must outlive them.
std::unique_ptr<Store> watched(std::unique_ptr<Store> store, ScannedRows& scanned);

}  // namespace emptor::test
