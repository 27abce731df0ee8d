// How long a short piece of work takes: processor time of the thread, the best of several rounds, so that a busy
// machine does not blur it.
#pragma once

#include <algorithm>
#include <ctime>

namespace emptor::bench {

inline double processor_nanoseconds() {
  std::timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

/// Nanoseconds of one call, which is made `repetitions` times a round.
template <class Work>
double nanoseconds_of(int repetitions, Work&& work) {
  constexpr int rounds = 9;
  double best = 1e18;
  for (int round = 0; round < rounds; ++round) {
    const double begin = processor_nanoseconds();
    for (int i = 0; i < repetitions; ++i) work();
    best = std::min(best, (processor_nanoseconds() - begin) / repetitions);
  }
  return best;
}

}  // namespace emptor::bench
