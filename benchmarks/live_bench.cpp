// What three live models add to a single order, durability off:
//   bench_live [customers] [orders measured]
// The same orders go to two stores that are copies of each other, in turns of some hundred: one without live models,
// one with RFM, lifetime (BG/NBD with Gamma-Gamma) and churn. Measured after as many orders as warm both up.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "bound.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/insight/live.hpp"
#include "emptor/store/open.hpp"
#include "insight/facts/known_history.hpp"
#include "insight/live/live_model.hpp"
#include "support/temp_folder.hpp"

namespace {

using namespace emptor;
using namespace emptor::bench;

constexpr std::int32_t first_day = 19'000, days = 730;
constexpr std::size_t changes_a_write = 20'000, turn = 250;

OpenOptions opening(bool create) {
  return {.create = create, .durability = Durability::off, .currency = *Currency::parse("EUR")};
}

double exponential(Random& random) { return -std::log((static_cast<double>(random.below(1'000'000)) + 1) / 1'000'001); }

// How much a customer spends, from which Gamma-Gamma learns: the inverse of a gamma of shape 4.
double level_of_spend(Id customer) {
  Random random(static_cast<std::uint64_t>(customer.value));
  double sum = 0;
  for (int i = 0; i < 4; ++i) sum += exponential(random);
  return 3 / sum;
}

void put_order(ChangeSet& changes, Id customer, Instant at, Random& random) {
  const double level = level_of_spend(customer);
  const Id order = changes.put("order").set("customer_id", customer).set("ordered_at", at).id();
  for (std::uint64_t line = 0; line < 1 + random.below(3); ++line) {
    const double cents = level * static_cast<double>(1 + random.below(9'999));
    changes.put("order_line")
        .set("order_id", order)
        .set("customer_id", customer)
        .set("quantity", Decimal(1))
        .set("amount", Decimal::from_micros(static_cast<std::int64_t>(cents) * 10'000));
  }
}

// Customers buy at rates of their own until they leave, as BG/NBD has it.
void fill(Session& session, std::int64_t customers) {
  Random random(3);
  std::vector<Id> ids;
  ChangeSet changes;
  const auto flush = [&](std::size_t least) {
    if (changes.size() < least) return std::vector<Id>();
    const Receipt receipt = session.apply(changes, {.durability = Durability::off});
    changes.clear();
    return receipt.ids;
  };
  for (std::int64_t i = 0; i < customers; ++i) {
    changes.put("customer").set("name", "Somebody");
    for (const Id id : flush(changes_a_write)) ids.push_back(id);
  }
  for (const Id id : flush(1)) ids.push_back(id);
  for (const Id customer : ids) {
    const double gap = 40 / exponential(random), leaving = 1 - std::exp(-exponential(random) / 9);
    for (double at = static_cast<double>(random.below(400)); at < days; at += gap * exponential(random)) {
      put_order(changes, customer, Instant{static_cast<std::int64_t>((first_day + at) * micros_per_day)}, random);
      if (static_cast<double>(random.below(10'000)) < leaving * 10'000) break;
    }
    flush(changes_a_write);
  }
  flush(1);
}

struct Side {
  std::unique_ptr<Store> store;
  std::unique_ptr<Session> session;
  std::vector<double> micros;

  Side(const std::string& path, const Clock& clock) : store(open_sqlite(path, opening(false))) {
    session = std::make_unique<Session>(*store, SessionOptions{.clock = clock});
  }
  void write(std::uint64_t number, std::int64_t customers, Instant at, bool measured) {
    Random random(1'000'000 + number);
    ChangeSet changes;
    const auto customer = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(customers))) + 1;
    put_order(changes, Id{customer}, at, random);
    const double taken = seconds_of([&] { session->apply(changes, {.durability = Durability::off}); }) * 1e6;
    if (measured) micros.push_back(taken);
  }
  double mean() const {
    double sum = 0;
    for (const double one : micros) sum += one;
    return sum / static_cast<double>(micros.size());
  }
  double at_share(double share) const {
    std::vector<double> sorted = micros;
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
  }
};

std::vector<LiveModel> models_of(const View& view) {
  std::vector<LiveModel> models;
  for (const Record& record : view.select({.entity = "model", .where = Where::equal("live", Value(true))}))
    models.push_back(load_live_model(kept_model(record), Zone::of(view.info().zone)));
  return models;
}

// From what is kept of a customer to the scores of all models, without reading or writing a record.
void measure_scoring(Session& session, std::int64_t customers, Date day, std::uint64_t times) {
  const View view = session.view();
  const std::vector<LiveModel> models = models_of(view);
  Random random(9);
  LiveResult result;
  double seconds = 0, scored = 0;
  for (std::uint64_t i = 0; i < 2 * times; ++i) {
    const auto customer = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(customers))) + 1;
    const std::optional<Record> kept = view.get("customer_history", Id{customer});
    if (!kept) continue;
    const double taken = seconds_of([&] {
      const KnownHistory known = decoded_history(customer, kept->get("lines").text(), kept->get("touches").text());
      const ShapedHistory history(known);
      for (const LiveModel& model : models) {
        result.clear();
        model.score(history, day, result);
      }
    });
    if (i < times) continue;
    seconds += taken;
    ++scored;
  }
  figure("scoring alone, three models, mean", seconds / scored * 1e6, "us");
}

int measure(std::int64_t customers, std::uint64_t orders) {
  const test::TempFolder folder;
  const std::string plain = folder.file("plain.emptor"), live = folder.file("live.emptor");
  Instant now{static_cast<std::int64_t>(first_day + days) * micros_per_day};
  const Clock clock = [&now] { return now; };
  {
    const auto store = open_sqlite(plain, opening(true));
    Session session(*store, {.clock = clock});
    figure("filled with customers", static_cast<double>(customers), "");
    figure("  in", seconds_of([&] { fill(session, customers); }), "s");
    for (const char* name : {"rfm", "lifetime", "churn"}) run_insight(session, name);
    store->backup(live, {});
  }
  Side without(plain, clock), with(live, clock);
  for (const char* name : {"rfm", "lifetime", "churn"})
    figure(std::string("made live: ") + name, seconds_of([&] { set_live(*with.session, name, true); }) * 1e3, "ms");
  for (std::uint64_t first = 0; first < 2 * orders; first += turn)
    for (Side* side : {&without, &with})
      for (std::uint64_t i = first; i < first + turn; ++i) {
        now.micros += micros_per_second;
        side->write(i, customers, now, first >= orders);
      }
  for (const auto& [name, share] : {std::pair("p50", .5), std::pair("p99", .99)}) {
    figure(std::string("single order, ") + name, without.at_share(share), "us");
    figure(std::string("  with three live models, ") + name, with.at_share(share), "us");
    figure("  difference", with.at_share(share) - without.at_share(share), "us");
  }
  measure_scoring(*with.session, customers, Date{first_day + days}, orders);
  figure("single order, mean", without.mean(), "us");
  figure("  with three live models, mean", with.mean(), "us");
  return bound("three live models add to an order, mean", with.mean() - without.mean(), Is::at_most, 50, "us") ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return measure(argc > 1 ? std::atoll(argv[1]) : 20'000,
                   argc > 2 ? static_cast<std::uint64_t>(std::atoll(argv[2])) : 5'000);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
