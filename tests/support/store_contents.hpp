// What a store holds, to be compared with what another holds.
#pragma once

#include <string>
#include <vector>

#include "emptor/store/store.hpp"

namespace emptor::test {

/// Everything that is kept but for numbers, which tell the order of writing: one text a record, sorted. References are
/// told by what the record is known by in its source.
std::vector<std::string> contents(Store& store);

/// The first record that only one of two stores has, and which of them; empty where they are the same.
std::string difference(const std::vector<std::string>& found, const std::vector<std::string>& expected);

}  // namespace emptor::test
