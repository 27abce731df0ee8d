// Bytes that a change costs: of its journal entry, and of the file with everything else that a write leaves there.
//
//     change_bytes_bench [CHANGES]
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"

namespace {

using namespace emptor;
using Make = std::function<void(ChangeSet&, std::int64_t)>;

struct Kind {
  const char* what;
  Make make;
};

const Instant begin{1'700'000'000'000'000};

void customer_of_ten_fields(ChangeSet& set, std::int64_t i) {
  const std::string number = std::to_string(i);
  set.put("customer")
      .set("name", "Ada Lovelace " + number)
      .set("kind", "person")
      .set("city", "Porto")
      .set("postal_code", "4000-" + number)
      .set("country", "PT")
      .set("language", "pt")
      .set("stage", "new")
      .set("tier", "gold")
      .set("source", "web shop")
      .set("since", begin);
}

void order_of_three_lines(ChangeSet& set, std::int64_t i) {
  const Id order =
      set.put("order").set("customer_id", Id{1}).set("number", "SO-" + std::to_string(i)).set("ordered_at", begin).id();
  for (int line = 0; line < 3; ++line)
    set.put("order_line")
        .set("order_id", order)
        .set("customer_id", Id{1})
        .set("quantity", Decimal(1 + line))
        .set("amount", Decimal::of(1999 + line, 2));
}

void one_field(ChangeSet& set, std::int64_t i) {
  set.put("customer", Id{1}).set("tier", i % 2 == 0 ? "gold" : "silver");
}

void one_personal_field(ChangeSet& set, std::int64_t i) {
  set.put("customer", Id{1}).set("city", i % 2 == 0 ? "Porto" : "Faro");
}

void interaction(ChangeSet& set, std::int64_t) {
  set.put("interaction").set("customer_id", Id{1}).set("channel", "phone").set("direction", "in").set("at", begin);
}

std::int64_t entry_bytes(Store& store, std::int64_t after) {
  std::int64_t bytes = 0;
  const auto reader = store.read();
  for (std::int64_t position = after; position < reader->info().position;) {
    const std::vector<JournalEntry> entries = reader->journal(position, 1'000);
    for (const JournalEntry& entry : entries)
      bytes += static_cast<std::int64_t>(entry.changes.size() + entry.op_id.size() + entry.reason.size());
    position = entries.back().position;
  }
  return bytes;
}

void measure(const Kind& kind, std::int64_t changes) {
  const auto folder = std::filesystem::temp_directory_path() / "emptor-change-bytes";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const std::string path = (folder / "s.emptor").string();
  const auto size = [&] { return static_cast<double>(std::filesystem::file_size(path)); };
  const auto write = [&](Session& session, const Make& make, std::int64_t i) {
    ChangeSet set;
    make(set, i);
    session.apply(set, {.reason = "as measured"});
  };
  double before = 0;
  {
    const auto store = open_sqlite(path, {.create = true, .durability = Durability::off});
    Session session(*store);
    write(session, customer_of_ten_fields, 0);
    write(session, one_field, 0);
  }
  before = size();
  std::int64_t bytes = 0;
  {
    const auto store = open_sqlite(path, {.durability = Durability::off});
    Session session(*store);
    const std::int64_t position = store->read()->info().position;
    for (std::int64_t i = 1; i <= changes; ++i) write(session, kind.make, i);
    bytes = entry_bytes(*store, position);
  }
  std::printf("%-32s %8.0f %8.0f\n", kind.what, static_cast<double>(bytes) / static_cast<double>(changes),
              (size() - before) / static_cast<double>(changes));
  std::filesystem::remove_all(folder);
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t changes = argc > 1 ? std::atoll(argv[1]) : 20'000;
  std::printf("%-32s %8s %8s\n", "bytes a change set", "journal", "file");
  for (const Kind& kind : {Kind{"one field changed", one_field}, Kind{"one personal field changed", one_personal_field},
                           Kind{"an interaction", interaction}, Kind{"a customer of 10 fields", customer_of_ten_fields},
                           Kind{"an order of 3 lines", order_of_three_lines}})
    measure(kind, changes);
}
