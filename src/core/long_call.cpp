#include "core/long_call.hpp"

#include <utility>

#include "emptor/core/error.hpp"

namespace emptor {
namespace {

constexpr auto between_questions = std::chrono::milliseconds(25);

thread_local LongCall* current = nullptr;

}  // namespace

class Asking {
 public:
  static bool due() noexcept {
    return current != nullptr && !current->asking_ && !current->stopped_ &&
           std::chrono::steady_clock::now() >= current->next_;
  }
  /// False to stop. The time that the host takes for its answer is its own.
  static bool ask(std::string_view stage, std::uint64_t done, std::uint64_t total) {
    LongCall& call = *current;
    call.asking_ = true;
    try {
      call.stopped_ = !(*call.progress_)(stage, done, total);
    } catch (...) {
      call.asking_ = false;
      throw;
    }
    call.asking_ = false;
    call.next_ = std::chrono::steady_clock::now() + between_questions;
    return !call.stopped_;
  }
  static void enter(LongCall& call) noexcept {
    if (call.progress_ != nullptr) current = &call;
  }
  static void leave(LongCall& call) noexcept {
    if (call.progress_ != nullptr) current = call.around_;
  }
};

LongCall::LongCall(const Progress& progress) noexcept : progress_(progress ? &progress : nullptr), around_(current) {
  Asking::enter(*this);
}
LongCall::~LongCall() { Asking::leave(*this); }

Unstoppable::Unstoppable() noexcept : around_(std::exchange(current, nullptr)) {}
Unstoppable::~Unstoppable() { current = around_; }

void beat(std::string_view stage, std::uint64_t done, std::uint64_t total) {
  if (Asking::due() && !Asking::ask(stage, done, total))
    throw Error(Code::cancelled, "the host asked to stop", "call again to do it all");
}

bool stop_wanted(std::string_view stage) noexcept {
  try {
    return Asking::due() && !Asking::ask(stage, 0, 0);
  } catch (...) {
    return true;
  }
}

}  // namespace emptor
