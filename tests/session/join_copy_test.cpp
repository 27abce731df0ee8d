// Two copies of a store that lived apart and are joined: by hand, and random lives against a merge of plain maps.
#include "emptor/session/join_copy.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "emptor/core/random.hpp"
#include "emptor/store/copy.hpp"
#include "support/office.hpp"
#include "support/store_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

// A store in the main office and a copy of it on a laptop, in memory.
struct Copies {
  explicit Copies(StoreGround& ground) : ground(ground), here(ground.store()) {}

  Id put(Session& session, const char* entity, const Cells& cells, Id id = no_id) {
    ChangeSet set;
    ChangeSet::Put put = set.put(entity, id);
    for (const auto& [field, value] : cells) put.set(field, value);
    return session.apply(set).ids.front();
  }
  void part() {
    laptop = open_memory(options_of_copy(*ground.store().read()));
    copy_store(ground.store(), *laptop);
    there = std::make_unique<Session>(*laptop);
  }
  JoinReport join(const JoinOptions& options = {}) { return join_copy(here, *laptop, options); }
  std::string text(const char* entity, Id id, const char* field) {
    return std::string(here.view().get(entity, id)->get(field).text());
  }

  StoreGround& ground;
  Session here;
  std::unique_ptr<Store> laptop;
  std::unique_ptr<Session> there;
};

void on_copies(const std::function<void(Copies&)>& test) {
  on_every_store([&](StoreGround& ground) {
    Copies copies(ground);
    test(copies);
    CHECK(copies.here.verify(true).faults == std::vector<std::string>{});
  });
}

}  // namespace

TEST_CASE("join: what only one side did is done, new records get numbers of here, and once is enough (M10)") {
  on_copies([](Copies& copies) {
    const Id ann = copies.put(copies.here, "customer", {{"name", "Ann"}, {"city", "Ulm"}});
    const Id bob = copies.put(copies.here, "customer", {{"name", "Bob"}});
    copies.part();
    copies.put(copies.here, "customer", {{"name", "Eve"}});  // takes the number that Carl has on the laptop
    copies.put(copies.here, "customer", {{"city", "Bonn"}}, bob);
    const Id carl = copies.put(*copies.there, "customer", {{"name", "Carl"}, {"parent_id", ann}});
    const Id order = copies.put(*copies.there, "order", {{"customer_id", carl}, {"number", "L-1"}});
    copies.put(*copies.there, "customer", {{"city", "Kiel"}, {"parent_id", carl}}, ann);
    const JoinReport report = copies.join();
    CHECK(report.parted_at == 2);
    CHECK(report.inserted == 2);
    CHECK(report.updated == 1);
    CHECK(report.conflicts.empty());
    const std::vector<Record> found =
        copies.here.view().select({.entity = "customer", .where = Where::equal("name", "Carl")});
    REQUIRE(found.size() == 1);
    CHECK(found[0].id() != carl);
    CHECK(found[0].get("parent_id").id() == ann);
    CHECK(copies.here.view().get("customer", ann)->get("parent_id").id() == found[0].id());
    CHECK(copies.text("customer", ann, "city") == ("Kiel"));
    CHECK(copies.text("customer", bob, "city") == ("Bonn"));
    CHECK(copies.here.view().select({.entity = "order"}).at(0).get("customer_id").id() == found[0].id());

    const std::int64_t position = copies.here.view().info().position;
    CHECK(copies.join().joined_up_to == copies.laptop->read()->info().position);
    CHECK(copies.here.view().info().position == position);

    copies.put(*copies.there, "order", {{"number", "L-2"}}, order);
    copies.put(*copies.there, "order", {{"customer_id", carl}, {"number", "L-3"}});
    const JoinReport again = copies.join();
    CHECK(again.inserted == 1);
    CHECK(again.updated == 1);
    CHECK(copies.here.view().count("order") == 2);
    CHECK(copies.here.view().count("order", Where::equal("customer_id", found[0].id())) == 2);
    CHECK(copies.here.view().count("order", Where::equal("number", "L-2")) == 1);
  });
}

TEST_CASE("join: what both sides did is told, stays as it is here, or becomes as it is there") {
  for (const bool theirs : {false, true})
    on_copies([theirs](Copies& copies) {
      const Id ann = copies.put(copies.here, "customer", {{"name", "Ann"}, {"city", "Ulm"}});
      const Id bob = copies.put(copies.here, "customer", {{"name", "Bob"}});
      copies.part();
      copies.put(copies.here, "customer", {{"city", "Bonn"}, {"country", "DE"}}, ann);
      copies.put(copies.here, "customer", {{"city", "Rom"}}, bob);
      copies.put(*copies.there, "customer", {{"city", "Kiel"}, {"country", "DE"}}, ann);
      ChangeSet erasing;
      erasing.erase("customer", bob);
      copies.there->apply(erasing);
      const JoinReport planned = copies.join({.theirs = theirs, .dry_run = true});
      CHECK(planned.conflicts.size() == 2);
      CHECK(copies.text("customer", ann, "city") == ("Bonn"));
      const JoinReport report = copies.join({.theirs = theirs});
      REQUIRE(report.conflicts.size() == 2);
      CHECK(report.conflicts[0].field == "city");
      CHECK(report.conflicts[0].ours->get("city") == Value("Bonn"));
      CHECK(report.conflicts[0].other->get("city") == Value("Kiel"));
      CHECK(report.conflicts[1].field.empty());
      CHECK(report.conflicts[1].here == bob);
      CHECK(copies.text("customer", ann, "city") == (theirs ? "Kiel" : "Bonn"));
      CHECK(copies.here.view().get("customer", bob).has_value() == !theirs);
      CHECK(copies.join().conflicts.empty());
      CHECK(to_json(report).find(R"("field":"city","here":"1")") != std::string::npos);
    });
}

TEST_CASE("join: records that both sides made are one by their external ids or what is unique") {
  on_copies([](Copies& copies) {
    const Id spring = copies.put(copies.here, "promotion", {{"name", "Spring"}});
    copies.part();
    const auto make = [&](Session& session, const char* city) {
      ChangeSet set;
      set.put("customer").by("shop", "C-7").set("name", "Ann").set("city", city);
      session.apply(set);
    };
    make(copies.here, "Ulm");
    make(*copies.there, "Kiel");
    for (Session* session : {&copies.here, copies.there.get()})
      copies.put(*session, "coupon", {{"promotion_id", spring}, {"code", "A1"}});
    const JoinReport report = copies.join();
    CHECK(report.matched == 2);
    CHECK(report.inserted == 0);
    REQUIRE(report.conflicts.size() == 1);
    CHECK(report.conflicts[0].field == "city");
    CHECK(copies.here.view().count("customer") == 1);
    CHECK(copies.here.view().count("coupon") == 1);
    CHECK(copies.join().matched == 0);
  });
}

TEST_CASE("join: a custom field that the copy was given comes along; one of another type is refused") {
  on_copies([](Copies& copies) {
    const Id ann = copies.put(copies.here, "customer", {{"name", "Ann"}});
    copies.part();
    copies.there->define_field({.entity = "customer", .name = "x_shoe", .type = Type::integer});
    copies.put(*copies.there, "customer", {{"x_shoe", 44}}, ann);
    CHECK(copies.join({.dry_run = true}).updated == 0);
    CHECK(copies.join().updated == 1);
    CHECK(copies.here.view().get("customer", ann)->get("x_shoe") == Value(44));
    copies.here.define_field({.entity = "order", .name = "x_gift", .type = Type::text});
    copies.there->define_field({.entity = "order", .name = "x_gift", .type = Type::boolean});
    CHECK(refusal_of([&] { copies.join(); }) == Code::unsupported);
  });
}

TEST_CASE("join: strangers, trimmed journals and who may not see all are refused") {
  on_copies([](Copies& copies) {
    Instant now{1'700'000'000'000'000};
    Session past(copies.ground.store(), {.clock = [&] { return now; }});
    copies.put(past, "customer", {{"name", "Ann"}});
    now.micros += micros_per_day;
    copies.put(past, "customer", {{"name", "Bob"}});
    copies.part();
    const auto stranger = open_memory();
    CHECK(refusal_of([&] { join_copy(past, *stranger); }) == Code::invalid);
    now.micros += micros_per_day;
    copies.put(past, "customer", {{"name", "Cleo"}});
    now.micros += micros_per_day;
    const Id user = copies.put(past, "user", {{"name", "Ute"}});
    past.enforce_rights();
    Session clerk(copies.ground.store(), {.actor = {.user = user}, .clock = [&] { return now; }});
    CHECK(refusal_of([&] { join_copy(clerk, *copies.laptop); }) == Code::denied);
    past.trim_journal(now);
    CHECK(refusal_of([&] { join_copy(past, *copies.laptop); }) == Code::unsupported);
  });
}

namespace {

// One side's life as plain maps: fields by key of the record; missing where it is empty.
struct Plain {
  std::map<std::string, std::string> fields;
  bool deleted = false;
  friend bool operator==(const Plain&, const Plain&) = default;
};
using Life = std::map<std::string, Plain>;
constexpr const char* told[] = {"name", "city", "country", "owner"};  // `owner` stands for parent_id

class TwoLives {
 public:
  TwoLives(StoreGround& ground, std::uint64_t seed) : copies_(ground), random_(seed) {
    for (int i = 0; i < 12; ++i) put(copies_.here, ours_, new_key());
    copies_.part();
    base_ = theirs_ = ours_;
  }

  // Both live on, and are joined.
  void round() {
    for (int i = 0; i < 10; ++i) step(copies_.here, ours_);
    for (int i = 0; i < 10; ++i) step(*copies_.there, theirs_);
    const std::size_t conflicts = merge();
    const JoinReport report = copies_.join();
    base_ = theirs_;
    CHECK(report.conflicts.size() == conflicts);
    const Life found = life_of(copies_.here);
    for (const auto& [key, plain] : ours_) {
      CAPTURE(key);
      REQUIRE(found.contains(key) == !plain.deleted);
      if (!plain.deleted) REQUIRE(found.at(key) == plain);
    }
    std::erase_if(ours_, [&](const auto& each) { return each.second.deleted && !base_.contains(each.first); });
  }
  void check() { CHECK(copies_.here.verify(true).faults == std::vector<std::string>{}); }

 private:
  std::string new_key() { return "K" + std::to_string(++keys_); }
  std::string value() { return std::string(1, static_cast<char>('a' + random_.below(4))); }

  std::string living(const Life& life) {
    std::vector<std::string> keys;
    for (const auto& [key, plain] : life)
      if (!plain.deleted) keys.push_back(key);
    return keys.empty() ? "" : keys[random_.below(keys.size())];
  }

  void put(Session& session, Life& life, const std::string& key) {
    ChangeSet set;
    ChangeSet::Put put = set.put("customer");
    put.by("shop", key);
    Plain& plain = life[key];
    for (const char* field : {"name", "city"})
      if (random_.below(2) == 0) put.set(field, plain.fields[field] = value());
    session.apply(set);
  }

  void step(Session& session, Life& life) {
    const std::string key = living(life);
    if (key.empty() || random_.below(5) == 0) return put(session, life, new_key());
    if (random_.below(8) == 0) return erase(session, life, key);
    const std::string parent = living(life);
    ChangeSet set;
    ChangeSet::Put put = set.put("customer");
    put.by("shop", key);
    const char* field = told[random_.below(4)];
    if (field != std::string_view("owner")) {
      put.set(field, life[key].fields[field] = value());
    } else if (parent != key && !above(life, parent, key)) {
      put.set("parent_id", session.view().find("customer", "shop", parent)->id());
      life[key].fields[field] = parent;
    }
    session.apply(set);
  }

  // Whether `key` stands above a customer, who then cannot stand above it.
  static bool above(const Life& life, std::string at, const std::string& key) {
    for (int depth = 0; depth < 100; ++depth) {
      const auto parent = life.at(at).fields.find("owner");
      if (parent == life.at(at).fields.end() || !life.contains(parent->second)) return false;
      if (parent->second == key) return true;
      at = parent->second;
    }
    return true;
  }

  static void erase(Session& session, Life& life, const std::string& key) {
    ChangeSet set;
    set.erase("customer", session.view().find("customer", "shop", key)->id());
    session.apply(set);
    life[key].deleted = true;
  }

  // Three-way, field by field; what contradicts stays as it is here.
  std::size_t merge() {
    std::size_t conflicts = 0;
    const Life before = ours_;
    std::vector<std::string> made;
    for (const auto& [key, now] : theirs_) {
      const auto base = base_.find(key);
      if (base != base_.end() && base->second == now) continue;
      const auto here = ours_.find(key);
      if (here == ours_.end() && !now.deleted) made.push_back(key);
      if (here != ours_.end())
        conflicts += merge_one(before, here->second, now, base == base_.end() ? Plain{} : base->second);
    }
    for (const std::string& key : made) conflicts += make(before, key);
    return conflicts;
  }

  // A new one; whom it is below may be gone, there or here.
  std::size_t make(const Life& before, const std::string& key) {
    Plain& plain = ours_[key] = theirs_.at(key);
    const auto owner = plain.fields.find("owner");
    if (owner == plain.fields.end()) return 0;
    const bool gone_there = theirs_.at(owner->second).deleted, gone = !gone_there && is_gone(before, owner->second);
    if (gone || gone_there) plain.fields.erase(owner);
    return gone ? 1 : 0;
  }
  static bool is_gone(const Life& before, const std::string& key) {
    return before.contains(key) && before.at(key).deleted;
  }

  std::size_t merge_one(const Life& before_join, Plain& here, const Plain& now, const Plain& base) {
    if (now.deleted) {
      if (here.deleted || base.deleted) return 0;
      const bool untouched = here.fields == base.fields;
      here.deleted = untouched;
      return untouched ? 0 : 1;
    }
    if (here.deleted) return 1;
    std::size_t conflicts = 0;
    const auto of = [](const Plain& plain, const char* field) {
      const auto found = plain.fields.find(field);
      return found == plain.fields.end() ? std::string() : found->second;
    };
    for (const char* field : told) {
      std::string theirs = of(now, field);
      const std::string ours = of(here, field), before = of(base, field);
      if (theirs == before) continue;
      const bool owner = field == std::string_view("owner") && !theirs.empty();
      if (owner && theirs_.at(theirs).deleted) theirs.clear();
      if (theirs == ours) continue;
      if (ours != before || (owner && is_gone(before_join, theirs)))
        ++conflicts;
      else if (theirs.empty())
        here.fields.erase(field);
      else
        here.fields[field] = theirs;
    }
    return conflicts;
  }

  static Life life_of(Session& session) {
    const View view = session.view();
    std::map<std::int64_t, std::string> keys;
    for (const Record& record :
         view.select({.entity = "identity", .where = Where::equal("system", "shop"), .limit = 100'000}))
      keys[record.get("record_id").id().value] = record.get("external_id").text();
    Life life;
    for (const Record& record : view.select({.entity = "customer", .limit = 100'000})) {
      Plain& plain = life[keys.at(record.id().value)];
      for (const char* field : {"name", "city", "country"})
        if (record.get(field).present()) plain.fields[field] = record.get(field).text();
      if (const Value parent = record.get("parent_id"); parent.present())
        plain.fields["owner"] = keys.contains(parent.id().value) ? keys.at(parent.id().value) : "?";
    }
    return life;
  }

  Copies copies_;
  Random random_;
  Life ours_, theirs_, base_;
  int keys_ = 0;
};

}  // namespace

TEST_CASE("join: random lives apart, joined again and again, are as a merge of plain maps") {
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    CAPTURE(seed);
    on_every_store([seed](StoreGround& ground) {
      TwoLives lives(ground, seed);
      for (int round = 0; round < 6; ++round) {
        CAPTURE(round);
        lives.round();
      }
      lives.check();
    });
  }
}
