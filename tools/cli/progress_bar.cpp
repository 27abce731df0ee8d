#include "cli/progress_bar.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

namespace emptor::cli {
namespace {

using SteadyClock = std::chrono::steady_clock;

class Bar {
 public:
  ~Bar() { wipe(); }

  void show(std::string_view stage, std::uint64_t done, std::uint64_t total) {
    const auto now = SteadyClock::now();
    if (now < next_ && done != total) return;
    next_ = now + std::chrono::milliseconds(100);
    draw(stage, done, total);
    if (total > 0 && done >= total) wipe();
  }

 private:
  static constexpr int cells = 30;
  SteadyClock::time_point next_{};
  bool drawn_ = false;

  void draw(std::string_view stage, std::uint64_t done, std::uint64_t total) {
    std::string line = "\r\x1b[K" + std::string(stage.substr(0, 30)) + " ";
    if (total > 0) {
      const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
      const int full = static_cast<int>(share * cells);
      line += "[" + std::string(full, '#') + std::string(cells - full, '.') + "] ";
      line += std::to_string(static_cast<int>(share * 100)) + " %";
    } else {
      line += std::to_string(done);
    }
    std::fputs(line.c_str(), stderr);
    std::fflush(stderr);
    drawn_ = true;
  }

  void wipe() {
    if (drawn_) std::fputs("\r\x1b[K", stderr);
    drawn_ = false;
  }
};

}  // namespace

Progress progress_bar() {
  if (isatty(STDERR_FILENO) == 0) return {};
  return [bar = std::make_shared<Bar>()](std::string_view stage, std::uint64_t done, std::uint64_t total) {
    bar->show(stage, done, total);
    return true;
  };
}

}  // namespace emptor::cli
