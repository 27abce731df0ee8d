// The moment past which reading ends.
#pragma once

#include <chrono>
#include <optional>

#include "emptor/core/error.hpp"

namespace emptor::keyvalue {

class Deadline {
 public:
  /// Nothing ends none.
  void set(std::optional<std::chrono::steady_clock::time_point> moment) noexcept { moment_ = moment; }
  /// Throws Code::cancelled past it.
  void check() const {
    if (moment_ && std::chrono::steady_clock::now() >= *moment_)
      throw Error(Code::cancelled, "reading took longer than it was allowed to");
  }

 private:
  std::optional<std::chrono::steady_clock::time_point> moment_;
};

}  // namespace emptor::keyvalue
