// Tags with their days: what put, remove and the list of a day say, against a calendar of single days.
#include "emptor/desk/tags.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "emptor/core/random.hpp"
#include "support/office.hpp"

using namespace emptor;
using namespace emptor::test;
using Names = std::vector<std::string>;

namespace {

constexpr Date day{20'000};

Date after(int days) { return {day.days + days}; }

Names names(const Session& session, Id customer, std::optional<Date> on = {}) {
  Names found;
  for (const Tag& tag : tags_of(session, customer, on)) found.push_back(tag.name);
  return found;
}

}  // namespace

TEST_CASE("[B16] tags: a tag holds from its first day to its last, with its source and how sure it is") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    office.now = Instant{day.days * micros_per_day + 1};
    Session& system = office.system();
    const Id ada = office.customer("Ada");
    const Id tea = put_tag(system, {.customer = ada,
                                    .name = "likes tea",
                                    .source = "call",
                                    .confidence = 0.75,
                                    .valid_from = after(-1),
                                    .valid_to = after(1)});
    put_tag(system, {.customer = ada, .name = "always"});
    CHECK(names(system, ada) == Names{"always", "likes tea"});
    CHECK(names(system, ada, after(-2)) == Names{"always"});
    CHECK(names(system, ada, after(1)) == Names{"always", "likes tea"});
    CHECK(names(system, ada, after(2)) == Names{"always"});
    const Tag tag = tags_of(system, ada)[1];
    CHECK(tag.id == tea);
    CHECK(tag.confidence == 0.75);
    CHECK(to_json(tags_of(system, ada, after(1)))
              .ends_with(R"("name":"likes tea","source":"call","confidence":0.75,"valid_from":"2024-10-03",)"
                         R"("valid_to":"2024-10-05"}])"));
    // The same again is one tag; of another source it is another one; later days are another spell.
    CHECK(put_tag(system, {.customer = ada, .name = "likes tea", .source = "call", .valid_from = day}) == tea);
    CHECK(!tags_of(system, ada)[1].confidence);
    CHECK(put_tag(system, {.customer = ada, .name = "likes tea", .source = "survey", .valid_to = day}) != tea);
    CHECK(names(system, ada) == Names{"always", "likes tea", "likes tea"});
    CHECK(names(system, ada, after(-1)) == Names{"always", "likes tea"});
  });
}

TEST_CASE("[B16] tags: what is removed ends, and what was stays") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    office.now = Instant{day.days * micros_per_day};
    Session& system = office.system();
    const Id ada = office.customer("Ada"), bo = office.customer("Bo");
    for (const Id customer : {ada, bo}) put_tag(system, {.customer = customer, .name = "vip", .valid_from = after(-5)});
    put_tag(system, {.customer = ada, .name = "vip", .source = "model", .valid_from = after(3)});
    put_tag(system, {.customer = ada, .name = "vip", .source = "old", .valid_to = after(-9)});
    CHECK(remove_tag(system, ada, "vip") == 2);
    CHECK(names(system, ada).empty());
    CHECK(names(system, ada, after(4)).empty());
    CHECK(names(system, ada, after(-1)) == Names{"vip"});
    CHECK(names(system, ada, after(-9)) == Names{"vip"});
    CHECK(names(system, bo) == Names{"vip"});
    CHECK(remove_tag(system, ada, "vip") == 0);
  });
}

TEST_CASE("[B16] tags: what is wrong is refused by field") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    Session& system = office.system();
    const Id ada = office.customer("Ada");
    const auto put = [&](const TagEntry& entry) { return refusal_of([&] { put_tag(system, entry); }); };
    CHECK(put({.customer = ada}) == Code::invalid);
    for (const double confidence : {-0.1, 1.1, std::nan("")})
      CHECK(put({.customer = ada, .name = "x", .confidence = confidence}) == Code::invalid);
    CHECK(put({.customer = ada, .name = "x", .valid_from = day, .valid_to = after(-1)}) == Code::invalid);
    CHECK(put({.customer = Id{99}, .name = "x"}) == Code::not_found);
    CHECK(refusal_of([&] { tags_of(system, Id{99}); }) == Code::not_found);
    CHECK(refusal_of([&] { remove_tag(system, Id{99}, "x"); }) == Code::not_found);
    CHECK(system.view().count("tag") == 0);
    // By rights as every record.
    const Id ann = office.user("Ann");
    office.allow(ann, "read", "all");
    const auto session = office.as(ann);
    CHECK(refusal_of([&] { put_tag(*session, {.customer = ada, .name = "x"}); }) == Code::denied);
    office.allow(ann, "create", "all", "tag");
    CHECK(refusal_of([&] { put_tag(*session, {.customer = ada, .name = "x"}); }) == Code::ok);
    CHECK(refusal_of([&] { remove_tag(*session, ada, "x"); }) == Code::denied);
  });
}

TEST_CASE("[B16] tags: random calls leave the days that a calendar of single days says") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    office.now = Instant{day.days * micros_per_day};
    Session& system = office.system();
    const Id ada = office.customer("Ada");
    constexpr int days = 30;
    // Of each source, the spells as put; days outside of 0 to 29 do not occur.
    struct Spell {
      int from, to;
    };
    std::map<std::string, std::vector<Spell>> spells;
    Random random(9);
    for (int step = 0; step < 120; ++step) {
      const std::string source = random.below(2) == 0 ? "a" : "b";
      const int from = static_cast<int>(random.below(days)), to = from + static_cast<int>(random.below(6));
      if (random.below(5) != 0) {
        put_tag(system,
                {.customer = ada, .name = "x", .source = source, .valid_from = after(from), .valid_to = after(to)});
        std::erase_if(spells[source], [&](const Spell& each) { return each.from <= to && from <= each.to; });
        spells[source].push_back({from, to});
      } else {
        remove_tag(system, ada, "x", after(from));
        for (auto& [name, each] : spells) {
          std::erase_if(each, [&](const Spell& spell) { return spell.from >= from; });
          for (Spell& spell : each) spell.to = std::min(spell.to, from - 1);
        }
      }
      for (int at = 0; at < days + 6; ++at) {
        Names expected;
        for (const auto& [name, each] : spells)
          for (const Spell& spell : each)
            if (spell.from <= at && at <= spell.to) expected.push_back(name);
        Names found;
        for (const Tag& tag : tags_of(system, ada, after(at))) found.push_back(tag.source);
        REQUIRE(found == expected);
      }
    }
  });
}
