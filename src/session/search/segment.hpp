// A segment of the search index: so many documents, newest first, and which of them hold each token.
//
// It is kept as pieces (records of `search_part`), whose ids hold the number of the segment and their own:
//   0          how many documents, pieces of documents and of words there are
//   1 ...      the documents' keys, so many a piece
//   then       the tokens in the order of their bytes, each with its documents, or the piece that holds those
//   8388608 .. documents of tokens that have many
// A document is known by its place in the segment, which never changes; what is taken out leaves its place empty.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/store/store.hpp"

namespace emptor::seek {

/// A record by the place that it has among all: the newest first, those of no moment last; then by entity; then the
/// greater id first.
struct DocKey {
  std::int64_t at = no_moment;
  EntityNumber entity = 0;
  Id id;  ///< with a minus: taken out

  static constexpr std::int64_t no_moment = std::numeric_limits<std::int64_t>::min();
  friend bool operator==(const DocKey&, const DocKey&) = default;
  /// Whether this one comes before the other.
  bool before(const DocKey& other) const noexcept {
    if (at != other.at) return at > other.at;
    if (entity != other.entity) return entity < other.entity;
    return std::abs(id.value) > std::abs(other.id.value);
  }
};

using Places = std::vector<std::uint32_t>;  ///< of documents in a segment, ascending

/// Pieces on their way into the store.
class PartWriter {
 public:
  PartWriter(Writer& writer, std::uint32_t segment);
  void put(std::uint32_t part, std::string data);
  void flush();

 private:
  Writer& writer_;
  const SchemaPtr schema_;
  const Entity& entity_;
  std::uint32_t segment_;
  std::vector<std::pair<Id, std::string>> parts_;
  std::size_t bytes_ = 0;
};

Id part_id(std::uint32_t segment, std::uint32_t part) noexcept;
/// The data of a piece; empty where there is none.
std::string read_part(Reader& reader, Id id);

/// Writes a segment token by token, in the order of their bytes.
class SegmentWriter {
 public:
  /// `docs` in their order.
  SegmentWriter(Writer& writer, std::uint32_t segment, std::span<const DocKey> docs);
  void add(std::string_view token, const Places& places);
  void finish();

 private:
  void end_block();

  PartWriter parts_;
  std::uint32_t docs_, doc_parts_, blocks_ = 0, lists_ = 0;
  std::string block_, list_;
};

/// A segment in memory, as it was when it was read.
class Segment {
 public:
  /// Throws Code::corrupt.
  Segment(Reader& reader, std::uint32_t number);

  std::uint32_t number() const noexcept { return number_; }
  std::span<const DocKey> docs() const noexcept { return docs_; }
  std::size_t tokens() const noexcept { return entries_.size(); }
  std::string_view token(std::size_t i) const noexcept;
  /// Whether its documents have a piece of their own, which must be read.
  bool has_list(std::size_t i) const noexcept { return entries_[i].list != 0; }
  /// How many documents hold it, about.
  std::size_t frequency(std::size_t i) const noexcept { return entries_[i].count; }
  /// Appends the places of a token's documents.
  void read(Reader& reader, std::size_t i, Places& out) const;

  std::optional<std::size_t> find(std::string_view token) const noexcept;
  /// Calls `take` with tokens that begin with, end with or hold a text, until it returns false.
  using TakeToken = std::function<bool(std::size_t)>;
  void each_beginning(std::string_view text, const TakeToken& take) const;
  void each_ending(std::string_view text, const TakeToken& take) const { each_holding(std::string(text) + '\n', take); }
  void each_holding(std::string_view text, const TakeToken& take) const;

  /// The place of a document; nothing where it is not here (or was taken out).
  std::optional<std::uint32_t> place_of(const DocKey& key) const noexcept;
  /// Whether the document at a place stands in the stored pieces.
  bool stands(Reader& reader, std::uint32_t place) const;

  /// Takes documents out of the stored pieces: of each, the tokens that it has. Requires that they stand there. The
  /// segment in memory stays as it was.
  struct Removal {
    std::string token;
    std::uint32_t place;
  };
  void remove(Writer& writer, std::vector<Removal> removals, const Places& docs) const;

 private:
  struct Entry {
    std::uint32_t begin = 0;  // in words_
    std::uint32_t count = 0;
    std::uint32_t block = 0;
    std::uint32_t list = 0;          // the piece that holds its documents; 0: they stand in the block
    std::uint32_t from = 0, to = 0;  // there
  };
  std::size_t at_or_after(std::string_view token) const noexcept;
  std::size_t entry_at(std::size_t from, std::size_t offset) const noexcept;

  std::uint32_t number_;
  std::uint32_t doc_parts_ = 0;
  std::vector<DocKey> docs_;
  std::vector<std::string> blocks_;
  std::vector<Entry> entries_;
  std::string words_;  // each with a line feed behind it
};
using SegmentPtr = std::shared_ptr<const Segment>;

/// Documents on their way into a segment.
class SegmentBuilder {
 public:
  /// `folded` are the texts of a record. A document is added once.
  void add(const DocKey& key, std::span<const std::string> folded);
  std::size_t size() const noexcept { return docs_.size(); }
  /// Returns the documents in their order. Nothing can be added after it.
  std::vector<DocKey> write(Writer& writer, std::uint32_t segment);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept;
  };
  struct Tally {
    std::uint32_t last = 0;  // the document that was counted last, plus one
    Places docs;             // in the order in which they were added
  };
  Tally& tally_of(std::string_view token);
  void count(std::string_view token);

  std::vector<DocKey> docs_;
  boost::unordered_flat_map<std::string_view, std::uint32_t, Hash, std::equal_to<>> numbers_;
  std::vector<std::string_view> tokens_;
  std::vector<Tally> tallies_;
  Arena text_;
};

/// Makes one segment of several, as they are stored, and returns its documents. What was taken out leaves no place.
std::vector<DocKey> merge_segments(Writer& writer, std::span<const SegmentPtr> segments, std::uint32_t into);
/// Erases all pieces of a segment.
void erase_segment(Writer& writer, std::uint32_t number);

}  // namespace emptor::seek
