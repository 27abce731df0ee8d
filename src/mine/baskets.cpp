#include "emptor/mine/baskets.hpp"

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
    const char* at = lines.data();
    const char* const end = at + lines.size();
    while (at != end) at = read_line(at, end);
  }

 private:
  const char* read_line(const char* at, const char* end) {
    ++line_;
    for (; at != end && *at != '\n'; ++at) {
      if (!is_blank(*at)) at = read_item(at, end) - 1;
    }
    table_.starts.push_back(table_.items.size());
    return at == end ? at : at + 1;
  }

  const char* read_item(const char* at, const char* end) {
    std::uint64_t item = 0;
    const char* const first = at;
    for (; at != end && static_cast<unsigned char>(*at - '0') < 10; ++at) {
      item = item * 10 + static_cast<unsigned char>(*at - '0');
      if (item > UINT32_MAX) refuse(line_);
    }
    if (at == first || (at != end && *at != '\n' && !is_blank(*at))) refuse(line_);
    table_.items.push_back(static_cast<std::uint32_t>(item));
    return at;
  }

  BasketTable& table_;
  std::uint64_t line_ = 0;
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
