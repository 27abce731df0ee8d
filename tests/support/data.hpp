// Where the data sets are, for the tests that need them. A test whose data is not there is skipped, and
// says so; at the end of the run the skipped ones are counted.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace emptor::test {

/// EMPTOR_DATA, or ../shared/data beside the sources.
std::string data_folder();
/// The path of a file or folder below it, or nothing (the skip is printed and counted).
std::optional<std::string> data_path(const std::string& name);
/// Says that the running test, or a part of it, is skipped, and why.
void skip(const std::string& reason);
std::size_t skipped() noexcept;

}  // namespace emptor::test
