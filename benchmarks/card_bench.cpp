// The caller card through the C API, on a store with many customers of ten lines each:
//   bench_card [customers] [folder] [seconds beside an import]
// against the same look-ups as prepared SQL (docs/caller_card.md lists them), beside a running import in another
// process, and in a process of its own. The filled store is kept in the folder for the next run.
#include <dlfcn.h>
#include <signal.h>
#include <spawn.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "bound.hpp"
#include "desk/contact_search.hpp"
#include "emptor.h"
#include "emptor/core/error.hpp"
#include "emptor/desk/import.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"
#include "made_cards.hpp"

extern char** environ;

namespace {

using namespace emptor;
using namespace emptor::bench;

// ---- the listed statements, prepared, in the manner of C

constexpr std::array<const char*, 14> statements = {
    "SELECT id, customer_id, channel, label FROM contact_point WHERE value_key IN (?1) AND deleted_at IS NULL"
    " ORDER BY id LIMIT 100",
    "SELECT id, name, kind, stage, tier, segment, country, language, preferred_channel, since, owner_id FROM customer"
    " WHERE id = ?1 AND deleted_at IS NULL",
    "SELECT id, valid_from, valid_to, kind, cause, reason, user_id FROM block WHERE customer_id = ?1 AND deleted_at IS"
    " NULL ORDER BY valid_from DESC, id DESC LIMIT 100",
    "SELECT id, at, subject, outcome, channel, direction, next_step, user_id FROM interaction WHERE customer_id = ?1"
    " AND deleted_at IS NULL ORDER BY at DESC, id DESC LIMIT 6",
    "SELECT id, opened_at, subject, state, channel, priority, owner_id FROM \"case\" WHERE customer_id = ?1 AND"
    " closed_at IS NULL AND deleted_at IS NULL ORDER BY opened_at DESC, id DESC LIMIT 6",
    "SELECT id, ordered_at, number, status, channel, owner_id FROM \"order\" WHERE customer_id = ?1 AND deleted_at IS"
    " NULL ORDER BY ordered_at DESC, id DESC LIMIT 6",
    "SELECT order_id, sum(base_amount) FROM order_line WHERE order_id IN (?1, ?2, ?3, ?4, ?5) AND deleted_at IS NULL"
    " GROUP BY order_id",
    "SELECT id, stated_at, purpose, state, channel FROM consent WHERE customer_id = ?1 AND deleted_at IS NULL ORDER BY"
    " stated_at DESC, id DESC LIMIT 6",
    "SELECT id, due_at, subject, status, kind, priority, user_id FROM task WHERE customer_id = ?1 AND due_at IS NOT "
    "NULL AND done_at IS NULL"
    " AND (status IS NULL OR status NOT IN ('done', 'cancelled')) AND deleted_at IS NULL ORDER BY due_at, id LIMIT 6",
    "SELECT id, expected_close, name, stage, next_step, owner_id, base_amount FROM opportunity WHERE customer_id = ?1"
    " AND outcome IS NULL AND deleted_at IS NULL ORDER BY opened_at DESC, id DESC LIMIT 5",
    "SELECT id, name, label, value FROM score WHERE customer_id = ?1 AND deleted_at IS NULL ORDER BY id LIMIT 6",
    "SELECT id, customer_id, kind, position, valid_to FROM relationship WHERE related_id = ?1 AND kind IN ('contact',"
    " 'employee') AND deleted_at IS NULL ORDER BY id LIMIT 6",
    "SELECT id, name FROM user WHERE id IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    "SELECT id, due_at, subject, status, kind, priority, user_id FROM task WHERE customer_id = ?1 AND due_at IS NULL "
    "AND"
    " done_at IS NULL AND (status IS NULL OR status NOT IN ('done', 'cancelled')) AND deleted_at IS NULL ORDER BY id"
    " LIMIT 6"};

class Bare {
 public:
  explicit Bare(const std::string& path) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path.c_str(), &connection_, flags, nullptr) != SQLITE_OK) std::abort();
    sqlite3_wal_autocheckpoint(connection_, 0);
    sqlite3_exec(connection_, "PRAGMA query_only=1", nullptr, nullptr, nullptr);
    for (std::size_t i = 0; i < statements.size(); ++i) prepare(statements[i], statements_[i]);
    prepare("BEGIN", begin_);
    prepare("COMMIT", end_);
  }
  ~Bare() {
    for (sqlite3_stmt* statement : statements_) sqlite3_finalize(statement);
    sqlite3_finalize(begin_);
    sqlite3_finalize(end_);
    sqlite3_close(connection_);
  }

  /// The customer found by a key; all that the card shows is read.
  std::int64_t card(const std::string& key) {
    run(begin_);
    sqlite3_bind_text(statements_[0], 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
    const std::int64_t customer = read(statements_[0], 1);
    std::vector<std::int64_t> agents, orders;
    for (const std::size_t s : {1, 2, 3, 4, 5}) ask(s, customer, agents, s == 5 ? &orders : nullptr);
    sqlite3_stmt* sums = statements_[6];
    for (int i = 0; i < 5; ++i)
      sqlite3_bind_int64(sums, i + 1, static_cast<std::size_t>(i) < orders.size() ? orders[i] : 0);
    read(sums, 0);
    for (const std::size_t s : {7, 8, 13, 9, 10, 11}) ask(s, customer, agents, nullptr);
    std::sort(agents.begin(), agents.end());
    agents.erase(std::unique(agents.begin(), agents.end()), agents.end());
    for (int i = 0; i < 8; ++i)
      sqlite3_bind_int64(statements_[12], i + 1, static_cast<std::size_t>(i) < agents.size() ? agents[i] : 0);
    read(statements_[12], 0);
    run(end_);
    return customer;
  }

 private:
  void prepare(const char* text, sqlite3_stmt*& to) {
    if (sqlite3_prepare_v3(connection_, text, -1, SQLITE_PREPARE_PERSISTENT, &to, nullptr) != SQLITE_OK) {
      std::fprintf(stderr, "%s: %s\n", text, sqlite3_errmsg(connection_));
      std::exit(1);
    }
  }
  static void run(sqlite3_stmt* statement) {
    sqlite3_step(statement);
    sqlite3_reset(statement);
  }
  // Copies every column of every row, as a caller who keeps a card must.
  std::int64_t read(sqlite3_stmt* statement, int wanted, std::vector<std::int64_t>* agents = nullptr,
                    std::vector<std::int64_t>* ids = nullptr) {
    std::int64_t found = 0;
    const int columns = sqlite3_column_count(statement);
    std::size_t rows = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      for (int i = 0; i < columns; ++i) {
        if (sqlite3_column_type(statement, i) == SQLITE_TEXT)
          texts_.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, i)));
        else
          numbers_.push_back(sqlite3_column_int64(statement, i));
      }
      if (rows == 0) found = sqlite3_column_int64(statement, wanted);
      if (ids && rows < 5) ids->push_back(sqlite3_column_int64(statement, 0));
      if (agents) add_agent(statement, columns, *agents);
      ++rows;
    }
    sqlite3_reset(statement);
    texts_.clear();
    numbers_.clear();
    return found;
  }
  static void add_agent(sqlite3_stmt* statement, int columns, std::vector<std::int64_t>& agents) {
    for (int i = 0; i < columns; ++i) {
      const char* name = sqlite3_column_name(statement, i);
      const bool agent = std::strcmp(name, "user_id") == 0 || std::strcmp(name, "owner_id") == 0;
      if (agent && sqlite3_column_int64(statement, i) != 0) agents.push_back(sqlite3_column_int64(statement, i));
    }
  }
  void ask(std::size_t statement, std::int64_t customer, std::vector<std::int64_t>& agents,
           std::vector<std::int64_t>* ids) {
    sqlite3_bind_int64(statements_[statement], 1, customer);
    read(statements_[statement], 0, &agents, ids);
  }

  sqlite3* connection_ = nullptr;
  std::array<sqlite3_stmt*, statements.size()> statements_{};
  sqlite3_stmt *begin_ = nullptr, *end_ = nullptr;
  std::vector<std::string> texts_;
  std::vector<std::int64_t> numbers_;
};

// ---- the card through the C API

class Desk {
 public:
  explicit Desk(const std::string& path) {
    check(emptor_store_open(path.c_str(), EMPTOR_NUL, nullptr, &store_, &error_));
    check(emptor_session_open(store_, nullptr, &session_, &error_));
  }
  ~Desk() {
    emptor_session_close(session_, nullptr);
    emptor_store_close(store_, nullptr);
  }
  /// The customer of a card, whose lines are all read.
  std::int64_t card(const std::string& number, const char* region = "DE") {
    emptor_card* card = nullptr;
    emptor_card_options options = EMPTOR_CARD_OPTIONS_INIT;
    options.default_region = region;
    check(emptor_caller_card(session_, number.data(), number.size(), &options, &card, &error_));
    emptor_card_view view = EMPTOR_CARD_VIEW_INIT;
    check(emptor_card_read(card, &view, &error_));
    for (std::int32_t section = EMPTOR_SECTION_BLOCKS; section <= EMPTOR_SECTION_ORGANISATIONS; ++section)
      for (std::size_t i = 0; i < view.counts[section]; ++i) {
        emptor_card_line line = EMPTOR_CARD_LINE_INIT;
        check(emptor_card_line_at(card, section, i, &line, &error_));
      }
    emptor_card_free(card, nullptr);
    return view.customer;
  }

 private:
  void check(emptor_status status) const {
    if (status == EMPTOR_OK) return;
    std::fprintf(stderr, "%s\n", error_.message);
    std::exit(1);
  }
  emptor_store* store_ = nullptr;
  emptor_session* session_ = nullptr;
  emptor_error error_ = EMPTOR_ERROR_INIT;
};

double at_share(std::vector<double>& micros, double share) {
  std::sort(micros.begin(), micros.end());
  return micros[std::min(micros.size() - 1, static_cast<std::size_t>(share * static_cast<double>(micros.size())))];
}

template <class Work>
double micros_of(Work&& work) {
  return seconds_of(work) * 1e6;
}

// The two take turns on the same callers, and in who is first: whoever asks second finds what is read in the
// processor's caches. Each has seen all of them before.
bool measure_warm(const std::string& path, std::int64_t customers) {
  constexpr int rounds = 20'000;
  std::mt19937_64 random(1);
  std::vector<std::int64_t> callers;
  for (int i = 0; i < rounds; ++i)
    callers.push_back(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(customers)) + 1);
  Desk desk(path);
  Bare bare(path);
  std::vector<double> ours, theirs;
  for (const bool measured : {false, true})
    for (const std::int64_t caller : callers) {
      const std::string number = number_of(caller);
      const std::string key = desk::number_keys(number, "DE").keys.front();
      std::int64_t found = 0, bare_found = 0;
      double a = 0, b = 0;
      const bool first = caller % 2 == 0;
      if (first) a = micros_of([&] { found = desk.card(number); });
      b = micros_of([&] { bare_found = bare.card(key); });
      if (!first) a = micros_of([&] { found = desk.card(number); });
      if (found != caller || bare_found != caller) return bound("the right customer", 0, Is::at_least, 1, "");
      if (!measured) continue;
      ours.push_back(a);
      theirs.push_back(b);
    }
  const double half = at_share(ours, .5), bare_half = at_share(theirs, .5);
  figure("listed statements as prepared SQL, p50", bare_half, "us");
  figure("listed statements as prepared SQL, p99", at_share(theirs, .99), "us");
  figure("card through the C API, p50", half, "us");
  const bool ratio = bound("card against the statements, p50", half / bare_half, Is::at_most, 2, "times");
  return bound("card through the C API, p99", at_share(ours, .99), Is::at_most, 200, "us") && ratio;
}

// ---- any notation

std::string in_some_notation(std::int64_t customer, std::uint64_t way) {
  const std::string digits = std::to_string(20'000'000 + customer);
  const std::string grouped = digits.substr(0, 4) + " " + digits.substr(4);
  std::string wide;
  switch (way % 9) {
    case 0:
      return "+4930" + digits;
    case 1:
      return "0049 30 " + grouped;
    case 2:
      return "030/" + grouped;
    case 3:
      return "(030) " + digits.substr(0, 4) + "-" + digits.substr(4);
    case 4:
      return "sip:+4930" + digits + "@pbx.example;user=phone";
    case 5:
      return "tel:+49-30-" + digits;
    case 6:
      return "+49 (0)30 " + grouped;
    case 7:
      return "030 " + digits + " ext. 12";
    default:
      for (const char c : "4930" + digits) {
        wide += "\xEF\xBC";
        wide += static_cast<char>(0x90 + (c - '0'));
      }
      return "\xEF\xBC\x8B" + wide;
  }
}

bool measure_notations(const std::string& path, std::int64_t customers) {
  constexpr int asked = 10'000;
  std::mt19937_64 random(2);
  Desk desk(path);
  int found = 0, wrong = 0;
  for (int i = 0; i < asked; ++i) {
    const auto caller = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(customers)) + 1;
    const std::int64_t customer = desk.card(in_some_notation(caller, random()));
    found += customer == caller;
    wrong += customer != caller && customer != 0;
  }
  const bool enough = bound("10,000 random notations: found", found / double(asked) * 100, Is::at_least, 98, "%");
  return bound("10,000 random notations: wrong customers", wrong, Is::at_most, 0, "") && enough;
}

// ---- beside an import

pid_t start(const std::vector<std::string>& arguments) {
  std::vector<char*> pointers;
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  pid_t child = 0;
  if (posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, pointers.data(), environ) != 0) std::abort();
  return child;
}

// The child: one table of sales after another, until it is ended.
int import_for_ever(const std::string& path) {
  const auto store = open_sqlite(path);
  Session session(*store);
  const std::string file = path + "-sales.csv";
  for (int round = 0;; ++round) {
    {
      std::ofstream out(file);
      out << "Order ID,Customer ID,Customer Name,Order Date,Product,Quantity,Unit Price\n";
      for (int i = 0; i < 20'000; ++i)
        out << "B" << getpid() << "-" << round << "-" << i / 4 << ",B" << i % 500 << ",Buyer " << i % 500
            << ",2024-03-0" << i % 9 + 1 << ",Product " << i % 200 << "," << i % 7 + 1 << ",2.50\n";
    }
    const std::string paths[] = {file};
    import_tables(session, {std::begin(paths), std::end(paths)}, {.source = "bench"});
  }
}

void print_histogram(const std::vector<double>& micros) {
  static constexpr double edges[] = {50, 100, 150, 200, 300, 500, 1000, 2000, 5000, 10'000, 100'000, 1e9};
  double from = 0;
  for (const double to : edges) {
    const auto count = std::count_if(micros.begin(), micros.end(), [&](double m) { return m >= from && m < to; });
    if (count > 0 && to < 1e9) std::printf("        %7.0f - %7.0f us  %8td\n", from, to, count);
    if (count > 0 && to >= 1e9) std::printf("        %7.0f us and more  %8td\n", from, count);
    from = to;
  }
}

bool measure_beside_import(const std::string& path, std::int64_t customers, int seconds) {
  const pid_t child = start({"bench_card", "--import", path});
  std::vector<double> micros;
  {
    Desk desk(path);
    std::mt19937_64 random(3);
    desk.card(number_of(1));
    std::this_thread::sleep_for(std::chrono::seconds(2));
    auto next = std::chrono::steady_clock::now();
    const auto end = next + std::chrono::seconds(seconds);
    while (next < end) {
      std::this_thread::sleep_until(next);
      const auto caller = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(customers)) + 1;
      micros.push_back(micros_of([&] { desk.card(number_of(caller)); }));
      next += std::chrono::milliseconds(5);
    }
  }
  kill(child, SIGTERM);
  waitpid(child, nullptr, 0);
  figure("beside a running import: cards", static_cast<double>(micros.size()), "");
  print_histogram(micros);
  const bool most = bound("beside a running import, p99", at_share(micros, .99), Is::at_most, 1000, "us");
  return bound("beside a running import, p99.9", at_share(micros, .999), Is::at_most, 5000, "us") && most;
}

// ---- a process of its own

double peak_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  return 0;
}

template <class Function>
Function* symbol(void* library, const char* name) {
  return reinterpret_cast<Function*>(dlsym(library, name));
}

// The child: loads the library, opens the store, and reads a card; prints microseconds and peak memory. The program
// itself is linked to the same library, so `peak` is that of the whole of it.
int first_card(const char* path, const char* number) {
  std::int64_t customer = 0;
  double opened = 0;
  const double all = micros_of([&] {
    opened = micros_of([&] {
      Desk desk(path);
      customer = desk.card(number);
    });
  });
  std::printf("%.1f %.1f %lld\n", all, peak_mib(), static_cast<long long>(customer));
  return 0;
}

int first_answer(const char* library) {
  const char* version = "";
  emptor_status status = EMPTOR_INTERNAL;
  const double micros = micros_of([&] {
    void* const loaded = dlmopen(LM_ID_NEWLM, library, RTLD_NOW | RTLD_LOCAL);
    if (loaded == nullptr) {
      std::fprintf(stderr, "%s\n", dlerror());
      std::exit(1);
    }
    version = symbol<decltype(emptor_version)>(loaded, "emptor_version")();
    emptor_store* store = nullptr;
    emptor_store_options options = EMPTOR_STORE_OPTIONS_INIT;
    options.create = 1;
    status = symbol<decltype(emptor_store_open)>(loaded, "emptor_store_open")(":memory:", EMPTOR_NUL, &options, &store,
                                                                              nullptr);
    emptor_store_state state = EMPTOR_STORE_STATE_INIT;
    if (status == EMPTOR_OK)
      status = symbol<decltype(emptor_store_info)>(loaded, "emptor_store_info")(store, &state, nullptr);
  });
  std::printf("%.1f %s\n", micros, version);
  return status == EMPTOR_OK ? 0 : 1;
}

// Runs this program with other arguments and reads the first number that it prints (and the second).
std::pair<double, double> numbers_of(const std::string& arguments) {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  FILE* const pipe = popen((self + " " + arguments).c_str(), "r");
  double first = 1e9, second = 1e9;
  if (pipe == nullptr || std::fscanf(pipe, "%lf %lf", &first, &second) < 1) std::abort();
  pclose(pipe);
  return {first, second};
}

bool measure_processes(const std::string& path) {
  double open = 1e9, memory = 0, load = 1e9;
  Dl_info info{};
  dladdr(reinterpret_cast<const void*>(&emptor_version), &info);
  for (int i = 0; i < 5; ++i) {
    const auto [micros, peak] = numbers_of("--first-card '" + path + "' '" + number_of(17 + i * 1000) + "'");
    open = std::min(open, micros / 1e3);
    memory = std::max(memory, peak);
    load = std::min(load, numbers_of(std::string("--first-answer '") + info.dli_fname + "'").first / 1e3);
  }
  bool all = bound("new process, open to first card, best of 5", open, Is::at_most, 10, "ms");
  all = bound("new process, peak memory", memory, Is::at_most, 16, "MiB") && all;
  // Its size is held by a gate, which looks at it as it is shipped (tools/check_sizes).
  return bound("dlopen to first answer, best of 5", load, Is::at_most, 5, "ms") && all;
}

void make(const std::string& path, std::int64_t customers) {
  fill(*open_sqlite(path, {.create = true, .durability = Durability::off, .currency = *Currency::parse("EUR")}),
       customers);
}

int measure(std::int64_t customers, const std::string& folder, int seconds) {
  const std::string path = folder + "/card_bench_" + std::to_string(customers) + ".emptor";
  if (!std::filesystem::exists(path))
    figure("filled with customers, 5 orders and 10 lines each", seconds_of([&] { make(path, customers); }), "s");
  // An importer that was killed may have left a log: who closes the store writes it back.
  open_sqlite(path);
  bool all = measure_warm(path, customers);
  all = measure_notations(path, customers) && all;
  all = measure_processes(path) && all;
  if (seconds > 0) all = measure_beside_import(path, customers, seconds) && all;
  return all ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string first = argc > 1 ? argv[1] : "100000";
    if (first == "--import") return import_for_ever(argv[2]);
    if (first == "--first-card") return first_card(argv[2], argv[3]);
    if (first == "--first-answer") return first_answer(argv[2]);
    const std::string folder = argc > 2 ? argv[2] : std::filesystem::temp_directory_path().string();
    return measure(std::atoll(first.c_str()), folder, argc > 3 ? std::atoi(argv[3]) : 20);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
