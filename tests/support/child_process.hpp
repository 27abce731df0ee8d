// A process of a test's own that does some work and tells about it through a pipe.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>

namespace emptor::test {

/// Runs `work` in a forked process, which ends with it. Fork before a store is opened: connections to a
/// database must not cross a fork.
class ChildProcess {
 public:
  /// The child's end: what it says and what it is told.
  class Link {
   public:
    Link(int out, int in) : out_(out), in_(in) {}
    void say(const void* data, std::size_t size) const;
    /// What `tell` gives. Ends the process where the parent is gone.
    void hear(void* data, std::size_t size) const;
    /// Waits until the parent lets it go on.
    void wait_for_word() const;

   private:
    int out_, in_;
  };

  explicit ChildProcess(const std::function<void(const Link&)>& work);
  /// Kills the process if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Reads what the child says; false where it has ended before saying all of it.
  bool hear(void* data, std::size_t size);
  /// The same, but gives up (false) after so many microseconds.
  bool hear_within(void* data, std::size_t size, long long micros);
  void tell(const void* data, std::size_t size);
  void let_go_on();
  void kill_now();
  /// True where the process ended by itself and without a failure.
  bool join();

 private:
  pid_t process_ = 0;
  int from_child_ = -1;
  int to_child_ = -1;
};

}  // namespace emptor::test
