// One person's data as a document: complete, theirs alone, and the same again in a store that takes it.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <set>

#include "emptor/core/error.hpp"
#include "emptor/desk/import.hpp"
#include "emptor/desk/portability.hpp"
#include "support/office.hpp"
#include "support/random_records.hpp"
#include "support/store_contents.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

struct Shop {
  explicit Shop(Store& store) : session(store) {
    session.define_field({"customer", "shoe_size", Type::integer, field_flag::personal, "in European sizes"});
    session.define_field({"order", "gift", Type::boolean, field_flag::indexed, "wrapped"});
    ChangeSet set;
    const Id product = set.put("product").set("name", "Tea").by("shop", "P1").id();
    const Id campaign = set.put("campaign").set("name", "Spring").by("shop", "C1").id();
    const Id survey = set.put("survey").set("name", "Taste").by("shop", "S1").id();
    const Id question = set.put("survey_question").set("survey_id", survey).set("text", "Good?").by("shop", "Q1").id();
    ada = set.put("customer")
              .set("name", "Ada Lovelace")
              .set("x_shoe_size", std::int64_t{38})
              .set("birth_date", Value(Date{-56'000}))
              .by("shop", "A1")
              .id();
    set.put("contact_point").set("customer_id", ada).set("channel", "email").set("value", "=ada@example.org");
    set.put("consent").set("customer_id", ada).set("state", "granted").set("channel", "email");
    set.put("tag").set("customer_id", ada).set("name", "likes tea");
    const Id order = set.put("order").set("customer_id", ada).set("x_gift", true).by("shop", "O1").id();
    set.put("order_line")
        .set("customer_id", ada)
        .set("order_id", order)
        .set("product_id", product)
        .set("base_amount", *Decimal::parse("12.34"))
        .by("shop", "L1");
    set.put("interaction")
        .set("customer_id", ada)
        .set("campaign_id", campaign)
        .set("body", "said \"hello\",\nand more");
    const Id response = set.put("response").set("customer_id", ada).set("survey_id", survey).by("shop", "R1").id();
    set.put("answer")
        .set("customer_id", ada)
        .set("response_id", response)
        .set("question_id", question)
        .set("text", "very");
    const Receipt made = session.apply(set);
    ada = made.ids[4];
  }
  Session session;
  Id ada;
};

void write(const TempFolder& folder, const std::string& name, std::string_view text) {
  std::ofstream(folder.file(name + ".csv"), std::ios::binary) << text;
}

// Written to the folder, and told by name.
std::map<std::string, std::string> files_of(const View& view, Id customer, const TempFolder& folder,
                                            const PortabilityOptions& options = {}) {
  std::map<std::string, std::string> files;
  const auto sink_of = [&](std::string_view name) -> TextSink {
    return [&files, name = std::string(name)](std::string_view text) { files[name] += text; };
  };
  export_customer_csv(view, customer, sink_of, options);
  for (const auto& [name, text] : files) write(folder, name, text);
  return files;
}

json::object document_of(const View& view, Id customer) {
  return json::parse(export_customer(view, customer)).as_object();
}

}  // namespace

TEST_CASE("[A6] portability: a document taken into an empty store gives the same state, custom fields and all") {
  on_every_store([](StoreGround& ground) {
    Shop shop(ground.store());
    const std::string document = export_customer(shop.session.view(), shop.ada);
    StoreGround other(ground.quirks());
    Session session(other.store());
    CHECK(import_customer(session, document, {.dry_run = true}).inserted > 10);
    CHECK(session.view().count("customer") == 0);
    CHECK(session.view().schema().entity("customer").find("x_shoe_size") == nullptr);
    import_customer(session, document);
    CHECK(difference(contents(other.store()), contents(ground.store())) == "");
    CHECK(session.view().schema().entity("customer").field("x_shoe_size").has(field_flag::personal));
    CHECK(session.view().schema().entity("order").field("x_gift").has(field_flag::indexed));
    // What the identities are of is there already.
    CHECK(refusal_of([&] { import_customer(session, document); }) == Code::duplicate);
    // Another person of the same shop brings no second product.
    ChangeSet set;
    const Id grace = set.put("customer").set("name", "Grace Hopper").by("shop", "A2").id();
    const Id bought = set.put("order").set("customer_id", grace).id();
    set.put("order_line")
        .set("customer_id", grace)
        .set("order_id", bought)
        .set("product_id", shop.session.view().find("product", "shop", "P1")->id());
    import_customer(session, export_customer(shop.session.view(), shop.session.apply(set).ids.front()));
    CHECK(session.view().count("product") == 1);
    CHECK(session.view().count("order_line", Where::equal("product_id", Id{1})) == 2);
    const std::string again = export_customer(session.view(), session.view().find("customer", "shop", "A1")->id());
    CHECK(again.size() == document.size());
  });
}

TEST_CASE("[A6] portability: other people, what was computed and what is deleted are not taken along") {
  on_every_store([](StoreGround& ground) {
    Shop shop(ground.store());
    ChangeSet set;
    const Id friendly = set.put("customer").set("name", "Other Person").id();
    set.put("relationship").set("customer_id", shop.ada).set("related_id", friendly).set("kind", "family");
    set.put("score").set("customer_id", shop.ada).set("name", "rfm.recency").set("value", 3.0);
    set.put("interaction").set("customer_id", shop.ada).set("contact_id", friendly).set("body", "with the other");
    const Id gone = set.put("interaction").set("customer_id", shop.ada).set("body", "said in error").id();
    const Receipt made = shop.session.apply(set);
    set.clear();
    set.erase("interaction", made.ids[static_cast<std::size_t>(-gone.value - 1)]);
    shop.session.apply(set);

    const std::string document = export_customer(shop.session.view(), shop.ada);
    CHECK(document.find("Other Person") == std::string::npos);
    CHECK(document.find("rfm.recency") == std::string::npos);
    const json::object root = document_of(shop.session.view(), shop.ada);
    CHECK(root.at("deleted").as_array().size() == 1);
    CHECK(export_customer(shop.session.view(), shop.ada, {.with_deleted = false}).find("in error") ==
          std::string::npos);
    const TempFolder folder, without;
    CHECK(files_of(shop.session.view(), shop.ada, folder).at("interaction").find("in error") != std::string::npos);
    CHECK(files_of(shop.session.view(), shop.ada, without, {.with_deleted = false})
              .at("interaction")
              .find("deleted_at") == std::string::npos);
    const std::function<void(Session&)> takings[] = {
        [&](Session& session) { import_customer(session, document); },
        [&](Session& session) { import_customer_csv(session, folder.path()); },
        [&](Session& session) { import_customer_csv(session, without.path()); }};
    for (const auto& take : takings) {
      StoreGround other(ground.quirks());
      Session session(other.store());
      take(session);
      const View view = session.view();
      CHECK(view.count("relationship") == 0);
      CHECK(view.count("interaction") == 2);
      CHECK(view.count("interaction", Where::present("contact_id")) == 0);
      CHECK(view.count("customer") == 1);
    }
  });
}

TEST_CASE("[A6] portability: every entity's records come along, whatever is in them") {
  on_every_store([](StoreGround& ground) {
    Session session(ground.store());
    RandomRecords records(session, 7);
    records.make_one_of_each();
    const View view = session.view();
    const Id customer = view.select({.entity = "customer"}).front().id();
    const json::object root = document_of(view, customer);
    std::set<std::string> told;
    for (const json::value& record : root.at("records").as_array())
      told.insert(std::string(record.as_object().at("entity").as_string()));
    for (const Entity& entity : view.schema().entities())
      if (entity.keeping == Keeping::journalled && entity.customer_field &&
          view.count(entity.name, Where::equal("customer_id", customer)) != 0 && entity.name != "score" &&
          entity.name != "alert" && entity.name != "recommendation" && entity.name != "segment_change")
        CHECK_MESSAGE(told.contains(entity.name), entity.name);
  });
}

TEST_CASE("[A6] portability: CSV files taken into an empty store give the same state, custom fields and all") {
  on_every_store([](StoreGround& ground) {
    Shop shop(ground.store());
    ChangeSet set;
    for (const char* text : {"=1+1",     "'=1+1",          "''",     "'",       "\"quoted\", and more",
                             " blanks ", "two\r\nlines\n", "+49",    "-",       "@x",
                             "\tx",      "plain",          "'plain", "深圳, ü", ",",
                             "\"",       "true",           "00123",  "1e5",     ""})
      set.put("interaction")
          .set("customer_id", shop.ada)
          .set("channel", "phone")
          .set("subject", text)
          .set("body", text);
    shop.session.apply(set);
    const TempFolder folder;
    const std::map<std::string, std::string> files = files_of(shop.session.view(), shop.ada, folder);
    CHECK(files.at("contact_point").find("'=ada@example.org") != std::string::npos);
    CHECK(files.at("customer").find("x_shoe_size") != std::string::npos);
    CHECK(files.contains("product"));
    CHECK(files.contains("identity"));
    StoreGround other(ground.quirks());
    Session session(other.store());
    CHECK(import_customer_csv(session, folder.path(), {.dry_run = true}).inserted > 10);
    CHECK(session.view().count("customer") == 0);
    CHECK(session.view().schema().entity("customer").find("x_shoe_size") == nullptr);
    import_customer_csv(session, folder.path());
    CHECK(difference(contents(other.store()), contents(ground.store())) == "");
    CHECK(session.view().schema().entity("customer").field("x_shoe_size").has(field_flag::personal));
    CHECK(refusal_of([&] { import_customer_csv(session, folder.path()); }) == Code::duplicate);
  });
}

TEST_CASE("[A6] portability: the files hold what the document holds, of every entity and of random texts") {
  for (const std::uint64_t seed : {7, 8, 9}) {
    const auto store = open_memory();
    Session session(*store);
    RandomRecords records(session, seed);
    records.make_one_of_each();
    const Id customer = session.view().select({.entity = "customer"}).front().id();
    const TempFolder folder;
    files_of(session.view(), customer, folder);
    const auto by_json = open_memory(), by_csv = open_memory();
    Session first(*by_json), second(*by_csv);
    import_customer(first, export_customer(session.view(), customer));
    import_customer_csv(second, folder.path());
    CHECK(contents(*by_json).size() > 20);
    CHECK(difference(contents(*by_csv), contents(*by_json)) == "");
  }
}

TEST_CASE("[A6] portability: files that are damaged are refused by file, column and line, and nothing is written") {
  const auto store = open_memory();
  Shop shop(*store);
  const TempFolder folder;
  const std::map<std::string, std::string> files = files_of(shop.session.view(), shop.ada, folder);
  const auto taking_store = open_memory();
  Session session(*taking_store);
  import_customer_csv(session, folder.path(), {.dry_run = true});
  const auto refused = [&](const std::string& name, const std::string& text) {
    write(folder, name, text);
    Problem problem{Code::ok, {}, {}, {}, {}, {}};
    try {
      import_customer_csv(session, folder.path());
    } catch (const Error& error) {
      problem = error.first();
    }
    std::filesystem::remove(folder.file(name + ".csv"));
    if (files.contains(name)) write(folder, name, files.at(name));
    CHECK(problem.code == Code::invalid);
    CHECK(session.view().count("customer") == 0);
    return problem;
  };
  CHECK(refused("customer", "id,colour\r\n1,red\r\n").field == "colour");
  CHECK(refused("customer", "id,name_key\r\n1,x\r\n").field == "name_key");
  const Problem date = refused("customer", "id,name,birth_date\r\n1,Ada,1815-12-10\r\n2,Eve,yesterday\r\n");
  CHECK(date.entity == "customer");
  CHECK(date.field == "birth_date");
  CHECK(date.row == 3);
  CHECK(refused("customer", "id,name\r\n1\r\n").row == 2);
  CHECK(refused("customer", "id,name\r\n1,\"Ada\r\n").row == 2);
  CHECK(refused("customer", "id,name\r\n,Ada\r\n").field == "id");
  CHECK(refused("customer", "name\r\nAda\r\n").field == "id");
  CHECK(refused("customer", "").entity == "customer");
  CHECK(refused("customer", "id,name\r\n1,Ada\r\n1,Ada\r\n").code == Code::invalid);
  CHECK(refused("colours", "id,name\r\n1,red\r\n").entity == "colours");
  CHECK(
      refused("custom_fields", "entity,name,type,personal,indexed,doc\r\ncustomer,x_a,colour,false,false,\r\n").code ==
      Code::invalid);
  CHECK(refused("custom_fields", "entity,name\r\ncustomer,x_a\r\n").field == "type");
  CHECK(refused("portability", "format,currency,customer\r\nemptor customer 2,EUR,1\r\n").code == Code::invalid);
  CHECK(refused("portability", "format,customer\r\nemptor customer 1,1\r\n").field == "currency");
  CHECK(refusal_of([&] { import_customer_csv(session, folder.file("nowhere")); }) == Code::invalid);
  // Any byte of any file may be another.
  Random random(11);
  for (int round = 0; round < 300; ++round) {
    auto damaged = std::next(files.begin(), static_cast<std::ptrdiff_t>(random.below(files.size())));
    std::string text = damaged->second;
    for (std::uint64_t left = 1 + random.below(3); left > 0; --left)
      text[random.below(text.size())] = static_cast<char>(random.below(256));
    write(folder, damaged->first, text);
    refusal_of([&] { import_customer_csv(session, folder.path(), {.dry_run = true}); });
    write(folder, damaged->first, damaged->second);
  }
  import_customer_csv(session, folder.path());
  CHECK(session.view().count("customer") == 1);
}

TEST_CASE("[A6] portability: by rights, and no text that is no document") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id agent = office.user("Agent"), customer = office.customer("Ada Lovelace", agent);
    office.put("interaction", {{"customer_id", Value(customer)}, {"body", Value("hidden words")}});
    const Id stranger = office.customer("Somebody Else");
    office.allow(agent, "read", "own", "customer");
    const auto session = office.as(agent);
    CHECK(refusal_of([&] { export_customer(session->view(), customer); }) == Code::denied);
    office.allow(agent, "export", "own");
    CHECK(export_customer(session->view(), customer).find("hidden words") == std::string::npos);
    CHECK(export_customer(session->view(), customer).find("Ada Lovelace") != std::string::npos);
    CHECK(refusal_of([&] { export_customer(session->view(), stranger); }) == Code::not_found);
    const std::string document = export_customer(session->view(), customer);
    CHECK(refusal_of([&] { import_customer(*session, document); }) == Code::denied);
    // Who may make and change everything may not import for that.
    for (const char* action : {"create", "update", "assign"}) office.allow(agent, action, "all");
    const std::string of_another =
        R"({"format":"emptor customer 1","customer":"1","custom_fields":[],"referred":[],"deleted":[],"currency":")" +
        std::string(session->view().info().currency.code()) +
        R"(","records":[{"entity":"customer","id":"1","fields":{"name":"Grace Hopper"}}]})";
    const auto import = [&] { import_customer(*office.as(agent), of_another, {.dry_run = true}); };
    CHECK(refusal_of(import) == Code::denied);
    CHECK(refusal_of([&] { import_customer_csv(*office.as(agent), "/nowhere/at/all"); }) == Code::denied);
    office.allow(agent, "import", "all");
    CHECK(refusal_of(import) == Code::ok);
    for (const char* text : {"", "{}", "[1]", R"({"format":"emptor customer 2"})", R"({"format":"emptor customer 1"})",
                             R"({"format":"emptor customer 1","currency":"XXX","custom_fields":[3]})",
                             R"({"format":"emptor customer 1","currency":"XXX","custom_fields":)"
                             R"([{"entity":"colour","name":"x_a","type":"text"}],"records":[],"referred":[]})"})
      CHECK(refusal_of([&] { import_customer(office.system(), text); }) == Code::invalid);
  });
}
