// The search index: which records hold which words.
//
// Records up to a journal position stand in segments; those that changed since are looked at themselves, so that an
// ordinary write costs the index nothing. Once they are many the next write makes a segment of them. A record whose
// text or moment changes, or that is deleted, is taken out of its segment by the write that does it.
#pragma once

#include <mutex>
#include <unordered_map>

#include "emptor/session/derivation.hpp"
#include "session/search/segment.hpp"

namespace emptor::seek {

struct SegmentInfo {
  std::uint32_t number = 0, docs = 0;
  std::uint32_t revision = 0;  ///< how often something was taken out
  DocKey newest, oldest;
};

/// What there is of an index in a snapshot.
struct Root {
  std::string fields;         ///< that were searched when it was made
  std::int64_t position = 0;  ///< of the journal: up to here it is in the segments
  std::uint32_t next_segment = 1;
  std::vector<SegmentInfo> segments;
};

/// The searched fields of a schema, as text.
std::string searched_fields(const Schema& schema);
/// An index that was never written is one of nothing.
Root read_root(Reader& reader);
/// Whether what it lacks can be told from the journal, and nothing else.
bool is_usable(Reader& reader, const Root& root);

/// The texts of a row that are searched, folded, and those that are not there as empty ones.
std::vector<std::string> folded_texts(const Entity& entity, Row row);
/// A moment, or the beginning of a day, as keys hold it.
std::int64_t key_at(const Value& moment) noexcept;
/// Nothing for a row without such texts, and for a deleted one.
std::optional<DocKey> key_of(const Entity& entity, Row row);

/// Calls `take` with each searched record that an entry changed, until it returns false.
void each_searched(const Schema& schema, const JournalEntry& entry,
                   const std::function<bool(const Entity&, const Change&)>& take);

/// A record that is not in a segment.
struct LateDoc {
  DocKey key;
  std::vector<std::string> folded;
};
using LateDocPtr = std::shared_ptr<const LateDoc>;

/// Those that changed after a journal position, in no order.
struct LateDocs {
  std::int64_t from = -1, position = -1;
  std::vector<LateDocPtr> docs;
};
using LateDocsPtr = std::shared_ptr<const LateDocs>;

/// What a process keeps of the index of a store. All of it can be read again. Thread-safe.
class SearchMemory {
 public:
  /// The segment as it stands in the reader's snapshot; what was taken out since it was read may be in it.
  SegmentPtr segment(Reader& reader, const SegmentInfo& info);
  /// Null where they are too many.
  LateDocsPtr late(Reader& reader, const Root& root);

  /// So many records make a segment.
  std::size_t segment_docs() const;
  void set_segment_docs(std::size_t docs);  ///< for tests

 private:
  friend class Indexer;
  struct Kept {
    SegmentPtr segment;
    std::uint32_t revision = 0;
  };
  struct Pending {
    std::int64_t position = -1;
    std::size_t docs = 0;
    bool usable = true;
  };
  mutable std::mutex turn_;
  std::unordered_map<std::uint32_t, Kept> segments_;
  LateDocsPtr late_;
  Pending pending_;
  std::size_t segment_docs_ = 2048;
};

/// Keeps the index inside a write: after its rows, before its journal entry. While a load is under way nothing is
/// added.
void update_index(Writer& writer, std::span<const RecordChange> changes, bool loading, SearchMemory& memory);
/// Adds some of what the index lacks, if that is much or `all` is asked for; false where there was nothing to add.
bool extend_index(Writer& writer, SearchMemory& memory, bool all = false);

}  // namespace emptor::seek
