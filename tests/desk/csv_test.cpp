#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "desk/csv_dialect.hpp"
#include "desk/csv_inspection.hpp"
#include "desk/csv_reader.hpp"
#include "emptor/core/error.hpp"

using namespace emptor;

namespace {

using Rows = std::vector<std::vector<std::string>>;

struct Read {
  Rows rows;
  std::vector<std::string> originals;
  std::vector<std::uint64_t> lines;
  std::uint64_t open_quote = 0;
  std::size_t stray = 0;
};

Read read_all(CsvReader& reader) {
  Read result;
  std::vector<std::string_view> cells;
  CsvRow row;
  while (reader.next(cells, row)) {
    result.rows.emplace_back(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(row.cells));
    result.originals.emplace_back(row.original);
    result.lines.push_back(row.line);
    result.stray += row.stray_quotes;
  }
  result.open_quote = reader.open_quote();
  return result;
}

Read read(std::string_view text, CsvDialect dialect = {}) {
  CsvReader reader(open_memory(text), dialect, "test.csv");
  return read_all(reader);
}

Rows rows(std::string_view text, CsvDialect dialect = {}) { return read(text, dialect).rows; }

Code failure(std::string_view text) {
  try {
    read(text);
  } catch (const Error& error) {
    return error.code();
  }
  return Code::ok;
}

std::string in_quotes(const std::string& cell) {
  std::string result = "\"";
  for (const char c : cell) result.append(c == '"' ? 2 : 1, c);
  return result + '"';
}

}  // namespace

TEST_CASE("csv: cells are set apart by the separator, and empty ones kept") {
  CHECK(rows("a,b,c\n1,,3\n,,\n") == Rows{{"a", "b", "c"}, {"1", "", "3"}, {"", "", ""}});
  CHECK(rows("a;b\n1,5;2", {';'}) == Rows{{"a", "b"}, {"1,5", "2"}});
  CHECK(rows(" a , b \n") == Rows{{" a ", " b "}});
}

TEST_CASE("csv: LF, CRLF and CR end rows, also mixed, and lines are counted") {
  const Read read_rows = read("a,b\r\n1,2\n3,4\r5,6\r\n\n7,8");
  CHECK(read_rows.rows == Rows{{"a", "b"}, {"1", "2"}, {"3", "4"}, {"5", "6"}, {"7", "8"}});
  CHECK(read_rows.lines == std::vector<std::uint64_t>{1, 2, 3, 4, 6});
  CHECK(read_rows.originals == std::vector<std::string>{"a,b", "1,2", "3,4", "5,6", "7,8"});
}

TEST_CASE("csv: a rare CR inside of a row is part of its cell") {
  const Read found = read("a,b\nx\ry,2\n3,4\r5,6\n", {.lone_cr_needs = 2});
  CHECK(found.rows == Rows{{"a", "b"}, {"x\ry", "2"}, {"3", "4"}, {"5", "6"}});
  CHECK(found.lines == std::vector<std::uint64_t>{1, 2, 4, 5});
}

TEST_CASE("csv: quotes protect separators, line ends and doubled quotes") {
  const Read found = read("a,b\n\"x, \"\"y\"\"\nz\",2\n\"\",\"\"\"\"\n3,4\n");
  CHECK(found.rows == Rows{{"a", "b"}, {"x, \"y\"\nz", "2"}, {"", "\""}, {"3", "4"}});
  CHECK(found.originals[1] == "\"x, \"\"y\"\"\nz\",2");
  CHECK(found.lines == std::vector<std::uint64_t>{1, 2, 4, 5});
}

TEST_CASE("csv: a quote inside of a cell is text, and text behind a closing quote is kept") {
  CHECK(rows("5\" pipe,b\"\n") == Rows{{"5\" pipe", "b\""}});
  const Read found = read("\"a\"b \"c\",d\n");
  CHECK(found.rows == Rows{{"ab \"c\"", "d"}});
  CHECK(found.stray == 1);
  CHECK(read("\"a\" ,d\n").rows == Rows{{"a", "d"}});
  CHECK(read("\"a\" ,d\n").stray == 0);
  CHECK(rows("1, \"a, b\", 2\n") == Rows{{"1", "a, b", " 2"}});
}

TEST_CASE("csv: backslashes escape quotes where the file writes them so") {
  const CsvDialect backslash{',', true};
  CHECK(rows("\"a \\\"b\\\", c\",\"C:\\\\d\",\"\\n\"\n", backslash) == Rows{{"a \"b\", c", "C:\\d", "\\n"}});
  CHECK(rows("\"a\"\"b\",c\\d\n", backslash) == Rows{{"a\"b", "c\\d"}});
  CHECK(rows("\"a\\\",\"b\"\n") == Rows{{"a\\", "b"}});
}

TEST_CASE("csv: runs of blanks set words apart") {
  CHECK(rows(" 00004 0001  19970101\t2   29.33\r\n 00004\n", {' '}) ==
        Rows{{"00004", "0001", "19970101", "2", "29.33"}, {"00004"}});
}

TEST_CASE("csv: a byte order mark is no part of the first cell") {
  CHECK(rows("\xEF\xBB\xBF"
             "a,b\n") == Rows{{"a", "b"}});
  CHECK(read("\xEF\xBB\xBF"
             "a,b\n")
            .originals[0] == "a,b");
}

TEST_CASE("csv: a quote that never closes is told with its line") {
  const Read found = read("a,b\n1,\"x\n2,y\n");
  CHECK(found.rows.size() == 1);
  CHECK(found.open_quote == 2);
}

TEST_CASE("csv: a cell above 16 MiB and a row of too many cells are refused") {
  CHECK(failure("a," + std::string(15 << 20, 'x') + "\n") == Code::ok);
  CHECK(failure("a," + std::string(17 << 20, 'x') + "\n") == Code::budget);
  CHECK(failure("a,\"" + std::string(17 << 20, 'x')) == Code::budget);
  CHECK(failure(std::string(70'000, ',') + "\n") == Code::budget);
}

TEST_CASE("csv: rows longer than the buffer come out whole") {
  const std::string cell(3 << 20, 'y');
  CHECK(rows("1," + in_quotes(cell + "\"\n" + cell) + ",2\n3,4,5\n") ==
        Rows{{"1", cell + "\"\n" + cell, "2"}, {"3", "4", "5"}});
}

// Oracle: what was written, over texts longer than the buffer of 1 MiB, so that rows are cut everywhere.
TEST_CASE("csv: random tables read back as they were written") {
  std::mt19937 random(7);
  constexpr std::string_view alphabet = "ab1 ,;\"\n\r\\\xC3\xA9\t";
  for (const bool crlf : {false, true}) {
    Rows written;
    std::string text;
    while (text.size() < 3'000'000) {
      std::vector<std::string> row(1 + random() % 6);
      for (std::string& cell : row) {
        const std::size_t size = random() % 100 == 0 ? random() % 5000 : random() % 12;
        for (std::size_t i = 0; i < size; ++i) cell += alphabet[random() % alphabet.size()];
        const bool plain = cell.find_first_of(",\"\r\n ") == std::string::npos && !cell.empty();
        text += plain ? cell : in_quotes(cell);
        text += ',';
      }
      text.back() = crlf ? '\r' : '\n';
      if (crlf) text += '\n';
      if (row.size() > 1 || row[0].find_first_not_of(" \t") != std::string::npos) written.push_back(std::move(row));
    }
    CHECK(rows(text) == written);
  }
}

TEST_CASE("csv: hostile texts take time in proportion to their length") {
  CHECK(read(std::string(4 << 20, '"')).rows.size() <= 1);
  std::string blanks;
  while (blanks.size() < 4 << 20) blanks += "  x\"\"\"";
  CHECK(read(blanks).rows.size() == 1);
  std::string opened;
  while (opened.size() < 4 << 20) opened += "\"a\"b\n";
  CHECK(read(opened).rows.size() > 800'000);
}

TEST_CASE("csv: the separator is found from the regularity of the rows") {
  CHECK(guess_csv("a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n", true, true).dialect.separator == ';');
  CHECK(guess_csv("1,5;2,5\n4,5;5,5\n", true, true).dialect.separator == ';');
  CHECK(guess_csv("a\tb\nx, y\t2\nz, w\t3\n", true, true).dialect.separator == '\t');
  CHECK(guess_csv("a|b|c\n1|2|3\n", true, true).dialect.separator == '|');
  CHECK(guess_csv("name,tags\nx,a;b\ny,c;d\n", true, true).dialect.separator == ',');
  CHECK(guess_csv(" 1 2  3.5\n 4 5  6.5\n 7 8  9.5\n", true, false).dialect.separator == ' ');
  const CsvGuess declared = guess_csv("sep=;\r\na;b\r\n1;2\r\n", true, true);
  CHECK(declared.dialect.separator == ';');
  CHECK(declared.preamble == 1);
  CHECK(declared.names == std::vector<std::string>{"a", "b"});
}

TEST_CASE("csv: the way of escaping quotes is found") {
  CHECK(guess_csv("a,b\n\"x \\\"y\\\", z\",2\n\"u\",3\n", true, true).dialect.backslash_escapes);
  CHECK_FALSE(guess_csv("a,b\n\"C:\\dir\\\",2\n\"u\",3\n", true, true).dialect.backslash_escapes);
  CHECK_FALSE(guess_csv("a,b\n\"x \"\"y\"\", z\",2\n", true, true).dialect.backslash_escapes);
}

TEST_CASE("csv: a first row that differs from those below is a header") {
  const auto header = [](std::string_view text) { return guess_csv(text, true, true).header; };
  CHECK(header("id,name\n1,Anna\n2,Ben\n"));
  CHECK(header("name,city\nAnna,Ulm\nBen,Bonn\n"));
  CHECK_FALSE(header("1,Anna\n2,Ben\n"));
  CHECK_FALSE(header("a,c,e\nb,d,\na,b,c\n"));
  CHECK(header(",support,confidence\nx,0.3,1\n"));
  CHECK(header("name,2015,when\nAnna,1,2015-01-01\nBen,2,2015-01-02\n") == false);  // more typed than not
  CHECK(header("only,names\n"));
}

TEST_CASE("csv: what is no table is not guessed into one") {
  const auto why = [](std::string_view text, bool delimited) { return guess_csv(text, true, delimited).not_table; };
  CHECK_FALSE(why("a,b,c\nd\ne,f\ng,h,i,j\nk\nl,m\n", true).empty());
  CHECK_FALSE(why("Dear Sir,\nthank you, and farewell.\nYours, truly\n", false).empty());
  CHECK_FALSE(why("All is said.\nNothing is done.\n", true).empty());
  CHECK_FALSE(why("\n\n\n", true).empty());
  CHECK(why("a,b\n1,2\n", true).empty());
  CHECK(why("amount\n1\n2\n", true).empty());
}

TEST_CASE("csv: titles above the header are passed over") {
  const CsvGuess guess =
      guess_csv("Sales of the year\n\nid,name,amount\n1,Anna,2\n2,Ben,3\n3,Cy,5\n4,Di,7\n5,Ed,8\n", true, true);
  CHECK(guess.preamble == 1);
  CHECK(guess.names == std::vector<std::string>{"id", "name", "amount"});
}

TEST_CASE("csv: a header without a name for the row names is understood") {
  const CsvGuess guess = guess_csv("amount,when\nr1,1,2015-01-01\nr2,2,2015-01-02\n", true, true);
  CHECK(guess.row_names);
  CHECK(guess.names == std::vector<std::string>{"", "amount", "when"});
}
