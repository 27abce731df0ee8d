// The audit and the past by operations alone: as C and Python reach them.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "support/arrow_consumer.hpp"
#include "support/capi_world.hpp"
#include "support/run_program.hpp"
#include "support/taken_document.hpp"
#include "support/temp_folder.hpp"

using namespace emptor::test;
namespace json = boost::json;

namespace {

json::value run(emptor_session* session, const char* operation, const std::string& options = "{}") {
  emptor_document* document = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  const emptor_status status = emptor_run(session, operation, options.data(), options.size(), &document, &error);
  REQUIRE_MESSAGE(status == EMPTOR_OK, operation, ": ", error.message);
  return take(document);
}

emptor_status status_of(emptor_session* session, const char* operation, const std::string& options) {
  emptor_document* document = nullptr;
  const emptor_status status = emptor_run(session, operation, options.data(), options.size(), &document, nullptr);
  if (document != nullptr) emptor_document_free(document, nullptr);
  return status;
}

void put(emptor_session* session, const char* entity, const std::string& fields) {
  emptor_changes* changes = nullptr;
  REQUIRE(emptor_changes_new(session, &changes, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_changes_put_json(changes, entity, fields.data(), fields.size(), nullptr, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_apply(session, changes, nullptr, nullptr, nullptr) == EMPTOR_OK);
  emptor_changes_free(changes, nullptr);
}

}  // namespace

TEST_CASE("[M6] operations: the journal is told with before and after, in pages and as a file") {
  const CapiWorld world;
  put(world.session, "customer", R"({"id":"1","city":"Porto"})");
  put(world.session, "customer", R"({"id":"1","city":"Faro"})");
  const json::value told = run(world.session, "audit", R"({"customer_id":1})");
  CHECK(told.at("begins_after").is_null());
  CHECK_FALSE(told.at("more").as_bool());
  const json::array& entries = told.at("entries").as_array();
  REQUIRE(entries.size() >= 3);
  CHECK(json::serialize(entries.back().at("changes").at(0).at("fields")) ==
        R"({"city":{"before":"Porto","after":"Faro"}})");
  const json::value first = run(world.session, "audit", R"({"customer_id":1,"limit":1})");
  CHECK(first.at("more").as_bool());
  REQUIRE(first.at("entries").as_array().size() == 1);
  const std::string position(first.at("entries").at(0).at("position").as_string());
  CHECK(run(world.session, "audit", R"({"customer_id":1,"after":)" + position + "}").at("entries").as_array().size() ==
        entries.size() - 1);
  CHECK(run(world.session, "audit", R"({"user_id":9})").at("entries").as_array().empty());
  CHECK(run(world.session, "audit", R"({"since":"2999-01-01"})").at("entries").as_array().empty());
  CHECK(run(world.session, "audit", R"({"until":"1999-01-01"})").at("entries").as_array().empty());
  const TempFolder folder;
  const std::string path = folder.file("journal.jsonl");
  const json::value exported =
      run(world.session, "export_journal", R"({"path":")" + path + R"(","entity":"customer"})");
  const std::string lines = read_file(path);
  CHECK(std::to_string(std::count(lines.begin(), lines.end(), '\n')) == exported.at("entries").as_string());
  CHECK(lines.find(R"("before":"Porto")") != std::string::npos);
  CHECK(status_of(world.session, "audit", R"({"since":"soon"})") == EMPTOR_INVALID);
  CHECK(status_of(world.session, "audit", R"({"id":1})") == EMPTOR_INVALID);
  CHECK(status_of(world.session, "export_journal", "{}") == EMPTOR_INVALID);
}

TEST_CASE("[M6] operations: a record, a list and the 360 view as they were") {
  const CapiWorld world;
  const std::string then(run(world.session, "audit").at("entries").as_array().back().at("at").as_string());
  put(world.session, "customer", R"({"id":"1","name":"Ida"})");
  put(world.session, "customer", R"({"name":"new"})");
  const std::string at = R"({"at":")" + then + '"';
  CHECK(run(world.session, "get_as_of", at + R"(,"entity":"customer","id":1})").at("name").as_string() == "Ada");
  CHECK(run(world.session, "get_as_of", R"({"at":"2999-01-01","entity":"customer","id":1})").at("name").as_string() ==
        "Ida");
  const auto count = [&](const std::string& more) {
    return run(world.session, "list_as_of", at + R"(,"entity":"customer")" + more + "}").as_array().size();
  };
  const std::size_t all = count("");
  CHECK(all > 0);
  CHECK(count(R"(,"where":["name=Ada"],"order_by":"name")") == 1);
  CHECK(count(R"(,"where":["name=new"])") == 0);
  CHECK(count(R"(,"limit":1)") == 1);
  ArrowConsumer table;
  const std::string list = at + R"(,"entity":"customer"})";
  REQUIRE(emptor_run_arrow(world.session, "list_as_of", list.data(), list.size(), &table.stream, nullptr) == EMPTOR_OK);
  REQUIRE(table.more());
  CHECK(table.batch.length == static_cast<std::int64_t>(all));
  CHECK(table.text(table.column("name"), 0) == "Ada");
  CHECK(run(world.session, "profile_as_of", at + R"(,"customer_id":1})").at("customer").at("name").as_string() ==
        "Ada");
  CHECK(status_of(world.session, "get_as_of", R"({"at":"1999-01-01","entity":"customer","id":1})") == EMPTOR_NOT_FOUND);
  CHECK(status_of(world.session, "list_as_of", R"({"at":"once","entity":"customer"})") == EMPTOR_INVALID);
}

TEST_CASE("[M6] operations: the journal is trimmed, verify tells it, and the past before it is refused") {
  const CapiWorld world;
  put(world.session, "customer", R"({"name":"last"})");
  CHECK(run(world.session, "trim_journal", R"({"before":"1999-01-01"})").as_object().empty());
  const json::value trimmed = run(world.session, "trim_journal", R"({"before":"2999-01-01"})");
  const json::value verified = run(world.session, "verify");
  CHECK(verified.at("intact").as_bool());
  CHECK(verified.at("base") == trimmed.at("base"));
  CHECK(verified.at("entries").as_string() == "1");
  CHECK(run(world.session, "verify", R"({"head":")" + std::string(trimmed.at("base").as_string()) + "\"}")
            .at("intact")
            .as_bool());
  CHECK(status_of(world.session, "get_as_of", R"({"at":"1999-01-01","entity":"customer","id":1})") ==
        EMPTOR_UNSUPPORTED);
  CHECK(run(world.session, "audit").at("begins_after").at("at") == trimmed.at("trimmed_to"));
  CHECK(status_of(world.session, "trim_journal", "{}") == EMPTOR_INVALID);
}

TEST_CASE("[A6] operations: who saw a customer, once reads are logged") {
  const CapiWorld world;
  put(world.session, "user", R"({"name":"Dan"})");
  CHECK(run(world.session, "log_reads").at("on").as_bool());
  emptor_session_options options = EMPTOR_SESSION_OPTIONS_INIT;
  options.user = 1;
  emptor_session* dan = nullptr;
  REQUIRE(emptor_session_open(world.store, &options, &dan, nullptr) == EMPTOR_OK);
  emptor_record* ada = nullptr;
  REQUIRE(emptor_get(dan, "customer", 1, &ada, nullptr) == EMPTOR_OK);
  emptor_record_free(ada, nullptr);
  CHECK(status_of(dan, "log_reads", R"({"on":false})") == EMPTOR_DENIED);
  CHECK(status_of(dan, "trim_journal", R"({"before":"2000-01-01"})") == EMPTOR_DENIED);
  REQUIRE(emptor_session_close(dan, nullptr) == EMPTOR_OK);
  const json::value reads = run(world.session, "who_saw", R"({"customer_id":1})");
  REQUIRE(reads.as_array().size() == 1);
  CHECK(reads.at(0).at("user").as_string() == "Dan");
  CHECK(reads.at(0).at("purpose").as_string() == "read");
  CHECK(run(world.session, "who_saw", R"({"customer_id":1,"until":"1999-01-01"})").as_array().empty());
  CHECK_FALSE(run(world.session, "log_reads", R"({"on":false})").at("on").as_bool());
}
