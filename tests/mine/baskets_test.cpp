#include "emptor/mine/baskets.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "emptor/core/error.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;
using namespace emptor::mine;

TEST_CASE("fimi: a line is a basket, an empty line an empty one, and the last needs no end") {
  const BasketTable table = read_fimi("1 2 3\r\n\n  7,8\t9 \n4294967295");
  CHECK(table.starts == std::vector<std::uint64_t>{0, 3, 3, 6, 7});
  CHECK(table.items == std::vector<std::uint32_t>{1, 2, 3, 7, 8, 9, 4294967295});
  CHECK(read_fimi("").size() == 0);
  CHECK(read_fimi("\n").size() == 1);
}

TEST_CASE("fimi: what is no item number is refused with its line") {
  for (const char* text : {"1 2\n3 x\n", "1\n-1\n", "1\n4294967296\n", "1\n2.5\n", "1\n2a\n"}) {
    try {
      (void)read_fimi(text);
      FAIL("it was read");
    } catch (const Error& error) {
      CHECK(error.code() == Code::invalid);
      CHECK(error.first().row == 2);
    }
  }
}

TEST_CASE("fimi: a file is read as its text is, in one piece or in batches") {
  const test::TempFolder folder;
  std::string text;
  for (int line = 0; line < 60'000; ++line) text += std::to_string(line) + " " + std::to_string(line * 7) + "\n";
  const std::string path = (folder.path() / "baskets.dat").string();
  std::ofstream(path) << text;
  const BasketTable whole = read_fimi(text);
  CHECK(read_fimi_file(path) == whole);
  BasketTable joined;
  std::size_t batches = 0;
  const BasketSource source = fimi_source(path, 10'000);
  for (int round = 0; round < 2; ++round) {  // a source can be asked again
    joined = {};
    batches = 0;
    source([&](const Baskets& batch) {
      ++batches;
      for (std::size_t basket = 0; basket < batch.size(); ++basket) joined.add(batch[basket]);
    });
  }
  CHECK(batches > 1);
  CHECK(joined == whole);
  CHECK_THROWS_AS((void)read_fimi_file(path + ".none"), Error);
}
