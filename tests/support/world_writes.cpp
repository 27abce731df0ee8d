#include "support/world_writes.hpp"

#include <algorithm>
#include <fstream>

#include "emptor/core/error.hpp"
#include "emptor/desk/access.hpp"
#include "emptor/desk/handover.hpp"
#include "emptor/desk/import.hpp"
#include "emptor/desk/interaction_log.hpp"
#include "emptor/desk/pool.hpp"
#include "emptor/desk/stages.hpp"
#include "support/temp_folder.hpp"

namespace emptor::test {
namespace {

using A = CppAsker;

// The numbers of a trial run are those of nobody, who may get them later: how many they are is told.
std::string receipt_text(A& a, const Receipt& receipt, const std::string& entity, bool dry_run = false) {
  if (dry_run) {
    for (const std::int64_t version : receipt.versions)
      if (version > 0 && version < 1'000'000) a.wrong.push_back("a true version is told by a trial run");
    return std::to_string(receipt.inserted) + " " + std::to_string(receipt.updated) + " " +
           std::to_string(receipt.erased) + " " + std::to_string(receipt.unchanged);
  }
  std::string text = a.renaming.token(receipt.position) + " " + std::to_string(receipt.inserted) + " " +
                     std::to_string(receipt.updated) + " " + std::to_string(receipt.erased) + " " +
                     std::to_string(receipt.unchanged);
  for (const Id id : receipt.ids) text += " " + a.renaming.id(id, entity + ".id");
  for (const std::int64_t version : receipt.versions) text += " " + a.renaming.token(version);
  return text;
}

void apply(A& a, const std::string& call, const ChangeSet& set, const std::string& entity,
           const ApplyOptions& options = {}) {
  a.ask(call, [&] { return receipt_text(a, a.session.apply(set, options), entity, options.dry_run); });
}

bool keeps(A& a, std::string_view entity, std::string_view field) {
  return std::ranges::any_of(a.plan().kept,
                             [&](const KeptField& kept) { return kept.entity == entity && kept.field == field; });
}

// A customer whom both worlds have, and whether the user may read and do this to them.
struct Chosen {
  Id id;
  Hands hands = Hands::other;
  bool readable = false;
  bool may(const std::string& scope) const { return id && readable && WorldPlan::within(scope, hands); }
};

Chosen choose(A& a) {
  const auto hands = static_cast<Hands>(a.draw(4));
  const Id id = a.customer(hands);
  return {id, hands, a.plan().in_scope(hands)};
}

void change(A& a) {
  const Chosen customer = choose(a);
  if (!customer.id) return;
  ChangeSet set;
  // Also where the value may be the same already: that it is would tell what is kept back.
  const std::string city = "t" + std::to_string(a.draw(12));
  set.put("customer", customer.id).set("city", city);
  apply(a, "Session::apply, a change", set, "customer");
  a.check(customer.may(a.plan().acts.update) && !keeps(a, "customer", "city"), "a change that nobody allows");
}

void change_kept(A& a) {
  const Chosen customer = choose(a);
  std::vector<const KeptField*> kept;
  for (const KeptField& each : a.plan().kept)
    if (each.entity == "customer") kept.push_back(&each);
  const std::uint64_t which = a.draw(8);
  if (kept.empty() || !customer.id) return;
  const Field& field = a.world.schema().entity("customer").field(kept[which % kept.size()]->field);
  ChangeSet set;
  set.put("customer", customer.id).set(field.name, a.value(field));
  apply(a, "Session::apply, a field that is kept back", set, "customer");
  a.check(false, "a field that nobody may write");
}

void change_unseen(A& a) {
  const Entity& entity = a.entity();
  const Id id = a.world.unseen(entity.name, a.draw(64));
  const Field& field = a.field(entity);
  ChangeSet set;
  set.put(entity.name, id).set(field.name, a.value(field));
  apply(a, "Session::apply, of what is not there", set, entity.name);
  a.check(false, "a record that is not there");
}

void refer(A& a) {
  const Chosen customer = choose(a);
  const Id other = a.customer();
  if (!customer.id) return;
  ChangeSet set;
  set.put("customer", customer.id).set("parent_id", other);
  const auto record = a.session.view().get("customer", customer.id);
  const bool is_parent = record && record->get("parent_id") == Value(other);
  apply(a, "Session::apply, a reference", set, "customer");
  const auto hands = a.world.hands_of(other);
  if (is_parent) return;  // the number that the record tells
  a.check(
      customer.may(a.plan().acts.update) && hands && a.plan().in_scope(*hands) && !keeps(a, "customer", "parent_id"),
      "a reference to what is not there");
}

// Into these hands, as far as the user may name them.
void place(A& a, ChangeSet::Put& put, Hands hands) {
  const auto named = [&](const char* entity) { return a.plan().reads_all.contains(entity); };
  if (named("user")) put.set("owner_id", a.world.staff(hands));
  if (named("team")) put.set("team_id", a.world.team(hands));
  if (named("territory")) put.set("territory_id", a.world.territory(hands));
}

void make(A& a) {
  const auto hands = static_cast<Hands>(a.draw(4));
  const bool identity = a.draw(3) == 0;
  ChangeSet set;
  ChangeSet::Put put = set.put("customer");
  put.set("name", "long text 5");
  place(a, put, hands);
  if (identity) put.by("shop", "1");
  apply(a, "Session::apply, a new customer", set, "customer", {.dry_run = true});
  a.check(WorldPlan::within(a.plan().acts.create, hands) && !keeps(a, "customer", "name"),
          "a customer that nobody may make");
}

void make_child(A& a) {
  const Chosen customer = choose(a);
  const Id of = a.draw(4) == 0 ? a.world.unseen("customer", a.draw(64)) : customer.id;
  if (!of) return;
  ChangeSet set;
  set.put("interaction").set("customer_id", of).set("channel", "phone").set("at", Instant{1});
  apply(a, "Session::apply, a record of a customer", set, "interaction");
  a.check(of == customer.id && customer.may(a.plan().acts.create) && a.world.granted().reads.contains("interaction") &&
              !keeps(a, "interaction", "channel") && !keeps(a, "interaction", "at"),
          "a record that nobody may make");
}

// The customer comes with the record: it is judged as the set leaves it.
void make_both(A& a) {
  const auto hands = static_cast<Hands>(a.draw(4));
  ChangeSet set;
  ChangeSet::Put put = set.put("customer");
  put.set("name", "long text 6");
  place(a, put, hands);
  const Id customer = put.id();
  set.put("interaction").set("customer_id", customer).set("at", Instant{1});
  apply(a, "Session::apply, a customer with a record", set, "customer", {.dry_run = true});
  a.check(WorldPlan::within(a.plan().acts.create, hands) && a.world.granted().reads.contains("interaction"),
          "a customer with a record that nobody may make");
}

// Segments that the user does not see have these names in one of the worlds.
void make_segment(A& a) {
  const std::string name = "o" + std::to_string(a.draw(2)) + "-" + std::to_string(1 + a.draw(2));
  ChangeSet set;
  set.put("segment").set("name", "long text 7").set("rule", "in segment '" + name + "'");
  apply(a, "Session::apply, a segment that names another", set, "segment", {.dry_run = true});
}

// A change of the customer brings nothing along that the user may not make of them.
void make_beside(A& a) {
  const Chosen customer = choose(a);
  if (!customer.id) return;
  ChangeSet set;
  set.put("customer", customer.id).set("city", "t" + std::to_string(a.draw(12)));
  set.put("interaction").set("customer_id", customer.id).set("at", Instant{1});
  apply(a, "Session::apply, a record beside its customer", set, "customer", {.dry_run = true});
  a.check(customer.may(a.plan().acts.update) && customer.may(a.plan().acts.create) && !keeps(a, "customer", "city") &&
              a.world.granted().reads.contains("interaction"),
          "a record that nobody may make");
}

void move_child(A& a) {
  const Chosen customer = choose(a);
  const Entity* entity = nullptr;
  Id id;
  for (int tries = 0; tries < 8 && !id; ++tries) {
    entity = &a.entity();
    if (entity->customer_field && entity->keeping == Keeping::journalled) id = a.world.shared(entity->name, a.draw(16));
  }
  const auto from = a.world.hands_of(entity->name, id);
  if (!customer.id || !id || !from || customer.hands == Hands::other) return;
  const auto record = a.session.view().get(entity->name, id);
  // What they are responsible for is theirs, whoever's customer it is of.
  const bool theirs =
      record && entity->responsible_field && (*record)[*entity->responsible_field] == Value(a.world.user());
  const std::string& scope = a.plan().acts.update;
  ChangeSet set;
  set.put(entity->name, id).set(entity->fields[*entity->customer_field].name, customer.id);
  apply(a, "Session::apply, a record to another customer", set, entity->name, {.dry_run = true});
  a.check(customer.readable && (theirs ? !scope.empty() : customer.may(scope) && WorldPlan::within(scope, *from)),
          "a record put where nobody may");
}

void erase(A& a) {
  const Chosen customer = choose(a);
  if (!customer.id || a.draw(4) != 0) return;
  ChangeSet set;
  set.erase("customer", customer.id, a.draw(3) == 0 ? 17 : 0);
  apply(a, "Session::apply, a deletion", set, "customer", {.dry_run = true});
  a.check(customer.may(a.plan().acts.remove), "a deletion that nobody allows");
}

void give_away(A& a) {
  const Chosen customer = choose(a);
  const auto to = static_cast<Hands>(a.draw(4));
  if (!customer.id || to == customer.hands || !a.plan().reads_all.contains("user")) return;
  ChangeSet set;
  set.put("customer", customer.id).set("owner_id", a.world.staff(to));
  const ApplyOptions dry{.dry_run = true};
  apply(a, "Session::apply, an assignment", set, "customer", dry);
  a.check(customer.may(a.plan().acts.assign), "an assignment that nobody allows");
}

// Who has given a customer away may not refer to them any more.
void give_and_refer(A& a) {
  const Id given = a.customer(Hands::own);
  if (a.plan().scope != "own" || !a.plan().reads_all.contains("user") || !given) return;
  ChangeSet set, reference;
  set.put("customer", given).set("owner_id", a.world.staff(Hands::other));
  apply(a, "Session::apply, a customer given away", set, "customer");
  if (!a.told.back().full) return;
  a.world.was_given(given, Hands::other);
  const Id own = a.customer(Hands::own);
  if (!own) return;
  const auto record = a.session.view().get("customer", own);
  if (record && record->get("parent_id") == Value(given)) return;
  reference.put("customer", own).set("parent_id", given);
  apply(a, "Session::apply, a reference to who was given away", reference, "customer", {.dry_run = true});
  a.check(false, "a reference to what is not there any more");
}

// The versions that a user is told are good for them, and no others are.
void expect(A& a) {
  const Chosen customer = choose(a);
  if (!customer.may(a.plan().acts.update) || keeps(a, "customer", "city")) return;
  const auto record = a.session.view().get("customer", customer.id);
  if (!record) return;
  const std::string city = "expected " + std::to_string(a.draw(100));
  ChangeSet told, guessed;
  told.put("customer", customer.id).set("city", city).expect(record->version());
  for (std::int64_t version = 1; version < 40; ++version) {
    ChangeSet guess;
    guess.put("customer", customer.id).set("city", city).expect(version);
    a.ask("Session::apply, a version that was guessed",
          [&] { return receipt_text(a, a.session.apply(guess, {.dry_run = true}), "customer", true); });
    if (a.told.back().full) a.wrong.push_back("apply: a true version is good");
  }
  apply(a, "Session::apply, a version that was told", told, "customer");
  if (!a.told.back().full) a.wrong.push_back("apply: a version that was told is not good");
}

// An op id of somebody else's is refused, and tells no position.
void repeat(A& a) {
  const Chosen customer = choose(a);
  if (!customer.id) return;
  ChangeSet set;
  set.put("customer", customer.id).set("city", "t3");
  const bool own = a.draw(2) == 0;
  const auto system = a.ground.session(no_id);
  ChangeSet theirs;
  theirs.put("product").set("name", "of the system");
  if (!own) system->apply(theirs, {.op_id = "op"});
  const ApplyOptions options{.op_id = own ? "mine" : "op"};
  apply(a, "Session::apply, once", set, "customer", options);
  if (!own) a.check(false, "an operation of somebody else's");
  apply(a, "Session::apply, again", set, "customer", options);
  a.ask("assign, again", [&] {
    const Transferred done = assign(a.session, {.customers = {customer.id}, .owner = a.world.user()},
                                    {.dry_run = true, .op_id = options.op_id});
    return done.repeated ? a.renaming.token(done.position) : "";
  });
  if (!own) a.check(false, "an operation of somebody else's");
}

void configure(A& a) {
  a.ask("put_role", [&] { return a.renaming.id(put_role(a.session, "mighty"), "role.id"); });
  a.check(false, "a role made without the permission");
  a.ask("put_user",
        [&] { return a.renaming.id(put_user(a.session, {.name = "Bob", .left_on = Date{30'000}}), "user.id"); });
  a.check(false, "a user changed without the permission");
  a.ask("grant", [&] {
    return a.renaming.id(grant(a.session, {.role = "agent", .action = "read", .scope = "all"}), "permission.id");
  });
  a.check(false, "a permission given without the permission");
  a.ask("revoke", [&] { return std::to_string(revoke(a.session, {.role = "agent"})); });
  a.check(false, "a permission taken without the permission");
  ChangeSet set;
  set.put("permission").set("role_id", Id{1}).set("action", "read").set("scope", "all");
  apply(a, "Session::apply, a permission", set, "permission");
  a.check(false, "a permission given to oneself");
  ChangeSet moved;
  moved.put("user", a.world.user()).set("team_id", a.world.team(Hands::other));
  apply(a, "Session::apply, another team", moved, "user");
  a.check(false, "another team for oneself");
  a.ask("Session::enforce_rights", [&] { return a.session.enforce_rights(), std::string("done"); });
  a.check(false, "rights enforced by a user");
}

// An act of its own writes by its permission, and by no other.
void acts(A& a) {
  const Chosen customer = choose(a);
  if (!customer.id) return;
  const Acts& acts = a.plan().acts;
  ChangeSet tag, city;
  tag.put("tag").set("customer_id", customer.id).set("name", "t4");
  city.put("customer", customer.id).set("city", "imported " + std::to_string(a.draw(9)));
  const auto under = [&](Action action, const std::string& call, const ChangeSet& set, const std::string& entity,
                         bool allowed) {
    a.ask(call, [&] {
      const Purpose purpose(a.session, action);
      return receipt_text(a, a.session.apply(set), entity);
    });
    a.check(allowed, "an act that nobody allows");
  };
  under(Action::analyse, "Session::apply, an analysis", tag, "tag", customer.may(acts.analyse));
  under(Action::analyse, "Session::apply, an analysis of fields", city, "customer", false);
  under(Action::import_records, "Session::apply, an import", city, "customer",
        customer.may(acts.import_records) && !keeps(a, "customer", "city"));
}

void import(A& a) {
  const bool dry = a.draw(3) == 0, orders = a.draw(3) == 0;
  const std::vector<std::string> files{orders ? orders_file() : import_file()};
  a.ask("import_tables", [&] { return to_json(import_tables(a.session, files, {.source = "shop", .dry_run = dry})); });
  const bool none = a.plan().acts.import_records.empty();
  if (none || (orders && a.plan().imports_customers_only)) a.check(false, "nobody gave the permission to import");
  const bool kept = std::ranges::any_of(a.plan().kept, [](const KeptField& each) { return each.entity == "customer"; });
  if (a.plan().acts.import_records == "all" && !a.plan().imports_customers_only && !orders && !kept &&
      !a.told.back().full)
    a.wrong.push_back("import_tables: what is allowed is refused");
}

void log(A& a) {
  const Chosen customer = choose(a);
  const Id of = a.draw(4) == 0 ? a.world.unseen("customer", a.draw(64)) : customer.id;
  Interaction what;
  what.customer_id = of;
  what.channel = "phone";
  a.ask("log_interaction", [&] { return a.renaming.id(log_interaction(a.session, what).id, "interaction.id"); });
  // Whoever took part is responsible for it: it is theirs, whoever's customer it is of.
  if (of == customer.id && of)
    a.check(customer.readable && !a.plan().acts.create.empty(), "an interaction that nobody may log");
}

std::string transferred_text(A& a, Transferred done) {
  // How many records are kept back from who hands over is told, as a number.
  std::erase_if(done.kept, [](const KeptRecords& kept) { return kept.reason == KeptReason::unseen; });
  return a.renaming.json(to_json(done), "transferred");
}

void hand_out_customers(A& a) {
  const Chosen customer = choose(a);
  const auto to = static_cast<Hands>(a.draw(4));
  const bool by_id = a.draw(2) == 0;
  if (!customer.id) return;
  Assignment assignment{.owner = a.world.staff(to)};
  if (by_id)
    assignment.customers = {customer.id};
  else
    assignment.where = Where::equal("country", Value("DE"));
  a.ask("assign", [&] { return transferred_text(a, assign(a.session, assignment, {.dry_run = true})); });
  if (by_id) a.check(customer.may(a.plan().acts.assign), "an assignment that nobody allows");
}

void leave(A& a) {
  const auto from = static_cast<Hands>(a.draw(4));
  a.ask("hand_over", [&] {
    return transferred_text(
        a, hand_over(a.session,
                     {.leaver = a.world.staff(from), .successors = {a.world.staff(Hands::mate)}, .leaves = false},
                     {.dry_run = true}));
  });
}

void pool(A& a) {
  a.ask("recycle", [&] {
    const Recycled done = recycle(a.session, {}, {.dry_run = true});
    return done.owned == 0 ? "" : std::to_string(done.owned) + a.renaming.json(to_json(done), "recycled");
  });
  const Id customer = a.customer();
  a.ask("claim_customer", [&] {
    return a.renaming.json(to_json(claim_customer(a.session, customer, a.world.user(), {.dry_run = true})), "claim");
  });
  a.ask("in_pool", [&] {
    const std::int64_t count = a.session.view().count("customer", in_pool());
    return count == 0 ? "" : std::to_string(count);
  });
  a.ask("pool_rules", [&] { return std::to_string(pool_rules(a.session.view()).size()); });
}

void stage(A& a) {
  const bool dry = a.draw(2) == 0;
  a.ask("stage_customers",
        [&] { return a.renaming.json(to_json(stage_customers(a.session, {.dry_run = dry})), "stages"); });
}

}  // namespace

namespace {

std::string written(const char* name, const char* text) {
  static const TempFolder folder;
  std::string file = folder.file(name);
  std::ofstream(file) << text;
  return file;
}

}  // namespace

const std::string& import_file() {
  static const std::string path =
      written("customers.csv", "customer_id,name,city\nA1,long text 1,t1\nA2,long text 2,t2\n");
  return path;
}

const std::string& orders_file() {
  static const std::string path =
      written("orders.csv", "order_id,customer_id,order_date,status\nO1,A1,2023-01-05,open\nO2,A2,2023-02-06,open\n");
  return path;
}

std::vector<WorldCall<CppAsker>> cpp_writes() {
  return {
      {"change", 2, change},
      {"change_kept", 2, change_kept},
      {"change_unseen", 2, change_unseen},
      {"refer", 3, refer},
      {"make", 3, make},
      {"make_child", 3, make_child},
      {"make_both", 4, make_both},
      {"make_segment", 8, make_segment},
      {"make_beside", 2, make_beside},
      {"move_child", 1, move_child},
      {"erase", 4, erase},
      {"give_and_refer", 2, give_and_refer},
      {"give_away", 3, give_away},
      {"expect", 20, expect},
      {"repeat", 12, repeat},
      {"configure", 12, configure},
      {"acts", 3, acts},
      {"import", 3, import},
      {"log", 4, log},
      {"assign", 4, hand_out_customers},
      {"hand_over", 8, leave},
      {"pool", 6, pool},
      {"stage", 6, stage},
  };
}

}  // namespace emptor::test
