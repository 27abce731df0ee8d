// Segments by an evaluator of their own: customers as plain values, every condition asked of everybody, every day.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace emptor::test {

struct PlainCustomer {
  std::string tier;
  std::int64_t parent = 0;
  std::optional<std::int64_t> employees;
  bool deleted = false;
};
struct PlainOrder {
  std::int64_t customer = 0, day = 0;
  bool deleted = false;
};
struct PlainLine {
  std::int64_t customer = 0, order = 0;
  std::string category;
  std::int64_t amount = 0;
  bool deleted = false;
};
struct PlainTag {
  std::int64_t customer = 0;
  std::string name;
  std::optional<std::int64_t> from, to;  // days
  bool deleted = false;
};
struct PlainWorld {
  std::map<std::int64_t, PlainCustomer> customers;
  std::map<std::int64_t, PlainOrder> orders;
  std::map<std::int64_t, PlainLine> lines;
  std::map<std::int64_t, PlainTag> tags;
  std::map<std::int64_t, std::pair<std::int64_t, double>> scores;  // of one name: the customer, the number
};

/// A condition as the test means it: the kind, and its numbers.
struct PlainRule {
  enum class Kind { all, any, negate, tier, parent_tier, size, orders, spent, recent, tag, score, segment };
  Kind kind = Kind::all;
  std::string text = {};
  std::int64_t number = 0, oldest = 0, newest = 0;
  std::vector<PlainRule> children = {};

  std::string written() const;
  bool holds(const PlainWorld& world, std::int64_t customer, std::int64_t today,
             const std::map<std::string, std::set<std::int64_t>>& segments) const;
};

}  // namespace emptor::test
