#include "insight/insight_needs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>
#include <vector>

#include "emptor/desk/generate.hpp"
#include "emptor/desk/import.hpp"
#include "emptor/insight/facts.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/store/open.hpp"
#include "support/failing_allocator.hpp"
#include "support/temp_folder.hpp"
#include "support/watched_store.hpp"

using namespace emptor;
using test::PeakAllocations;
using test::ScannedRows;
using test::TempFolder;

namespace {

/// What one insight was said to need, and what it did.
struct Seen {
  std::string insight;
  InsightNeed need;
  std::uint64_t peak = 0;
  ScannedRows scanned;
};

/// All insights on a made-up shop, each with the facts to be read anew.
std::vector<Seen> run_all(std::uint64_t customers, std::uint64_t lines) {
  const TempFolder folder;
  generate(folder.file("shop"), {.customers = customers, .lines = lines, .seed = 11});
  ScannedRows scanned;
  const auto store =
      test::watched(open_store(folder.file("shop.emptor"), {.create = true, .durability = Durability::off}), scanned);
  Session session(*store);
  const std::vector<std::string> paths = {folder.file("shop")};
  import_tables(session, paths);
  InsightNeeds needs(session);
  std::vector<Seen> all;
  for (const InsightEntry& entry : insights()) {
    drop_facts(session);
    Seen seen{.insight = std::string(entry.name), .need = needs.of(entry.name)};
    scanned.clear();
    const PeakAllocations peak;
    entry.run(session, {});
    seen.peak = peak.bytes();
    seen.scanned = scanned;
    all.push_back(std::move(seen));
  }
  return all;
}

/// All are larger than the batches in which insights read and write, which do not grow with the shop.
const std::vector<Seen>& small_shop() {
  static const std::vector<Seen> all = run_all(2'100, 0);
  return all;
}
const std::vector<Seen>& large_shop() {
  static const std::vector<Seen> all = run_all(4'200, 0);
  return all;
}
/// A line a customer, so that customers and other records are what counts.
const std::vector<Seen>& shop_of_few_lines() {
  static const std::vector<Seen> all = run_all(6'300, 6'300);
  return all;
}

std::set<std::string> said_to_be_read(const InsightReads& reads) {
  std::istringstream names{std::string(reads.others)};
  std::set<std::string> all{std::istream_iterator<std::string>(names), {}};
  if (reads.line > 0) all.insert({"order", "order_line"});
  if (reads.customer > 0) all.insert("customer");
  return all;
}

}  // namespace

TEST_CASE("insight needs: of every insight is known what it reads") {
  std::set<std::string_view> known, entities;
  for (const InsightReads& reads : insight_reads()) CHECK(known.insert(reads.insight).second);
  CHECK(known.size() == insights().size());
  for (const InsightEntry& entry : insights()) CHECK_MESSAGE(known.count(entry.name) == 1, std::string(entry.name));
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  for (const InsightReads& reads : insight_reads())
    for (const std::string& entity : said_to_be_read(reads)) CHECK_NOTHROW(session.view().schema().entity(entity));
}

TEST_CASE("insight needs: rows are counted once each, bytes by what a row takes") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  const std::uint64_t of_a_run = InsightNeeds(session).of("rfm").bytes;
  ChangeSet changes;
  const Id customer = changes.put("customer").set("name", "Ada").id();
  const Id order = changes.put("order").set("customer_id", customer).set("ordered_at", Instant{}).id();
  for (int line = 0; line < 3; ++line) changes.put("order_line").set("order_id", order).set("amount", Decimal(5));
  session.apply(changes);
  const InsightNeed need = InsightNeeds(session).of("rfm");
  const auto rfm = std::ranges::find(insight_reads(), "rfm", &InsightReads::insight);
  CHECK(need.rows == 5);
  CHECK(need.bytes == of_a_run + 4 * rfm->line + rfm->customer);
}

TEST_CASE("insight needs: an insight scans nothing that it is not said to read") {
  // What it writes it compares with what stands there, batch by batch; and what a customer is called elsewhere it looks
  // up for the few whom a summary names.
  const std::set<std::string> others = {"model", "score", "tag", "alert", "recommendation", "identity"};
  for (const Seen& seen : small_shop()) {
    const auto reads = std::ranges::find(insight_reads(), seen.insight, &InsightReads::insight);
    const std::set<std::string> said = said_to_be_read(*reads);
    for (const auto& [entity, rows] : seen.scanned) {
      CAPTURE(seen.insight);
      CAPTURE(entity);
      CHECK((said.count(entity) == 1 || others.count(entity) == 1));
    }
  }
}

TEST_CASE("insight needs: the estimate is not below what is held, whole and as it grows with the rows") {
  for (std::size_t i = 0; i < insights().size(); ++i) {
    const Seen &small = small_shop()[i], &large = large_shop()[i];
    CAPTURE(small.insight);
    CHECK(small.peak <= small.need.bytes);
    CHECK(large.peak <= large.need.bytes);
    const std::int64_t grown = static_cast<std::int64_t>(large.peak) - static_cast<std::int64_t>(small.peak);
    CHECK(grown <= static_cast<std::int64_t>(large.need.bytes - small.need.bytes));
  }
}

TEST_CASE("insight needs: nor is it below that where there are many customers and few lines") {
  for (const Seen& seen : shop_of_few_lines()) {
    CAPTURE(seen.insight);
    CHECK(seen.peak <= seen.need.bytes);
  }
}
