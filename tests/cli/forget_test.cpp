// Forgetting and taking along from the command line and by name from C.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <filesystem>

#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"
#include "support/capi_operations.hpp"
#include "support/run_program.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;
using namespace emptor::test;
namespace json = boost::json;

namespace {

std::string shop_in(const TempFolder& folder, const char* name) {
  const std::string path = folder.file(name);
  const auto store = open_store(path, {.create = true, .currency = *Currency::parse("EUR")});
  Session session(*store);
  ChangeSet set;
  const Id ada = set.put("customer").set("name", "Ada Lovelace").by("shop", "A1").id();
  set.put("contact_point").set("customer_id", ada).set("channel", "email").set("value", "ada@example.org");
  set.put("order").set("customer_id", ada);
  set.put("customer").set("name", "Grace Hopper");
  session.apply(set);
  return path;
}

json::value told(const std::string& arguments, int exit = 0) {
  const Ran ran = run_program(arguments);
  CHECK_MESSAGE(ran.exit == exit, arguments);
  return json::parse(ran.output);
}

}  // namespace

TEST_CASE("[A6] command line: a customer is forgotten with a receipt, which is applied again to a restored backup") {
  const TempFolder folder;
  const std::string path = shop_in(folder, "shop.emptor"), backup = folder.file("old.emptor");
  CHECK(run_program("backup " + path + " " + backup).exit == 0);
  const json::value planned = told("forget " + path + " 1 --dry-run --json");
  CHECK(planned.at("emptied").at("contact_point").as_string() == "1");
  CHECK(run_program("search " + path + " lovelace").output.find("Lovelace") != std::string::npos);
  const json::value gone = told("forget " + path + " 1 --ground court --json");
  CHECK(gone.at("clean").as_bool());
  CHECK(gone.at("receipts").at(0).at("ground").as_string() == "court");
  CHECK(gone.at("kept").at("order").as_string() == "1");
  CHECK(read_file(path).find("Lovelace") == std::string::npos);
  CHECK(run_program("search " + path + " lovelace").output.empty());
  CHECK(told("verify " + path + " --json").at("erasures").as_string() == "1");
  CHECK(run_program("forget " + path + " --receipts --out " + folder.file("receipts.json")).exit == 0);
  CHECK(read_file(backup).find("Lovelace") != std::string::npos);
  CHECK(told("forget " + backup + " --again " + folder.file("receipts.json") + " --json").at("forgotten").at(0) == "1");
  CHECK(read_file(backup).find("Lovelace") == std::string::npos);
  CHECK(run_program("forget " + path + " --finish").exit == 0);
  CHECK(run_program("forget " + path + " 99").exit != 0);
  CHECK(run_program("forget " + path).exit == 2);
}

TEST_CASE("[A6] command line: whom a segment that forgets has is told, and forgotten by a call") {
  const TempFolder folder;
  const std::string path = shop_in(folder, "shop.emptor");
  CHECK(run_program("segment put " + path + " Due \"name starts with 'Grace'\" --forgets").exit == 0);
  CHECK(told("forget " + path + " --due --dry-run --json").at("due").at(0).at("customer_id").as_string() == "2");
  CHECK(read_file(path).find("Hopper") != std::string::npos);
  CHECK(told("forget " + path + " --due --json").at("forgotten").as_array().size() == 1);
  CHECK(read_file(path).find("Hopper") == std::string::npos);
}

TEST_CASE("[A6] command line: one customer's data leave as a document and as files, and come back") {
  const TempFolder folder;
  const std::string path = shop_in(folder, "shop.emptor"), out = folder.file("ada.json");
  CHECK(run_program("portability " + path + " 1 --out " + out).exit == 0);
  CHECK(run_program("portability " + path + " 1 --csv " + folder.file("ada")).output == "4 records in 5 files\n");
  CHECK(std::filesystem::exists(folder.file("ada/contact_point.csv")));
  CHECK(run_program("init " + folder.file("other.emptor") + " --currency EUR").exit == 0);
  CHECK(run_program("portability " + folder.file("other.emptor") + " --take " + out).output == "4 records taken\n");
  CHECK(run_program("init " + folder.file("third.emptor") + " --currency EUR").exit == 0);
  CHECK(run_program("portability " + folder.file("third.emptor") + " --take " + folder.file("ada")).output ==
        "4 records taken\n");
  CHECK(run_program("search " + folder.file("other.emptor") + " lovelace").output.find("Ada") != std::string::npos);
  CHECK(run_program("portability " + path).exit == 2);
}

TEST_CASE("[A6] operations: forgetting and portability by name") {
  const CapiWorld world;
  const std::string id = put(world.session, "customer", R"({"name":"Ada Byron","notes":"words"})");
  const std::string of = R"({"customer_id":)" + id + "}";
  const json::value document = run(world.session, "export_customer", of);
  CHECK(document.at("records").at(0).at("fields").at("name").as_string() == "Ada Byron");
  CHECK(run(world.session, "forget_customer", R"({"customer_id":)" + id + R"(,"dry_run":true})")
            .at("kept")
            .at("customer")
            .as_string() == "1");
  CHECK(run(world.session, "forget_customer", of).at("clean").as_bool());
  const json::value receipts = run(world.session, "erasure_receipts", "{}");
  CHECK(receipts.at("receipts").at(0).at("subject_id").as_string() == std::string_view(id));
  CHECK(receipts.at("not_reached").as_array().size() > 3);
  json::object again{{"receipts", json::serialize(receipts)}};
  CHECK(run(world.session, "forget_again", json::serialize(again)).at("before").as_array().size() == 1);
  CHECK(run(world.session, "finish_forgetting", "{}").at("waiting").as_string() == "0");
  CHECK(run(world.session, "due_to_forget", "{}").at("due").as_array().empty());
  CHECK(run(world.session, "forget_due", "{}").at("forgotten").as_array().empty());
  json::object taken{{"document", json::serialize(document)}};
  CHECK(run(world.session, "import_customer", json::serialize(taken)).at("records").as_string() == "1");
  CHECK(status_of(world.session, "forget_customer", R"({"customer_id":1,"ground":"because"})") == EMPTOR_INVALID);
}
