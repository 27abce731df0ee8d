#include "emptor/mine/baskets.hpp"

#include <array>

#include "mine/line_source.hpp"

namespace emptor::mine {
namespace {

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == ',' || c == '\r'; }

[[noreturn]] void refuse(std::uint64_t line) {
  throw Error(Problem{.code = Code::invalid,
                      .message = "a basket holds something else than item numbers",
                      .entity = "basket",
                      .field = "item",
                      .row = static_cast<std::int64_t>(line),
                      .hint = "items are numbers from 0 to 4294967295, apart by blanks, tabs or commas"});
}

/// Reads whole lines of baskets.
class FimiParser {
 public:
  explicit FimiParser(BasketTable& table) : table_(table) {}

  /// `lines` ends after a line's end, or is the last.
  void read(std::string_view lines) {
    const std::size_t whole = lines.rfind('\n') + 1;  // 0 where there is none
    read_ended(lines.substr(0, whole));
    if (whole < lines.size()) read_ended(std::string(lines.substr(whole)) + '\n');
    flush();
  }

 private:
  /// Every line has its end, so that nothing else has to be looked for.
  void read_ended(std::string_view lines) {
    const char* at = lines.data();
    for (const char* const end = at + lines.size(); at != end; ++at) {
      ++line_;
      for (;; ++at) {
        if (digit_of(*at) < 10) at = read_item(at);
        if (*at == '\n') break;
        if (!is_blank(*at)) refuse(line_);
      }
      table_.starts.push_back(table_.items.size() + count_);
    }
  }

  static unsigned digit_of(char c) noexcept { return static_cast<unsigned char>(c - '0'); }

  const char* read_item(const char* at) {
    std::uint64_t item = digit_of(*at);
    for (unsigned digit = digit_of(*++at); digit < 10; digit = digit_of(*++at)) {
      item = item * 10 + digit;
      if (item > UINT32_MAX) refuse(line_);
    }
    if (count_ == some_.size()) flush();
    some_[count_++] = static_cast<std::uint32_t>(item);
    return at;
  }

  void flush() {
    table_.items.insert(table_.items.end(), some_.begin(), some_.begin() + count_);
    count_ = 0;
  }

  BasketTable& table_;
  std::uint64_t line_ = 0;
  std::array<std::uint32_t, 1024> some_;  ///< items on their way into the table, `count_` of them
  std::size_t count_ = 0;
};

}  // namespace

void BasketTable::add(std::span<const std::uint32_t> basket) {
  items.insert(items.end(), basket.begin(), basket.end());
  starts.push_back(items.size());
}

BasketSource source_of(const Baskets& baskets) {
  return [baskets](const std::function<void(const Baskets&)>& give) { give(baskets); };
}

BasketTable read_fimi(std::string_view text) {
  BasketTable table;
  FimiParser(table).read(text);
  return table;
}

BasketTable read_fimi_file(const std::string& path) {
  BasketTable table;
  FimiParser parser(table);
  LineSource file(path);
  std::uint64_t read = 0;
  while (const auto lines = file.next()) {
    parser.read(*lines);
    read += lines->size();
    // The rest will be as the first block was: growing by doubling would take three times the memory for a while.
    if (read == lines->size() && file.size() > read) {
      const double times = 1.02 * static_cast<double>(file.size()) / static_cast<double>(read);
      table.items.reserve(static_cast<std::size_t>(static_cast<double>(table.items.size()) * times) + 64);
      table.starts.reserve(static_cast<std::size_t>(static_cast<double>(table.starts.size()) * times) + 64);
    }
  }
  return table;
}

BasketSource fimi_source(std::string path, std::size_t batch_items) {
  return [path = std::move(path), batch_items](const std::function<void(const Baskets&)>& give) {
    BasketTable batch;
    FimiParser parser(batch);
    LineSource file(path);
    while (const auto lines = file.next()) {
      parser.read(*lines);
      if (batch.items.size() < batch_items && batch.size() < batch_items) continue;
      give(batch);
      batch.starts.resize(1);
      batch.items.clear();
    }
    if (batch.size() > 0) give(batch);
  };
}

}  // namespace emptor::mine
