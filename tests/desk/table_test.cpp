#include "emptor/desk/table.hpp"

#include <doctest/doctest.h>
#include <iconv.h>
#include <sqlite3.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "desk/float_text.hpp"
#include "emptor/core/decimal.hpp"
#include "emptor/core/error.hpp"
#include "support/data.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(TableSource& table) {
  Rows rows;
  for (TableRow row; table.next(row);) rows.emplace_back(row.cells.begin(), row.cells.end());
  return rows;
}

std::vector<std::string> columns_of(const TableSource& table) {
  return {table.columns().begin(), table.columns().end()};
}

const TableNote* find_note(const std::vector<TableNote>& notes, std::string_view code) {
  const auto found = std::find_if(notes.begin(), notes.end(), [&](const TableNote& note) { return note.code == code; });
  return found == notes.end() ? nullptr : &*found;
}

std::string gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string result(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  return result;
}

std::string to_gb18030(std::string utf8) {
  const iconv_t converter = iconv_open("GB18030", "UTF-8");
  std::string result(2 * utf8.size(), '\0');
  char *in = utf8.data(), *out = result.data();
  std::size_t in_left = utf8.size(), out_left = result.size();
  iconv(converter, &in, &in_left, &out, &out_left);
  iconv_close(converter);
  result.resize(result.size() - out_left);
  return result;
}

void write(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void make_database(const std::string& path, const char* sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  REQUIRE(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
}

Tables open(const std::string& path) { return open_tables(std::vector<std::string>{path}); }

Error error_of(const std::string& path) {
  try {
    Tables tables = open(path);
    for (const auto& table : tables.sources) rows_of(*table);
  } catch (const Error& error) {
    return error;
  }
  return Error(Code::ok, "");
}

TableSource& table(Tables& tables, std::string_view name) {
  const auto found =
      std::find_if(tables.sources.begin(), tables.sources.end(), [&](const auto& t) { return t->name() == name; });
  REQUIRE(found != tables.sources.end());
  return **found;
}

std::size_t column(const TableSource& table, std::string_view name) {
  const auto found = std::find(table.columns().begin(), table.columns().end(), name);
  REQUIRE(found != table.columns().end());
  return static_cast<std::size_t>(found - table.columns().begin());
}

}  // namespace

TEST_CASE("table: rows come with their lines, originals and names of columns") {
  const auto table = open_text_table("t.csv", "id, name ,note\r\n1,Anna,\"x\r\ny\"\r\n\r\n2,Ben,\r\n");
  CHECK(columns_of(*table) == std::vector<std::string>{"id", "name", "note"});
  CHECK(table->format().line_end == "CRLF");
  TableRow row;
  REQUIRE(table->next(row));
  CHECK(row.line == 2);
  CHECK(row.original == "1,Anna,\"x\r\ny\"");
  REQUIRE(table->next(row));
  CHECK(row.line == 5);
  CHECK_FALSE(table->next(row));
  table->rewind();
  REQUIRE(table->next(row));
  CHECK(row.cells[1] == "Anna");
}

TEST_CASE("table: names are made distinct, and it is noted") {
  const auto table = open_text_table("t.csv", "id,,id,name\n1,2,3,x\n4,5,6,y\n");
  CHECK(columns_of(*table) == std::vector<std::string>{"id", "column2", "id_2", "name"});
  CHECK(table->notes().size() == 2);
}

TEST_CASE("table: trailing columns without name and value are dropped, unless the last line has a value") {
  std::string text = "id,name,,\n";
  for (int i = 0; i < 30'000; ++i) text += "1,Anna,,\n";
  const auto dropped = open_text_table("t.csv", text);
  CHECK(dropped->dropped_columns() == 2);
  CHECK(dropped->columns().size() == 2);
  CHECK(find_note(dropped->notes(), "dropped_columns") != nullptr);
  TableRow row;
  REQUIRE(dropped->next(row));
  CHECK(row.cells.size() == 2);
  CHECK_FALSE(row.ragged);
  text += "1,Anna,x,\n";
  const auto kept = open_text_table("t.csv", text);
  CHECK(kept->dropped_columns() == 1);
  CHECK(columns_of(*kept) == std::vector<std::string>{"id", "name", "column3"});
}

TEST_CASE("table: ragged rows are told; what they lack is empty") {
  const auto table =
      open_text_table("t.csv", "a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,2,3,\n1,2,3\n1,2,3\n1,2,3\n1,2,3\n1,2,3\n");
  std::vector<bool> ragged;
  TableRow row;
  while (table->next(row)) {
    CHECK(row.cells.size() == 3);
    ragged.push_back(row.ragged);
  }
  CHECK(ragged == std::vector<bool>{false, true, true, false, false, false, false, false, false});
  const auto notes = table->notes();
  REQUIRE(find_note(notes, "ragged_rows") != nullptr);
  CHECK(find_note(notes, "ragged_rows")->rows == 2);
  CHECK(find_note(notes, "ragged_rows")->first_row == 3);
}

TEST_CASE("table: line ends inside of quotes do not mix those of the rows") {
  CHECK(open_text_table("t.csv", "a,b\r\n1,\"x\ny\"\r\n2,z\r\n")->format().line_end == "CRLF");
  const auto mixed = open_text_table("t.csv", "a,b\r\n1,x\n2,z\r\n");
  CHECK(mixed->format().line_end == "mixed");
  const auto notes = mixed->notes();
  REQUIRE(find_note(notes, "mixed_line_ends") != nullptr);
  CHECK(find_note(notes, "mixed_line_ends")->first_row == 2);
  CHECK(open_text_table("t.csv", "a,b\r1,x\r2,z\r")->format().line_end == "CR");
}

TEST_CASE("table: backslash escapes that come after the sample are found") {
  std::string text = "id,name\n";
  while (text.size() < 400'000) text += "1,\"plain name\"\n";
  const auto table = open_text_table("t.csv", text + "2,\"the \\\"big\\\", one\"\n3,x\n");
  CHECK(table->format().backslash_escapes);
  const Rows rows = rows_of(*table);
  CHECK(rows[rows.size() - 2] == std::vector<std::string>{"2", "the \"big\", one"});
}

TEST_CASE("table: text is given in UTF-8, whatever the file is in") {
  const Rows expected{{"1", "José"}, {"2", "Anna"}};
  CHECK(rows_of(*open_text_table("t.csv", "id,name\n1,Jos\xE9\n2,Anna\n")) == expected);
  CHECK(rows_of(*open_text_table("t.csv", "\xEF\xBB\xBFid,name\n1,José\n2,Anna\n")) == expected);
  std::string utf16 = "\xFF\xFE";
  for (const char16_t unit : std::u16string_view(u"id,name\n1,José\n2,Anna\n")) {
    utf16 += static_cast<char>(unit & 0xFF);
    utf16 += static_cast<char>(unit >> 8);
  }
  CHECK(rows_of(*open_text_table("t.csv", utf16)) == expected);
  const auto chinese = open_text_table("t.csv", "\xB1\xE0\xBA\xC5,\xD0\xD5\xC3\xFB\n1,\xCD\xF5\xD0\xA1\xB6\xFE\n");
  CHECK(chinese->format().encoding == Encoding::gb18030);
  CHECK(columns_of(*chinese) == std::vector<std::string>{"编号", "姓名"});
  CHECK(rows_of(*chinese) == Rows{{"1", "王小二"}});
}

TEST_CASE("table: bytes without meaning are counted in the notes") {
  std::string text = "id,name\n";
  for (int i = 0; i < 20; ++i) text += "1,José\n";
  const auto table = open_text_table("t.csv", text + "2,\xFFx\n");
  CHECK(rows_of(*table).back()[1] == "\uFFFDx");
  const auto notes = table->notes();
  REQUIRE(find_note(notes, "malformed_bytes") != nullptr);
  CHECK(find_note(notes, "malformed_bytes")->rows == 1);
}

TEST_CASE("table: a quote that never closes is corrupt, and its line is named") {
  const auto table = open_text_table("t.csv", "a,b\n1,2\n3,\"x\n4,5\n");
  TableRow row;
  REQUIRE(table->next(row));
  CHECK_THROWS_WITH_AS(table->next(row), doctest::Contains("line 3"), Error);
}

TEST_CASE("table: gzip is read, also of several members") {
  const test::TempFolder folder;
  write(folder.file("a.csv.gz"), gzip("id,name\n1,Anna\n") + gzip("2,Ben\n") + std::string(512, '\0'));
  Tables tables = open(folder.file("a.csv.gz"));
  REQUIRE(tables.sources.size() == 1);
  CHECK(tables.sources[0]->format().compressed);
  CHECK(rows_of(*tables.sources[0]) == Rows{{"1", "Anna"}, {"2", "Ben"}});
  CHECK(tables.sources[0]->position() == tables.sources[0]->size());
  tables.sources[0]->rewind();
  CHECK(rows_of(*tables.sources[0]).size() == 2);
}

TEST_CASE("table: a damaged gzip is corrupt, and file and place are named") {
  const test::TempFolder folder;
  std::string text = "id,name\n";
  for (int i = 0; i < 5000; ++i) text += std::to_string(i * 7919 % 5003) + ",name\n";
  const std::string good = gzip(text);
  for (const std::size_t keep : {good.size() - 1, good.size() / 2, std::size_t{20}}) {
    write(folder.file("cut.csv.gz"), good.substr(0, keep));
    const Error error = error_of(folder.file("cut.csv.gz"));
    CHECK(error.code() == Code::corrupt);
    CHECK(std::string(error.what()).find("cut.csv.gz ends in the middle at byte " + std::to_string(keep)) !=
          std::string::npos);
  }
  std::string bad = good;
  bad[bad.size() / 2] = static_cast<char>(bad[bad.size() / 2] ^ 0x55);
  write(folder.file("bad.csv.gz"), bad);
  CHECK(error_of(folder.file("bad.csv.gz")).code() == Code::corrupt);
}

TEST_CASE("table: a compressed bomb is refused without taking memory") {
  const test::TempFolder folder;
  write(folder.file("zeros.csv.gz"), gzip(std::string(50'000'000, '\0')));
  write(folder.file("letters.csv.gz"), gzip("a,b\n" + std::string(100'000'000, 'x')));
  const Tables tables = open(folder.path().string());
  CHECK(tables.sources.empty());
  CHECK(tables.skipped.size() == 2);
}

TEST_CASE("table: a folder is opened in byte order, and what is no table is named with the reason") {
  const test::TempFolder folder;
  write(folder.file("b.csv"), "id,name\n1,x\n");
  write(folder.file("a.csv"), "id,name\n1,x\n");
  write(folder.file("README.md"), "| a | b |\n|---|---|\n| 1 | 2 |\n");
  write(folder.file("picture.csv"), "\x89PNG\r\n\x1A\n");
  write(folder.file("empty.csv"), "");
  write(folder.file("letter.txt"), "Dear Sir,\nthank you, and farewell.\nYours, truly\n");
  write(folder.file("nul.csv"), std::string("a,b\n1,\0\n", 8));
  write(folder.file("commas.csv"), std::string(100'000, ',') + "\n");
  std::filesystem::create_directory(folder.file("sub"));
  const Tables tables = open(folder.path().string());
  REQUIRE(tables.sources.size() == 2);
  CHECK(tables.sources[0]->name() == "a.csv");
  std::map<std::string, std::string> reasons;
  for (const SkippedFile& file : tables.skipped) reasons[file.name] = file.reason;
  CHECK(reasons.size() == 7);
  CHECK(reasons["README.md"] == "documentation");
  CHECK(reasons["picture.csv"] == "a picture");
  CHECK(reasons["empty.csv"] == "empty");
  CHECK(reasons["nul.csv"] == "not text: it holds a NUL byte");
  CHECK(reasons["sub"] == "a folder");
  CHECK(reasons["commas.csv"] == "not a table: a row has more than 65,536 cells");
  CHECK(error_of(folder.file("absent")).code() == Code::not_found);
}

TEST_CASE("table: the tables of a SQLite file are read as text") {
  const test::TempFolder folder;
  make_database(folder.file("shop.db"),
                "CREATE TABLE b(id INTEGER PRIMARY KEY, x REAL, t TEXT, p BLOB);"
                "INSERT INTO b VALUES(7, 0.1, 'a,\"b\"', x'00FF'), (9, 1e300, NULL, NULL), (12, 100000.0, CAST(x'41FF' "
                "AS TEXT), 5);"
                "CREATE TABLE \"a b\"(id); CREATE VIEW v AS SELECT * FROM b; CREATE INDEX i ON b(t);");
  Tables tables = open(folder.file("shop.db"));
  REQUIRE(tables.sources.size() == 2);
  CHECK(tables.sources[0]->name() == "shop.db#a b");
  TableSource& b = *tables.sources[1];
  CHECK(rows_of(b) == Rows{{"7", "0.1", "a,\"b\"", ""}, {"9", "1e+300", "", ""}, {"12", "100000", "A\uFFFD", "5"}});
  b.rewind();
  TableRow row;
  REQUIRE(b.next(row));
  CHECK(row.original == "7,0.1,\"a,\"\"b\"\"\",");
  CHECK(row.line == 1);
  const auto notes = b.notes();
  REQUIRE(find_note(notes, "blob") != nullptr);
  CHECK(find_note(notes, "blob")->column == "p");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("table: a database in WAL mode is read without leaving files beside it") {
  const test::TempFolder folder;
  make_database(folder.file("wal.db"), "PRAGMA journal_mode=WAL; CREATE TABLE t(id); INSERT INTO t VALUES(1);");
  REQUIRE(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
  {
    Tables tables = open(folder.file("wal.db"));
    CHECK(rows_of(*tables.sources.at(0)) == Rows{{"1"}});
  }
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("table: columns of 32-bit floats are given as the decimals that they stand for") {
  const test::TempFolder folder;
  make_database(
      folder.file("f.db"),
      "CREATE TABLE t(f REAL, d REAL);"
      "INSERT INTO t VALUES(9.80000019, 9.8), (0.150000006, 0.15), (14.0, 123456.789), (34.7999992, 116.397428);");
  Tables tables = open(folder.file("f.db"));
  TableSource& t = *tables.sources.at(0);
  CHECK(rows_of(t) == Rows{{"9.8", "9.8"}, {"0.15", "0.15"}, {"14", "123456.789"}, {"34.8", "116.397428"}});
  const auto notes = t.notes();
  REQUIRE(find_note(notes, "binary_float") != nullptr);
  CHECK(find_note(notes, "binary_float")->column == "f");
  CHECK(find_note(notes, "binary_float")->rows == 3);
  CHECK(is_from_float(static_cast<double>(9.8F)));
  CHECK_FALSE(is_from_float(9.8));
  CHECK(shortest_decimal(1e-7) == "0.0000001");
}

TEST_CASE("table: a store of ours and a damaged database are refused with a reason") {
  const test::TempFolder folder;
  make_database(folder.file("own.emptor"), "PRAGMA application_id=1164800116; CREATE TABLE t(id);");
  CHECK(open(folder.file("own.emptor")).skipped.at(0).reason.find("store of this library") != std::string::npos);
  write(folder.file("bad.db"), std::string("SQLite format 3\0", 16) + std::string(4096, 'x'));
  CHECK(error_of(folder.file("bad.db")).code() == Code::corrupt);
}

// Figures of the data sets' README files.
TEST_CASE("[G5] table: every data set is opened as what it is") {
  struct Expected {
    const char *path, *name;
    std::size_t rows, columns;
    Encoding encoding;
  };
  constexpr Expected expected[] = {
      {"adventureworks-sales", "AdventureWorks_Customers.csv", 18'148, 13, Encoding::cp1252},
      {"adventureworks-sales", "AdventureWorks_Sales_2017.csv", 29'481, 8, Encoding::utf8},
      {"superstore", "orders.csv", 10'194, 21, Encoding::utf8},
      {"cdnow", "CDNOW_sample.txt", 6'919, 5, Encoding::utf8},
      {"crm-maven", "sales_pipeline.csv", 8'800, 8, Encoding::utf8},
      {"dblp-acm", "DBLP2.csv", 2'616, 5, Encoding::cp1252},
      {"zh-mining-book", "bankloan.csv", 700, 9, Encoding::utf8},
      {"banking77", "train.csv", 10'003, 2, Encoding::utf8},
      {"hillstrom", "hillstrom.csv", 64'000, 12, Encoding::utf8},
      {"telco-churn", "WA_Fn-UseC_-Telco-Customer-Churn.csv", 7'043, 21, Encoding::utf8},
      {"febrl", "dataset4a.csv", 5'000, 11, Encoding::utf8},
      {"online-retail", "online_retail.csv.gz", 541'909, 8, Encoding::utf8},
      {"chinook", "Chinook.sqlite#Invoice", 412, 9, Encoding::utf8},
  };
  for (const Expected& set : expected) {
    CAPTURE(set.name);
    const auto path = test::data_path(set.path);
    if (!path) continue;
    Tables tables = open(*path);
    TableSource& source = table(tables, set.name);
    std::size_t rows = 0;
    TableRow row;
    while (source.next(row)) rows += !row.ragged;
    CHECK(rows == set.rows);
    CHECK(source.columns().size() == set.columns);
    CHECK(source.format().encoding == set.encoding);
  }
}

// Oracle: the files as they are, in UTF-8; iconv writes them in GB18030.
TEST_CASE("[G5] table: the Chinese data sets are read from GB18030 as from UTF-8") {
  const auto folder = test::data_path("zh-mining-book");
  if (!folder) return;
  for (const char* name : {"bankloan.csv", "business_circle.csv", "catering_sale.csv", "sales_data.csv",
                           "consumption_data_with_published_clusters.csv"}) {
    CAPTURE(name);
    std::ifstream file(*folder + "/" + name, std::ios::binary);
    const std::string utf8{std::istreambuf_iterator<char>(file), {}};
    const auto original = open_text_table(name, utf8);
    const std::string converted = to_gb18030(utf8);
    REQUIRE(converted != utf8);
    const auto table = open_text_table(name, converted);
    CHECK(table->format().encoding == Encoding::gb18030);
    CHECK(columns_of(*table) == columns_of(*original));
    CHECK(rows_of(*table) == rows_of(*original));
  }
}

TEST_CASE("table: a name that is no UTF-8 and a path with odd characters are no trouble") {
  const test::TempFolder folder;
  write(folder.file("caf\xE9 #1?%.csv"), "id,name\n1,x\n");
  make_database(folder.file("d #1?%41.db"), "CREATE TABLE t(id); INSERT INTO t VALUES(1);");
  Tables tables = open("/" + folder.path().string());
  REQUIRE(tables.sources.size() == 2);
  CHECK(tables.sources[0]->name() == "caf\uFFFD #1?%.csv");
  CHECK(rows_of(*tables.sources[1]) == Rows{{"1"}});
}

TEST_CASE("table: baskets and prose of the data sets are skipped") {
  for (const auto& [set, file] : {std::pair{"groceries-arules", "groceries_basket.csv"},
                                  {"northwind", "LICENSE.txt"},
                                  {"northwind", "northwind.sql"},
                                  {"bank-marketing", "bank-names.txt"},
                                  {"bank-marketing", "bank-additional.zip"}}) {
    const auto path = test::data_path(set);
    if (!path) continue;
    CAPTURE(file);
    const Tables tables = open(*path);
    CHECK(std::any_of(tables.skipped.begin(), tables.skipped.end(), [&](const auto& s) { return s.name == file; }));
    CHECK(std::none_of(tables.sources.begin(), tables.sources.end(), [&](const auto& t) { return t->name() == file; }));
  }
}

TEST_CASE("[G5] table: Northwind's amounts are exact although they were kept as floats") {
  const auto path = test::data_path("northwind");
  if (!path) return;
  Tables tables = open(*path);
  TableSource& lines = table(tables, "northwind.sqlite#order_details");
  const std::size_t price = column(lines, "unit_price"), quantity = column(lines, "quantity"),
                    discount = column(lines, "discount");
  Decimal gross, net, freight;
  TableRow row;
  const auto value = [&](std::size_t i) { return Decimal::parse(row.cells[i]).value(); };
  while (lines.next(row)) {
    const Decimal amount = value(price) * value(quantity);
    gross = gross + amount;
    net = net + amount * (Decimal(1) - value(discount));
  }
  TableSource& orders = table(tables, "northwind.sqlite#orders");
  const std::size_t cost = column(orders, "freight");
  while (orders.next(row)) freight = freight + value(cost);
  CHECK(gross.to_string() == "1354458.59");
  CHECK(freight.to_string() == "64942.69");
  // The README's 1,265,793.0387 is the sum of the noisy floats themselves; with prices and discounts as they
  // were meant (9.80, 15 %) exact arithmetic gives .0395 (Python: sum of Decimal products of rounded columns).
  CHECK(net.to_string() == "1265793.0395");
}
