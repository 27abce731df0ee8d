#include "core/process_number.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <new>

#include "emptor/core/error.hpp"

namespace emptor {
namespace {

using Number = std::atomic<std::int64_t>;

// In a page that the kernel clears in a forked child, however the fork was made. Null where it cannot.
Number* wiped_number() noexcept {
  const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* page = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return nullptr;
  if (madvise(page, size, MADV_WIPEONFORK) == 0) return new (page) Number(0);
  munmap(page, size);
  return nullptr;
}

}  // namespace

std::int64_t process_number() noexcept {
  static Number* const number = wiped_number();  // never unmapped: asked for while the process ends, too
  if (number == nullptr) return getpid();
  std::int64_t known = number->load(std::memory_order_relaxed);
  if (known == 0) number->store(known = getpid(), std::memory_order_relaxed);
  return known;
}

void require_process(std::int64_t opened) {
  if (opened != process_number()) [[unlikely]]
    throw Error(Code::misuse, "the store was opened by the process that this one was forked from",
                "open the store again in the child");
}

}  // namespace emptor
