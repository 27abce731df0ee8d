// An import of 1,000 rows in which something fails: every disk operation in turn, every allocation in turn. What an
// interrupted import left is a beginning of what an undisturbed one does, batch by batch, and it completes when it is
// run again. EMPTOR_SWEEP=full visits every point; otherwise so many, spread evenly.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <new>
#include <string_view>

#include "emptor/core/error.hpp"
#include "emptor/desk/import.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"
#include "support/failing_allocator.hpp"
#include "support/fault_vfs.hpp"
#include "support/store_contents.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

using Contents = std::vector<std::string>;

// 100 customers with a way to reach each, and 900 lines of 300 orders.
std::vector<std::string> write_files(const TempFolder& folder) {
  std::ofstream customers(folder.file("customers.csv")), orders(folder.file("orders.csv"));
  customers << "customer_id,name,email,country\n";
  for (int i = 1; i <= 100; ++i) customers << 'C' << i << ",Customer " << i << ",c" << i << "@example.org,PT\n";
  orders << "order_number,customer_id,order_date,product,quantity,price\n";
  for (int i = 1; i <= 900; ++i)
    orders << 'N' << i / 3 << ",C" << i * 7 % 100 + 1 << ",2024-0" << i / 3 % 9 + 1 << "-11,Tea " << i % 40 << ','
           << i % 5 + 1 << ',' << i % 90 << ".25\n";
  return {folder.file("customers.csv"), folder.file("orders.csv")};
}

ImportReport import_into(Store& store, const std::vector<std::string>& paths) {
  Session session(store);
  return import_tables(session, paths, {.source = "files", .batch_rows = 200});
}

std::int64_t position_of(Store& store) { return store.read()->info().position; }

const OpenOptions lasting{.create = true, .currency = *Currency::parse("EUR")};
const OpenOptions passing{.create = true, .durability = Durability::off, .currency = *Currency::parse("EUR")};

// What an undisturbed import leaves after each of its batches.
std::vector<Contents> after_each_batch(const std::vector<std::string>& paths) {
  std::vector<Contents> states;
  for (bool done = false; !done;) {
    const auto store = open_memory(passing);
    Session session(*store);
    const auto most = static_cast<std::int64_t>(states.size());
    ImportOptions options{.source = "files", .batch_rows = 200};
    options.progress = [&](std::string_view, std::uint64_t, std::uint64_t) { return position_of(*store) < most; };
    if (most > 0) {
      try {
        import_tables(session, paths, options);
        done = true;
      } catch (const Error& error) {
        REQUIRE(error.code() == Code::cancelled);
      }
    }
    if (position_of(*store) == most) states.push_back(contents(*store));
  }
  return states;
}

struct Tally {
  std::uint64_t points = 0, errors = 0, unharmed = 0;
  std::vector<std::uint64_t> batches;  ///< how often so many batches were there afterwards
  void print(const char* what, std::uint64_t of) const {
    std::printf("%s: %llu of %llu points, %llu errors, %llu not in the way; batches found:", what, u(points), u(of),
                u(errors), u(unharmed));
    for (const std::uint64_t times : batches) std::printf(" %llu", u(times));
    std::printf("\n");
  }
  static unsigned long long u(std::uint64_t value) { return value; }
};

std::uint64_t stride(std::uint64_t points, std::uint64_t wanted) {
  const char* sweep = std::getenv("EMPTOR_SWEEP");
  if (sweep != nullptr && std::string_view(sweep) == "full") return 1;
  return std::max<std::uint64_t>(1, points / wanted);
}

class ImportSweep {
 public:
  ImportSweep() : paths_(write_files(folder_)), states_(after_each_batch(paths_)) { CHECK(states_.size() > 5); }

  const std::vector<std::string>& paths() const { return paths_; }
  std::string base() const { return folder_.file("base"); }
  std::string copy() const { return folder_.file("copy"); }

  // Whole batches and nothing else; every so often the import is run again and must complete.
  void check(Store& store, bool failed, Tally& tally) {
    ++tally.points;
    ++(failed ? tally.errors : tally.unharmed);
    const auto position = static_cast<std::size_t>(position_of(store));
    REQUIRE(position < states_.size());
    tally.batches.resize(states_.size());
    ++tally.batches[position];
    CHECK(difference(contents(store), states_[position]) == "");
    if (!failed) CHECK(position + 1 == states_.size());
    if (tally.points % 8 != 1) return;
    CHECK(Session(store).verify(true).faults == Contents{});
    import_into(store, paths_);
    CHECK(difference(contents(store), states_.back()) == "");
  }

 private:
  TempFolder folder_;
  std::vector<std::string> paths_;
  std::vector<Contents> states_;
};

// Whether the import came to its end on the faulty disk.
bool import_on_faulty_disk(const ImportSweep& sweep) {
  std::filesystem::remove_all(sweep.copy());
  std::filesystem::copy(sweep.base(), sweep.copy());
  try {
    const auto store = open_sqlite(sweep.copy() + "/store.emptor", {.vfs = fault_vfs_name});
    import_into(*store, sweep.paths());
    return true;
  } catch (const Error& error) {
    const bool expected = error.code() == Code::io || error.code() == Code::full || error.code() == Code::corrupt ||
                          error.code() == Code::not_found || error.code() == Code::memory;
    if (!expected) FAIL_CHECK("a failing disk gave ", error.what());
    return false;
  }
}

void sweep_disk(Fault fault, bool stays, const char* what) {
  register_fault_vfs();
  ImportSweep sweep;
  std::filesystem::create_directory(sweep.base());
  open_sqlite(sweep.base() + "/store.emptor", lasting);
  std::uint64_t operations = 0;
  {
    const FaultPlan counting(0, fault);
    REQUIRE(import_on_faulty_disk(sweep));
    operations = counting.operations();
  }
  CHECK(operations > 10);
  Tally tally;
  for (std::uint64_t nth = 1; nth <= operations; nth += stride(operations, 16)) {
    CAPTURE(nth);
    bool done = false;
    {
      const FaultPlan plan(nth, fault, stays);
      done = import_on_faulty_disk(sweep);
      CHECK(plan.failures() > 0);
    }
    sweep.check(*open_sqlite(sweep.copy() + "/store.emptor"), !done, tally);
  }
  CHECK(tally.errors > 0);
  tally.print(what, operations);
}

// Whether the import came to its end although an allocation failed.
bool import_failing(Store& store, const ImportSweep& sweep, std::uint64_t nth) {
  const FailingAllocations failing(nth);
  try {
    import_into(store, sweep.paths());
    return true;
  } catch (const std::bad_alloc&) {
  } catch (const Error& error) {
    if (error.code() != Code::memory) FAIL_CHECK("a failing allocation gave ", error.what());
  }
  CHECK(failing.failed());
  return false;
}

void sweep_allocations(const std::function<std::unique_ptr<Store>()>& open, const char* what) {
  ImportSweep sweep;
  std::uint64_t allocations = 0;
  {
    const auto store = open();
    const FailingAllocations counting;
    import_into(*store, sweep.paths());
    allocations = counting.seen();
  }
  Tally tally;
  for (std::uint64_t nth = 1; nth <= allocations; nth += stride(allocations, 40)) {
    CAPTURE(nth);
    const auto store = open();
    const bool done = import_failing(*store, sweep, nth);
    sweep.check(*store, !done, tally);
  }
  CHECK(tally.errors > 0);
  tally.print(what, allocations);
}

}  // namespace

TEST_CASE("a disk operation that fails once anywhere in an import of 1,000 rows leaves whole batches") {
  sweep_disk(Fault::io_error, false, "import, one I/O error");
}

TEST_CASE("a disk that goes away anywhere in an import of 1,000 rows leaves whole batches") {
  sweep_disk(Fault::io_error, true, "import, lasting I/O errors");
}

TEST_CASE("a disk that fills up anywhere in an import of 1,000 rows leaves whole batches") {
  sweep_disk(Fault::full, true, "import, full disk");
}

TEST_CASE("an allocation that fails anywhere in an import of 1,000 rows into memory leaves whole batches") {
  sweep_allocations([] { return open_memory(passing); }, "import, allocations, memory store");
}

TEST_CASE("an allocation that fails anywhere in an import of 1,000 rows into SQLite leaves whole batches") {
  const TempFolder folder;
  int number = 0;
  sweep_allocations(
      [&] {
        std::filesystem::remove(folder.file(std::to_string(number) + ".emptor"));
        return open_sqlite(folder.file(std::to_string(++number) + ".emptor"), passing);
      },
      "import, allocations, SQLite store");
}
