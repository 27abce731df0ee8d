#include "emptor/desk/profile.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "desk/card_ground.hpp"
#include "emptor/core/error.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

const ProfileSection& section_of(const Profile& profile, std::string_view entity) {
  const auto found = std::ranges::find(profile.sections, entity, &ProfileSection::entity);
  REQUIRE(found != profile.sections.end());
  return *found;
}

// A record of an entity with its required fields and nothing else.
Id bare_record(CardGround& desk, const Entity& entity, Id customer) {
  ChangeSet set;
  ChangeSet::Put put = set.put(entity.name);
  for (const Field& field : entity.fields) {
    if (!field.has(field_flag::required) && field.number != *entity.customer_field) continue;
    if (!field.choices.empty())
      put.set(field.name, Value(std::string_view(field.choices.front())));
    else if (field.reference == "customer")
      put.set(field.name, customer);
    else if (!field.reference.empty())
      put.set(field.name, desk.put(field.reference, {{"name", "made"}}));
    else
      put.set(field.name, field.type == Type::text ? Value("made") : Value::of_bits(field.type, 1));
  }
  return desk.session.apply(set).ids.front();
}

Code code_of(const View& view, Id customer, const ProfileOptions& options) {
  try {
    read_profile(view, customer, options);
  } catch (const Error& error) {
    return error.code();
  }
  return Code::ok;
}

}  // namespace

TEST_CASE("[B18] profile: whatever entity belongs to customers has a section, custom fields included") {
  at_every_desk([](CardGround& desk) {
    const std::string custom = desk.session.define_field({.entity = "order", .name = "colour"});
    const Id ada = desk.person("Ada", "1");
    std::set<std::string> wanted;
    const SchemaPtr schema = desk.session.view().schema_pointer();
    for (const Entity& entity : schema->entities()) {
      if (!entity.customer_field || entity.keeping != Keeping::journalled) continue;
      // Those whose required references are records of other customers' papers are reached through them.
      if (std::ranges::any_of(entity.fields, [](const Field& field) {
            return field.has(field_flag::required) && !field.reference.empty() && field.reference != "customer" &&
                   field.reference != "survey" && field.reference != "product" && field.reference != "campaign" &&
                   field.reference != "programme";
          }))
        continue;
      bare_record(desk, entity, ada);
      wanted.insert(entity.name);
    }
    const Id order = desk.put("order", {{"customer_id", Value(ada)}, {custom, "red"}});
    const Profile profile = read_profile(desk.session.view(), ada);
    std::set<std::string> found;
    for (const ProfileSection& section : profile.sections) found.insert(section.entity);
    CHECK(found == wanted);
    CHECK(found.size() > 15);
    const auto& orders = section_of(profile, "order").records;
    const auto red = std::ranges::find_if(orders, [&](const Record& record) { return record.id() == order; });
    REQUIRE(red != orders.end());
    CHECK(red->get(custom).text() == "red");
  });
}

TEST_CASE("[B11][B12] profile: pages of a section follow each other, newest first, each record once") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "1");
    std::vector<std::pair<std::int64_t, std::int64_t>> by_hand;  // (moment or least, id)
    for (int i = 0; i < 23; ++i) {
      Cells cells = {{"customer_id", Value(ada)}};
      const std::int64_t at = desk.days_ago(i * 7 % 5).micros;
      if (i % 6 != 0) cells.emplace_back("at", Value(Instant{at}));
      const Id id = desk.put("interaction", cells);
      by_hand.emplace_back(i % 6 != 0 ? at : INT64_MIN, id.value);
    }
    std::ranges::sort(by_hand, std::greater<>());
    for (const std::size_t page_size : {1, 4, 23, 50}) {
      std::vector<std::int64_t> seen;
      ProfileOptions options{.page_size = page_size, .entities = {"interaction"}};
      do {
        const Profile profile = read_profile(desk.session.view(), ada, options);
        const ProfileSection& section = section_of(profile, "interaction");
        CHECK(section.total == 23);
        for (const Record& record : section.records) seen.push_back(record.id().value);
        options.after = section.next;
      } while (!options.after.empty());
      std::vector<std::int64_t> wanted;
      for (const auto& [at, id] : by_hand) wanted.push_back(id);
      CHECK(seen == wanted);
    }
  });
}

TEST_CASE("profile: a span of time leaves out what happened at others") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "1");
    std::vector<Id> ids;
    for (const std::int64_t ago : {30, 20, 10})
      ids.push_back(desk.put("order", {{"customer_id", Value(ada)}, {"ordered_at", Value(desk.days_ago(ago))}}));
    const ProfileOptions options{.from = desk.days_ago(20), .until = desk.days_ago(10)};
    const Profile profile = read_profile(desk.session.view(), ada, options);
    REQUIRE(section_of(profile, "order").records.size() == 1);
    CHECK(section_of(profile, "order").records.front().id() == ids[1]);
    CHECK(section_of(profile, "order").total == 1);
  });
}

TEST_CASE("[B14] profile: the credit in force, the relations with key contacts first, the summary, the identities") {
  at_every_desk([](CardGround& desk) {
    ChangeSet set;
    set.put("customer").by("erp", "C-1").set("name", "Acme").set("kind", "organisation");
    const Id firm = desk.session.apply(set).ids.front();
    const Id branch = desk.put("customer", {{"name", "Acme South"}, {"parent_id", Value(firm)}});
    const Id bo = desk.person("Bo", "2"), ada = desk.person("Ada", "1"), gone = desk.person("Gone", "3");
    const auto relate = [&](Id other, const Cells& more) {
      Cells cells = {{"customer_id", Value(firm)}, {"related_id", Value(other)}, {"kind", "contact"}};
      cells.insert(cells.end(), more.begin(), more.end());
      desk.put("relationship", cells);
    };
    relate(bo, {});
    relate(ada, {{"key_contact", Value(true)}, {"position", "buyer"}});
    relate(gone, {{"valid_to", Value(desk.day(-1))}});
    for (const std::int64_t from : {-30, -10, 10})
      desk.put("credit",
               {{"customer_id", Value(firm)}, {"limit", Value(100 - from)}, {"valid_from", Value(desk.day(from))}});
    desk.put("order", {{"customer_id", Value(firm)}, {"ordered_at", Value(desk.days_ago(3))}});
    const Profile profile = read_profile(desk.session.view(), firm, {.now = desk.session.now()});
    REQUIRE(profile.credit.has_value());
    CHECK(profile.credit->get("limit") == Value(Decimal(110)));
    REQUIRE(profile.relations.size() == 3);
    CHECK(profile.relations[0].customer == ada);
    CHECK(profile.relations[0].name == "Ada");
    CHECK(profile.relations[1].customer == branch);
    CHECK(profile.relations[1].kind == "branch");
    CHECK(profile.relations[2].customer == bo);
    CHECK(profile.summary->get("orders") == Value(1));
    REQUIRE(profile.identities.size() == 1);
    CHECK(profile.identities.front().get("external_id").text() == "C-1");
    const Profile of_ada = read_profile(desk.session.view(), ada);
    REQUIRE(of_ada.relations.size() == 1);
    CHECK(of_ada.relations.front().of_other);
    CHECK(of_ada.relations.front().name == "Acme");
    const Profile of_branch = read_profile(desk.session.view(), branch);
    REQUIRE(of_branch.relations.size() == 1);
    CHECK(of_branch.relations.front().kind == "parent");
  });
}

TEST_CASE("profile: the next step is the earliest open task, else what was agreed, else an open opportunity") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "1");
    const Value of(ada);
    const auto next = [&] { return read_profile(desk.session.view(), ada).next_step; };
    CHECK_FALSE(next().has_value());
    desk.put("opportunity", {{"customer_id", of}, {"name", "tyres"}, {"expected_close", Value(desk.day(3))}});
    CHECK(next()->what == "tyres");
    CHECK(next()->at == Instant{(desk.days_ago(-3).micros / a_day) * a_day});
    desk.put("interaction", {{"customer_id", of}, {"at", Value(desk.days_ago(1))}, {"next_step", "send it"}});
    desk.put("interaction", {{"customer_id", of}, {"at", Value(desk.days_ago(0))}});
    CHECK(next()->what == "send it");
    desk.put("task", {{"customer_id", of}, {"subject", "some day"}, {"status", "open"}});
    CHECK(next()->what == "some day");
    desk.put("task", {{"customer_id", of}, {"subject", "visit"}, {"due_at", Value(desk.days_ago(-5))}});
    desk.put("task", {{"customer_id", of}, {"subject", "call"}, {"due_at", Value(desk.days_ago(-2))}});
    desk.put("task", {{"customer_id", of}, {"due_at", Value(desk.days_ago(4))}, {"status", "cancelled"}});
    CHECK(next()->what == "call");
  });
}

TEST_CASE("profile: unknown customers, foreign entities and made-up continuations are errors") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "1");
    const View view = desk.session.view();
    CHECK(code_of(view, Id{99}, {}) == Code::not_found);
    CHECK(code_of(view, ada, {.page_size = 0}) == Code::invalid);
    CHECK(code_of(view, ada, {.entities = {"product"}}) == Code::invalid);
    CHECK(code_of(view, ada, {.entities = {"nothing"}}) == Code::not_found);
    CHECK(code_of(view, ada, {.after = "1.2"}) == Code::invalid);
    for (const char* token : {"x", "1", "1.", ".1", "1.2.3", "-.x", "a.1"}) {
      CAPTURE(token);
      CHECK(code_of(view, ada, {.entities = {"order"}, .after = token}) == Code::invalid);
    }
    CHECK(code_of(view, ada, {.entities = {"answer"}, .after = "1.2"}) == Code::invalid);
    CHECK(code_of(view, ada, {.entities = {"order"}, .after = "-.5"}) == Code::ok);
  });
}

TEST_CASE("profile: its JSON holds what it holds") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "1");
    desk.put("case", {{"customer_id", Value(ada)}, {"subject", "broken"}});
    const auto json = boost::json::parse(to_json(read_profile(desk.session.view(), ada))).as_object();
    CHECK(json.at("customer").at("name") == "Ada");
    const auto& sections = json.at("sections").as_array();
    REQUIRE(sections.size() == 2);
    CHECK(sections.at(1).at("entity") == "case");
    CHECK(sections.at(1).at("total") == "1");
    CHECK(sections.at(1).at("records").at(0).at("subject") == "broken");
  });
}
