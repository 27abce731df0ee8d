// Live segments on a file of 1 M customers with 10 M events: what a write costs with 1,000 of them, what the first
// write costs after idle days, what an import does, and what opening the file does.
//
//     segments_bench [CUSTOMERS] [SEGMENTS]
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
      for (std::size_t contact = random.below(9); contact > 0; --contact)
        set.put("interaction").set("customer_id", customer).set("at", some_day()).set("channel", "email");
    }
    session.apply(set, {.durability = Durability::off});
  }
}

// The mix: 4 in 10 ask orders or lines over windows, 15 in 100 contacts, 25 in 100 fields of the customer, 10 tags, 5
// summaries, and 5 others segments.
std::string rule_of(std::size_t number, Random& random) {
  static constexpr int windows[] = {7, 14, 30, 60, 90, 180, 365};
  const std::string days = std::to_string(windows[random.below(7)]);
  const std::string amount = std::to_string(10 * (1 + random.below(90)));
  const std::string category = "'category " + std::to_string(random.below(categories)) + "'";
  const std::string country = std::string("'") + countries[random.below(8)] + "'";
  const std::string tier = std::string("'") + tiers[random.below(4)] + "'";
  const std::string size = std::to_string(random.below(500));
  const std::string source = "'source " + std::to_string(random.below(sources)) + "'";
  switch (number % 20) {
    case 0:
    case 1:
      return "count of order in the last " + days + " days >= " + std::to_string(1 + random.below(3));
    case 2:
    case 3:
      return "tier = " + tier + " and count of order where (total > " + amount + ") in the last " + days + " days >= 1";
    case 4:
    case 5:
      return "sum of order_line.base_amount where (category = " + category + ") in the last " + days + " days > " +
             amount;
    case 6:
      return "last order < today - " + days + " days and country = " + country;
    case 7:
      return "sum of order.total in the last " + days + " days > " + amount + " and not tier = " + tier;
    case 8:
    case 9:
      return "count of interaction in the last " + days + " days = 0 and country in (" + country + ", 'NL')";
    case 10:
      return "count of interaction where (channel = 'email') in the last " + days + " days >= 2";
    case 11:
    case 12:
      return "country = " + country + " and employees >= " + size + " and tier = " + tier;
    case 13:
    case 14:
      return "annual_revenue > " + amount + "000 and source = " + source;
    case 15:
      return "source = " + source + " or employees < " + size;
    case 16:
    case 17:
      return "has tag 'tag " + std::to_string(random.below(10)) + "' and country = " + country;
    case 18:
      return "summary.revenue > " + amount + " and summary.orders >= " + std::to_string(random.below(5));
    default:
      return number < 20
                 ? "tier = " + tier
                 : "in segment 's" + std::to_string(random.below(number / 20) * 20) + "' and country = " + country;
  }
}

void put_segments(Session& session, std::size_t segments) {
  Random random(2);
  ChangeSet set;
  for (std::size_t i = 0; i < segments; ++i)
    set.put("segment")
        .set("name", "s" + std::to_string(i))
        .set("rule", rule_of(i, random))
        .set("watched", i % 100 == 0);
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

}  // namespace

int main(int argc, char** argv) {
  const std::size_t customers = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000'000;
  const std::size_t segments = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1'000;
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
  std::filesystem::remove_all(folder);
  return held ? 0 : 1;
}
