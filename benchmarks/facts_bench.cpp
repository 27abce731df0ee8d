// Facts from a SQLite store against a bare scan of the same table, and what keeping them up to date costs.
//
//     facts_bench [lines] [folder]
#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "bound.hpp"
#include "emptor/core/random.hpp"
#include "emptor/insight/facts.hpp"
#include "emptor/store/open.hpp"

namespace {

using namespace emptor;
using bench::bound;
using bench::figure;
using bench::Is;
using bench::seconds_of;

constexpr std::int64_t rows_a_batch = 20'000;
constexpr std::int64_t lines_an_order = 3;
constexpr int changes = 1'000;

std::uint64_t chance(std::uint64_t purpose, std::int64_t id) {
  return hash_of(purpose, static_cast<std::uint64_t>(id));
}

// Full rows of one entity, made a batch at a time: `fill(id, row)` sets what is not the id or version.
template <class Fill>
void fill_table(Store& store, const char* name, std::int64_t rows, const Fill& fill) {
  const Entity& entity = store.read()->schema()->entity(name);
  const std::size_t width = entity.fields.size();
  std::vector<Value> values(width * rows_a_batch);
  for (std::int64_t first = 1; first <= rows; first += rows_a_batch) {
    const auto writer = store.write();
    JournalEntry entry;
    append_change(entry, {.entity = entity.number, .id = Id{first}, .state = "0123456789abcdef"});
    std::vector<Row> views;
    for (std::int64_t i = 0; i < std::min(rows_a_batch, rows - first + 1); ++i) {
      Value* const row = values.data() + static_cast<std::size_t>(i) * width;
      row[system_field::id] = Id{first + i};
      row[system_field::version] = writer->next_version();
      fill(entity, first + i, row);
      views.emplace_back(row, width);
    }
    writer->allocate(entity, views.size());
    writer->put(entity, views, true);
    writer->append(entry);
    writer->commit();
  }
}

void set(const Entity& entity, Value* row, const char* field, const Value& value) {
  row[entity.field(field).number] = value;
}

void fill_store(Store& store, std::int64_t lines) {
  const std::int64_t customers = lines / 10 + 1, orders = lines / lines_an_order + 1;
  fill_table(store, "customer", customers, [](const Entity&, std::int64_t, Value*) {});
  const auto buyer = [=](std::int64_t order) {
    return Id{1 + static_cast<std::int64_t>(chance(1, order) % static_cast<std::uint64_t>(customers))};
  };
  fill_table(store, "order", orders, [&](const Entity& entity, std::int64_t id, Value* row) {
    set(entity, row, "customer_id", buyer(id));
    set(entity, row, "ordered_at", Instant{18'000 * micros_per_day + id * (730 * micros_per_day / orders)});
  });
  fill_table(store, "order_line", lines, [&](const Entity& entity, std::int64_t id, Value* row) {
    const std::int64_t order = 1 + (id - 1) / lines_an_order;
    set(entity, row, "customer_id", buyer(order));
    set(entity, row, "order_id", Id{order});
    set(entity, row, "product_id", Id{1 + static_cast<std::int64_t>(chance(2, id) % 10'000)});
    set(entity, row, "quantity", Decimal(1 + static_cast<std::int64_t>(chance(3, id) % 5)));
    set(entity, row, "base_amount", Decimal::of(static_cast<std::int64_t>(chance(4, id) % 10'000), 2));
  });
}

std::int64_t scan_bare(const std::string& path) {
  sqlite3* connection = nullptr;
  if (sqlite3_open(path.c_str(), &connection) != SQLITE_OK) std::abort();
  sqlite3_stmt* scan = nullptr;
  sqlite3_prepare_v2(connection, "SELECT customer_id, order_id, product_id, base_amount, quantity FROM order_line", -1,
                     &scan, nullptr);
  std::int64_t sum = 0;
  while (sqlite3_step(scan) == SQLITE_ROW)
    for (int column = 0; column < 5; ++column) sum += sqlite3_column_int64(scan, column);
  sqlite3_finalize(scan);
  sqlite3_close(connection);
  return sum;
}

void change(Session& session, std::int64_t customers, bool update) {
  ChangeSet set;
  for (int i = 0; i < changes / 4; ++i) {
    const Id customer{1 + static_cast<std::int64_t>(chance(5, i) % static_cast<std::uint64_t>(customers))};
    if (update) {
      for (int line = 1; line <= 4; ++line) set.put("order_line", Id{i * 400 + line * 7}).set("amount", Decimal(7));
      continue;
    }
    const Id order = set.put("order").set("customer_id", customer).set("ordered_at", session.now()).id();
    for (int line = 0; line < 3; ++line) {
      set.put("order_line").set("order_id", order).set("customer_id", customer).set("amount", Decimal(line));
    }
  }
  session.apply(set);
}

// The best of three, as for any figure that other programs can only make worse.
template <class Work>
double best_of_three(const Work& work) {
  double best = 1e9;
  for (int i = 0; i < 3; ++i) best = std::min(best, seconds_of(work));
  return best;
}

bool measure(Store& store, const std::string& path, std::int64_t lines) {
  Session session(store);
  const double count = static_cast<double>(lines);
  const double bare = best_of_three([&] { scan_bare(path); });
  figure("bare scan", count / bare / 1e6, "M rows/s");
  Facts facts;
  const double built = best_of_three([&] { facts = read_facts(session, {.persist = false}); });
  bool held = bound("facts from SQLite", count / built / 1e6, Is::at_least, count / bare / 2e6, "M rows/s");
  figure("facts and a base beside the file", seconds_of([&] { facts = read_facts(session); }), "s");
  figure("facts from that base", seconds_of([&] { facts = read_facts(session); }), "s");
  change(session, lines / 10, false);
  Facts later;
  held &= bound("refresh after 1,000 new records", best_of_three([&] { later = refresh_facts(session, facts); }) * 1e3,
                Is::at_most, 20, "ms");
  change(session, lines / 10, true);
  held &= bound("refresh after 1,000 changed lines",
                best_of_three([&] { facts = refresh_facts(session, later); }) * 1e3, Is::at_most, 20, "ms");
  return held;
}

}  // namespace

int main(int count, char** arguments) {
  const std::int64_t lines = count > 1 ? std::atoll(arguments[1]) : 10'000'000;
  const std::filesystem::path folder = count > 2 ? arguments[2] : std::filesystem::temp_directory_path().string();
  const std::string path = (folder / "facts_bench.emptor").string();
  const auto remove = [&] {
    for (const char* suffix : {"", "-wal", "-shm", "-lock", "-facts"}) std::filesystem::remove(path + suffix);
  };
  remove();
  bool held = false;
  {
    const auto store = open_sqlite(path, {.create = true, .durability = Durability::off});
    figure("store filled", seconds_of([&] { fill_store(*store, lines); }), "s");
    held = measure(*store, path, lines);
  }
  remove();
  return held ? 0 : 1;
}
