// A figure against its bound, as one line: what was measured, what was asked for, pass or fail.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>

namespace emptor::bench {

enum class Is { at_least, at_most };

// Returns whether the bound holds; a program ends with 1 if one of its bounds does not.
inline bool bound(const std::string& what, double measured, Is is, double asked, const char* unit) {
  const bool holds = is == Is::at_least ? measured >= asked : measured <= asked;
  std::printf("%-4s  %-52s %14.3f %s (asked: %s %.3f)\n", holds ? "pass" : "FAIL", what.c_str(), measured, unit,
              is == Is::at_least ? "at least" : "at most", asked);
  std::fflush(stdout);
  return holds;
}

inline void figure(const std::string& what, double measured, const char* unit) {
  std::printf("      %-52s %14.3f %s\n", what.c_str(), measured, unit);
  std::fflush(stdout);
}

template <class Work>
double seconds_of(Work&& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace emptor::bench
