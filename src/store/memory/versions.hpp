// What the memory store is made of: versions of rows and of index entries in two ordered containers. A
// version is alive from the commit that made it to the one that replaced it.
#pragma once

#include <boost/multi_index/identity.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index_container.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "emptor/model/schema.hpp"
#include "store/keyvalue/snapshot.hpp"

namespace emptor::memory {

using keyvalue::Commit;
inline constexpr Commit for_ever = std::numeric_limits<Commit>::max();

struct RowVersion {
  Id id;
  Commit born = 0;
  EntityNumber entity = 0;
  mutable Commit died = for_ever;
  mutable std::string bytes;

  bool alive(Commit at) const noexcept { return born <= at && at < died; }
};

struct RowPlace {
  EntityNumber entity = 0;
  Id id;
  Commit born = 0;
};

struct RowOrder {
  template <class A, class B>
  bool operator()(const A& a, const B& b) const noexcept {
    if (a.entity != b.entity) return a.entity < b.entity;
    return a.id != b.id ? a.id < b.id : a.born < b.born;
  }
};

struct EntryVersion {
  std::uint64_t index = 0;
  std::string key;
  Id id;
  Commit born = 0;
  mutable Commit died = for_ever;

  bool alive(Commit at) const noexcept { return born <= at && at < died; }
};

struct EntryPlace {
  std::uint64_t index = 0;
  std::string_view key;
  Id id;
  Commit born = 0;
};

struct EntryOrder {
  template <class A, class B>
  bool operator()(const A& a, const B& b) const noexcept {
    if (a.index != b.index) return a.index < b.index;
    if (const int order = std::string_view(a.key).compare(b.key); order != 0) return order < 0;
    return a.id != b.id ? a.id < b.id : a.born < b.born;
  }
};

namespace mi = boost::multi_index;
using Rows =
    mi::multi_index_container<RowVersion, mi::indexed_by<mi::ordered_unique<mi::identity<RowVersion>, RowOrder>>>;
using Entries =
    mi::multi_index_container<EntryVersion, mi::indexed_by<mi::ordered_unique<mi::identity<EntryVersion>, EntryOrder>>>;

}  // namespace emptor::memory
