// A 1,000-row write into a host's store, opened for it, in which a call of the host's fails: every one in turn, once or
// from there on. EMPTOR_SWEEP=full visits every call; otherwise so many, spread evenly.
#include <doctest/doctest.h>

#include <cstdio>

#include "emptor/core/error.hpp"
#include "support/map_host.hpp"
#include "support/thousand_rows.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

class HostSweep {
 public:
  HostSweep() {
    const auto store = open_host(base_.functions(), {.create = true});
    make_customers(*store);
  }

  std::uint64_t count() {
    MapHost host = copy();
    CHECK(attempt(host));
    return host.calls;
  }

  void fail_at(std::uint64_t nth, bool fails_on, Tally& tally) {
    CAPTURE(nth);
    MapHost host = copy();
    host.fail_at = nth;
    host.fails_on = fails_on;
    const std::uint64_t commits = host.commits;
    const bool written = attempt(host);
    host.fail_at = 0;
    const bool whole = check_whole(*open_host(host.functions()));
    CHECK(whole == (host.commits > commits));
    if (written) CHECK(whole);
    ++tally.points;
    ++(written ? tally.unharmed : tally.errors);
    if (!written && whole) ++tally.kept;
  }

 private:
  MapHost copy() const {
    MapHost host;
    host.keys = base_.keys;
    return host;
  }

  // Opens the store, writes and reads; false where an error was told, and then the store that is open is sound too.
  bool attempt(MapHost& host) {
    std::unique_ptr<Store> store;
    try {
      store = open_host(host.functions());
      Session session(*store);
      const std::unique_ptr<Reader> before = store->read();
      session.apply(set_);
      CHECK(before->info().position == 1);
      return true;
    } catch (const Error& error) {
      CHECK(error.code() == Code::io);
      CHECK(std::string_view(error.what()).find("77") != std::string_view::npos);
    }
    const bool heals = !host.fails_on && store != nullptr;
    host.fail_at = 0;
    if (heals) check_whole(*store);
    return false;
  }

  MapHost base_;
  ChangeSet set_ = thousand_rows();
};

void sweep(bool fails_on, const char* what) {
  HostSweep sweep;
  const std::uint64_t calls = sweep.count();
  CHECK(calls > 1000);
  Tally tally;
  for (std::uint64_t nth = 1; nth <= calls; nth += stride(calls, 100)) sweep.fail_at(nth, fails_on, tally);
  for (std::uint64_t last = 1; last <= 3; ++last) sweep.fail_at(calls + 1 - last, fails_on, tally);
  CHECK(tally.errors > 50);
  tally.print(what, calls);
}

}  // namespace

TEST_CASE("a host's call that fails once anywhere in a 1,000-row write leaves all of it or nothing") {
  sweep(false, "one call of the host's");
}

TEST_CASE("a host that goes away anywhere in a 1,000-row write leaves all of it or nothing") {
  sweep(true, "every call of the host's from one on");
}
