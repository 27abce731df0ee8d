// Rules as people write them: what they mean, their one text, and what is said of those that are wrong.
// rule_worlds_test.cpp compares random ones with an evaluator of its own.
#include "emptor/session/rule.hpp"

#include <doctest/doctest.h>

#include "emptor/core/error.hpp"
#include "support/office.hpp"

using namespace emptor;
using namespace emptor::test;
using Names = std::vector<std::string>;

namespace {

const Entity& customers() {
  static const Schema schema(described_entities(), {}, 1);
  return schema.entity("customer");
}

std::string one_text(std::string_view text) { return Rule::parse(customers(), text).text(); }

// Every problem as "code field: message (hint)".
Names problems(std::string_view text) {
  Names found;
  try {
    Rule::parse(customers(), text);
  } catch (const Error& error) {
    for (const Problem& problem : error.problems())
      found.push_back(std::string(name_of(problem.code)) + " " + problem.field + ": " + problem.message + " (" +
                      problem.hint + ")");
  }
  return found;
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

}  // namespace

TEST_CASE("rule: the example of the documentation is read, and written in its one form") {
  CHECK(one_text("stage = 'active' and (tier in ('gold','vip') OR annual_revenue>=10000.50) and NOT country = 'DE' "
                 "and city is missing and name starts with 'A' and owner is me") ==
        "stage = 'active' and (tier in ('gold', 'vip') or annual_revenue >= 10000.5) and not country = 'DE' and city "
        "is missing and name starts with 'A' and owner_id = me");
}

TEST_CASE("rule: ways to write the same have one text") {
  CHECK(one_text("city != 'Ulm'") == one_text("city<>'Ulm'"));
  CHECK(one_text("city is null") == one_text("city IS Missing"));
  CHECK(one_text("city is not null") == one_text("city is present"));
  CHECK(one_text("employees between 5 and 9") == one_text("employees >= 5 and employees <= 9"));
  CHECK(one_text("not not (city is present)") == "city is present");
  CHECK(one_text("((employees = 1))") == "employees = 1");
  CHECK(one_text("employees = 1 and (employees = 2 and employees = 3)") ==
        "employees = 1 and employees = 2 and employees = 3");
  CHECK(one_text("birth_date<today-1 day") == "birth_date < today - 1 day");
  CHECK(one_text("birth_date < today -30 days") == "birth_date < today - 30 days");
  CHECK(one_text("birth_date < today + 0 days") == "birth_date < today");
  CHECK(one_text("team is my_teams or owner = my_team") == "team_id in my_teams or owner_id in my_team");
  CHECK(one_text("owner is not me") == "owner_id <> me");
  CHECK(one_text("since >= '2026-01-31'") == "since >= 2026-01-31");
  CHECK(one_text("since > 2026-01-31T08:30:00+01:00") == "since > 2026-01-31T07:30:00Z");
  CHECK(one_text("annual_revenue = +1.50") == "annual_revenue = 1.5");
  CHECK(one_text("city = 'O''Hara'") == "city = 'O''Hara'");
  CHECK(one_text("true and false or not true") == "not true");
}

TEST_CASE("rule: `or` joins weaker than `and`, and `not` takes the next condition") {
  const auto parsed = [](std::string_view text) { return Rule::parse(customers(), text); };
  CHECK(parsed("employees = 1 or employees = 2 and employees = 3") ==
        parsed("employees = 1 or (employees = 2 and employees = 3)"));
  CHECK(parsed("not employees = 1 and employees = 2") == parsed("(not employees = 1) and employees = 2"));
  CHECK_FALSE(parsed("not (employees = 1 and employees = 2)") == parsed("not employees = 1 and employees = 2"));
}

TEST_CASE("rule: what is wrong is told all at once, with its place, its field and what to write") {
  CHECK(problems("stage = 'actve'") ==
        Names{"invalid stage: at character 9 of the rule: the value is not one of those that the field holds (did you "
              "mean 'active'? use one of: 'prospect' 'new' 'active' 'regular' 'dormant' 'lost')"});
  CHECK(problems("contry = 'DE'") ==
        Names{"not_found contry: at character 1 of the rule: there is no such field (did you mean country?)"});
  CHECK(problems("city = Ulm") == Names{"invalid city: at character 8 of the rule: this word stands for no text "
                                        "(write a text in quotes: 'so')"});
  CHECK(problems("annual_revenue > 1.2345678 or birth_date = 2026-02-30") ==
        Names{"invalid annual_revenue: at character 18 of the rule: the value is no decimal (write a decimal of at "
              "most six digits after the point: 12.5)",
              "invalid birth_date: at character 44 of the rule: the value is no date (write a day: 2026-01-31, today, "
              "today - 30 days)"});
  CHECK(problems("'中文' = 1") ==
        Names{"invalid : at character 1 of the rule: the name of a field is expected (see docs/rule.md)"});
  CHECK(problems("city = '中文' und x = 1") ==
        Names{"invalid : at character 13 of the rule: `and`, `or` or the end is expected (see docs/rule.md)"});
  CHECK(problems("owner is my_territories").size() == 1);
  CHECK(problems("employees is me").size() == 1);
  CHECK(problems("owner < 3") ==
        Names{"invalid owner_id: at character 7 of the rule: id values are in no order (compare it by = or <>)"});
  CHECK(problems("employees contains 'a'").size() == 2);
  CHECK(problems("city = ''") ==
        Names{"invalid city: at character 8 of the rule: an empty text is a missing one (write `is missing`)"});
  CHECK(problems("summary.revenue > 5").front().find("a rule asks the fields of the record itself") !=
        std::string::npos);
}

TEST_CASE("rule: a text that ends early or goes on too long is refused where it does") {
  for (const char* text : {"",
                           " ",
                           "(",
                           "not",
                           "city",
                           "city =",
                           "city in",
                           "city in (",
                           "city in ()",
                           "city in ('a'",
                           "city in ('a',)",
                           "city in 'a'",
                           "(city = 'a'",
                           "city = 'a')",
                           "city = 'a' and",
                           "city = 'a",
                           "city is",
                           "city is not",
                           "city starts 'a'",
                           "city between 'a'",
                           "city between 'a' or 'b'",
                           "birth_date > today - ",
                           "birth_date > today - 5",
                           "birth_date > today - x days",
                           "birth_date > today - 40001 days",
                           "birth_date > today - -1 days",
                           "city = 'a' city = 'b'",
                           "1 = 1",
                           "city = ;",
                           "city not = 'a'",
                           "city ~ 'a'",
                           "= 'a'",
                           "city = = 'a'"}) {
    CAPTURE(text);
    CHECK(problems(text).size() == 1);
  }
}

TEST_CASE("rule: length, depth and encoding have their bounds") {
  const std::string deep = repeated("(", Rule::deepest) + "city is missing" + repeated(")", Rule::deepest);
  CHECK(problems(deep).front().find("too many parentheses") != std::string::npos);
  CHECK(problems(repeated("not ", 4'000)).front().find("too many parentheses") != std::string::npos);
  CHECK(problems(deep.substr(1, deep.size() - 2)).empty());
  CHECK(problems(std::string(Rule::longest, ' ') + "true").front().find("longer than 16 KiB") != std::string::npos);
  // Short as it is written, too long in its one text.
  CHECK(problems(repeated("owner=1 or ", 1'480) + "owner=1").front().find("written out") != std::string::npos);
  CHECK(problems("city = '\xff'").front().find("UTF-8") != std::string::npos);
  CHECK(problems(std::string("city = 'a\0b'", 12)).front().find("UTF-8") != std::string::npos);
}

TEST_CASE("rule: no error repeats a value, which may be a person's") {
  for (const char* text : {"employees = 'Ann Li'", "stage = 'Ann Li'", "birth_date in ('Ann Li')", "city = 'Ann Li",
                           "name = 'x' 'Ann Li'"})
    for (const std::string& problem : problems(text)) {
      CAPTURE(text);
      CHECK(problem.find("Ann") == std::string::npos);
    }
}

TEST_CASE("rule: FIELD=VALUE and rules are read alike where conditions are given") {
  const auto text = [](const Names& conditions) { return Rule::parse_conditions(customers(), conditions).text(); };
  CHECK(text({"city=New York"}) == "city = 'New York'");
  CHECK(text({"city=O'Hara"}) == "city = 'O''Hara'");
  CHECK(text({"owner_id="}) == "owner_id is missing");
  CHECK(text({"owner_id=", "country=DE"}) == "owner_id is missing and country = 'DE'");
  CHECK(text({"annual_revenue=5 or employees=3"}) == "annual_revenue = 5 or employees = 3");
  CHECK(text({"city='Ulm' or city='Bonn'", "employees>3"}) == "(city = 'Ulm' or city = 'Bonn') and employees > 3");
  CHECK(text({}) == "true");
  CHECK(text({""}) == "true");
  CHECK_THROWS_AS(text({"owner_id"}), Error);
  CHECK_THROWS_AS(text({"employees=many"}), Error);
  CHECK_THROWS_AS(text({"unknown=1"}), Error);
}

TEST_CASE("rule: its words stand for the actor, their team and the teams below, and for the day") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id sales = office.put("team", {{"name", Value("sales")}});
    const Id south = office.put("team", {{"name", Value("south")}, {"parent_id", Value(sales)}});
    const Id europe = office.put("territory", {{"name", Value("Europe")}});
    const Id spain = office.put("territory", {{"name", Value("Spain")}, {"parent_id", Value(europe)}});
    const Id ann = office.user("Ann", sales, europe), bob = office.user("Bob", south);
    office.customer("of Ann", ann);
    office.customer("of Bob", bob);
    office.customer("of the south", no_id, south);
    office.customer("in Spain", no_id, no_id, spain);
    office.allow(ann, "read", "all");
    const auto session = office.as(ann);
    const auto named = [&](std::string_view text) {
      const Rule rule = Rule::parse(session->view().schema().entity("customer"), text);
      Names names;
      for (const Record& record :
           session->view().select({.entity = "customer", .where = rule.where(rule_ground(*session))}))
        names.emplace_back(record.get("name").text());
      return names;
    };
    CHECK(named("owner is me") == Names{"of Ann"});
    CHECK(named("owner in my_team") == Names{"of Ann"});
    CHECK(named("owner in my_teams") == Names{"of Ann", "of Bob"});
    CHECK(named("team is my_team").empty());
    CHECK(named("team in my_teams") == Names{"of the south"});
    CHECK(named("territory in my_territories") == Names{"in Spain"});
    CHECK(named("owner is not me") == Names{"of Bob", "of the south", "in Spain"});
    CHECK(named("owner in (me, " + std::to_string(bob.value) + ")") == Names{"of Ann", "of Bob"});
    // The system is nobody.
    const Rule mine = Rule::parse(session->view().schema().entity("customer"), "owner is me or owner in my_teams");
    CHECK(office.system().view().count("customer", mine.where(rule_ground(office.system()))) == 0);
  });
}

TEST_CASE("rule: a day stands for all of its instants, in the zone of the store") {
  on_every_store(
      [](StoreGround& ground) {
        Office office(ground.store());
        // 2026-03-29 has 23 hours in Berlin.
        const char* instants[] = {"2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z",
                                  "2026-03-29T22:00:00Z"};
        for (const char* text : instants)
          office.put("customer", {{"name", Value(text)}, {"since", Value(*parse_instant(text))}});
        office.put("customer", {{"name", Value("never")}});
        office.now = *parse_instant("2026-03-30T10:00:00Z");
        const auto found = [&](std::string_view text) {
          const View view = office.system().view();
          const Rule rule = Rule::parse(view.schema().entity("customer"), text);
          std::string marks;
          for (const Record& record :
               view.select({.entity = "customer", .where = rule.where(rule_ground(office.system()))}))
            marks += std::to_string(record.id().value);
          return marks;
        };
        CHECK(found("since = 2026-03-29") == "23");
        CHECK(found("since <> 2026-03-29") == "145");
        CHECK(found("since < 2026-03-29") == "1");
        CHECK(found("since <= 2026-03-29") == "123");
        CHECK(found("since > 2026-03-29") == "4");
        CHECK(found("since >= 2026-03-29") == "234");
        CHECK(found("since between 2026-03-29 and today") == "234");
        CHECK(found("since in (2026-03-28, today)") == "14");
        CHECK(found("since >= today - 1 day") == "234");
        CHECK(found("since not in (2026-03-29, 2026-03-30T00:00:00Z)") == "145");
      },
      {.zone = "Europe/Berlin"});
}
