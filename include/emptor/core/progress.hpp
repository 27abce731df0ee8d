/// How a long call tells where it is, and how the host stops it.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace emptor {

/// Called now and then from the calling thread (at least every 100 ms in long calls). Returning false
/// asks to stop: the call ends with Code::cancelled and nothing half-written. `total` is 0 when unknown.
using Progress = std::function<bool(std::string_view stage, std::uint64_t done, std::uint64_t total)>;

}  // namespace emptor
