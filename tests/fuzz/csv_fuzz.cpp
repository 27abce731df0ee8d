// Any bytes, opened as a table: either a defined error or rows that keep the contract of table.hpp. With
// clang's -fsanitize=fuzzer (EMPTOR_FUZZER defined) this is a fuzzing target; without, main() below runs the files
// given on its command line and then seeded random texts, as part of the tests.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"
#include "emptor/desk/locale_values.hpp"
#include "emptor/desk/table.hpp"

namespace {

using namespace emptor;

void require(bool truth, const char* what) {
  if (truth) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

bool is_text(std::string_view text) { return is_utf8(text); }

/// Cells of all rows joined, for the comparison of two passes.
std::string read_rows(TableSource& table, std::vector<ColumnGuess>* guesses) {
  std::string all;
  std::uint64_t line = 0;
  for (TableRow row; table.next(row);) {
    require(row.cells.size() == table.columns().size(), "a row has as many cells as the table has columns");
    require(row.line > line, "lines ascend");
    require(is_text(row.original), "the original is UTF-8");
    line = row.line;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      require(is_text(row.cells[i]), "a cell is UTF-8");
      if (guesses != nullptr) (*guesses)[i].see(row.cells[i]);
      all.append(row.cells[i]).push_back('\0');
    }
  }
  return all;
}

/// What a guess promises of all values, reading keeps for each.
void check_guesses(TableSource& table, const std::vector<ColumnGuess>& guesses) {
  table.rewind();
  for (TableRow row; table.next(row);) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (is_blank(row.cells[i])) continue;
      if (const auto format = guesses[i].date())
        require(read_date(row.cells[i], *format).has_value(), "dates are read");
      if (guesses[i].boolean()) require(read_boolean(row.cells[i]).has_value(), "truth values are read");
      if (const auto format = guesses[i].number()) read_number(row.cells[i], *format);  // it may be out of range
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    const auto table = open_text_table("fuzz.csv", bytes);
    std::vector<ColumnGuess> guesses(table->columns().size());
    const std::string first = read_rows(*table, &guesses);
    table->rewind();
    require(read_rows(*table, nullptr) == first, "a second pass reads the same");
    check_guesses(*table, guesses);
  } catch (const Error& error) {
    const Code code = error.code();
    require(code == Code::unsupported || code == Code::corrupt || code == Code::budget,
            "errors are of the named codes");
  }
  return 0;
}

#ifndef EMPTOR_FUZZER
namespace {

void run(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

/// Pieces that matter to the reader, strung together: far more paths than random bytes would find.
std::string random_text(std::mt19937& random) {
  static constexpr std::string_view pieces[] = {",",
                                                ",",
                                                ";",
                                                "\t",
                                                "|",
                                                "\n",
                                                "\n",
                                                "\r\n",
                                                "\r",
                                                "\"",
                                                "\"\"",
                                                "\\\"",
                                                "a",
                                                "name",
                                                "1",
                                                "2.5",
                                                "1,234",
                                                "007",
                                                "2015-03-01",
                                                "1/2/2015",
                                                "x y",
                                                " ",
                                                "  ",
                                                "yes",
                                                "\xE9",
                                                "é",
                                                "\xD6\xD0",
                                                "中",
                                                "\x81\x30\x8A\x31",
                                                "\xFF",
                                                "\xEF\xBB\xBF",
                                                "NA",
                                                "(5)",
                                                "5%",
                                                "$1",
                                                "１２",
                                                "-",
                                                "1e5",
                                                "12:30",
                                                "2015年3月1日",
                                                "\xC3\x83\xC2\xA9",
                                                "\xED\xA0\x80",
                                                "1 Mar 2015",
                                                "10:30 PM",
                                                "+08:00",
                                                "Z"};
  std::string text;
  for (std::size_t count = random() % 200; count > 0; --count) {
    const std::size_t pick = random() % (std::size(pieces) + 1);
    if (pick < std::size(pieces)) {
      text += pieces[pick];
    } else {
      text += static_cast<char>(random() % 256);
    }
  }
  return text;
}

/// A regular table with one or two bytes changed.
std::string damaged_table(std::mt19937& random) {
  const char separator = ",;\t|"[random() % 4];
  std::string text = std::string("id") + separator + "name" + separator + "when\n";
  for (int i = 0; i < 20; ++i) {
    text += std::to_string(i) + separator + "\"Jo, \"\"" + std::to_string(random() % 99) + "\"\"\"" + separator +
            "2015-03-0" + std::to_string(1 + i % 9) + "\n";
  }
  for (std::size_t count = 1 + random() % 2; count > 0; --count)
    text[random() % text.size()] = static_cast<char>(random() % 256);
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    run({std::istreambuf_iterator<char>(file), {}});
  }
  std::mt19937 random(20151102);
  const int rounds = 5'000;
  for (int i = 0; i < rounds; ++i) {
    run(random_text(random));
    run(damaged_table(random));
  }
  std::printf("csv_fuzz: %d files and %d made texts kept the contract\n", argc - 1, 2 * rounds);
  return 0;
}
#endif
