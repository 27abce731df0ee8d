#include <doctest/doctest.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <thread>

#include "emptor/core/wide.hpp"
#include "support/arrow_consumer.hpp"
#include "support/capi_world.hpp"
#include "support/made_arrow.hpp"
#include "support/temp_folder.hpp"

using namespace emptor::test;

namespace {

void put(emptor_session* session, const char* entity, const std::vector<std::string>& objects) {
  emptor_changes* changes = nullptr;
  REQUIRE(emptor_changes_new(session, &changes, nullptr) == EMPTOR_OK);
  for (const std::string& json : objects)
    REQUIRE(emptor_changes_put_json(changes, entity, json.data(), json.size(), nullptr, nullptr) == EMPTOR_OK);
  emptor_error error = EMPTOR_ERROR_INIT;
  const emptor_status status = emptor_apply(session, changes, nullptr, nullptr, &error);
  REQUIRE_MESSAGE(status == EMPTOR_OK, error.message);
  emptor_changes_free(changes, nullptr);
}

std::string take(emptor_document* document) {
  emptor_text json{};
  REQUIRE(emptor_document_text(document, &json, nullptr) == EMPTOR_OK);
  std::string text(json.data, json.size);
  emptor_document_free(document, nullptr);
  return text;
}

std::int64_t count(emptor_session* session, const char* entity) {
  std::int64_t records = -1;
  CHECK(emptor_count(session, entity, nullptr, &records, nullptr) == EMPTOR_OK);
  return records;
}

// Two orders of one customer and one of another, as a host's frame has them.
MadeArrow sales() {
  return MadeArrow(
      {texts("order_number", {"A1", "A1", "A2", "A3"}), texts("customer_number", {"C1", "C1", "C1", "C2"}),
       numbers<std::int64_t>(
           "order_date",
           "tsu:", {1'704'103'200'000'000, 1'704'103'200'000'000, 1'704'189'600'000'000, 1'704'276'000'000'000}),
       texts("product_code", {"P1", "P2", "P1", "P3"}), numbers<std::int32_t>("quantity", "i", {1, 2, 3, 4}),
       numbers<double>("unit_price", "g", {2.5, 10, 2.5, 0.125})});
}

std::string import(emptor_session* session, MadeArrow& made) {
  ArrowArrayStream stream = made.stream();
  emptor_document* report = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  const emptor_status status = emptor_import_arrow(session, "order_lines", &stream, nullptr, &report, &error);
  REQUIRE_MESSAGE(status == EMPTOR_OK, error.message);
  CHECK((stream.release == nullptr));
  return take(report);
}

// A store in a file, with sales.
struct FileWorld {
  TempFolder folder;
  emptor_store* store = nullptr;
  emptor_session* session = nullptr;
  FileWorld() {
    emptor_store_options options = EMPTOR_STORE_OPTIONS_INIT;
    options.create = 1;
    options.currency = "EUR";
    REQUIRE(emptor_store_open(folder.file("s.emptor").c_str(), EMPTOR_NUL, &options, &store, nullptr) == EMPTOR_OK);
    REQUIRE(emptor_session_open(store, nullptr, &session, nullptr) == EMPTOR_OK);
  }
  ~FileWorld() {
    emptor_session_close(session, nullptr);
    emptor_store_close(store, nullptr);
  }
};

// The file whose memory holds an address, as the system tells it; empty for memory of the program's own.
std::string file_at(const void* address) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::string range, rights, offset, device, inode, path;
    words >> range >> rights >> offset >> device >> inode >> path;
    const std::size_t dash = range.find('-');
    const auto low = std::stoull(range.substr(0, dash), nullptr, 16),
               high = std::stoull(range.substr(dash + 1), nullptr, 16);
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    if (at >= low && at < high) return path;
  }
  return {};
}

}  // namespace

TEST_CASE("c api arrow: a selection has the Arrow type of each field's type, and its values") {
  const CapiWorld world;
  put(world.session, "customer",
      {R"({"name":"B\u00f6","employees":"3","annual_revenue":"-12.5","birth_date":"1815-12-10","since":"1970-01-01T00:00:01Z"})"});
  ArrowConsumer table;
  REQUIRE(emptor_select_arrow(world.session, "customer", nullptr, "id,name,employees,annual_revenue,birth_date,since",
                              &table.stream, nullptr) == EMPTOR_OK);
  CHECK(table.columns() == std::vector<std::string>{"id:l", "name:u", "employees:l", "annual_revenue:d:38,6",
                                                    "birth_date:tdD", "since:tsu:UTC"});
  REQUIRE(table.more());
  CHECK(table.batch.length == 2);
  CHECK(table.number<std::int64_t>(0, 0) == 1);
  CHECK(table.text(1, 0) == "Ada");
  CHECK(table.text(1, 1) == "B\xc3\xb6");
  CHECK(table.missing(2, 0));
  CHECK(table.batch.children[2]->null_count == 1);
  CHECK(table.number<std::int64_t>(2, 1) == 3);
  CHECK(table.number<emptor::Wide>(3, 1) == -12'500'000);
  CHECK(table.number<std::int32_t>(4, 1) == -56'270);  // days before 1970, as Python's datetime counts them
  CHECK(table.number<std::int64_t>(5, 1) == 1'000'000);
  CHECK(table.batch.children[0]->buffers[0] == nullptr);  // ids are never missing
  CHECK_FALSE(table.more());
  CHECK(table.last_error().empty());
}

TEST_CASE("c api arrow: without names a selection has every field, as many as the model says") {
  const CapiWorld world;
  std::size_t fields = 0;
  CHECK(emptor_field_count(world.session, "customer", &fields, nullptr) == EMPTOR_OK);
  ArrowConsumer table;
  REQUIRE(emptor_select_arrow(world.session, "customer", nullptr, nullptr, &table.stream, nullptr) == EMPTOR_OK);
  CHECK(table.columns().size() == fields);
  REQUIRE(table.more());
  CHECK(static_cast<std::size_t>(table.batch.n_children) == fields);
}

TEST_CASE("c api arrow: a selection of many batches is of one snapshot, and ends at its limit") {
  const CapiWorld world;
  std::vector<std::string> made;
  for (int i = 0; i < 20'000; ++i) made.push_back(R"({"name":"N)" + std::to_string(i) + R"("})");
  put(world.session, "product", made);
  ArrowConsumer table;
  REQUIRE(emptor_select_arrow(world.session, "product", nullptr, "name", &table.stream, nullptr) == EMPTOR_OK);
  REQUIRE(table.more());
  put(world.session, "product", {R"({"name":"later"})"});
  std::int64_t rows = 0, batches = 0;
  do {
    for (std::int64_t i = 0; i < table.batch.length; ++i) CHECK(table.text(0, i) == "N" + std::to_string(rows + i));
    rows += table.batch.length;
    ++batches;
  } while (table.more());
  CHECK(rows == 20'000);
  CHECK(batches > 1);
  emptor_query query = EMPTOR_QUERY_INIT;
  query.limit = 8'200;
  ArrowConsumer some;
  REQUIRE(emptor_select_arrow(world.session, "product", &query, "id", &some.stream, nullptr) == EMPTOR_OK);
  rows = 0;
  while (some.more()) rows += some.batch.length;
  CHECK(rows == 8'200);
}

TEST_CASE("c api arrow: a stream keeps the value that its query compares with, and outlives session and store") {
  ArrowConsumer table;
  {
    const CapiWorld world;
    std::string value = "Ada";
    emptor_query query = EMPTOR_QUERY_INIT;
    query.field = "name";
    query.value = value.data();
    query.value_size = value.size();
    REQUIRE(emptor_select_arrow(world.session, "customer", &query, "name", &table.stream, nullptr) == EMPTOR_OK);
    value = "xxx";
  }
  std::string name;
  std::thread([&] {
    if (table.more()) name = table.text(0, 0);
  }).join();
  CHECK(name == "Ada");
}

TEST_CASE("c api arrow: the stream of a file outlives its store, and may be dropped unread") {
  ArrowConsumer read, unread;
  {
    FileWorld world;
    put(world.session, "customer", {R"({"name":"Ada"})"});
    REQUIRE(emptor_select_arrow(world.session, "customer", nullptr, "name", &read.stream, nullptr) == EMPTOR_OK);
    REQUIRE(emptor_select_arrow(world.session, "customer", nullptr, "name", &unread.stream, nullptr) == EMPTOR_OK);
  }
  REQUIRE(read.more());
  CHECK(read.text(0, 0) == "Ada");
}

TEST_CASE("c api arrow: arrays, their columns and their stream are released in any order") {
  const CapiWorld world;
  ArrowConsumer table;
  REQUIRE(emptor_select_arrow(world.session, "customer", nullptr, "name,id", &table.stream, nullptr) == EMPTOR_OK);
  REQUIRE(table.more());
  ArrowArray moved = *table.batch.children[0];  // a consumer may move a column out of its batch
  table.batch.children[0]->release = nullptr;
  table.stream.release(&table.stream);
  table.batch.release(&table.batch);
  CHECK(static_cast<const char*>(moved.buffers[2])[0] == 'A');
  moved.release(&moved);
  CHECK((moved.release == nullptr));
  ArrowSchema schema{};
  ArrowConsumer again;
  REQUIRE(emptor_select_arrow(world.session, "customer", nullptr, "name", &again.stream, nullptr) == EMPTOR_OK);
  REQUIRE(again.stream.get_schema(&again.stream, &schema) == 0);
  ArrowSchema child = *schema.children[0];
  schema.children[0]->release = nullptr;
  schema.release(&schema);
  CHECK(std::string(child.name) == "name");
  child.release(&child);
}

TEST_CASE("c api arrow: unknown entities, fields and operations are errors, and no stream is given") {
  const CapiWorld world;
  ArrowArrayStream stream;
  CHECK(emptor_select_arrow(world.session, "no_such", nullptr, nullptr, &stream, nullptr) == EMPTOR_NOT_FOUND);
  CHECK((stream.release == nullptr));
  CHECK(emptor_select_arrow(world.session, "customer", nullptr, "name,", &stream, nullptr) == EMPTOR_NOT_FOUND);
  CHECK(emptor_select_arrow(world.session, "customer", nullptr, "no_such", &stream, nullptr) == EMPTOR_NOT_FOUND);
  CHECK(emptor_run_arrow(world.session, "no_such", nullptr, 0, &stream, nullptr) == EMPTOR_NOT_FOUND);
  CHECK(emptor_run_arrow(world.session, "verify", nullptr, 0, &stream, nullptr) == EMPTOR_UNSUPPORTED);
  CHECK((stream.release == nullptr));
}

TEST_CASE("c api arrow: a host that asks to stop ends a stream, which stays ended") {
  const CapiWorld world;
  emptor_session_options options = EMPTOR_SESSION_OPTIONS_INIT;
  options.progress = [](void*, const char*, std::uint64_t, std::uint64_t) { return 0; };
  emptor_session* session = nullptr;
  REQUIRE(emptor_session_open(world.store, &options, &session, nullptr) == EMPTOR_OK);
  ArrowConsumer table;
  REQUIRE(emptor_select_arrow(session, "customer", nullptr, nullptr, &table.stream, nullptr) == EMPTOR_OK);
  CHECK(table.next() == ECANCELED);
  CHECK(table.last_error().find("stop") != std::string::npos);
  CHECK(table.next() == EINVAL);
  CHECK((table.batch.release == nullptr));
  emptor_session_close(session, nullptr);
}

TEST_CASE("c api arrow: a table of a host imports as its file would") {
  const CapiWorld world;
  MadeArrow made = sales();
  const std::string report = import(world.session, made);
  CHECK(report.find(R"("order_line":{"read":4,"written":4)") != std::string::npos);
  CHECK(report.find(R"("amount":{"EUR":"30.5"})") != std::string::npos);  // 2.5 + 20 + 7.5 + .5
  CHECK(made.arrays == 0);
  CHECK(made.streams == 0);
  CHECK(count(world.session, "order") == 3);
  CHECK(count(world.session, "order_line") == 4);
  CHECK(import(world.session, made).find(R"("order_line":{"read":4,"written":0,"unchanged":4)") != std::string::npos);
}

TEST_CASE("c api arrow: the same rows import from Arrow and from CSV to the same records") {
  FileWorld from_arrow, from_file;
  MadeArrow made = sales();
  import(from_arrow.session, made);
  const std::string path = from_file.folder.file("order_lines.csv");
  std::ofstream(path) << "order_number,customer_number,order_date,product_code,quantity,unit_price\n"
                         "A1,C1,2024-01-01 10:00:00,P1,1,2.5\nA1,C1,2024-01-01 10:00:00,P2,2,10.0\n"
                         "A2,C1,2024-01-02 10:00:00,P1,3,2.5\nA3,C2,2024-01-03 10:00:00,P3,4,0.125\n";
  const emptor_text paths{path.data(), path.size()};
  emptor_document* report = nullptr;
  REQUIRE(emptor_import(from_file.session, &paths, 1, nullptr, &report, nullptr) == EMPTOR_OK);
  emptor_document_free(report, nullptr);
  const auto lines = [](emptor_session* session) {
    ArrowConsumer table;
    std::string all;
    REQUIRE(emptor_select_arrow(session, "order_line", nullptr, "quantity,price,amount,source_key", &table.stream,
                                nullptr) == EMPTOR_OK);
    while (table.more())
      for (std::int64_t i = 0; i < table.batch.length; ++i) {
        for (const std::size_t column : {0, 1, 2})
          all += std::to_string(static_cast<std::int64_t>(table.number<emptor::Wide>(column, i))) + " ";
        all += std::to_string(table.number<std::int64_t>(3, i)) + "\n";
      }
    return all;
  };
  CHECK(lines(from_arrow.session) == lines(from_file.session));
}

TEST_CASE("c api arrow: a failed import releases the host's stream and writes nothing") {
  const CapiWorld world;
  MadeArrow made = sales();
  made.batches = 2;
  made.fail_at = 1;
  ArrowArrayStream stream = made.stream();
  emptor_document* report = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  CHECK(emptor_import_arrow(world.session, "order_lines", &stream, nullptr, &report, &error) == EMPTOR_IO);
  CHECK(std::string(error.hint) == "the made stream was told to fail");
  CHECK((stream.release == nullptr));
  CHECK(made.streams + made.schemas + made.arrays == 0);
  CHECK(report == nullptr);
  CHECK(count(world.session, "order") == 0);
}

TEST_CASE("c api arrow: facts are the mapped file's own memory, and stay after session and store") {
  ArrowConsumer table;
  {
    FileWorld world;
    MadeArrow made = sales();
    import(world.session, made);
    ArrowConsumer first;  // builds the file
    REQUIRE(emptor_facts_arrow(world.session, &first.stream, nullptr) == EMPTOR_OK);
    REQUIRE(emptor_facts_arrow(world.session, &table.stream, nullptr) == EMPTOR_OK);
    CHECK(table.columns() == std::vector<std::string>{"customer_id:l", "line_id:l", "order_id:l", "product_id:l",
                                                      "day:tdD", "at:tsu:UTC", "amount_micros:l", "quantity_micros:l"});
    REQUIRE(table.more());
    const std::string base = world.folder.file("s.emptor-facts");
    for (std::size_t column = 1; column < 8; ++column) CHECK(file_at(table.batch.children[column]->buffers[1]) == base);
    CHECK(file_at(table.batch.children[0]->buffers[1]) != base);
  }
  CHECK(table.batch.length == 4);
  std::int64_t micros = 0;
  for (std::int64_t i = 0; i < 4; ++i) micros += table.number<std::int64_t>(6, i);
  CHECK(micros == 30'500'000);
  CHECK(table.number<std::int32_t>(4, 0) == 19'723);  // 2024-01-01
  CHECK(table.number<std::int64_t>(0, 0) == table.number<std::int64_t>(0, 2));
  CHECK_FALSE(table.more());
}

TEST_CASE("c api arrow: facts of a store that changed since are those of a new one") {
  FileWorld world;
  MadeArrow made = sales();
  import(world.session, made);
  ArrowConsumer first;
  REQUIRE(emptor_facts_arrow(world.session, &first.stream, nullptr) == EMPTOR_OK);
  MadeArrow more({texts("order_number", {"A4"}), texts("customer_number", {"C1"}),
                  numbers<std::int64_t>("order_date", "tsu:", {1'704'362'400'000'000}), texts("product_code", {"P1"}),
                  numbers<std::int32_t>("quantity", "i", {1}), numbers<double>("unit_price", "g", {1})});
  import(world.session, more);
  ArrowConsumer table;
  REQUIRE(emptor_facts_arrow(world.session, &table.stream, nullptr) == EMPTOR_OK);
  std::int64_t rows = 0, micros = 0;
  while (table.more())
    for (std::int64_t i = 0; i < table.batch.length; ++i, ++rows) micros += table.number<std::int64_t>(6, i);
  CHECK(rows == 5);
  CHECK(micros == 31'500'000);
}
