#include "process.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>

namespace emptor::capi {
namespace {

// A page that the kernel clears in a forked child, however the fork was made. Where the kernel cannot,
// the process id is asked for each time.
struct Mark {
  std::atomic<unsigned char>* wiped = nullptr;
  std::atomic<pid_t> process{0};

  Mark() noexcept : process(getpid()) {
    const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    void* page = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return;
    if (madvise(page, size, MADV_WIPEONFORK) != 0) {
      munmap(page, size);
      return;
    }
    wiped = new (page) std::atomic<unsigned char>(1);
  }
};

Mark& mark() noexcept {
  static Mark* const it = new Mark;  // never destroyed: handles may be used while the process ends
  return *it;
}

}  // namespace

bool newly_forked() noexcept {
  Mark& it = mark();
  if (it.wiped != nullptr) return it.wiped->load(std::memory_order_relaxed) == 0 && it.wiped->exchange(1) == 0;
  const pid_t now = getpid();
  return it.process.exchange(now) != now;
}

}  // namespace emptor::capi
