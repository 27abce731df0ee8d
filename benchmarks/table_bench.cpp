// Foreign tables: how fast delimited text is split into cells, from memory and decoded, and how fast cells are
// understood.   bench_table [megabytes]

#include <cstdlib>
#include <string>

#include "bound.hpp"
#include "emptor/desk/locale_values.hpp"
#include "emptor/desk/table.hpp"

namespace {

using namespace emptor;
using namespace emptor::bench;

/// Sales lines as a shop exports them: eight short cells, 56 bytes.
std::string make_sales(std::size_t bytes, bool quoted) {
  std::string text = "order,line,customer,date,product,quantity,price,country\n";
  const std::string_view quote = quoted ? "\"" : "";
  for (std::size_t i = 0; text.size() < bytes; ++i) {
    text +=
        std::to_string(100'000 + i / 4) + ',' + std::to_string(i % 4 + 1) + ',' + std::to_string(i * 7919 % 1'000'003);
    text += ",2015-03-" + std::to_string(10 + i % 20) + ",P" + std::to_string(i * 31 % 5'000) + ',';
    text += std::to_string(1 + i % 19) + ',' + std::to_string(i % 97) + '.' + std::to_string(10 + i % 89) + ',';
    text += quote;
    text += "United Kingdom";
    text += quote;
    text += '\n';
  }
  return text;
}

std::size_t read_all(TableSource& table) {
  std::size_t cells = 0;
  for (TableRow row; table.next(row);) cells += row.cells.size();
  return cells;
}

double megabytes_a_second(TableSource& table, std::size_t bytes) {
  read_all(table);
  table.rewind();
  return static_cast<double>(bytes) / 1e6 / seconds_of([&] { read_all(table); });
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t bytes = (argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200) * 1'000'000;
  const std::string plain = make_sales(bytes, false), quoted = make_sales(bytes, true);
  const double opening = seconds_of([&] { open_text_table("sales.csv", plain); });
  figure("opening (encoding, dialect, header), text", static_cast<double>(bytes) / 1e6 / opening, "MB/s");
  const bool passed = bound("splitting, no quotes, UTF-8",
                            megabytes_a_second(*open_text_table("sales.csv", plain), bytes), Is::at_least, 300, "MB/s");
  figure("splitting, one cell in eight quoted", megabytes_a_second(*open_text_table("sales.csv", quoted), bytes),
         "MB/s");
  const std::string western = plain + "1,1,1,2015-03-10,P1,1,1.10,M\xE9xico\n";
  figure("splitting, cp1252", megabytes_a_second(*open_text_table("sales.csv", western), bytes), "MB/s");
  const std::string chinese = plain + "1,1,1,2015-03-10,P1,1,1.10,\xD6\xD0\xB9\xFA\n";
  figure("splitting, GB18030", megabytes_a_second(*open_text_table("sales.csv", chinese), bytes), "MB/s");

  constexpr int values = 2'000'000;
  std::int64_t sum = 0;
  const double numbers = seconds_of([&] {
    for (int i = 0; i < values; ++i) sum += read_number("1234.56", {})->units();
  });
  figure("reading a number", numbers / values * 1e9, "ns");
  const double dates = seconds_of([&] {
    for (int i = 0; i < values; ++i) sum += read_date("2010-12-01 08:26:00", {})->date.days;
  });
  figure("reading a date with time", dates / values * 1e9, "ns");
  ColumnGuess guess;
  const double guesses = seconds_of([&] {
    for (int i = 0; i < values; ++i) guess.see("1234.56");
  });
  figure("looking at a number for a guess", guesses / values * 1e9, "ns");
  return passed && sum > 0 && guess.number() ? 0 : 1;
}
