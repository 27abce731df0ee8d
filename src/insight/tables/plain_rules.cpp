#include "insight/tables/plain_rules.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "insight/tables/key_numbers.hpp"
#include "insight/tables/plain_keys.hpp"
#include "insight/tables/plain_rows.hpp"

namespace emptor {
namespace {

constexpr std::int64_t most_baskets = std::numeric_limits<std::uint32_t>::max();

class RuleReading {
 public:
  explicit RuleReading(const ArrowTable& table)
      : in_(table),
        left_(lists(table, "left")),
        right_(lists(table, "right")),
        both_(table.column("both")),
        left_count_(table.column("left_count")),
        right_count_(table.column("right_count")),
        support_(table.column("support")),
        items_(table.columns()[left_]) {
    const auto is_text = [&](std::size_t column) { return KeyNumbers(table.columns()[column]).of_texts(); };
    if (is_text(left_) != is_text(right_))
      throw Error(Problem{.code = Code::invalid,
                          .message = "the left sides are of another kind than the right sides",
                          .field = "right",
                          .hint = "both hold whole numbers, or both texts"});
  }

  PlainRules read() {
    PlainRules plain;
    mine::RuleTable& rules = plain.rules;
    in_.each([&] { read_row(rules); });
    Column sorted;
    const std::vector<std::uint32_t> ranks = items_.ranks(sorted);
    plain.items = keys_of(sorted);
    for (std::uint32_t& item : rules.items) item = ranks[item];
    for (std::size_t at = 0; at < rules.size(); ++at) {
      const auto begin = rules.items.begin() + static_cast<std::ptrdiff_t>(rules.starts[at]);
      const auto end = rules.items.begin() + static_cast<std::ptrdiff_t>(rules.starts[at + 1]);
      std::sort(begin, begin + rules.left_size[at]);
      std::sort(begin + rules.left_size[at], end);
    }
    rules.summary.rules = rules.size();
    return plain;
  }

 private:
  static std::size_t lists(const ArrowTable& table, std::string_view name) {
    const std::size_t column = table.column(name);
    if (table.columns()[column].list) return column;
    throw Error(Problem{.code = Code::invalid,
                        .message = "the column '" + std::string(name) + "' holds no lists",
                        .field = std::string(name),
                        .hint = "give the table of rules as emptor_compute wrote it"});
  }

  void read_row(mine::RuleTable& rules) {
    const std::size_t left = read_side(left_, rules);
    read_side(right_, rules);
    rules.left_size.push_back(static_cast<std::uint32_t>(left));
    rules.starts.push_back(rules.items.size());
    mine::RuleCounts counts{
        .both = count(both_), .left = count(left_count_), .right = count(right_count_), .baskets = 0};
    counts.baskets = baskets(counts.both);
    if (rules.summary.baskets == 0) rules.summary.baskets = counts.baskets;
    if (rules.summary.baskets != counts.baskets) in_.refuse(support_, "share of the same baskets as the first rule's");
    rules.counts.push_back(counts);
  }

  std::size_t read_side(std::size_t column, mine::RuleTable& rules) {
    const auto cells = in_.list(column);
    if (!cells) in_.refuse(column, "list");
    std::vector<std::uint32_t> side;
    for (const ArrowCell& cell : *cells) {
      const auto number = is_missing(cell) ? std::nullopt : items_.of(cell);
      if (!number) in_.refuse(column, "list of whole numbers or texts");
      if (std::ranges::find(side, *number) == side.end()) side.push_back(*number);
    }
    rules.items.insert(rules.items.end(), side.begin(), side.end());
    return side.size();
  }

  std::uint32_t count(std::size_t column) const {
    const auto whole = whole_of(in_.cell(column));
    if (!whole || *whole < 1 || *whole > most_baskets) in_.refuse(column, "count of baskets");
    return static_cast<std::uint32_t>(*whole);
  }

  /// How many baskets there were, of which `both` have the share that the support tells.
  std::uint32_t baskets(std::uint32_t both) const {
    const ArrowCell cell = in_.cell(support_);
    const bool real = cell.kind == ArrowCell::Kind::real || cell.kind == ArrowCell::Kind::single;
    const double share = real ? cell.real : static_cast<double>(whole_of(cell).value_or(0));
    const double all = share > 0 && share <= 1 ? std::round(both / share) : 0;
    if (all < both || all > static_cast<double>(most_baskets)) in_.refuse(support_, "share of baskets");
    return static_cast<std::uint32_t>(all);
  }

  PlainRows in_;
  std::size_t left_, right_, both_, left_count_, right_count_, support_;
  KeyNumbers items_;
};

}  // namespace

PlainRules plain_rules(const ArrowTable& table) { return RuleReading(table).read(); }

}  // namespace emptor
