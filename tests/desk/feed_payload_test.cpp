// The feed for hosts: payloads and their schemas, by rights, and a receiver that fails and yet takes each change once.
#include "emptor/desk/feed_payload.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "support/child_process.hpp"
#include "support/json_schema.hpp"
#include "support/office.hpp"
#include "support/random_records.hpp"
#include "support/run_program.hpp"

using namespace emptor;
using namespace emptor::test;
namespace json = boost::json;
using Names = std::vector<std::string>;

namespace {

const json::array payloads_of(Session& session, std::int64_t after = 0,
                              const FeedOptions& options = {.limit = 100'000}) {
  return json::parse(poll_payloads(session, after, options)).at("payloads").as_array();
}

Names types(const json::array& payloads) {
  Names found;
  for (const json::value& payload : payloads) found.emplace_back(payload.at("event_type").as_string());
  return found;
}

class Schemas {
 public:
  explicit Schemas(const Schema& schema) : schema_(schema) {}
  const json::value& of(const std::string& entity) {
    const auto [at, is_new] = known_.try_emplace(entity);
    if (is_new) at->second = json::parse(payload_schema(schema_, entity));
    return at->second;
  }
  std::string lines() {
    std::string text;
    for (const Entity& entity : schema_.entities())
      if (entity.keeping == Keeping::journalled) text += payload_schema(schema_, entity.name) + "\n";
    return text;
  }

 private:
  const Schema& schema_;
  std::map<std::string, json::value> known_;
};

// Every payload is as the schema of its entity says; returns how many there are of how many entities.
std::pair<std::size_t, std::size_t> check_valid(const json::array& payloads, Schemas& schemas) {
  std::set<std::string> entities;
  for (const json::value& payload : payloads) {
    const std::string entity(payload.at("entity").as_string());
    entities.insert(entity);
    CAPTURE(json::serialize(payload));
    REQUIRE(schema_fault(payload, schemas.of(entity)) == "");
  }
  return {payloads.size(), entities.size()};
}

std::string lines_of(const json::array& payloads) {
  std::string text;
  for (const json::value& payload : payloads) text += json::serialize(payload) + "\n";
  return text;
}

void fill_at_random(Session& session, std::uint64_t seed) {
  session.define_field({.entity = "customer", .name = "points", .type = Type::integer});
  RandomRecords records(session, seed);
  for (int round = 0; round < 3; ++round) {
    records.make_one_of_each();
    records.change_some();
    records.erase_one();
  }
}

// Everything may be read, with fields of several types kept back of some records.
Id masked_reader(Office& office) {
  const Id user = office.user("reader");
  office.allow(user, "read", "all", "", {.hidden = "name,notes,kind,amount", .masked = "city,channel,value,status"});
  return user;
}

}  // namespace

TEST_CASE(
    "feed payloads: those of random records of every entity are as their schemas say, for the system and for users") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    fill_at_random(office.system(), 11);
    const auto user = office.as(masked_reader(office));
    Schemas schemas(*user->view().schema_pointer());
    const json::array all = payloads_of(office.system()), told = payloads_of(*user);
    const auto [changes, entities] = check_valid(all, schemas);
    CHECK(changes > 250);
    CHECK(entities > 60);
    CHECK(check_valid(told, schemas).second > 50);
    const TempFolder folder;
    write_file(folder.file("schemas"), schemas.lines());
    write_file(folder.file("payloads"), lines_of(all) + lines_of(told));
    const Ran ran = run_script("tests/peers/payload_oracle.py", folder.file("schemas") + " " + folder.file("payloads"));
    if (ran.exit == 77) {
      MESSAGE("skipped: Python's jsonschema is not installed");
    } else {
      CHECK(ran.exit == 0);
      CHECK(ran.output == std::to_string(all.size() + told.size()) + "\n");
    }
  });
}

TEST_CASE("feed payloads: a payload with anything wrong in it is not as its schema says") {
  const auto store = open_memory({});
  Session session(*store);
  ChangeSet set;
  set.put("customer").set("name", "Ada").set("stage", "new");
  session.apply(set);
  Schemas schemas(*session.view().schema_pointer());
  const json::value good = payloads_of(session).at(0);
  const json::value& schema = schemas.of("customer");
  CHECK(schema_fault(good, schema) == "");
  const auto spoilt = [&](const std::function<void(json::object&)>& spoil) {
    json::value payload = good;
    spoil(payload.as_object());
    return schema_fault(payload, schema);
  };
  CHECK(spoilt([](json::object& payload) { payload.erase("event_id"); }) == "\"event_id\" is missing");
  CHECK(spoilt([](json::object& payload) { payload["more"] = 1; }) == "more is not allowed");
  CHECK(spoilt([](json::object& payload) { payload["changed"] = json::array{"name"}; }) == "what it must not be");
  CHECK(spoilt([](json::object& payload) { payload["event_type"] = "customer.updated"; }) == "\"changed\" is missing");
  CHECK(spoilt([](json::object& payload) { payload["record"].as_object()["x"] = 1; }) == "record: x is not allowed");
  CHECK(spoilt([](json::object& payload) { payload["record"].as_object()["stage"] = "old"; }) ==
        "record: stage: none of anyOf");
  CHECK(spoilt([](json::object& payload) { payload["record"].as_object()["id"] = 1; }) == "record: id: another type");
  CHECK_THROWS_AS(payload_schema(session.view().schema(), "customer_summary"), Error);
  CHECK_THROWS_AS(payload_schema(session.view().schema(), "custmer"), Error);
}

TEST_CASE("feed payloads: created, updated with what changed, deleted; the record is as it is now") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id ada = office.put("customer", {{"name", Value("Ada")}, {"city", Value("Ulm")}});
    office.put("customer", {{"city", Value("Bonn")}, {"notes", Value("likes tea")}}, ada);
    office.put("customer", {{"notes", Value()}}, ada);
    office.erase("customer", ada);
    const json::array told = payloads_of(office.system());
    CHECK(types(told) == Names{"customer.created", "customer.updated", "customer.updated", "customer.deleted"});
    CHECK(!told.at(0).as_object().contains("changed"));
    CHECK(told.at(1).at("changed") == json::array{"city", "notes"});
    CHECK(told.at(2).at("changed") == json::array{"notes"});
    CHECK(told.at(0).at("record").at("city").as_string() == "Bonn");
    CHECK(told.at(0).at("record").as_object().contains("deleted_at"));
    CHECK(told.at(3).at("record_id").as_string() == std::to_string(ada.value));
    std::set<std::string> ids;
    for (const json::value& payload : told) ids.emplace(payload.at("event_id").as_string());
    CHECK(ids.size() == 4);
    ground.reopen();
    Session again(ground.store());
    CHECK(payloads_of(again) == told);
  });
}

TEST_CASE("feed payloads: what an update changed is told also where the record is another customer's by now") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id ada = office.customer("Ada"), bo = office.customer("Bo");
    const Id point =
        office.put("contact_point", {{"customer_id", ada}, {"channel", Value("email")}, {"value", Value("a@b.c")}});
    office.put("contact_point", {{"value", Value("c@b.a")}}, point);  // personal: sealed by Ada's key
    office.put("contact_point", {{"customer_id", bo}, {"label", Value("home")}}, point);
    const json::array told = payloads_of(office.system(), 0, {.entities = {"contact_point"}});
    CHECK(types(told) == Names{"contact_point.created", "contact_point.updated", "contact_point.updated"});
    CHECK(told.at(1).at("changed") == json::array{"value", "value_key"});
    CHECK(told.at(2).at("changed") == json::array{"customer_id", "label"});
  });
}

TEST_CASE("[A8] feed payloads: a user is told of records in scope only, without the fields that are kept back") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id ann = office.user("Ann");
    const Id hers = office.customer("Ada Lovelace", ann);
    office.customer("Bo");
    office.put("customer", {{"notes", Value("secret")}, {"city", Value("Hamburg-Altona")}, {"tier", Value("gold")}},
               hers);
    office.allow(ann, "read", "own", "customer", {.hidden = "notes", .masked = "city"});
    const auto session = office.as(ann);
    const json::array told = payloads_of(*session);
    CHECK(types(told) == Names{"customer.created", "customer.updated"});
    CHECK(told.at(1).at("changed") == json::array{"tier"});
    CHECK(!told.at(1).at("record").as_object().contains("notes"));
    CHECK(told.at(1).at("record").at("city").as_string() == "***tona");
    CHECK(told.at(1).at("position").as_string() != "4");
    CHECK(told.at(0).at("event_id") ==
          payloads_of(office.system(), 0, {.entities = {"customer"}}).at(0).at("event_id"));
    office.put("customer", {{"owner_id", Value()}}, hers);  // seen then, not now
    CHECK(payloads_of(*session).empty());
  });
}

TEST_CASE("[A8] feed: delivery moves on entry by entry, gives up where it is refused, and ends at the head") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    Session& system = office.system();
    office.customer("first");
    ChangeSet three;
    for (const char* name : {"second", "third", "fourth"}) three.put("customer").set("name", name);
    system.apply(three);
    office.put("product", {{"name", Value("tea")}});
    Names taken;
    std::string refused = "third";
    const auto take = [&](const FeedEvent& event, std::string_view payload) {
      const std::string name(event.record.get("name").text());
      REQUIRE(json::parse(payload).at("record").at("name").as_string() == name);
      if (name == refused) return false;
      taken.push_back(name);
      return true;
    };
    const Delivered first = deliver(system, 0, take);
    CHECK(first.refused);
    CHECK(first.taken == 2);
    CHECK(taken == Names{"first", "second"});
    refused = "";
    taken.clear();
    const Delivered second = deliver(system, first.position, take);
    CHECK_FALSE(second.refused);
    CHECK(taken == Names{"second", "third", "fourth", "tea"});
    CHECK(second.position == system.view().info().position);
    CHECK(deliver(system, second.position, take).taken == 0);
    CHECK(deliver(system, 0, take, {.entities = {"product"}}).taken == 1);
    CHECK(deliver(system, 0, take, {.limit = 1}).taken == 1);
    CHECK(deliver(system, 0, take, {.limit = 2}).taken == 4);  // an entry is told whole
    CHECK_THROWS_AS(deliver(system, 0, take, {.entities = {"produkt"}}), Error);
    // What is written while it runs is told too.
    bool more = true;
    const auto writing = [&](const FeedEvent&, std::string_view) {
      if (std::exchange(more, false)) office.customer("meanwhile");
      return true;
    };
    CHECK(deliver(system, second.position - 1, writing).taken == 2);
    CHECK_THROWS_AS(deliver(system, 0, [](auto&, auto) -> bool { throw std::runtime_error("broken"); }),
                    std::runtime_error);
  });
}

TEST_CASE("[M9] feed: a receiver that fails at random and keeps the ids it has seen takes each change once, in order") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id ann = office.user("Ann");
    office.allow(ann, "read", "rule", "", {}, "tier is missing");
    const auto session = office.as(ann);
    Random random(5);
    Names expected, received;
    std::set<std::string> seen;
    std::int64_t position = 0;
    std::size_t twice = 0;
    for (int round = 0; round < 60; ++round) {
      ChangeSet set;
      for (std::uint64_t left = 1 + random.below(4); left > 0; --left) {
        const bool hidden = random.below(3) == 0;
        const std::string name = std::to_string(round) + "." + std::to_string(left);
        set.put("customer").set("name", name).set("tier", hidden ? Value("gold") : Value());
        if (!hidden) expected.push_back(name);
      }
      office.system().apply(set);
      for (std::uint64_t tries = random.below(3); tries > 0; --tries) {
        const Delivered done = deliver(*session, position, [&](const FeedEvent& event, std::string_view) {
          if (random.below(6) == 0) return false;  // down, before or ...
          if (seen.insert(event.id).second)
            received.emplace_back(event.record.get("name").text());
          else
            ++twice;
          return random.below(6) != 0;  // ... after it took the change
        });
        if (random.below(3) != 0) position = done.position;  // else lost before it was kept
      }
    }
    deliver(*session, position, [&](const FeedEvent& event, std::string_view) {
      if (seen.insert(event.id).second) received.emplace_back(event.record.get("name").text());
      return true;
    });
    CHECK(received == expected);
    CHECK(twice > 20);
  });
}

namespace {

// A receiver in a process of its own: what it has taken is in a file, a line a change, and where it is in another.
void receive(const std::string& folder) {
  std::set<std::string> seen;
  std::string line;
  for (std::ifstream known(folder + "/taken"); std::getline(known, line);) seen.insert(line);
  std::int64_t position = 0;
  std::ifstream(folder + "/position") >> position;
  const auto store = open_sqlite(folder + "/s.emptor", {});
  Session session(*store);
  std::ofstream taken(folder + "/taken", std::ios::app);
  while (true) {
    const Delivered done = deliver(session, position, [&](const FeedEvent& event, std::string_view) {
      if (seen.insert(event.id).second) taken << event.id << std::endl;
      return true;
    });
    if (done.position == position) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    position = done.position;
    std::ofstream(folder + "/next") << position;
    std::filesystem::rename(folder + "/next", folder + "/position");
  }
}

}  // namespace

TEST_CASE("[M9] feed: a receiver in another process that is killed again and again takes each change once, in order") {
  const TempFolder folder;
  const std::string path = folder.file("s.emptor");
  const std::string place = std::filesystem::path(path).parent_path();
  open_sqlite(path, {.create = true, .durability = Durability::off}).reset();
  Random random(3);
  const auto count = [&] {
    const std::string taken = read_file(folder.file("taken"));
    return std::ranges::count(taken, '\n');
  };
  const auto wait_for = [&](std::ptrdiff_t lines) {
    for (int i = 0; i < 2'000 && count() < lines; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return count() >= lines;
  };
  for (int round = 0; round < 12; ++round) {
    const std::ptrdiff_t before = count();
    ChildProcess receiver([&](const ChildProcess::Link&) { receive(place); });
    const auto store = open_sqlite(path, {.durability = Durability::off});
    Session session(*store);
    for (std::uint64_t left = 1 + random.below(25); left > 0; --left) {
      ChangeSet set;
      for (std::uint64_t more = 1 + random.below(5); more > 0; --more) set.put("customer").set("name", "x");
      session.apply(set);
    }
    REQUIRE(wait_for(before + 1));
    receiver.kill_now();  // wherever it is
  }
  Names expected;
  {
    const auto store = open_sqlite(path, {});
    Session session(*store);
    deliver(session, 0, [&](const FeedEvent& event, std::string_view) {
      expected.push_back(event.id);
      return true;
    });
  }
  {
    ChildProcess receiver([&](const ChildProcess::Link&) { receive(place); });
    CHECK(wait_for(static_cast<std::ptrdiff_t>(expected.size())));
    receiver.kill_now();
  }
  Names received;
  std::ifstream taken(folder.file("taken"));
  for (std::string line; std::getline(taken, line);) received.push_back(line);
  CHECK(received == expected);
}
