#include "emptor/desk/export.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/desk/table.hpp"
#include "emptor/model/json.hpp"
#include "emptor/model/plain.hpp"
#include "emptor/store/open.hpp"

using namespace emptor;

namespace {

/// Texts that spreadsheets, CSV and guessing trip over.
const std::vector<std::string> hard_texts = {
    "plain", "=1+1",   "+49 30 1",   "-5",         "@SUM(A1)", "\tx",      "\rx",        "'quoted'", "'=1",
    "''-x",  "a,b",    "say \"hi\"", "two\nlines", "a\r\nb",   " blanks ", "semi;colon", "王小二",   "NA",
    "-",     "'",      "\"",         "\\\"",       "0012",     "1,234",    "null",       "José",     "\xEF\xBB\xBFmark",
    "x\\",   "a|b\tc", "=",
};

struct World {
  std::unique_ptr<Store> store = open_memory({.create = true});
  Session session{*store};

  World() {
    session.define_field({"customer", "score", Type::decimal});
    session.define_field({"customer", "remark", Type::text});
    ChangeSet changes;
    for (std::size_t i = 0; i < hard_texts.size(); ++i) {
      changes.put("customer")
          .set("name", std::string_view(hard_texts[i]))
          .set("x_remark", std::string_view(hard_texts[hard_texts.size() - 1 - i]))
          .set("x_score", Value(Decimal::of(-125 * static_cast<std::int64_t>(i), 1)));
    }
    session.apply(changes);
  }

  std::string csv(const ExportOptions& options = {}) const {
    std::string text;
    export_csv(
        session.view(), "customer", [&](std::string_view part) { text += part; }, options);
    return text;
  }
  std::string json(const ExportOptions& options = {}) const {
    std::string text;
    export_json_lines(
        session.view(), "customer", [&](std::string_view part) { text += part; }, options);
    return text;
  }
};

}  // namespace

TEST_CASE("export: every value of a store reads back from its CSV, field by field") {
  const World world;
  const std::string text = world.csv();
  const auto table = open_text_table("customer.csv", text);
  const View view = world.session.view();
  const Entity& customer = view.schema().entity("customer");
  REQUIRE(table->columns().size() == customer.fields.size());
  std::size_t rows = 0;
  for (TableRow row; table->next(row); ++rows) {
    CHECK_FALSE(row.ragged);
    const auto id = parse_plain(Type::id, row.cells[system_field::id]);
    REQUIRE(id.has_value());
    const auto record = view.get("customer", id->id());
    REQUIRE(record.has_value());
    for (const Field& field : customer.fields) {
      CHECK(table->columns()[field.number] == field.name);
      const std::string_view cell = row.cells[field.number];
      CHECK(parse_plain(field.type, field.type == Type::text ? without_guard(cell) : cell) == (*record)[field.number]);
    }
  }
  CHECK(rows == hard_texts.size());
}

TEST_CASE("export: no text begins a formula, and numbers stay numbers") {
  const World world;
  const std::string text = world.csv({.fields = {"id", "name", "x_score"}});
  CHECK(text.starts_with("id,name,x_score\r\n"));
  CHECK(text.find(",'=1+1,-12.5\r\n") != std::string::npos);
  CHECK(text.find(",'+49 30 1,") != std::string::npos);
  CHECK(text.find(",''=1,") != std::string::npos);
  CHECK(text.find(",'quoted',") != std::string::npos);
  CHECK(text.find(",\"say \"\"hi\"\"\",") != std::string::npos);
  const std::string open = world.csv({.fields = {"id", "name"}, .guard_formulas = false});
  CHECK(open.find(",=1+1\r\n") != std::string::npos);
}

TEST_CASE("export: a guard is taken off exactly where one was put on") {
  for (const std::string_view text : {"", "'", "''", "'a", "a", "=1", "'=1", "''@"})
    CHECK(without_guard(text).size() <= text.size());
  CHECK(without_guard("'=1") == "=1");
  CHECK(without_guard("''=1") == "'=1");
  CHECK(without_guard("'quoted'") == "'quoted'");
  CHECK(without_guard("=1") == "=1");
}

TEST_CASE("export: a byte order mark is written where it is asked for") {
  const World world;
  CHECK(world.csv({.byte_order_mark = true}).starts_with("\xEF\xBB\xBFid,"));
  CHECK(world.csv().starts_with("id,"));
}

TEST_CASE("export: JSON lines are the records' JSON") {
  const World world;
  std::string expected;
  for (const Record& record : world.session.view().select({.entity = "customer"})) expected += to_json(record) + "\n";
  CHECK(world.json() == expected);
  CHECK(world.json({.fields = {"x_remark"}}).starts_with("{\"x_remark\":"));
}

TEST_CASE("export: what is asked for is written, and nothing else") {
  World world;
  const auto lines = [](const std::string& text) { return std::count(text.begin(), text.end(), '\n'); };
  const Where where = Where::equal("name", "plain");
  CHECK(lines(world.json({.where = where})) == 1);
  const Record record = world.session.view().select({.entity = "customer", .where = where}).at(0);
  ChangeSet erase;
  erase.erase("customer", record.id());
  world.session.apply(erase);
  CHECK(lines(world.json({.where = where})) == 0);
  CHECK(lines(world.json({.where = where, .with_deleted = true})) == 1);
  CHECK_THROWS_AS(world.csv({.fields = {"no_such_field"}}), Error);
}

TEST_CASE("export: the host sees progress and can stop it") {
  const World world;
  std::uint64_t done = 0, total = 0;
  world.csv(
      {.progress = [&](std::string_view, std::uint64_t d, std::uint64_t t) { return done = d, total = t, true; }});
  CHECK(done == hard_texts.size());
  CHECK(total == hard_texts.size());
  try {
    world.csv({.progress = [](std::string_view, std::uint64_t, std::uint64_t) { return false; }});
    FAIL("it was not stopped");
  } catch (const Error& error) {
    CHECK(error.code() == Code::cancelled);
  }
}
