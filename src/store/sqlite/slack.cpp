#include "store/sqlite/slack.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "store/sqlite/failure.hpp"
#include "store/sqlite/statement.hpp"

namespace emptor::sqlite {
namespace {

constexpr std::size_t file_header = 100;  // on the first page, before its own

class Slack {
 public:
  explicit Slack(sqlite3_file* file) : file_(file) {
    std::array<unsigned char, file_header> header;
    check(file_->pMethods->xRead(file_, header.data(), header.size(), 0));
    const std::size_t size = number(header.data() + 16, 2);
    page_.resize(size == 1 ? 65'536 : size);
    zeros_.resize(page_.size());
  }

  void clear_tree(std::uint32_t root) {
    pages_.push_back(root);
    while (!pages_.empty()) {
      const std::uint32_t page = pages_.back();
      pages_.pop_back();
      clear_page(page);
    }
  }

  void finish() {
    if (written_) check(file_->pMethods->xSync(file_, SQLITE_SYNC_NORMAL));
  }

 private:
  static void check(int result) {
    if (result != SQLITE_OK) fail(nullptr, result);
  }
  static std::size_t number(const unsigned char* bytes, int count) {
    std::size_t value = 0;
    for (int i = 0; i < count; ++i) value = value << 8 | bytes[i];
    return value;
  }

  void clear_page(std::uint32_t page) {
    const auto begins = static_cast<sqlite3_int64>(page - 1) * static_cast<sqlite3_int64>(page_.size());
    check(file_->pMethods->xRead(file_, page_.data(), static_cast<int>(page_.size()), begins));
    const std::size_t head = page == 1 ? file_header : 0;
    const unsigned char* const header = page_.data() + head;
    const bool interior = header[0] == 2 || header[0] == 5;
    if (!interior && header[0] != 10 && header[0] != 13) fail(nullptr, SQLITE_CORRUPT);
    const std::size_t cells = number(header + 3, 2), content = number(header + 5, 2);
    const std::size_t pointers = head + (interior ? 12 : 8);
    const std::size_t first = pointers + 2 * cells, last = content == 0 ? 65'536 : content;
    if (first > last || last > page_.size()) fail(nullptr, SQLITE_CORRUPT);
    if (interior) push_children(page_.data() + pointers, cells, number(header + 8, 4));
    if (std::all_of(page_.begin() + static_cast<std::ptrdiff_t>(first),
                    page_.begin() + static_cast<std::ptrdiff_t>(last), [](unsigned char byte) { return byte == 0; }))
      return;
    check(file_->pMethods->xWrite(file_, zeros_.data(), static_cast<int>(last - first),
                                  begins + static_cast<sqlite3_int64>(first)));
    written_ = true;
  }

  void push_children(const unsigned char* pointers, std::size_t cells, std::size_t rightmost) {
    pages_.push_back(static_cast<std::uint32_t>(rightmost));
    for (std::size_t i = 0; i < cells; ++i) {
      const std::size_t cell = number(pointers + 2 * i, 2);
      if (cell + 4 > page_.size()) fail(nullptr, SQLITE_CORRUPT);
      pages_.push_back(static_cast<std::uint32_t>(number(page_.data() + cell, 4)));
    }
  }

  sqlite3_file* file_;
  std::vector<unsigned char> page_, zeros_;
  std::vector<std::uint32_t> pages_;  // still to be cleared
  bool written_ = false;
};

}  // namespace

void clear_slack(Connection& connection) {
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(connection.handle(), nullptr, SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
      file == nullptr || file->pMethods == nullptr)
    fail(connection.handle(), SQLITE_ERROR);
  Slack slack(file);
  slack.clear_tree(1);
  std::vector<std::uint32_t> roots;
  {
    Use rows(connection.prepared("SELECT rootpage FROM sqlite_schema WHERE rootpage > 1"));
    while (rows->step()) roots.push_back(static_cast<std::uint32_t>(rows->integer(0)));
  }
  for (const std::uint32_t root : roots) slack.clear_tree(root);
  slack.finish();
}

}  // namespace emptor::sqlite
