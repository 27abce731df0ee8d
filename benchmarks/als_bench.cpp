// Alternating least squares, on purchases from files.
//
//     als_bench FOLDER FACTORS SWEEPS cholesky|conjugate_gradients THREADS
//
// FOLDER holds starts.u64, items.u32 and counts.f64. A line "run" of standard input is a fit, answered by its seconds;
// "answer" writes customers.f64 and items.f64, the vectors of the last one.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "bound.hpp"
#include "emptor/mine/als.hpp"

namespace {

using namespace emptor;
using namespace emptor::mine;

template <class T>
std::vector<T> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  std::vector<T> values(static_cast<std::size_t>(file.tellg()) / sizeof(T));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
  return values;
}

void write_file(const std::string& path, const std::vector<double>& values) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(double)));
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 6) return 2;
  const std::string folder = arguments[1];
  const auto starts = read_file<std::uint64_t>(folder + "/starts.u64");
  const auto items = read_file<std::uint32_t>(folder + "/items.u32");
  const auto counts = read_file<double>(folder + "/counts.f64");
  AlsOptions options{.alpha = 1, .regularisation = 0.01, .track_loss = false};
  options.factors = std::strtoull(arguments[2], nullptr, 10);
  options.sweeps = std::strtoull(arguments[3], nullptr, 10);
  if (std::string(arguments[4]) != "cholesky") options.solver = AlsSolver::conjugate_gradients;
  const Run run{.executor = thread_executor(std::strtoull(arguments[5], nullptr, 10))};
  AlsModel model;
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "run") {
      std::printf("%.6f\n", bench::seconds_of([&] { model = fit_als({starts, items, counts}, options, run); }));
    } else {
      write_file(folder + "/customers.f64", model.customer_vectors);
      write_file(folder + "/items.f64", model.item_vectors);
      std::puts("written");
    }
    std::fflush(stdout);
  }
  return 0;
}
