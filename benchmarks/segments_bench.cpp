// Live segments on a file of 1 M customers with 10 M events: what a write costs with 1,000 of them, what the first
// write costs after idle days, what an import does, and what opening the file does.
//
//     segments_bench [CUSTOMERS] [SEGMENTS] [CUSTOMERS FROM SCRATCH]
#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "bound.hpp"
#include "emptor/core/random.hpp"
#include "emptor/desk/import.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"

namespace {

using namespace emptor;
using bench::Is;

constexpr std::size_t at_once = 5'000;
constexpr std::int64_t begin = 1'700'000'000'000'000, history = 1'095;  // instant, days
constexpr std::size_t categories = 20, sources = 12, measured_writes = 10'000;
constexpr const char* countries[] = {"DE", "FR", "CN", "US", "PT", "IT", "ES", "PL"};
constexpr const char* tiers[] = {"gold", "silver", "basic", "new"};

// A customer, 2 orders of 2 lines and 4 contacts on the average: 10 events.
void make_customers(Session& session, std::size_t customers) {
  Random random(1);
  const auto some_day = [&] {
    return Instant{begin - static_cast<std::int64_t>(random.below(history * 86'400)) * 1'000'000};
  };
  for (std::size_t done = 0; done < customers; done += at_once) {
    ChangeSet set;
    for (std::size_t i = done; i < std::min(customers, done + at_once); ++i) {
      const Id customer = set.put("customer")
                              .set("name", "customer " + std::to_string(i))
                              .set("country", countries[random.below(8)])
                              .set("tier", tiers[random.below(4)])
                              .set("employees", static_cast<std::int64_t>(random.below(500)))
                              .set("source", "source " + std::to_string(random.below(sources)))
                              .set("annual_revenue", Decimal(static_cast<std::int64_t>(random.below(1'000'000))))
                              .id();
      for (std::size_t order = random.below(5); order > 0; --order) {
        const Id bought = set.put("order").set("customer_id", customer).set("ordered_at", some_day()).id();
        for (std::size_t line = 1 + random.below(3); line > 0; --line)
          set.put("order_line")
              .set("customer_id", customer)
              .set("order_id", bought)
              .set("category", "category " + std::to_string(random.below(categories)))
              .set("amount", Decimal(static_cast<std::int64_t>(1 + random.below(500))));
      }
      if (random.below(10) == 0) set.put("tag").set("customer_id", customer).set("name", "tag 3");
      for (std::size_t contact = random.below(9); contact > 0; --contact)
        set.put("interaction").set("customer_id", customer).set("at", some_day()).set("channel", "email");
    }
    session.apply(set, {.durability = Durability::off});
  }
}

// A rule, and the same as bare SQL that gives the ids of members. Days are those of UTC.
struct Asked {
  std::string rule, sql;
};

std::string after(const std::string& days, std::int64_t today) {
  return std::to_string((today - std::stoll(days)) * micros_per_day);
}

// The mix: 4 in 10 ask orders or lines over windows, 15 in 100 contacts, 25 in 100 fields of the customer, 10 tags, 5
// summaries, and 5 others segments. One in 97 is watched, of every kind as often as it is there.
Asked asked(std::size_t number, Random& random, std::int64_t today) {
  static constexpr int windows[] = {7, 14, 30, 60, 90, 180, 365};
  const std::string days = std::to_string(windows[random.below(7)]);
  const std::string amount = std::to_string(10 * (1 + random.below(90)));
  const std::string category = "'category " + std::to_string(random.below(categories)) + "'";
  const std::string country = std::string("'") + countries[random.below(8)] + "'";
  const std::string tier = std::string("'") + tiers[random.below(4)] + "'";
  const std::string size = std::to_string(random.below(500));
  const std::string source = "'source " + std::to_string(random.below(sources)) + "'";
  const std::string since = after(days, today), end = std::to_string((today + 1) * micros_per_day);
  const std::string living = "SELECT id FROM customer WHERE deleted_at IS NULL AND ";
  const std::string in_window = " AND o.deleted_at IS NULL AND o.ordered_at >= " + since + " AND o.ordered_at < " + end;
  const std::string orders = "SELECT o.customer_id FROM \"order\" o WHERE 1" + in_window;
  const std::string total =
      "(SELECT sum(l.base_amount) FROM order_line l WHERE l.order_id = o.id AND l.deleted_at IS NULL)";
  const std::string micros = amount + "000000";
  const std::string few = std::to_string(1 + random.below(3));
  switch (number % 20) {
    case 0:
    case 1:
      return {"count of order in the last " + days + " days >= " + few,
              living + "id IN (" + orders + " GROUP BY 1 HAVING count(*) >= " + few + ")"};
    case 2:
    case 3:
      return {
          "tier = " + tier + " and count of order where (total > " + amount + ") in the last " + days + " days >= 1",
          living + "tier = " + tier + " AND id IN (" + orders + " AND " + total + " > " + micros + ")"};
    case 4:
    case 5:
      return {
          "sum of order_line.base_amount where (category = " + category + ") in the last " + days + " days > " + amount,
          living +
              "id IN (SELECT l.customer_id FROM order_line l JOIN \"order\" o ON o.id = l.order_id WHERE "
              "l.deleted_at IS NULL AND l.category = " +
              category + in_window + " GROUP BY 1 HAVING sum(l.base_amount) > " + micros + ")"};
    case 6:
      return {"last order < today - " + days + " days and country = " + country,
              living + "country = " + country +
                  " AND (SELECT max(o.ordered_at) FROM \"order\" o WHERE o.customer_id = "
                  "customer.id AND o.deleted_at IS NULL) < " +
                  since};
    case 7:
      return {"sum of order.total in the last " + days + " days > " + amount + " and not tier = " + tier,
              living + "tier <> " + tier +
                  " AND id IN (SELECT l.customer_id FROM order_line l JOIN \"order\" o ON o.id = "
                  "l.order_id WHERE l.deleted_at IS NULL" +
                  in_window + " GROUP BY 1 HAVING sum(l.base_amount) > " + micros + ")"};
    case 8:
    case 9:
      return {"count of interaction in the last " + days + " days = 0 and country in (" + country + ", 'NL')",
              living + "country IN (" + country +
                  ", 'NL') AND id NOT IN (SELECT customer_id FROM interaction WHERE "
                  "deleted_at IS NULL AND customer_id IS NOT NULL AND at >= " +
                  since + " AND at < " + end + ")"};
    case 10:
      return {
          "count of interaction where (channel = 'email') in the last " + days + " days >= 2",
          living +
              "id IN (SELECT customer_id FROM interaction WHERE deleted_at IS NULL AND channel = 'email' AND at >= " +
              since + " AND at < " + end + " GROUP BY 1 HAVING count(*) >= 2)"};
    case 11:
    case 12:
      return {"country = " + country + " and employees >= " + size + " and tier = " + tier,
              living + "country = " + country + " AND employees >= " + size + " AND tier = " + tier};
    case 13:
    case 14:
      return {"annual_revenue > " + amount + "000 and source = " + source,
              living + "annual_revenue > " + amount + "000000000 AND source = " + source};
    case 15:
      return {"source = " + source + " or employees < " + size,
              living + "(source = " + source + " OR employees < " + size + ")"};
    case 16:
    case 17:
      return {"has tag 'tag 3' and country = " + country,
              living + "country = " + country +
                  " AND id IN (SELECT customer_id FROM tag WHERE deleted_at IS NULL AND name = "
                  "'tag 3')"};
    case 18:
      return {
          "summary.revenue > " + amount + " and summary.orders >= " + few,
          living + "id IN (SELECT id FROM customer_summary WHERE revenue > " + micros + " AND orders >= " + few + ")"};
    default:
      return number < 20 ? Asked{"tier = " + tier, living + "tier = " + tier}
                         : Asked{"in segment 's" + std::to_string(random.below(number / 20) * 20) +
                                     "' and country = " + country,
                                 ""};
  }
}

void put_segments(Session& session, std::size_t segments) {
  Random random(2);
  const std::int64_t today = begin / micros_per_day;
  ChangeSet set;
  for (std::size_t i = 0; i < segments; ++i)
    set.put("segment")
        .set("name", "s" + std::to_string(i))
        .set("rule", asked(i, random, today).rule)
        .set("watched", i % 97 == 0);
  bench::figure("saving the segments", bench::seconds_of([&] { session.apply(set); }), "s");
  bench::figure("settling them (every customer told)", bench::seconds_of([&] { session.settle(); }), "s");
}

// Orders of one line each for customers at random; times in microseconds, sorted.
std::vector<double> order_writes(Session& session, std::size_t customers, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> times;
  for (std::size_t i = 0; i < measured_writes; ++i) {
    ChangeSet set;
    const Id customer{static_cast<std::int64_t>(1 + random.below(customers))};
    const Id order = set.put("order").set("customer_id", customer).set("ordered_at", session.now()).id();
    set.put("order_line")
        .set("customer_id", customer)
        .set("order_id", order)
        .set("category", "category " + std::to_string(random.below(categories)))
        .set("amount", Decimal(static_cast<std::int64_t>(1 + random.below(500))));
    times.push_back(bench::seconds_of([&] { session.apply(set); }) * 1e6);
  }
  std::ranges::sort(times);
  return times;
}

void print(const char* what, const std::vector<double>& times) {
  double sum = 0;
  for (const double time : times) sum += time;
  std::printf("%s: median %.0f us, mean %.0f us, p99 %.0f us, maximum %.0f us\n", what, times[times.size() / 2],
              sum / static_cast<double>(times.size()), times[times.size() * 99 / 100], times.back());
}

// The first 20 segments as bare SQL, each rebuilt by its statement; their members are held against ours.
bool bare_sql(Session& session, const std::string& path) {
  sqlite3* file = nullptr;
  if (sqlite3_open_v2(path.c_str(), &file, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) return false;
  Random random(2);
  const View view = session.view();
  double seconds = 0, first = 0, again = 0;
  bool same = true;
  for (std::size_t i = 0; i < 20; ++i) {
    const std::string sql = "SELECT count(*) FROM (" + asked(i, random, begin / micros_per_day).sql + ")";
    std::int64_t members = -1;
    seconds += bench::seconds_of([&] {
      sqlite3_stmt* statement = nullptr;
      if (sqlite3_prepare_v2(file, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
          sqlite3_step(statement) == SQLITE_ROW)
        members = sqlite3_column_int64(statement, 0);
      sqlite3_finalize(statement);
    });
    const Id segment{static_cast<std::int64_t>(i + 1)};
    std::int64_t ours = 0;
    first += bench::seconds_of([&] { ours = view.count("customer", session.in_segment(view, segment)); });
    again += bench::seconds_of([&] { (void)view.count("customer", session.in_segment(view, segment)); });
    if (members != ours)
      std::printf("segment %zu: %lld by SQL, %lld here\n", i, static_cast<long long>(members),
                  static_cast<long long>(ours));
    same &= members == ours;
  }
  sqlite3_close(file);
  std::printf("20 segments counted: bare SQL %.3f s, the first time here %.3f s, again %.3f s\n", seconds, first,
              again);
  return same;
}

double import_lines(Store& store, Clock clock, const std::filesystem::path& file, std::size_t customers) {
  Random random(3);
  std::ofstream out(file);
  out << "customer_id,customer_name,order_id,order_date,category,amount\n";
  for (std::size_t i = 0; i < 100'000; ++i) {
    const std::size_t customer = random.below(customers / 5);
    out << "k" << customer << ",customer " << customer << ",o" << i << ",2023-10-" << 10 + random.below(20)
        << ",category " << random.below(categories) << ',' << 1 + random.below(500) << ".50\n";
  }
  out.close();
  Session session(store, {.clock = std::move(clock)});
  const std::string files[] = {file.string()};
  return bench::seconds_of([&] { import_tables(session, files, {.currency = "EUR"}); });
}

// A segment of five conditions on fields, told of every customer, with two threads: with columns that are there and
// with none. Conditions change, so that nothing but columns is known.
bool from_scratch(const std::string& path, std::size_t customers) {
  OpenOptions options{.create = true, .durability = Durability::off, .currency = *Currency::parse("EUR")};
  const auto store = open_sqlite(path, options);
  Session session(*store, {.executor = thread_executor(2)});
  Random random(9);
  for (std::size_t done = 0; done < customers; done += at_once) {
    ChangeSet set;
    for (std::size_t i = done; i < std::min(customers, done + at_once); ++i)
      set.put("customer")
          .set("name", "c")
          .set("country", countries[random.below(8)])
          .set("tier", tiers[random.below(4)])
          .set("employees", static_cast<std::int64_t>(random.below(500)))
          .set("source", "source " + std::to_string(random.below(sources)))
          .set("annual_revenue", Decimal(static_cast<std::int64_t>(random.below(1'000'000))));
    session.apply(set, {.durability = Durability::off});
  }
  std::vector<double> times;
  for (int round = 0; round < 11; ++round) {
    ChangeSet set;
    set.put("segment")
        .set("name", "five " + std::to_string(round))
        .set("rule", "country = 'DE' and tier <> 'basic' and employees >= " + std::to_string(100 + round) +
                         " and source = 'source 3' and annual_revenue > 250000");
    const Id segment = session.apply(set).ids.front();
    const View view = session.view();
    times.push_back(bench::seconds_of([&] { (void)session.in_segment(view, segment); }));
  }
  bench::figure("customers of whom five conditions are asked", static_cast<double>(customers), "");
  bench::figure("columns read and asked", times.front(), "s");
  std::sort(times.begin() + 1, times.end());
  return bench::bound("the same on columns that are there, median", times[6] * 1e3, Is::at_most, 50, "ms");
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t customers = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000'000;
  const std::size_t segments = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1'000;
  const std::size_t many = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 10'000'000;
  const auto folder = std::filesystem::temp_directory_path() / "emptor_segments_bench";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const std::string path = (folder / "base.emptor").string(), plain = (folder / "plain.emptor").string();
  OpenOptions options{.create = true, .durability = Durability::off, .currency = *Currency::parse("EUR")};
  Instant now{begin};
  const auto clock = [&now] { return now; };
  bool held = true;
  {
    const auto store = open_sqlite(path, options);
    Session session(*store, {.clock = clock});
    bench::figure("filling the file", bench::seconds_of([&] { make_customers(session, customers); }), "s");
    print("an order's write without segments", order_writes(session, customers, 4));
    store->backup(plain, {});
    put_segments(session, segments);
    const std::vector<double> times = order_writes(session, customers, 5);
    print("an order's write", times);
    held &= bench::bound("an order's write, p99", times[times.size() * 99 / 100], Is::at_most, 400, "us");
    if (!bare_sql(session, path)) std::printf("members differ from those of bare SQL\n"), held = false;
    now.micros += 30 * micros_per_day;
    ChangeSet set;
    set.put("customer", Id{1}).set("employees", 7);
    held &= bench::bound("the first write after 30 idle days", bench::seconds_of([&] { session.apply(set); }),
                         Is::at_most, 2, "s");
    bench::figure("changes of watched segments", static_cast<double>(session.view().count("segment_change")), "");
    session.settle();
  }
  std::unique_ptr<Store> store;
  options.create = false;
  held &= bench::bound("opening the file", bench::seconds_of([&] { store = open_sqlite(path, options); }) * 1e3,
                       Is::at_most, 20, "ms");
  Session session(*store, {.clock = clock});
  const View view = session.view();
  const auto count = [&] { return view.count("customer", session.in_segment(view, Id{11})); };
  bench::figure("the first count of a segment", bench::seconds_of([&] { (void)count(); }) * 1e3, "ms");
  bench::figure("the next", bench::seconds_of([&] { (void)count(); }) * 1e3, "ms");
  const double with = import_lines(*store, clock, folder / "lines.csv", customers);
  const double without = import_lines(*open_sqlite(plain, options), clock, folder / "lines.csv", customers);
  std::printf("import of 100,000 lines: %.2f s, without segments %.2f s\n", with, without);
  held &= bench::bound("import with segments to without", with / without, Is::at_most, 2, "x");
  held &= from_scratch((folder / "many.emptor").string(), many);
  std::filesystem::remove_all(folder);
  return held ? 0 : 1;
}
