// Record numbers, versions and positions by the order in which they are met: two answers that differ in nothing else
// are the same after it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "emptor/core/id.hpp"

namespace emptor::test {

/// `place` says which numbers are of one kind, for two entities may give the same.
class Renaming {
 public:
  /// A JSON document with the numbers in it renamed, by the names of the members that hold them.
  std::string json(std::string_view text, const std::string& place);
  /// The same, line by line.
  std::string json_lines(std::string_view lines, const std::string& place);
  std::string id(Id id, const std::string& place) { return named(std::to_string(id.value), place); }
  /// The version of a record that was told.
  std::string token(std::int64_t token);
  /// The position of a snapshot: others may have written since the newest version that was told.
  std::string position(std::int64_t position);
  /// Whether a number was met in the place of a token that may be a true version or position.
  bool small_token_met() const noexcept { return small_token_met_; }
  std::string named(const std::string& number, const std::string& place);

 private:
  std::map<std::pair<std::string, std::string>, std::size_t> names_;
  std::map<std::string, std::size_t> met_;
  bool small_token_met_ = false;
};

class ArrowConsumer;
/// What a stream of an entity's records tells, a line a record.
std::string arrow_text(ArrowConsumer& consumer, Renaming& renaming, const std::string& entity);

}  // namespace emptor::test
