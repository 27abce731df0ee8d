// A 1,000-row write in which something fails: every disk operation in turn, every allocation in turn.
// EMPTOR_SWEEP=full visits every point; otherwise so many, spread evenly.
#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <new>

#include "emptor/core/error.hpp"
#include "emptor/store/open.hpp"
#include "support/failing_allocator.hpp"
#include "support/fault_vfs.hpp"
#include "support/log_host.hpp"
#include "support/temp_folder.hpp"
#include "support/thousand_rows.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

// A store on the faulty disk, copied anew for each attempt.
class DiskSweep {
 public:
  DiskSweep() {
    register_fault_vfs();
    std::filesystem::create_directory(base());
    const auto store = open_sqlite((base() / "store.emptor").string(), {.create = true});
    make_customers(*store);
  }

  std::uint64_t count(Fault fault) {
    const FaultPlan plan(0, fault);
    attempt();
    return plan.operations();
  }

  void fail_at(std::uint64_t nth, Fault fault, bool stays, Tally& tally) {
    ++tally.points;
    bool failed = false;
    std::uint64_t met = 0;
    {
      const FaultPlan plan(nth, fault, stays);
      failed = !attempt();
      met = plan.failures();
    }
    CAPTURE(nth);
    CHECK(met > 0);
    const auto store = open_sqlite((copy() / "store.emptor").string());
    const bool whole = check_whole(*store);
    if (!failed) CHECK(whole);
    ++(failed ? tally.errors : tally.unharmed);
    if (failed && whole) ++tally.kept;
  }

 private:
  std::filesystem::path base() const { return folder_.path() / "base"; }
  std::filesystem::path copy() const { return folder_.path() / "copy"; }

  // Opens the store, writes and closes it; false where an error was told.
  bool attempt() {
    std::filesystem::remove_all(copy());
    std::filesystem::copy(base(), copy());
    try {
      const auto store = open_sqlite((copy() / "store.emptor").string(), {.vfs = fault_vfs_name});
      Session session(*store);
      session.apply(set_);
      return true;
    } catch (const Error& error) {
      const bool expected = error.code() == Code::io || error.code() == Code::full || error.code() == Code::corrupt ||
                            error.code() == Code::not_found || error.code() == Code::memory;
      if (!expected) FAIL_CHECK("a failing disk gave ", error.what());
      return false;
    }
  }

  TempFolder folder_;
  ChangeSet set_ = thousand_rows();
};

void sweep_disk(Fault fault, bool stays, const char* what) {
  DiskSweep sweep;
  const std::uint64_t operations = sweep.count(fault);
  CHECK(operations > 10);
  Tally tally;
  for (std::uint64_t nth = 1; nth <= operations; nth += stride(operations, 25)) sweep.fail_at(nth, fault, stays, tally);
  CHECK(tally.errors > 0);
  tally.print(what, operations);
}

// True where the write went through.
bool apply_failing(Session& session, const ChangeSet& set, std::uint64_t nth, bool& failed) {
  const FailingAllocations failing(nth);
  try {
    session.apply(set);
    failed = failing.failed();
    return true;
  } catch (const std::bad_alloc&) {
  } catch (const Error&) {
  }
  failed = failing.failed();
  return false;
}

void sweep_allocations(const std::function<std::unique_ptr<Store>()>& open, const char* what) {
  const ChangeSet set = thousand_rows();
  std::uint64_t allocations = 0;
  {
    const auto store = open();
    make_customers(*store);
    Session session(*store);
    const FailingAllocations counting;
    session.apply(set);
    allocations = counting.seen();
  }
  const auto store = open();
  make_customers(*store);
  auto session = std::make_unique<Session>(*store);
  Tally tally;
  bool written = false;
  for (std::uint64_t nth = 1; nth <= allocations; nth += stride(allocations, 60)) {
    CAPTURE(nth);
    bool failed = false;
    written = apply_failing(*session, set, nth, failed);
    if (written) break;  // a session that has written before needs fewer allocations
    ++tally.points;
    ++tally.errors;
    CHECK(failed);
    CHECK(rows_of(session->view()) == 0);
    CHECK(session->view().info().position == 1);
    if (nth % 2 == 0) session = std::make_unique<Session>(*store);
  }
  CHECK(tally.errors > 0);
  if (!written) session->apply(set);
  CHECK(check_whole(*store));
  tally.print(what, allocations);
}

}  // namespace

TEST_CASE("a disk operation that fails once anywhere in a 1,000-row write leaves all of it or nothing") {
  sweep_disk(Fault::io_error, false, "one I/O error");
}

TEST_CASE("a disk that goes away anywhere in a 1,000-row write leaves all of it or nothing") {
  sweep_disk(Fault::io_error, true, "lasting I/O errors");
}

TEST_CASE("a disk that fills up anywhere in a 1,000-row write leaves all of it or nothing") {
  sweep_disk(Fault::full, true, "full disk");
}

TEST_CASE("an allocation that fails anywhere in a 1,000-row write into memory leaves nothing of it") {
  sweep_allocations([] { return open_memory(); }, "allocations, memory store");
}

TEST_CASE("an allocation that fails anywhere in a 1,000-row write into SQLite leaves nothing of it") {
  const TempFolder folder;
  int number = 0;
  sweep_allocations(
      [&] {
        return open_sqlite(folder.file(std::to_string(++number) + ".emptor"),
                           {.create = true, .durability = Durability::off});
      },
      "allocations, SQLite store");
}

TEST_CASE("an allocation that fails anywhere in a 1,000-row write into a host's store leaves nothing of it") {
  const TempFolder folder;
  int number = 0;
  sweep_allocations(
      [&] {
        return open_log_host(folder.file(std::to_string(++number) + ".log"),
                             {.create = true, .durability = Durability::off});
      },
      "allocations, host's store");
}
