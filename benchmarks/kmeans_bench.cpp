// k-means on Gaussian blobs (sd 1, centres sd 3), from given starts, so many updates and the final assignment.
//
//     kmeans_bench [rows]
//     kmeans_bench FILE.f32 COLUMNS STARTS.f64 K UPDATES THREADS [none|hamerly|elkan]
//
// The second form reads raw numbers and then does what it is told line by line: "run" fits and answers with one line
// of JSON, "dump PATH" writes labels (uint32) and centres (float64) of the last fit. benchmarks/peers speaks with it.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "bound.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/kmeans.hpp"

namespace {

using namespace emptor;
using namespace emptor::mine;
using bench::Is;

struct Data {
  std::vector<float> x;
  std::size_t columns = 0;
  std::vector<double> starts;
  std::size_t rows() const { return x.size() / columns; }
};

Data blobs(std::size_t rows, std::size_t columns, std::size_t k) {
  Random random(1);
  constexpr std::size_t count = 32;
  std::vector<double> centres(count * columns);
  for (double& value : centres) value = 3 * random.normal();
  Data data{std::vector<float>(rows * columns), columns, {}};
  for (std::size_t row = 0; row < rows; ++row) {
    const double* centre = centres.data() + random.below(count) * columns;
    for (std::size_t i = 0; i < columns; ++i) {
      data.x[row * columns + i] = static_cast<float>(centre[i] + random.normal());
    }
  }
  for (std::size_t i = 0; i < k * columns; ++i) data.starts.push_back(data.x[i]);
  return data;
}

KmeansFit fit(const Data& data, std::size_t k, std::size_t updates, std::size_t threads, KmeansBounds bounds) {
  KmeansOptions options{.k = k, .start = KmeansStart::given, .updates = updates, .bounds = bounds};
  options.starts = NumberView(data.starts.data(), k, data.columns, data.columns, 1);
  const NumberView x(data.x.data(), data.rows(), data.columns, data.columns, 1);
  return fit_kmeans({.x = x}, options, {.executor = thread_executor(threads)});
}

template <class T>
std::vector<T> numbers_of(const char* path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  std::vector<T> out(static_cast<std::size_t>(file.tellg()) / sizeof(T));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size() * sizeof(T)));
  return out;
}

KmeansBounds bounds_of(const std::string& name) {
  if (name == "none") return KmeansBounds::none;
  if (name == "hamerly") return KmeansBounds::hamerly;
  return name == "elkan" ? KmeansBounds::elkan : KmeansBounds::automatic;
}

template <class T>
void write(std::ofstream& file, const std::vector<T>& numbers) {
  file.write(reinterpret_cast<const char*>(numbers.data()), static_cast<std::streamsize>(numbers.size() * sizeof(T)));
}

int serve(int count, char** arguments) {
  const auto number = [&](int at) { return std::strtoull(arguments[at], nullptr, 10); };
  const Data data{numbers_of<float>(arguments[1]), number(2), numbers_of<double>(arguments[3])};
  const KmeansBounds bounds = bounds_of(count > 7 ? arguments[7] : "");
  KmeansFit result;
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "run") {
      const std::clock_t before = std::clock();
      const double wall = bench::seconds_of([&] { result = fit(data, number(4), number(5), number(6), bounds); });
      const double cpu = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
      std::printf("{\"inertia\":%.17g,\"updates\":%llu,\"wall\":%.6f,\"cpu\":%.6f}\n", result.model.inertia,
                  static_cast<unsigned long long>(result.model.updates), wall, cpu);
    } else {
      std::ofstream file(line.substr(line.find(' ') + 1), std::ios::binary);
      write(file, result.labels);
      write(file, result.model.centres);
      std::printf("{}\n");
    }
    std::fflush(stdout);
  }
  return 0;
}

double best_of_five(const Data& data, std::size_t k) {
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    best = std::min(best, bench::seconds_of([&] { fit(data, k, 20, 2, KmeansBounds::automatic); }));
  }
  return best;
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 6) return serve(count, arguments);
  const std::size_t rows = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 1'000'000;
  const Data data = blobs(rows, 16, 64);
  const double scale = static_cast<double>(rows) / 1e6;
  // A fifth and an eighth of what scikit-learn took where it was measured; the ratio itself is the contest's to tell.
  bool held =
      bench::bound("k-means 1 M x 16, k = 8, two threads", best_of_five(data, 8), Is::at_most, 0.064 * scale, "s");
  held &=
      bench::bound("k-means 1 M x 16, k = 64, two threads", best_of_five(data, 64), Is::at_most, 0.119 * scale, "s");
  return held ? 0 : 1;
}
