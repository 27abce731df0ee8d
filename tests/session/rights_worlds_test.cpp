// Random firms: what a session reads against an evaluator of its own, which knows the records as plain lists and the
// permissions as the sentences of docs/rights.md. Rights, customers and staff change in between, under open sessions.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "emptor/core/random.hpp"
#include "support/office.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

constexpr std::string_view scopes[] = {"own", "team", "team_and_below", "territory", "rule", "all"};
constexpr std::string_view rules[] = {"owner is me",
                                      "owner in my_teams or team in my_teams",
                                      "country = 'PT' and owner is missing",
                                      "territory in my_territories and not country = 'DE'",
                                      "team is missing or team in my_team",
                                      "false"};
constexpr std::string_view entities[] = {"customer", "order", "case", "product"};

struct Plain {
  std::int64_t owner = 0, team = 0, territory = 0, customer = 0;
  std::string country;
  bool deleted = false;
};
struct Person {
  std::int64_t team = 0, territory = 0;
};
struct Given {
  std::string action, scope, entity;
  std::size_t rule = 0;
  bool hides = false;
};

class World {
 public:
  World(Store& store, std::uint64_t seed) : office_(store), random_(seed) {
    for (int i = 0; i < 5; ++i) add_node("team", teams_);
    for (int i = 0; i < 4; ++i) add_node("territory", territories_);
    for (int i = 0; i < 5; ++i) add_person();
    for (int i = 0; i < 25; ++i) add("customer");
    for (int i = 0; i < 45; ++i) add(entities[random_.below(4)]);
    actor_ = any(people_);
    for (std::uint64_t left = random_.below(5); left > 0; --left) give();
    session_ = office_.as(Id{actor_});
  }

  void change() {
    switch (random_.below(8)) {
      case 0:
        return give();
      case 1:
        return move_person();
      case 2:
        return erase();
      case 3:
        return add(entities[random_.below(4)]);
      default:
        return reassign();
    }
  }

  // Returns how many records were seen.
  std::size_t check() {
    std::size_t seen = 0;
    const View view = session_->view();
    for (const std::string_view entity : entities) {
      std::set<std::int64_t> expected;
      for (const auto& [id, plain] : records_[std::string(entity)])
        if (!plain.deleted && allowed("read", entity, id, plain, false)) expected.insert(id);
      std::set<std::int64_t> found;
      for (const Record& record : view.select({.entity = std::string(entity), .limit = 7 + random_.below(100)}))
        found.insert(record.id().value);
      std::set<std::int64_t> one_by_one;
      for (const auto& [id, plain] : records_[std::string(entity)])
        if (view.get(entity, Id{id})) one_by_one.insert(id);
      CAPTURE(entity);
      REQUIRE(one_by_one == expected);
      REQUIRE(view.count(entity) == static_cast<std::int64_t>(expected.size()));
      REQUIRE(std::ranges::includes(expected, found));
      seen += expected.size();
    }
    check_countries(view);
    return seen;
  }

 private:
  using Records = std::map<std::int64_t, Plain>;

  template <class Map>
  std::int64_t any(const Map& map) {
    return std::next(map.begin(), static_cast<std::ptrdiff_t>(random_.below(map.size())))->first;
  }
  template <class Map>
  std::int64_t any_or_none(const Map& map) {
    return map.empty() || random_.below(3) == 0 ? 0 : any(map);
  }

  void add_node(std::string_view entity, std::map<std::int64_t, std::int64_t>& nodes) {
    const std::int64_t parent = any_or_none(nodes);
    nodes[office_.put(entity, {{"name", Value("node")}, {"parent_id", Value(Id{parent})}}).value] = parent;
  }

  void add_person() {
    const Person person{any_or_none(teams_), any_or_none(territories_)};
    people_[office_.user("person", Id{person.team}, Id{person.territory}).value] = person;
  }

  void add(std::string_view entity) {
    Plain plain;
    if (entity == "product")
      return void(records_["product"][office_.put(entity, {{"name", Value("p")}}).value] = plain);
    if (entity == "customer" || entity == "case") {
      plain.owner = any_or_none(people_);
      plain.team = any_or_none(teams_);
    }
    if (entity == "customer" || entity == "order") plain.territory = any_or_none(territories_);
    if (entity == "customer") {
      plain.country = random_.below(2) == 0 ? "PT" : "DE";
      records_["customer"][put_customer(plain, no_id)] = plain;
      return;
    }
    plain.customer = any(records_["customer"]);
    const Id id = entity == "case" ? office_.put("case", {{"subject", Value("s")},
                                                          {"customer_id", Value(Id{plain.customer})},
                                                          {"owner_id", Value(Id{plain.owner})},
                                                          {"team_id", Value(Id{plain.team})}})
                                   : office_.put("order", {{"customer_id", Value(Id{plain.customer})},
                                                           {"ordered_at", Value(Instant{1})},
                                                           {"territory_id", Value(Id{plain.territory})}});
    records_[std::string(entity)][id.value] = plain;
  }

  std::int64_t put_customer(const Plain& plain, Id id) {
    return office_
        .put("customer",
             {{"name", Value("c")},
              {"country", Value(plain.country)},
              {"owner_id", Value(Id{plain.owner})},
              {"team_id", Value(Id{plain.team})},
              {"territory_id", Value(Id{plain.territory})}},
             id)
        .value;
  }

  void give() {
    Given given;
    given.action = random_.below(4) == 0 ? "update" : "read";
    given.scope = scopes[random_.below(random_.below(3) == 0 ? 6 : 5)];
    given.rule = random_.below(std::size(rules));
    given.entity = random_.below(2) == 0 ? "" : entities[random_.below(4)];
    given.hides = random_.below(3) == 0;
    office_.allow(Id{actor_}, given.action, given.scope, given.entity, {.hidden = given.hides ? "country" : ""},
                  given.scope == "rule" ? rules[given.rule] : "");
    given_.push_back(given);
  }

  void move_person() {
    const std::int64_t id = any(people_);
    people_[id] = {any_or_none(teams_), any_or_none(territories_)};
    office_.put("user", {{"team_id", Value(Id{people_[id].team})}, {"territory_id", Value(Id{people_[id].territory})}},
                Id{id});
  }

  void erase() {
    Records& orders = records_["order"];
    if (orders.empty()) return;
    Plain& plain = orders[any(orders)];
    if (plain.deleted) return;
    plain.deleted = true;
    for (const auto& [id, each] : orders)
      if (&each == &plain) office_.erase("order", Id{id});
  }

  void reassign() {
    const std::int64_t id = any(records_["customer"]);
    Plain& plain = records_["customer"][id];
    plain.owner = any_or_none(people_);
    plain.team = any_or_none(teams_);
    plain.territory = any_or_none(territories_);
    put_customer(plain, Id{id});
  }

  static bool within(const std::map<std::int64_t, std::int64_t>& tree, std::int64_t node, std::int64_t root) {
    while (node != 0 && node != root) node = tree.at(node);
    return node != 0 && root != 0;
  }

  bool reaches(std::string_view scope, std::int64_t owner, std::int64_t team, std::int64_t territory) const {
    const Person& me = people_.at(actor_);
    const auto team_of = [&](std::int64_t user) { return user == 0 ? 0 : people_.at(user).team; };
    if (scope == "own") return owner == actor_;
    if (scope == "team") return me.team != 0 && (team == me.team || team_of(owner) == me.team);
    if (scope == "team_and_below") return within(teams_, team, me.team) || within(teams_, team_of(owner), me.team);
    if (scope == "territory") return within(territories_, territory, me.territory);
    return true;
  }

  // What the rule of this number says of a customer.
  bool holds(std::size_t rule, const Plain& customer) const {
    const Person& me = people_.at(actor_);
    switch (rule) {
      case 0:
        return customer.owner == actor_;
      case 1:
        return reaches("team_and_below", customer.owner, customer.team, 0);
      case 2:
        return customer.country == "PT" && customer.owner == 0;
      case 3:
        return within(territories_, customer.territory, me.territory) && customer.country != "DE";
      case 4:
        return customer.team == 0 || (me.team != 0 && customer.team == me.team);
      default:
        return false;
    }
  }

  bool allowed(std::string_view action, std::string_view entity, std::int64_t id, const Plain& plain,
               bool with_country) const {
    const Plain* customer = entity == "customer"  ? &records_.at("customer").at(id)
                            : plain.customer != 0 ? &records_.at("customer").at(plain.customer)
                                                  : nullptr;
    return std::ranges::any_of(given_, [&](const Given& given) {
      if (given.action != action || (given.entity != "" && given.entity != entity)) return false;
      if (with_country && given.hides) return false;
      if (given.scope == "all") return true;
      if (given.scope == "rule") return customer != nullptr && holds(given.rule, *customer);
      if (customer != nullptr && reaches(given.scope, customer->owner, customer->team, customer->territory))
        return true;
      return reaches(given.scope, plain.owner, plain.team, plain.territory);
    });
  }

  void check_countries(const View& view) {
    for (const std::string country : {"PT", "DE", ""}) {
      std::set<std::int64_t> expected, found;
      for (const auto& [id, plain] : records_["customer"]) {
        if (!allowed("read", "customer", id, plain, false)) continue;
        const std::string seen = allowed("read", "customer", id, plain, true) ? plain.country : "";
        if (seen == country) expected.insert(id);
      }
      const Where where = country.empty() ? Where::missing("country") : Where::equal("country", Value(country));
      for (const Record& record : view.select({.entity = "customer", .where = where})) {
        found.insert(record.id().value);
        REQUIRE(record.get("country").text() == country);
      }
      REQUIRE(found == expected);
    }
  }

  Office office_;
  Random random_;
  std::map<std::int64_t, std::int64_t> teams_, territories_;
  std::map<std::int64_t, Person> people_;
  std::map<std::string, Records> records_;
  std::vector<Given> given_;
  std::int64_t actor_ = 0;
  std::unique_ptr<Session> session_;
};

}  // namespace

TEST_CASE("[M5] rights: in random firms a session reads what an evaluator of its own allows, through every change") {
  const char* runs = std::getenv("EMPTOR_RUNS");
  const std::uint64_t worlds = runs == nullptr ? 40 : std::strtoull(runs, nullptr, 10);
  std::size_t seen = 0;
  for (std::uint64_t seed = 1; seed <= worlds; ++seed)
    on_every_store([&](StoreGround& ground) {
      CAPTURE(seed);
      World world(ground.store(), seed);
      for (int step = 0; step < 12; ++step) {
        seen += world.check();
        world.change();
      }
    });
  CHECK(seen > worlds * 100);
}
