#include "emptor/insight/segment_map.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"

namespace emptor {
namespace {

bool matches(const SegmentRule& rule, int r, int f, int m) {
  const double fm = (f + m) / 2.0;
  return r >= rule.r_low && r <= rule.r_high && f >= rule.f_low && f <= rule.f_high && m >= rule.m_low &&
         m <= rule.m_high && fm >= rule.fm_low && fm <= rule.fm_high;
}

/// Collects what is wrong with a table; at most so many of each kind are worth reading.
class Faults {
 public:
  void gap(int r, int f, int m) {
    if (++gaps_ <= shown) add("no rule covers the cell " + cell(r, f, m));
  }
  void overlap(int r, int f, int m, const SegmentRule& a, const SegmentRule& b) {
    if (++overlaps_ <= shown) add("the cell " + cell(r, f, m) + " is covered by '" + a.name + "' and '" + b.name + "'");
  }
  void unreachable(const std::string& name) { add("no cell is given the name '" + name + "'"); }
  void add(std::string message) { problems_.push_back({.code = Code::invalid, .message = std::move(message)}); }
  void throw_if_any() {
    if (problems_.empty()) return;
    problems_.front().hint =
        std::to_string(gaps_) + " cells without a name, " + std::to_string(overlaps_) + " with several";
    throw Error(std::move(problems_));
  }

 private:
  static constexpr int shown = 25;
  static std::string cell(int r, int f, int m) {
    return "R" + std::to_string(r) + " F" + std::to_string(f) + " M" + std::to_string(m);
  }
  int gaps_ = 0;
  int overlaps_ = 0;
  std::vector<Problem> problems_;
};

std::vector<std::size_t> matching(std::span<const SegmentRule> rules, int r, int f, int m) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (matches(rules[i], r, f, m)) found.push_back(i);
  }
  return found;
}

template <class Visit>
void each_cell(int bins, const Visit& visit) {
  for (int r = 1; r <= bins; ++r) {
    for (int f = 1; f <= bins; ++f) {
      for (int m = 1; m <= bins; ++m) visit(r, f, m);
    }
  }
}

std::vector<std::string> distinct_names(std::span<const SegmentRule> rules, Faults& faults) {
  std::vector<std::string> names;
  for (const SegmentRule& rule : rules) {
    if (rule.name.empty()) faults.add("a rule has no name");
    if (std::find(names.begin(), names.end(), rule.name) == names.end()) names.push_back(rule.name);
  }
  return names;
}

/// Cursor over the conditions of one rule: "R 4-5, F 3".
class RuleText {
 public:
  RuleText(std::string_view text, std::size_t line) : text_(text), line_(line) {}
  bool next(std::string& axis, double& low, double& high) {
    skip(" \t,");
    if (text_.empty()) return false;
    axis = letters();
    skip(" \t");
    low = high = number();
    if (!text_.empty() && text_.front() == '-') {
      text_.remove_prefix(1);
      high = number();
    }
    return true;
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(Problem{.code = Code::invalid,
                        .message = "segment rules, line " + std::to_string(line_) + ": " + what,
                        .row = static_cast<std::int64_t>(line_),
                        .hint = "write a rule as \"name: R 4-5, F 3, M 1-5, FM 2-3.5\""});
  }

 private:
  void skip(std::string_view these) {
    while (!text_.empty() && these.find(text_.front()) != std::string_view::npos) text_.remove_prefix(1);
  }
  std::string letters() {
    std::string word;
    while (!text_.empty() && ((text_.front() | 0x20) >= 'a') && ((text_.front() | 0x20) <= 'z')) {
      word += static_cast<char>(text_.front() & ~0x20);
      text_.remove_prefix(1);
    }
    return word;
  }
  double number() {
    double value = 0;
    const auto [end, error] =
        std::from_chars(text_.data(), text_.data() + text_.size(), value, std::chars_format::fixed);
    if (error != std::errc{} || value < 0) fail("a score was expected");
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return value;
  }
  std::string_view text_;
  std::size_t line_;
};

void set_bounds(SegmentRule& rule, const std::string& axis, double low, double high, const RuleText& text) {
  const auto whole = [&](int& to_low, int& to_high) {
    if (low != static_cast<int>(low) || high != static_cast<int>(high)) text.fail("scores of " + axis + " are whole");
    to_low = static_cast<int>(low);
    to_high = static_cast<int>(high);
  };
  if (low > high) text.fail("the bounds of " + axis + " are in the wrong order");
  if (axis == "R") return whole(rule.r_low, rule.r_high);
  if (axis == "F") return whole(rule.f_low, rule.f_high);
  if (axis == "M") return whole(rule.m_low, rule.m_high);
  if (axis != "FM") text.fail("'" + axis + "' is not one of R, F, M and FM");
  rule.fm_low = low;
  rule.fm_high = high;
}

std::optional<SegmentRule> parse_rule(std::string_view line, std::size_t number) {
  line = trim(line.substr(0, line.find('#')));
  if (line.empty()) return std::nullopt;
  const std::size_t colon = line.find(':');
  RuleText text(colon == line.npos ? std::string_view() : line.substr(colon + 1), number);
  if (colon == line.npos) text.fail("the ':' after the name is missing");
  SegmentRule rule{.name = std::string(trim(line.substr(0, colon)))};
  if (rule.name.empty()) text.fail("the name is missing");
  std::string axis;
  double low = 0, high = 0;
  while (text.next(axis, low, high)) set_bounds(rule, axis, low, high, text);
  return rule;
}

constexpr std::string_view ten_rules =
    "hibernating: R 1-2, F 1-2\n"
    "at risk: R 1-2, F 3-4\n"
    "can't lose: R 1-2, F 5\n"
    "about to sleep: R 3, F 1-2\n"
    "need attention: R 3, F 3\n"
    "loyal: R 3-4, F 4-5\n"
    "promising: R 4, F 1\n"
    "new: R 5, F 1\n"
    "potential loyalist: R 4-5, F 2-3\n"
    "champion: R 5, F 4-5\n";

}  // namespace

SegmentMap::SegmentMap(std::span<const SegmentRule> rules, int bins, SegmentOverlap overlap) : bins_(bins) {
  if (bins < 2 || bins > 9) throw Error(Code::invalid, "a segment map has 2 to 9 bins");
  Faults faults;
  names_ = distinct_names(rules, faults);
  if (names_.size() > 255) throw Error(Code::invalid, "a segment map has at most 255 names");
  cells_.resize(static_cast<std::size_t>(bins) * bins * bins);
  std::vector<bool> reached(names_.size());
  each_cell(bins, [&](int r, int f, int m) {
    const std::vector<std::size_t> found = matching(rules, r, f, m);
    if (found.empty()) return faults.gap(r, f, m);
    if (found.size() > 1 && overlap == SegmentOverlap::refuse) {
      faults.overlap(r, f, m, rules[found[0]], rules[found[1]]);
    }
    const auto name = std::find(names_.begin(), names_.end(), rules[found[0]].name) - names_.begin();
    cells_[cell(r, f, m)] = static_cast<std::uint8_t>(name);
    reached[name] = true;
  });
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!reached[i]) faults.unreachable(names_[i]);
  }
  faults.throw_if_any();
}

const SegmentMap& ten_segments() {
  static const SegmentMap map(parse_segment_rules(ten_rules), 5);
  return map;
}

std::vector<SegmentRule> parse_segment_rules(std::string_view text) {
  std::vector<SegmentRule> rules;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (std::optional<SegmentRule> rule = parse_rule(text.substr(0, end), number)) rules.push_back(std::move(*rule));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return rules;
}

}  // namespace emptor
