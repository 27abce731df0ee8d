#include "support/child_process.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <stdexcept>

namespace emptor::test {
namespace {

bool write_all(int file, const void* data, std::size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written = write(file, at, size);
    if (written <= 0) return false;
    at += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

bool read_all_bytes(int file, void* data, std::size_t size) {
  char* at = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t got = read(file, at, size);
    if (got <= 0) return false;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

[[noreturn]] void run(const std::function<void(const ChildProcess::Link&)>& work, const ChildProcess::Link& link) {
  try {
    work(link);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "child process: %s\n", error.what());
    _exit(2);
  }
  _exit(0);
}

}  // namespace

void ChildProcess::Link::say(const void* data, std::size_t size) const {
  if (!write_all(out_, data, size)) _exit(3);
}

void ChildProcess::Link::hear(void* data, std::size_t size) const {
  if (!read_all_bytes(in_, data, size)) _exit(3);
}

void ChildProcess::Link::wait_for_word() const {
  char word = 0;
  hear(&word, 1);
}

ChildProcess::ChildProcess(const std::function<void(const Link&)>& work) {
  int up[2], down[2];
  if (pipe(up) != 0 || pipe(down) != 0) throw std::runtime_error("no pipe can be made");
  process_ = fork();
  if (process_ < 0) throw std::runtime_error("no process can be made");
  if (process_ == 0) {
    close(up[0]);
    close(down[1]);
    run(work, Link(up[1], down[0]));
  }
  close(up[1]);
  close(down[0]);
  from_child_ = up[0];
  to_child_ = down[1];
}

ChildProcess::~ChildProcess() {
  if (process_ > 0) kill_now();
  close(from_child_);
  close(to_child_);
}

bool ChildProcess::hear(void* data, std::size_t size) { return read_all_bytes(from_child_, data, size); }

bool ChildProcess::hear_within(void* data, std::size_t size, long long micros) {
  pollfd wait{from_child_, POLLIN, 0};
  const timespec limit{static_cast<time_t>(micros / 1'000'000), static_cast<long>(micros % 1'000'000 * 1000)};
  return ppoll(&wait, 1, &limit, nullptr) == 1 && hear(data, size);
}

void ChildProcess::tell(const void* data, std::size_t size) {
  if (!write_all(to_child_, data, size)) throw std::runtime_error("the child process is gone");
}

void ChildProcess::let_go_on() {
  const char word = 1;
  tell(&word, 1);
}

void ChildProcess::kill_now() {
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  process_ = 0;
}

bool ChildProcess::join() {
  int status = 0;
  waitpid(process_, &status, 0);
  process_ = 0;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace emptor::test
