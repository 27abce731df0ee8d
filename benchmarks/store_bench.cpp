// What the SQLite store costs over a bare loop on SQLite itself: inserts of rows with six numbers into
// the same table with the same indexes, and a scan of four numeric columns.
//
//     store_bench [rows] [folder]
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/store/open.hpp"

namespace {

using namespace emptor;

constexpr std::int64_t rows_a_batch = 10'000;
constexpr const char* fields[] = {"version", "customer_id", "order_id", "product_id", "quantity", "base_amount"};

double seconds_of(const auto& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void remove_store(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm", "-lock"}) std::filesystem::remove(path + suffix);
}

// One made line: lines come in the order of their orders, customers and products at random.
struct Line {
  std::int64_t numbers[6];
  explicit Line(std::int64_t id)
      : numbers{1 + id / rows_a_batch,
                1 + static_cast<std::int64_t>(hash_of(1, static_cast<std::uint64_t>(id / 5)) % 1'000'000),
                1 + id / 5,
                1 + static_cast<std::int64_t>(hash_of(2, static_cast<std::uint64_t>(id)) % 10'000),
                1'000'000 * (id % 7),
                static_cast<std::int64_t>(hash_of(3, static_cast<std::uint64_t>(id)) % 100'000'000)} {}
};

std::unique_ptr<Store> make_store(const std::string& path) {
  remove_store(path);
  return open_sqlite(path, {.create = true, .durability = Durability::normal});
}

void insert_with_store(Store& store, std::int64_t rows) {
  const Entity& entity = store.read()->schema()->entity("order_line");
  std::vector<Value> values(entity.fields.size() * rows_a_batch);
  std::vector<Row> views;
  for (std::int64_t i = 0; i < rows_a_batch; ++i)
    views.emplace_back(values.data() + i * static_cast<std::int64_t>(entity.fields.size()), entity.fields.size());
  for (std::int64_t id = 1; id <= rows; id += rows_a_batch) {
    for (std::int64_t i = 0; i < rows_a_batch; ++i) {
      Value* const row = values.data() + i * static_cast<std::int64_t>(entity.fields.size());
      const Line line(id + i);
      row[0] = Value(Id{id + i});
      for (int field = 0; field < 6; ++field) {
        const Field& described = entity.field(fields[field]);
        row[described.number] = Value::of_bits(described.type, line.numbers[field]);
      }
    }
    const auto writer = store.write();
    writer->put(entity, views, true);
    writer->commit();
  }
}

sqlite3* open_bare(const std::string& path) {
  sqlite3* connection = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(path.c_str(), &connection, flags, nullptr) != SQLITE_OK) std::abort();
  sqlite3_exec(connection, "PRAGMA synchronous=NORMAL; PRAGMA cache_size=-98304; PRAGMA wal_autocheckpoint=4096",
               nullptr, nullptr, nullptr);
  return connection;
}

void insert_bare(const std::string& path, std::int64_t rows) {
  sqlite3* const connection = open_bare(path);
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(connection,
                     "INSERT INTO order_line(id, version, customer_id, order_id, product_id, quantity, base_amount)"
                     " VALUES(?,?,?,?,?,?,?)",
                     -1, &insert, nullptr);
  for (std::int64_t id = 1; id <= rows; ++id) {
    if (id % rows_a_batch == 1) sqlite3_exec(connection, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
    const Line line(id);
    sqlite3_bind_int64(insert, 1, id);
    for (int field = 0; field < 6; ++field) sqlite3_bind_int64(insert, field + 2, line.numbers[field]);
    if (sqlite3_step(insert) != SQLITE_DONE) std::abort();
    sqlite3_reset(insert);
    if (id % rows_a_batch == 0) sqlite3_exec(connection, "COMMIT", nullptr, nullptr, nullptr);
  }
  sqlite3_finalize(insert);
  sqlite3_close(connection);
}

std::int64_t scan_with_store(Store& store) {
  const auto reader = store.read();
  const Query query{
      .entity = "order_line", .fields = {"customer_id", "order_id", "product_id", "base_amount"}, .limit = 10'000};
  ScanKey key;
  Batch batch;
  std::int64_t sum = 0;
  for (bool more = true; more;) {
    more = reader->scan(query, key, batch);
    for (const Column& column : batch.columns)
      for (const std::int64_t bits : column.bits) sum += bits;
  }
  return sum;
}

std::int64_t scan_bare(const std::string& path) {
  sqlite3* const connection = open_bare(path);
  sqlite3_stmt* scan = nullptr;
  sqlite3_prepare_v2(connection, "SELECT customer_id, order_id, product_id, base_amount FROM order_line", -1, &scan,
                     nullptr);
  std::int64_t sum = 0;
  while (sqlite3_step(scan) == SQLITE_ROW)
    for (int column = 0; column < 4; ++column) sum += sqlite3_column_int64(scan, column);
  sqlite3_finalize(scan);
  sqlite3_close(connection);
  return sum;
}

void print(const char* what, std::int64_t rows, double seconds, double bare_seconds, double least) {
  const double share = bare_seconds / seconds;
  std::printf("%-32s %9.2f M rows/s   bare %9.2f M rows/s   %4.0f %% (at least %2.0f %%) %s\n", what,
              static_cast<double>(rows) / seconds / 1e6, static_cast<double>(rows) / bare_seconds / 1e6, share * 100,
              least * 100, share >= least ? "pass" : "fail");
}

void measure_inserts(const std::string& path, std::int64_t rows) {
  const std::string other = path + "-bare";
  make_store(other);
  const double bare = seconds_of([&] { insert_bare(other, rows); });
  const auto store = make_store(path);
  print("insert, 6 numbers, 3 indexes", rows, seconds_of([&] { insert_with_store(*store, rows); }), bare, .4);
  remove_store(other);
}

bool measure_scan(const std::string& path, std::int64_t rows) {
  const auto store = open_sqlite(path);
  std::int64_t sum = 0;
  std::int64_t bare_sum = 0;
  double best = 1e9;
  double bare = 1e9;
  for (int round = 0; round < 5; ++round) {
    best = std::min(best, seconds_of([&] { sum = scan_with_store(*store); }));
    bare = std::min(bare, seconds_of([&] { bare_sum = scan_bare(path); }));
  }
  print("scan, 4 of 18 columns", rows, best, bare, .5);
  return sum == bare_sum;
}

void measure_small_writes(const std::string& path, Durability durability, const char* what) {
  const auto store = open_sqlite(path, {.durability = durability});
  constexpr int writes = 2'000;
  const double seconds = seconds_of([&] {
    for (int i = 0; i < writes; ++i) {
      const auto writer = store->write();
      JournalEntry entry;
      append_change(entry, Change{10, Id{1}, ChangeKind::unchanged, 1, {}, {}});
      writer->append(entry);
      writer->commit();
    }
  });
  std::printf("%-32s %9.0f writes/s\n", what, writes / seconds);
}

void measure_added_column(const std::string& path) {
  const auto store = open_sqlite(path, {.durability = Durability::normal});
  const CatalogField field = store->read()->schema()->custom({.entity = "order_line", .name = "bench"});
  const auto writer = store->write();
  const double seconds = seconds_of([&] { writer->add_field(field); });
  std::printf("%-32s %9.3f ms (below 1 ms) %s\n", "add a field to that table", seconds * 1e3,
              seconds < 1e-3 ? "pass" : "fail");
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t asked = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  const std::int64_t rows = (asked + rows_a_batch - 1) / rows_a_batch * rows_a_batch;
  const std::string folder = argc > 2 ? argv[2] : std::filesystem::temp_directory_path().string();
  const std::string path = folder + "/store_bench.emptor";
  try {
    measure_inserts(path, rows);
    const bool right = measure_scan(path, rows);
    measure_added_column(path);
    measure_small_writes(path, Durability::full, "one-entry writes, full");
    measure_small_writes(path, Durability::normal, "one-entry writes, normal");
    remove_store(path);
    return right ? 0 : 1;
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
