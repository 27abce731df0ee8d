// Frequent itemsets, from a file to counts or to every set.
//
//     itemsets_bench                    the sets of EMPTOR_DATA, one thread
//     itemsets_bench FILE SUPPORT [all|closed|maximal] [count|list] [THREADS]
//                                       one search: "sets seconds", for contests with other programs
//     itemsets_bench FILE SUPPORT KIND count|list THREADS serve
//                                       reads the file, then a search for each line of standard input
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

#include "bound.hpp"
#include "emptor/mine/itemsets.hpp"

namespace {

using namespace emptor;
using namespace emptor::mine;

struct Task {
  std::string path;
  ItemsetOptions options;
  bool list = false;
  std::size_t threads = 1;
};

/// What is listed is added up, so that every set was looked at.
std::uint64_t search(const BasketTable& baskets, const Task& task) {
  const Run run{.executor = thread_executor(task.threads)};
  if (!task.list) return count_itemsets(baskets, task.options, run).sets;
  std::uint64_t sets = 0, supports = 0;
  mine_itemsets(
      baskets, task.options,
      [&](const ItemsetBlock& block) {
        sets += block.size();
        for (const std::uint32_t support : block.supports) supports += support;
        return true;
      },
      run);
  return supports == 0 ? 0 : sets;
}

std::uint64_t search(const Task& task) { return search(read_fimi_file(task.path), task); }

ItemsetKind kind_of(const std::string& name) {
  return name == "closed" ? ItemsetKind::closed : name == "maximal" ? ItemsetKind::maximal : ItemsetKind::all;
}

int one(int count, char** arguments) {
  Task task{.path = arguments[1]};
  task.options.min_support = std::strtoull(arguments[2], nullptr, 10);
  if (count > 3) task.options.kind = kind_of(arguments[3]);
  task.list = count > 4 && std::string(arguments[4]) == "list";
  if (count > 5) task.threads = std::strtoull(arguments[5], nullptr, 10);
  const auto answer = [](auto&& work) {
    std::uint64_t sets = 0;
    const double seconds = bench::seconds_of([&] { sets = work(); });
    std::printf("%llu %.6f\n", static_cast<unsigned long long>(sets), seconds);
    std::fflush(stdout);
  };
  if (count <= 6) return answer([&] { return search(task); }), 0;
  const BasketTable baskets = read_fimi_file(task.path);
  for (std::string line; std::getline(std::cin, line);) answer([&] { return search(baskets, task); });
  return 0;
}

void figure(const std::string& folder, const std::string& name, std::uint64_t support, const std::string& kind,
            bool list) {
  const Task task{.path = folder + "/fimi/" + name + ".dat",
                  .options = {.min_support = support, .kind = kind_of(kind)},
                  .list = list};
  if (!std::filesystem::exists(task.path)) return;
  double best = 1e9;
  for (int i = 0; i < 5; ++i) best = std::min(best, bench::seconds_of([&] { search(task); }));
  bench::figure(name + " at " + std::to_string(support) + ", " + kind + (list ? ", every set" : ", counted"),
                best * 1e3, "ms");
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 2) return one(count, arguments);
  const char* const folder = std::getenv("EMPTOR_DATA");
  if (folder == nullptr) return 0;
  for (const char* const kind : {"all", "closed", "maximal"}) {
    figure(folder, "chess", 1'200, kind, false);
    figure(folder, "chess", 800, kind, false);
    figure(folder, "mushroom", 200, kind, false);
    figure(folder, "retail", 10, kind, false);
    figure(folder, "retail", 5, kind, false);
  }
  figure(folder, "chess", 1'200, "all", true);
  figure(folder, "retail", 10, "all", true);
  return 0;
}
