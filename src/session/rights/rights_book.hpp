// The rights of a store's actors, worked out once a process: found again until something that they rest on changes.
#pragma once

#include <atomic>
#include <limits>
#include <mutex>
#include <unordered_map>

#include "emptor/session/rights.hpp"

namespace emptor {

/// The setting that puts rights in force where it is "on".
inline constexpr std::string_view rights_setting = "rights";

/// Safe from several threads; one a store (Store::kept).
class RightsBook {
 public:
  /// Whether rights are in force in this snapshot. Once they are they stay so, in every later one.
  bool in_force(Reader& reader);
  /// The user's rights in this snapshot, on that day.
  RightsPtr of(Reader& reader, Id user, Date today) { return of(reader, user, Id{}, today); }
  RightsPtr of(Reader& reader, SelfService actor, Date today) { return of(reader, Id{}, actor.customer, today); }

 private:
  struct Known {
    RightsPtr rights;
    std::int64_t position = 0;
    SchemaPtr schema;
  };
  /// One of both is none.
  RightsPtr of(Reader& reader, Id user, Id customer, Date today);
  void keep(Id actor, Known known);

  std::atomic<std::int64_t> in_force_from_ = std::numeric_limits<std::int64_t>::max();  // a position, at the latest
  std::mutex turn_;
  std::unordered_map<Id, Known> known_;  // by user, or by customer with a minus
};

}  // namespace emptor
