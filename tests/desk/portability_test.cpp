// One person's data as a document: complete, theirs alone, and the same again in a store that takes it.
#include <doctest/doctest.h>

#include <boost/json.hpp>
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
    StoreGround other(ground.quirks());
    Session session(other.store());
    import_customer(session, document);
    const View view = session.view();
    CHECK(view.count("relationship") == 0);
    CHECK(view.count("interaction") == 2);
    CHECK(view.count("interaction", Where::present("contact_id")) == 0);
    CHECK(view.count("customer") == 1);
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

TEST_CASE("[A6] portability: the CSV files are what an import reads") {
  on_every_store([](StoreGround& ground) {
    Shop shop(ground.store());
    std::map<std::string, std::string> files;
    const std::uint64_t records = export_customer_csv(shop.session.view(), shop.ada, [&](std::string_view entity) {
      return [&files, name = std::string(entity)](std::string_view text) { files[name] += text; };
    });
    CHECK(records == 9);
    CHECK(files.size() == 9);
    CHECK(files.at("contact_point").find("'=ada@example.org") != std::string::npos);
    CHECK(files.at("customer").find("x_shoe_size") != std::string::npos);
  });
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
    office.allow(agent, "import", "all");
    CHECK(refusal_of(import) == Code::ok);
    for (const char* text : {"", "{}", "[1]", R"({"format":"emptor customer 2"})", R"({"format":"emptor customer 1"})",
                             R"({"format":"emptor customer 1","currency":"XXX","custom_fields":[3]})"})
      CHECK(refusal_of([&] { import_customer(office.system(), text); }) == Code::invalid);
  });
}
