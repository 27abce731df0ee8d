// Import of CSV, journalled and with aggregates, against two plain C loops (peers/sqlite_loop.c) that insert the
// same data rows into the same tables: one keeps the indexes live, one builds them after.
//
//     bench_import [lines] [folder]     10,000,000 lines and 1,000,000 customers unless said otherwise

#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "bound.hpp"
#include "emptor/core/error.hpp"
#include "emptor/desk/generate.hpp"
#include "emptor/desk/import.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"

namespace {

using namespace emptor;
using namespace emptor::bench;
namespace fs = std::filesystem;

const char* const tables = "('customer','contact_point','product','order','order_line','identity')";

struct Run {
  std::uint64_t rows = 0;
  double seconds = 0;
  double processor = 0;  ///< seconds on the processor: what a busy machine does not change much
  double peak_mib = 0;
};

double seconds_in(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// Imports in a process of its own, so that its peak memory is its own.
Run import_in_child(const std::string& folder, const std::string& store) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child == 0) {
    const std::vector<std::string> paths = {folder};
    const double seconds = seconds_of([&] {
      const auto opened = open_store(store, {.create = true, .currency = *Currency::parse("EUR")});
      Session session(*opened);
      import_tables(session, paths);
    });
    const bool told = write(ends[1], &seconds, sizeof seconds) == sizeof seconds;
    _exit(told ? 0 : 1);
  }
  Run run;
  int status = 0;
  rusage usage{};
  const bool told = read(ends[0], &run.seconds, sizeof run.seconds) == sizeof run.seconds;
  close(ends[0]);
  close(ends[1]);
  if (wait4(child, &status, 0, &usage) != child || status != 0 || !told) throw std::runtime_error("the import failed");
  run.peak_mib = static_cast<double>(usage.ru_maxrss) / 1024;
  run.processor = seconds_in(usage.ru_utime) + seconds_in(usage.ru_stime);
  return run;
}

class Database {
 public:
  explicit Database(const std::string& path) {
    if (sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK)
      throw std::runtime_error("the store cannot be read");
  }
  ~Database() { sqlite3_close(handle_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  std::vector<std::string> column(const std::string& sql) const {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(handle_));
    std::vector<std::string> all;
    while (sqlite3_step(statement) == SQLITE_ROW)
      all.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
    sqlite3_finalize(statement);
    return all;
  }

 private:
  sqlite3* handle_ = nullptr;
};

void write_statements(const Database& store, const std::string& type, const std::string& path) {
  std::ofstream file(path);
  for (const std::string& sql : store.column("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type='" + type +
                                             "' AND tbl_name IN " + tables))
    file << sql << ";\n";
}

std::uint64_t count_rows(const Database& store) {
  std::uint64_t rows = 0;
  for (const char* table : {"customer", "contact_point", "product", "\"order\"", "order_line", "identity"})
    rows += std::stoull(store.column(std::string("SELECT count(*) FROM ") + table).front());
  return rows;
}

Run run_peer(const std::string& program, const std::string& mode, const std::string& folder, const std::string& work) {
  const std::string database = work + "/peer_" + mode + ".sqlite";
  const std::string command =
      program + " " + mode + " " + folder + " " + database + " " + work + "/tables.sql " + work + "/indexes.sql";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("the peer cannot be run");
  Run run;
  unsigned long long rows = 0;
  const bool read = std::fscanf(pipe, "%llu %lf %lf %lf", &rows, &run.seconds, &run.processor, &run.peak_mib) == 4;
  if (pclose(pipe) != 0 || !read) throw std::runtime_error("the peer failed");
  run.rows = rows;
  run.peak_mib /= 1024;
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(database + suffix);
  return run;
}

void show(const std::string& what, const Run& run, std::uint64_t lines) {
  figure(what + ", rows inserted", static_cast<double>(run.rows), "");
  figure(what, run.seconds, "s");
  figure(what + ", on the processor", run.processor, "s");
  figure(what + ", lines of CSV", static_cast<double>(lines) / run.seconds, "lines/s");
  figure(what + ", data rows", static_cast<double>(run.rows) / run.seconds, "rows/s");
  figure(what + ", peak memory", run.peak_mib, "MiB");
}

bool measure(const std::string& peer, std::uint64_t lines, const std::string& work) {
  const std::string folder = work + "/data";
  const std::string store = work + "/bench.emptor";
  const std::uint64_t customers = std::max<std::uint64_t>(1, lines / 10);
  const Generated made = generate(folder, {.customers = customers, .lines = lines, .front_office = false});
  const std::uint64_t read = made.customers + made.products + made.lines;

  Run ours = import_in_child(folder, store);
  {
    const Database database(store);
    write_statements(database, "table", work + "/tables.sql");
    write_statements(database, "index", work + "/indexes.sql");
    ours.rows = count_rows(database);
  }
  const Run live = run_peer(peer, "live", folder, work);
  const Run after = run_peer(peer, "after", folder, work);
  show("import", ours, read);
  show("C loop, indexes live", live, read);
  show("C loop, indexes after", after, read);
  bool passed = bound("import: share of the faster C loop's rate", std::min(live.seconds, after.seconds) / ours.seconds,
                      Is::at_least, .4, "");
  figure("import: the same by time on the processor", std::min(live.processor, after.processor) / ours.processor, "");
  passed &= bound("import: peak memory", ours.peak_mib, Is::at_most, 1024, "MiB");
  if (live.rows != ours.rows) figure("data rows that the C loops lack", double(ours.rows) - double(live.rows), "");
  return passed;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t lines = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000;
  std::string work = argc > 2 ? argv[2] : (fs::temp_directory_path() / "emptor-bench-XXXXXX").string();
  if (argc <= 2 && mkdtemp(work.data()) == nullptr) return 1;
  fs::create_directories(work);
  int exit = 1;
  try {
    exit = measure((fs::path(argv[0]).parent_path() / "peer_sqlite_loop").string(), lines, work) ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  if (argc <= 2) fs::remove_all(work);
  return exit;
}
