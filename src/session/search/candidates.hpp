// Records that may match, as the index tells, the newest first.
#pragma once

#include <vector>

#include "session/search/index.hpp"
#include "session/search/terms.hpp"

namespace emptor::seek {

/// Which of the records are asked for, beside their words.
struct Bounds {
  std::vector<EntityNumber> entities;       ///< ascending
  std::optional<std::int64_t> from, until;  ///< of their moments, both included
  std::optional<DocKey> after;
  std::size_t wanted = 1;  ///< about how many hits will be taken
};

/// Some that do not match may be among them, and of those that do none is missing; the same one may come twice.
class Candidates {
 public:
  /// Throws Code::corrupt for a damaged index. `terms` and the reader must outlive it.
  Candidates(Reader& reader, SearchMemory& memory, const Root& root, const LateDocs& late,
             const std::vector<Term>& terms, bool any, Bounds bounds);
  /// The next ones, at most so many; none at the end.
  void next(std::size_t most, std::vector<DocKey>& out);

 private:
  struct Source {
    SegmentPtr segment;
    Places places;             // of the segment's documents
    std::vector<DocKey> keys;  // without a segment
    std::size_t at = 0;

    bool done() const { return at == (segment ? places.size() : keys.size()); }
    const DocKey& key() const { return segment ? segment->docs()[places[at]] : keys[at]; }
  };
  bool asks_for(const DocKey& key) const;
  void open_late(const LateDocs& late);
  void open(const SegmentInfo& info);
  void skip(Source& source) const;

  Reader& reader_;
  SearchMemory& memory_;
  const std::vector<Term>& terms_;
  bool any_;
  Bounds bounds_;
  std::vector<SegmentInfo> closed_;  // the newest last
  std::vector<Source> sources_;
};

/// Whether a record with these texts may match.
bool matches(const std::vector<Term>& terms, bool any, const Entity* entity, const std::vector<std::string>& folded);

}  // namespace emptor::seek
