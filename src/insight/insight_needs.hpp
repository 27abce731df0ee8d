/// What an insight reads, and what it may hold for that: estimated from counts of records before it begins, so that one
/// that is too much for its host is not begun.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "emptor/session/session.hpp"

namespace emptor {

/// Bytes of memory for each record that an insight reads; docs/analyse.md has the table and how it was measured.
struct InsightReads {
  std::string_view insight;
  std::uint32_t line = 0;      ///< an order or a line of one
  std::uint32_t customer = 0;  ///< beside its fields
  std::uint32_t field = 0;     ///< of a customer, custom ones too
  std::uint32_t record = 0;    ///< any other
  std::string_view others;     ///< entities of these, between blanks
};
std::span<const InsightReads> insight_reads();

struct InsightNeed {
  std::uint64_t rows = 0;   ///< records, each counted once
  std::uint64_t bytes = 0;  ///< an upper bound for records of usual length
};

/// Of one session; what insights do not write is counted once.
class InsightNeeds {
 public:
  explicit InsightNeeds(const Session& session) : session_(session) {}
  /// Requires the name of an insight.
  InsightNeed of(std::string_view insight);

 private:
  std::uint64_t count(const View& view, std::string_view entity);

  const Session& session_;
  std::map<std::string, std::uint64_t, std::less<>> counts_;
};

}  // namespace emptor
