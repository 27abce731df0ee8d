#include "emptor/desk/export.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"
#include "emptor/desk/import.hpp"
#include "emptor/desk/locale_values.hpp"
#include "emptor/desk/table.hpp"
#include "emptor/model/json.hpp"
#include "emptor/model/plain.hpp"
#include "emptor/store/open.hpp"
#include "support/temp_folder.hpp"

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
  std::size_t rows = 0;
  for (TableRow row; table->next(row); ++rows) {
    CHECK_FALSE(row.ragged);
    const auto id = parse_plain(Type::id, row.cells[0]);
    REQUIRE(id.has_value());
    const auto record = view.get("customer", id->id());
    REQUIRE(record.has_value());
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const Field& field = customer.field(table->columns()[i]);
      const std::string_view cell = field.type == Type::text ? without_guard(row.cells[i]) : row.cells[i];
      CHECK(parse_plain(field.type, cell) == (*record)[field.number]);
    }
  }
  CHECK(rows == hard_texts.size());
}

// Import trims texts and takes words like NA for blank, so these values are compared as it reads them.
TEST_CASE("export: a store that is exported imports into another to the same values") {
  const World world;
  const test::TempFolder folder;
  std::ofstream(folder.file("customer.csv"), std::ios::binary) << world.csv();
  const auto other = open_memory({.create = true});
  Session session(*other);
  import_tables(session, std::vector<std::string>{folder.file("customer.csv")});
  const auto values = [](const Session& from) {
    std::map<std::string, std::string> found;
    for (const Record& record : from.view().select({.entity = "customer"})) {
      const std::string_view name = trim(record.get("name").text()), remark = trim(record.get("x_remark").text());
      if (is_blank(name)) continue;
      found[std::string(name)] = (is_blank(remark) ? "" : std::string(remark)) + "|" + to_plain(record.get("x_score"));
    }
    return found;
  };
  CHECK(values(session) == values(world.session));
  CHECK(values(session).size() > 20);
}

TEST_CASE("export: every field is there but those that the library sets itself") {
  const World world;
  const std::string text = world.csv();
  const auto table = open_text_table("customer.csv", text);
  std::vector<std::string> expected;
  for (const Field& field : world.session.view().schema().entity("customer").fields) {
    if (field.name == "id" || !field.has(field_flag::system)) expected.push_back(field.name);
  }
  CHECK(std::vector<std::string>(table->columns().begin(), table->columns().end()) == expected);
  CHECK(std::count(expected.begin(), expected.end(), "x_remark") == 1);
  CHECK(std::count(expected.begin(), expected.end(), "version") == 0);
  CHECK(world.csv({.with_deleted = true}).starts_with("id,deleted_at,"));
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
  const std::vector<std::string> fields = {"id", "version", "deleted_at", "name", "name_key", "x_score", "x_remark"};
  for (const Record& record : world.session.view().select({.entity = "customer"})) expected += to_json(record) + "\n";
  CHECK(world.json({.fields = fields}) == expected);
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
