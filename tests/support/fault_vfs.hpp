// A SQLite VFS that passes everything on to the system's and can fail at any operation on request.
#pragma once

#include <atomic>
#include <cstdint>

namespace emptor::test {

/// The name to open a store with (OpenOptions::vfs).
inline constexpr const char* fault_vfs_name = "emptor-faults";

enum class Fault {
  io_error,  ///< the operation fails
  full,      ///< a write or truncation finds no space; other operations go on
};

/// Plans one fault for all files opened through the VFS, from construction to destruction; one at a time.
class FaultPlan {
 public:
  /// Lets the n-th counted operation (from 1) fail, and where `stays` is set every one after it, as a
  /// disk does that is gone. With n = 0 operations are only counted.
  explicit FaultPlan(std::uint64_t nth = 0, Fault fault = Fault::io_error, bool stays = false) noexcept;
  ~FaultPlan();
  FaultPlan(const FaultPlan&) = delete;
  FaultPlan& operator=(const FaultPlan&) = delete;

  std::uint64_t operations() const noexcept;
  /// How often a file was to be written through to the disk.
  std::uint64_t syncs() const noexcept;
  /// How many operations were made to fail.
  std::uint64_t failures() const noexcept;
};

/// Makes the VFS known to SQLite (once). Call before a store is opened with its name.
void register_fault_vfs();

}  // namespace emptor::test
