#include "support/data.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace emptor::test {
namespace {

// Prints its total when the program ends, after the runner's own summary.
struct SkipCount {
  std::size_t count = 0;
  ~SkipCount() {
    if (count != 0) std::printf("SKIPPED: %zu in all (a reason is printed for each above)\n", count);
  }
};

SkipCount& skips() {
  static SkipCount count;
  return count;
}

}  // namespace

std::string data_folder() {
  if (const char* folder = std::getenv("EMPTOR_DATA"); folder != nullptr && *folder != '\0') return folder;
  return EMPTOR_SOURCE_DIR "/../shared/data";
}

std::optional<std::string> data_path(const std::string& name) {
  const std::filesystem::path path = std::filesystem::path(data_folder()) / name;
  if (std::filesystem::exists(path)) return path.string();
  skip("the data set \"" + name + "\" is not there; set EMPTOR_DATA to the folder that holds it");
  return std::nullopt;
}

void skip(const std::string& reason) {
  ++skips().count;
  std::printf("SKIPPED: %s\n", reason.c_str());
  std::fflush(stdout);
}

std::size_t skipped() noexcept { return skips().count; }

}  // namespace emptor::test
