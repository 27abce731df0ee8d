// Files that released versions wrote are opened for ever. Each golden file is a gzipped store; what it
// holds is what `write_golden` put there when that version was new.
//
// A new one: EMPTOR_GOLDEN=tests/golden/store-1.0.emptor.gz emptor_tests -tc="golden: write*" --no-skip
#include <doctest/doctest.h>
#include <zlib.h>

#include <cstdlib>
#include <fstream>

#include "emptor/core/error.hpp"
#include "emptor/session/search.hpp"
#include "emptor/store/open.hpp"
#include "session/search/index.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_entropy.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

constexpr const char* golden_path = EMPTOR_SOURCE_DIR "/tests/golden/store-1.0.emptor.gz";

std::string unpacked(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  REQUIRE(file != nullptr);
  std::string bytes;
  char piece[65536];
  for (int size = 0; (size = gzread(file, piece, sizeof piece)) > 0;)
    bytes.append(piece, static_cast<std::size_t>(size));
  gzclose(file);
  return bytes;
}

void pack(const std::string& from, const std::string& to) {
  std::ifstream in(from, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  gzFile file = gzopen(to.c_str(), "wb9");
  REQUIRE(file != nullptr);
  REQUIRE(gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size())) == static_cast<int>(bytes.size()));
  REQUIRE(gzclose(file) == Z_OK);
}

std::string golden_copy(const TempFolder& folder) {
  const std::string path = folder.file("golden.emptor");
  std::ofstream(path, std::ios::binary) << unpacked(golden_path);
  return path;
}

SessionOptions session_options(const ManualClock& clock) {
  return {.actor = {Id{7}, "golden"}, .clock = clock.clock(), .entropy = seeded_entropy(1)};
}

// Customer 1 with a history of two versions and a custom field, customer 2 deleted, and a sale.
void write_golden(Store& store) {
  ManualClock clock;
  Session session(store, session_options(clock));
  session.define_field(
      {.entity = "customer", .name = "shoe_size", .type = Type::integer, .flags = field_flag::indexed});
  ChangeSet set;
  auto customer = set.put("customer");
  customer.by("erp", "C-001").set("name", "王小明").set("country", "CN").set("x_shoe_size", 44);
  customer.set("birth_date", *parse_date("1980-02-29")).set("annual_revenue", *Decimal::parse("123456.789012"));
  auto order = set.put("order");
  order.set("customer_id", customer.id())
      .set("number", "00042")
      .set("ordered_at", *parse_instant("2023-12-24T10:00:00Z"));
  auto line = set.put("order_line");
  line.set("order_id", order.id()).set("customer_id", customer.id()).set("quantity", Decimal(3));
  line.set("amount", *Decimal::parse("-29.97"));
  set.put("customer").set("name", "Zoë");
  session.apply(set, {.op_id = "golden-1", .reason = "made"});
  clock.advance_seconds(60);
  ChangeSet second;
  second.put("customer", Id{1}).set("name", "王大明").set("country", "TW");
  second.erase("customer", Id{2});
  session.apply(second, {.reason = "changed"});
}

}  // namespace

TEST_CASE("golden: write a file of this version" * doctest::skip()) {
  const char* const path = std::getenv("EMPTOR_GOLDEN");
  REQUIRE(path != nullptr);
  const TempFolder folder;
  const OpenOptions options{
      .create = true, .currency = *Currency::parse("EUR"), .zone = "Asia/Shanghai", .entropy = seeded_entropy(2)};
  const auto store = open_sqlite(folder.file("made.emptor"), options);
  write_golden(*store);
  store->backup(folder.file("copy.emptor"), {});
  pack(folder.file("copy.emptor"), path);
}

TEST_CASE("golden: a store of format 1.0 opens, verifies and tells what was put in it") {
  const TempFolder folder;
  const auto store = open_store(golden_copy(folder));
  const Session session(*store);
  const View view = session.view();
  CHECK(view.info().currency.code() == "EUR");
  CHECK(view.info().zone == "Asia/Shanghai");
  CHECK(view.info().position == 2);
  const std::optional<Record> customer = view.find("customer", "erp", "C-001");
  REQUIRE(customer.has_value());
  CHECK(customer->id() == Id{1});
  CHECK(customer->get("name") == Value("王大明"));
  CHECK(customer->get("x_shoe_size") == Value(44));
  CHECK(customer->get("birth_date") == Value(*parse_date("1980-02-29")));
  CHECK(customer->get("annual_revenue") == Value(*Decimal::parse("123456.789012")));
  CHECK_FALSE(view.get("customer", Id{2}).has_value());
  CHECK(view.get("customer", Id{2}, true)->get("name") == Value("Zoë"));
  CHECK(view.get("order_line", Id{1})->get("amount") == Value(*Decimal::parse("-29.97")));
  const std::vector<RecordVersion> history = view.history("customer", Id{1});
  REQUIRE(history.size() == 2);
  CHECK(history[1].record.get("name") == Value("王小明"));
  CHECK(history[1].record.get("country") == Value("CN"));
  CHECK(history[0].reason == "changed");
  CHECK(history[0].actor == Id{7});
  const Verification verification = session.verify();
  CHECK(verification.intact);
  CHECK(verification.entries == 2);
}

TEST_CASE("golden: a store of format 1.0 can be written, and the same operation is known again") {
  const TempFolder folder;
  const auto store = open_store(golden_copy(folder), {.durability = Durability::off});
  Session session(*store);
  ChangeSet set;
  set.put("customer", Id{1}).set("notes", "still here");
  CHECK(session.apply(set).position == 3);
  CHECK(store->read()->operation("golden-1")->position == 1);
  CHECK(session.verify().intact);
}

TEST_CASE("golden: a store of format 1.0 is searched as it is, and indexed by who writes to it") {
  const TempFolder folder;
  const std::string path = golden_copy(folder);
  const auto hits = [](Store& store) { return search(Session(store), {.text = "大明"}).hits.size(); };
  CHECK(hits(*open_store(path, {.read_only = true})) == 1);
  const auto store = open_store(path, {.durability = Durability::off});
  store->kept<seek::SearchMemory>()->set_segment_docs(2);
  Session session(*store);
  ChangeSet set;
  set.put("customer").set("name", "陈大明");
  session.apply(set);
  CHECK(seek::read_root(*store->read()).segments.size() == 1);
  CHECK(hits(*store) == 2);
}
