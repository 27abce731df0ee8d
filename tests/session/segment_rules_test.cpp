// Segments as they are saved: their rules are read, and what they name is there.
#include <doctest/doctest.h>

#include "emptor/core/error.hpp"
#include "emptor/session/session.hpp"
#include "support/store_ground.hpp"

using namespace emptor;
using namespace emptor::test;
using Names = std::vector<std::string>;

namespace {

struct Wanted {
  std::string name, rule;
  std::int64_t id = 0;
  bool active = true, erase = false;
};

class Desk {
 public:
  explicit Desk(Store& store) : session_(store) {}

  // What is refused, as "change field: message"; none: it is written.
  Names save(const std::vector<Wanted>& segments) {
    ChangeSet set;
    for (const Wanted& each : segments) {
      if (each.erase) {
        set.erase("segment", Id{each.id});
        continue;
      }
      ChangeSet::Put put = each.id == 0 ? set.put("segment") : set.put("segment", Id{each.id});
      put.set("name", each.name).set("rule", each.rule);
      if (!each.active) put.set("active", false);
    }
    Names refused;
    try {
      session_.apply(set);
    } catch (const Error& error) {
      for (const Problem& problem : error.problems()) {
        CHECK(problem.entity == "segment");
        refused.push_back(std::to_string(problem.row.value_or(-1)) + " " + problem.field + ": " + problem.message);
      }
    }
    return refused;
  }

 private:
  Session session_;
};

template <class Check>
void on_desks(Check&& check) {
  on_every_store([&](StoreGround& ground) {
    Desk desk(ground.store());
    check(desk);
  });
}

}  // namespace

TEST_CASE("segments: a rule that cannot be read is refused with all that is wrong, in text and in JSON") {
  on_desks([](Desk& desk) {
    CHECK(desk.save({{"Good", "tier = 'gold'"}, {"Bad", "teir = 'gold' and employees = 'many'"}}) ==
          Names{"1 rule: at character 1 of the rule: there is no such field (teir)",
                "1 rule: at character 31 of the rule: the value is no integer (employees)"});
    CHECK(desk.save({{"Bad", R"({"field":"employees","op":">","value":"many"})"}}) ==
          Names{"0 rule: at /value of the rule: the value is no integer (employees)"});
    CHECK(desk.save({{"Good", "tier = 'gold'"}, {"Also good", R"({"count":"order","op":">","value":3})"}}).empty());
  });
}

TEST_CASE("segments: one that a rule names is there, be it in the same change set") {
  on_desks([](Desk& desk) {
    CHECK(desk.save({{"A", "in segment 'B'"}}) == Names{"0 rule: there is no segment 'B'"});
    CHECK(desk.save({{"A", "in segment 'B' and tier = 'gold'"}, {"B", "any order"}}).empty());
    CHECK(desk.save({{"C", "not in segment 'A' or in segment 'b'"}}) == Names{"0 rule: there is no segment 'b'"});
  });
}

TEST_CASE("segments: a ring of rules is refused, whichever change closes it") {
  on_desks([](Desk& desk) {
    CHECK(desk.save({{"A", "not in segment 'A'"}}) == Names{"0 rule: the segment asks itself"});
    CHECK(desk.save({{"A", "in segment 'B'"}, {"B", "in segment 'C'"}, {"C", "any order or in segment 'A'"}}) ==
          Names{"0 rule: the segment asks itself, through 'B', 'C'",
                "1 rule: the segment asks itself, through 'C', 'A'",
                "2 rule: the segment asks itself, through 'A', 'B'"});
    CHECK(desk.save({{"A", "in segment 'B'"}, {"B", "in segment 'C'"}, {"C", "any order"}}).empty());
    CHECK(desk.save({{"C", "has tag 'x' or in segment 'A'", 3}}) ==
          Names{"0 rule: the segment asks itself, through 'A', 'B'"});
    CHECK(desk.save({{"D", "in segment 'A'"}}).empty());
  });
}

TEST_CASE("segments: no two have one name") {
  on_desks([](Desk& desk) {
    CHECK(desk.save({{"A", "true"}, {"A", "false"}}) == Names{"1 name: another segment has this name already"});
    CHECK(desk.save({{"A", "true"}, {"B", "true"}}).empty());
    CHECK(desk.save({{"B", "true", 1}}) == Names{"0 name: another segment has this name already"});
    CHECK(desk.save({{"A", "true", 2}}) == Names{"0 name: another segment has this name already"});
    CHECK(desk.save({{"B", "true", 1}, {"A", "true", 2}}).empty());
    CHECK(desk.save({{"", "", 1, true, true}, {"B", "true"}}).empty());
  });
}

TEST_CASE("segments: a name that an active one asks by is neither changed nor deleted") {
  on_desks([](Desk& desk) {
    REQUIRE(desk.save({{"A", "true"}, {"B", "in segment 'A'"}}).empty());
    const Names refused{"0 name: the segment 'B' asks for this one by its name"};
    CHECK(desk.save({{"Z", "true", 1}}) == refused);
    CHECK(desk.save({{"", "", 1, true, true}}) == refused);
    CHECK(desk.save({{"A", "any order", 1}}).empty());
    CHECK(desk.save({{"Z", "true", 1}, {"B", "in segment 'Z'", 2}}).empty());
    CHECK(desk.save({{"B", "in segment 'Z'", 2, false}}).empty());
    CHECK(desk.save({{"A", "true", 1}}).empty());               // the other one is not active
    CHECK(desk.save({{"B", "in segment 'Z'", 2}}) == Names{});  // written as it stands
    CHECK(desk.save({{"B", "in segment 'A'", 2}}).empty());
    CHECK(desk.save({{"", "", 1, true, true}, {"", "", 2, true, true}}).empty());
  });
}

TEST_CASE("segments: an active one asks active ones only") {
  on_desks([](Desk& desk) {
    REQUIRE(desk.save({{"A", "true", 0, false}, {"B", "in segment 'A'", 0, false}}).empty());
    CHECK(desk.save({{"C", "in segment 'A'"}}) == Names{"0 rule: the segment 'A' is not active"});
    CHECK(desk.save({{"C", "in segment 'A'", 0, false}}).empty());
    REQUIRE(desk.save({{"D", "true"}, {"E", "in segment 'D'"}}).empty());
    CHECK(desk.save({{"D", "true", 4, false}}) == Names{"0 active: the segment 'E' asks for this one by its name"});
    CHECK(desk.save({{"D", "true", 4, false}, {"E", "in segment 'D'", 5, false}}).empty());
  });
}

TEST_CASE("segments: the rule is kept as it was written") {
  on_every_store([](StoreGround& ground) {
    Session session(ground.store());
    ChangeSet set;
    set.put("segment").set("name", "A").set("rule", "tier='gold'  AND employees>3");
    const Id id = session.apply(set).ids.front();
    CHECK(session.view().get("segment", id)->get("rule").text() == "tier='gold'  AND employees>3");
  });
}
