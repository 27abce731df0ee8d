// The rights of a store's actors, worked out once a process: found again until something that they rest on changes.
#pragma once

#include <mutex>
#include <unordered_map>

#include "emptor/session/rights.hpp"

namespace emptor {

/// Safe from several threads; one a store (Store::kept).
class RightsBook {
 public:
  /// The user's rights in this snapshot, on that day.
  RightsPtr of(Reader& reader, Id user, Date today);

 private:
  struct Known {
    RightsPtr rights;
    std::int64_t position = 0;
    SchemaPtr schema;
  };
  void keep(Id user, Known known);

  std::mutex turn_;
  std::unordered_map<Id, Known> known_;
};

}  // namespace emptor
