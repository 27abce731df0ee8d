#include "store/host/calls.hpp"

#include <exception>

#include "emptor/core/error.hpp"

namespace emptor::host {
namespace {

void check(int answer, std::string_view what) {
  if (answer != 0)
    throw Error(Code::io,
                "the host's store could not " + std::string(what) + " (its code: " + std::to_string(answer) + ")",
                "look at what the host's store says of this code");
}

// Hands on what a range gives, as long as it is what was asked for.
class CheckedVisit {
 public:
  CheckedVisit(const Bounds& bounds, Direction direction, const HostVisit& visit)
      : bounds_(bounds), direction_(direction), visit_(visit) {}

  // What is thrown must not pass through the host, which may be written in C.
  bool operator()(std::string_view key, std::string_view value) noexcept {
    if (ended_) return false;
    try {
      check_place(key);
      ended_ = !visit_(key, value);
    } catch (...) {
      failure_ = std::current_exception();
      ended_ = true;
    }
    return !ended_;
  }

  void finish(int answer) const {
    if (failure_) std::rethrow_exception(failure_);
    check(answer, "read a range");
  }

 private:
  void check_place(std::string_view key) {
    const bool inside = bounds_.low <= key && key < bounds_.high;
    const bool in_order = !begun_ || (direction_ == Direction::ascending ? last_ < key : key < last_);
    if (!inside || !in_order)
      throw Error(Code::corrupt, "the host's store gave keys out of their order or beyond the bounds",
                  "a range is ordered by memcmp and ends before its upper bound");
    begun_ = true;
    last_ = key;
  }

  const Bounds& bounds_;
  Direction direction_;
  const HostVisit& visit_;
  std::string last_;
  bool begun_ = false, ended_ = false;
  std::exception_ptr failure_;
};

}  // namespace

CheckedCalls::CheckedCalls(HostCalls calls) : calls_(std::move(calls)) {
  if (!calls_.get || !calls_.put || !calls_.erase || !calls_.range || !calls_.commit)
    throw Error(Code::misuse, "a function of the host's store is missing", "give all five");
}

std::optional<std::string> CheckedCalls::get(std::string_view key) const {
  if (key.size() > host_key_bytes) return std::nullopt;  // none was ever put
  std::optional<std::string_view> value;
  check(calls_.get(key, value), "read a key");
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

void CheckedCalls::put(std::string_view key, std::string_view value) const {
  check(calls_.put(key, value), "put a key");
}

void CheckedCalls::erase(std::string_view key) const { check(calls_.erase(key), "erase a key"); }

void CheckedCalls::range(const Bounds& bounds, Direction direction, const HostVisit& visit) const {
  if (bounds.low >= bounds.high) return;
  CheckedVisit checked(bounds, direction, visit);
  checked.finish(calls_.range(bounds.low, bounds.high, direction == Direction::descending, std::ref(checked)));
}

void CheckedCalls::commit(HostCommit how) const { check(calls_.commit(how), "commit"); }

}  // namespace emptor::host
