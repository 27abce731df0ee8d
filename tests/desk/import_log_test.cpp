// What an import leaves beside the file while it runs.
#include <doctest/doctest.h>

#include <filesystem>

#include "support/import_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

constexpr int lines = 24'000;
constexpr std::uintmax_t moved_beyond = std::uintmax_t{16} << 20;  // the length from which a commit moves the log

std::string sales(const std::string& month) {
  std::string text = "Order ID,Customer ID,Order Date,Product,Quantity,Unit Price\n";
  for (int i = 0; i < lines; ++i)
    text += "O" + month + std::to_string(i / 4) + ",C" + std::to_string(i % 700) + ",2024-" + month + "-0" +
            std::to_string(i % 9 + 1) + ",Product " + std::to_string(i % 200) + ",2,2.50\n";
  return text;
}

}  // namespace

TEST_CASE("[G5] import: the log beside the file is moved into it as the import goes on") {
  TempFolder folder;
  const std::string path = folder.file("shop.emptor"), log = path + "-wal";
  const auto store = open_sqlite(path, {.create = true, .durability = Durability::off});
  Session session(*store);
  std::uintmax_t longest = 0;
  ImportOptions options{.batch_rows = 500};
  options.progress = [&](std::string_view, std::uint64_t, std::uint64_t) {
    longest = std::max(longest, std::filesystem::file_size(log));
    return true;
  };
  // The second finds the customers and products of the first in the store.
  for (const std::string month : {"03", "04"}) {
    const std::string files[] = {folder.file("sales" + month + ".csv")};
    std::ofstream(files[0]) << sales(month);
    import_tables(session, files, options);
  }
  CHECK(session.view().count("order_line") == 2 * lines);
  CHECK(longest > moved_beyond);  // else nothing was asked for
  CHECK(longest < 2 * moved_beyond);
}
