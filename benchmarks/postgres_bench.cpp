// The store on a PostgreSQL server (docs/postgresql.md): an import of CSV, journalled and with aggregates, against a
// bare COPY of the same rows into the same tables; the caller card; and 1 to 8 processes that write, against what it
// would be to hold the writers' lock until the disk has the commit.
//
//     bench_postgres [lines] [customers] [seconds]
//
// The server is that of EMPTOR_POSTGRES, whose user must be a superuser of a server on this machine;
// `tools/postgres_server start DIR` starts one. Its schemas bench_* are removed.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "bound.hpp"
#include "emptor/core/error.hpp"
#include "emptor/desk/caller_card.hpp"
#include "emptor/desk/generate.hpp"
#include "emptor/desk/import.hpp"
#include "emptor/session/session.hpp"
#include "made_cards.hpp"
#include "store/postgres/connection.hpp"

namespace {

using namespace emptor;
using namespace emptor::bench;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using postgres::Connection;

// Where the rows of a file of sales go; the last is the journal's.
constexpr const char* tables[] = {"customer", "contact_point", "product", "order", "order_line", "identity"};

std::string server() {
  const char* const url = std::getenv("EMPTOR_POSTGRES");
  if (url == nullptr) throw std::runtime_error("EMPTOR_POSTGRES names no server");
  return url;
}

std::string url_of(const std::string& schema) { return server() + "?schema=" + schema; }

Connection connect() { return Connection(postgres::Location::parse(server()), {}); }

void drop(const std::string& schema) { connect().execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE"); }

std::string in_schema(const char* schema, const std::string& table) {
  return std::string(schema) + ".\"" + table + "\"";
}

std::int64_t count(Connection& connection, const std::string& table) {
  return connection.ask("SELECT count(*) FROM " + table)[0].integer(0);
}

// ---- import

double import_sales(const std::string& folder) {
  const std::vector<std::string> paths = {folder};
  const auto store = open_postgres(url_of("bench_import"), {.create = true, .currency = *Currency::parse("EUR")});
  return seconds_of([&] {
    Session session(*store);
    import_tables(session, paths);
  });
}

// From files on the server's own disk, in its own form: no client, no network, nothing to read but what is written.
double copy_rows(Connection& connection, const std::string& files, std::int64_t& rows) {
  double seconds = 0;
  for (const char* table : tables) {
    const std::string file = "'" + files + "/" + table + "' (FORMAT binary)";
    connection.execute("COPY " + in_schema("bench_import", table) + " TO " + file);
    seconds += seconds_of([&] { connection.execute("COPY " + in_schema("bench_copy", table) + " FROM " + file); });
    rows += count(connection, in_schema("bench_copy", table));
  }
  return seconds;
}

double put_rows(std::int64_t customers, std::int64_t& rows) {
  const auto store = open_postgres(url_of("bench_put"), {.create = true, .currency = *Currency::parse("EUR")});
  const double seconds = seconds_of([&] { fill_sales(*store, customers); });
  Connection connection = connect();
  for (const char* table : {"order", "order_line"}) rows += count(connection, in_schema("bench_put", table));
  return seconds;
}

double copy_put_rows(const std::string& files) {
  open_postgres(url_of("bench_put_copy"), {.create = true});
  Connection connection = connect();
  double seconds = 0;
  for (const char* table : {"order", "order_line"}) {
    const std::string file = "'" + files + "/" + table + "' (FORMAT binary)";
    connection.execute("COPY " + in_schema("bench_put", table) + " TO " + file);
    seconds += seconds_of([&] { connection.execute("COPY " + in_schema("bench_put_copy", table) + " FROM " + file); });
  }
  return seconds;
}

bool measure_import(std::uint64_t lines, const std::string& work, const std::string& files) {
  const std::string folder = work + "/data";
  generate(folder, {.customers = std::max<std::uint64_t>(1, lines / 10), .lines = lines, .front_office = false});
  const double seconds = import_sales(folder);
  open_postgres(url_of("bench_copy"), {.create = true});
  Connection connection = connect();
  std::int64_t rows = 0;
  const double copied = copy_rows(connection, files, rows);
  figure("import of CSV, journalled, with aggregates", static_cast<double>(rows) / seconds, "rows/s");
  figure("bare COPY of its rows, indexes live", static_cast<double>(rows) / copied, "rows/s");
  const bool whole = bound("import: share of the bare COPY's rate", copied / seconds, Is::at_least, .35, "");
  std::int64_t put = 0;
  const double put_seconds = put_rows(static_cast<std::int64_t>(lines / 20), put);
  const double put_copied = copy_put_rows(files);
  figure("rows put into the store, indexes live", static_cast<double>(put) / put_seconds, "rows/s");
  figure("bare COPY of them", static_cast<double>(put) / put_copied, "rows/s");
  return bound("put: share of the bare COPY's rate", put_copied / put_seconds, Is::at_least, .35, "") && whole;
}

// ---- the caller card

double at_share(std::vector<double>& values, double share) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

// What a card would take if its questions were nothing: what the machine lets through just now.
void measure_trips(int rounds) {
  constexpr int questions = 16;
  Connection connection = connect();
  std::vector<double> micros;
  for (int i = 0; i < rounds; ++i)
    micros.push_back(seconds_of([&] {
                       for (int question = 0; question < questions; ++question) connection.ask("SELECT 1::bigint");
                     }) *
                     1e6);
  figure("as many empty questions in turn, p50", at_share(micros, .5), "us");
  figure("as many empty questions in turn, p99", at_share(micros, .99), "us");
}

bool measure_card(std::int64_t customers) {
  constexpr int rounds = 5'000, warm = 500;
  const auto store = open_postgres(url_of("bench_card"), {.create = true, .currency = *Currency::parse("EUR")});
  figure("filled with customers, 5 orders and 10 lines each", seconds_of([&] { fill(*store, customers); }), "s");
  connect().execute("ANALYZE");
  Session session(*store);
  std::mt19937_64 random(1);
  std::vector<double> micros;
  for (int i = 0; i < rounds + warm; ++i) {
    const auto caller = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(customers)) + 1;
    const std::string number = number_of(caller);
    Id found;
    const double took = seconds_of([&] { found = caller_card(session, number, {.default_region = "DE"}).customer; });
    if (found != Id{caller}) return bound("the right customer", 0, Is::at_least, 1, "");
    if (i >= warm) micros.push_back(took * 1e6);
  }
  figure("caller card, p50", at_share(micros, .5), "us");
  measure_trips(rounds);
  return bound("caller card, p99", at_share(micros, .99), Is::at_most, 2000, "us");
}

// ---- processes that write

struct Tally {
  std::int64_t done = 0, conflicts = 0;
};

// Each in a process of its own, all at once. Returns what each has told.
template <class Work>
std::vector<Tally> in_processes(int processes, const Work& work) {
  std::vector<std::pair<pid_t, int>> children;
  for (int i = 0; i < processes; ++i) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    const pid_t child = fork();
    if (child == 0) {
      Tally tally;
      try {
        tally = work(i);
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        _exit(1);
      }
      _exit(write(ends[1], &tally, sizeof tally) == sizeof tally ? 0 : 1);
    }
    close(ends[1]);
    children.emplace_back(child, ends[0]);
  }
  std::vector<Tally> tallies;
  for (const auto& [child, end] : children) {
    Tally tally;
    int status = 0;
    const bool told = read(end, &tally, sizeof tally) == sizeof tally;
    close(end);
    if (waitpid(child, &status, 0) != child || status != 0 || !told) throw std::runtime_error("a writer failed");
    tallies.push_back(tally);
  }
  return tallies;
}

constexpr std::int64_t shared_customers = 8;

// Reads, adds one, and writes only if nobody wrote between: a lost update would show in the sum.
Tally write_sessions(std::uint64_t seed, std::chrono::seconds time) {
  const auto store = open_postgres(url_of("bench_write"));
  Session session(*store);
  std::mt19937_64 random(seed);
  Tally tally;
  for (const auto end = Clock::now() + time; Clock::now() < end;) {
    const Id id{1 + static_cast<std::int64_t>(random() % shared_customers)};
    const Record before = *session.view().get("customer", id);
    ChangeSet set;
    set.put("customer", id).set("employees", Value(before.get("employees").integer() + 1)).expect(before.version());
    set.put("interaction").set("customer_id", Value(id)).set("channel", "phone");
    try {
      session.apply(set);
      ++tally.done;
    } catch (const Error& error) {
      if (error.code() != Code::conflict) throw;
      ++tally.conflicts;
    }
  }
  return tally;
}

bool measure_sessions(int processes, std::chrono::seconds time) {
  drop("bench_write");
  {
    const auto store = open_postgres(url_of("bench_write"), {.create = true});
    Session session(*store);
    ChangeSet set;
    for (std::int64_t i = 0; i < shared_customers; ++i) set.put("customer").set("employees", Value(0));
    session.apply(set);
  }
  Tally sum;
  for (const Tally& tally :
       in_processes(processes, [&](int i) { return write_sessions(static_cast<std::uint64_t>(i), time); })) {
    sum.done += tally.done;
    sum.conflicts += tally.conflicts;
  }
  const auto store = open_postgres(url_of("bench_write"));
  const auto reader = store->read();
  const Groups counted = reader->aggregate({.entity = "customer", .measures = {{Measure::sum, "employees"}}});
  std::int64_t entries = 0, gaps = 0;
  for (std::int64_t at = 0; at < reader->info().position;)
    for (const JournalEntry& entry : reader->journal(at, 1000)) {
      gaps += entry.position != at + 1;
      at = entry.position;
      ++entries;
    }
  const std::string who = std::to_string(processes) + (processes == 1 ? " process" : " processes");
  figure(who + " writing: change sets", static_cast<double>(sum.done) / static_cast<double>(time.count()), "/s");
  figure(who + " writing: conflicts told", static_cast<double>(sum.conflicts), "");
  const bool none_lost = counted.groups[0].results[0] == Value(sum.done) && entries == sum.done + 1;
  return bound(who + " writing: lost updates, gaps in the feed", none_lost ? static_cast<double>(gaps) : 1e9,
               Is::at_most, 0, "");
}

// The statements of a small write and no more. `early`: the lock is given back as soon as the server has the commit,
// and the disk is waited for after; else it is held until then.
Tally write_bare(bool early, std::chrono::seconds time) {
  Connection connection = connect();
  connection.execute(std::string("SET search_path = bench_bare; SET synchronous_commit = ") + (early ? "off" : "on"));
  Tally tally;
  const std::string text(200, 'x');
  for (const auto end = Clock::now() + time; Clock::now() < end; ++tally.done) {
    connection.send("SELECT pg_advisory_lock(77)");
    connection.separate();
    connection.send("BEGIN ISOLATION LEVEL REPEATABLE READ");
    const std::int64_t position = connection.ask("SELECT coalesce(max(position), 0) FROM entry")[0].integer(0) + 1;
    connection.send("UPDATE customer SET counter = counter + 1 WHERE id = $1", {Value(position % 64)});
    connection.send("INSERT INTO touch VALUES($1, $2)", {Value(position), Value(std::string_view(text))});
    connection.send("INSERT INTO entry VALUES($1, $2)", {Value(position), Value::bytes(text)});
    connection.send("COMMIT");
    connection.separate();
    connection.send("SELECT pg_advisory_unlock(77)");
    connection.separate();
    if (early)
      connection.send(
          "SELECT pg_logical_emit_message(true, 'emptor', '') FROM set_config('synchronous_commit', 'on', true)");
    connection.finish();
  }
  return tally;
}

double bare_writes(int processes, bool early, std::chrono::seconds time) {
  connect().execute(
      "DROP SCHEMA IF EXISTS bench_bare CASCADE; CREATE SCHEMA bench_bare; SET search_path = bench_bare;"
      "CREATE TABLE entry(position bigint PRIMARY KEY, changes bytea); CREATE TABLE touch(id bigint PRIMARY KEY, body "
      "text); CREATE TABLE customer AS SELECT i::bigint AS id, 0::bigint AS counter FROM generate_series(0, 63) AS i;"
      "ALTER TABLE customer ADD PRIMARY KEY (id)");
  std::int64_t done = 0;
  for (const Tally& tally : in_processes(processes, [&](int) { return write_bare(early, time); })) done += tally.done;
  return static_cast<double>(done) / static_cast<double>(time.count());
}

void measure_locks(std::chrono::seconds time) {
  for (const int processes : {1, 2, 4, 8}) {
    const std::string who = std::to_string(processes) + (processes == 1 ? " process" : " processes");
    figure("bare writes, " + who + ", lock until the disk has it", bare_writes(processes, false, time), "/s");
    figure("bare writes, " + who + ", lock until the server has it", bare_writes(processes, true, time), "/s");
  }
}

bool measure(std::uint64_t lines, std::int64_t customers, std::chrono::seconds time, const std::string& work) {
  const std::string files = work + "/rows";
  fs::create_directories(files);
  fs::permissions(work, fs::perms::all);
  fs::permissions(files, fs::perms::all);
  bool all = measure_import(lines, work, files);
  all = measure_card(customers) && all;
  for (const int processes : {1, 2, 4, 8}) all = measure_sessions(processes, time) && all;
  measure_locks(time);
  return all;
}

void drop_all() {
  for (const char* schema :
       {"bench_import", "bench_copy", "bench_put", "bench_put_copy", "bench_card", "bench_write", "bench_bare"})
    drop(schema);
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t lines = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const std::int64_t customers = argc > 2 ? std::atoll(argv[2]) : 100'000;
  const std::chrono::seconds time(argc > 3 ? std::atoi(argv[3]) : 5);
  std::string work = (fs::temp_directory_path() / "emptor-bench-XXXXXX").string();
  if (mkdtemp(work.data()) == nullptr) return 1;
  int exit = 1;
  try {
    drop_all();
    exit = measure(lines, customers, time, work) ? 0 : 1;
    drop_all();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  fs::remove_all(work);
  return exit;
}
