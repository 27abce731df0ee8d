// Frequent sequences of kosarak10k, from the file to counts.
//
//     sequences_bench                  EMPTOR_DATA's, against its bound
//     sequences_bench FILE SUPPORT     one search: "patterns seconds"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "bound.hpp"
#include "emptor/mine/sequences.hpp"

namespace {

using namespace emptor;
using namespace emptor::mine;

std::uint64_t search(const std::string& path, std::uint64_t support) {
  const SequenceTable histories = read_spmf_file(path);
  return mine_sequences(histories, {.min_support = support}, [](const SequencePattern&) { return true; }).patterns;
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 2) {
    std::uint64_t patterns = 0;
    const double seconds =
        bench::seconds_of([&] { patterns = search(arguments[1], std::strtoull(arguments[2], nullptr, 10)); });
    std::printf("%llu %.6f\n", static_cast<unsigned long long>(patterns), seconds);
    return 0;
  }
  const char* const folder = std::getenv("EMPTOR_DATA");
  const std::string path = std::string(folder == nullptr ? "" : folder) + "/fimi/kosarak10k.seq";
  if (!std::filesystem::exists(path)) return 0;
  double best = 1e9;
  for (int i = 0; i < 5; ++i) best = std::min(best, bench::seconds_of([&] { search(path, 20); }));
  return bench::bound("sequences of kosarak10k at 20", best * 1e3, bench::Is::at_most, 40, "ms") ? 0 : 1;
}
