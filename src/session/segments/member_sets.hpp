// Members of segments as sets, kept for all sessions of a store and brought up to date where rows of customers changed.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "session/segments/book.hpp"
#include "session/segments/customer_columns.hpp"
#include "session/segments/memberships.hpp"

namespace emptor::segments {

using IdSetPtr = std::shared_ptr<const IdSet>;

/// Safe from several threads.
class MemberSets {
 public:
  /// Of a segment of the book, as of a snapshot and a day. The reader is of this store, at the book's generation.
  IdSetPtr of(Reader& reader, const BookPtr& book, std::size_t segment, Date today, CustomerColumns& columns,
              const Executor& executor);

 private:
  struct Known {
    std::int64_t generation = 0, position = 0;
    std::uint64_t schema_version = 0;
    Date today;
    bool settled = false;  ///< every customer's row tells of itself when it is due
    IdSetPtr members;
  };
  std::mutex turn_;
  std::map<std::int64_t, Known> known_;  // by id of the segment
};

/// The same of any reader, also one of the past or within a write: every customer is asked.
IdSet members_of_all(Reader& reader, const Program& program, const Zone& zone, std::size_t segment, Date today);

}  // namespace emptor::segments
