// The segments of a store as they are in a snapshot: their rules, compiled together, and where memberships are kept.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "emptor/store/store.hpp"
#include "session/segments/program.hpp"

namespace emptor::segments {

/// A count of every change after which kept memberships may not hold; bits say which one they were told for.
inline constexpr std::string_view generation_setting = "segments";
/// Set while the bits of some customers are of an older generation, or missing.
inline constexpr std::string_view behind_setting = "segments_behind";

struct Place {
  std::int64_t bit = 0;
  std::int64_t since = 0;  ///< bits of an older generation do not hold
  std::int64_t first = 0;  ///< bits of an older generation are of another rule
  bool watched = false;
};

/// Immutable. A segment whose rule this program cannot read is not in it: nobody is a member.
class Book {
 public:
  explicit Book(Reader& reader) : Book(reader, true) {}
  /// Of a past, of which no memberships are kept.
  static Book of_past(Reader& reader) { return Book(reader, false); }

  const Program& program() const noexcept { return *program_; }
  const Place& place(std::size_t segment) const noexcept { return places_[segment]; }
  std::size_t size() const noexcept { return places_.size(); }
  bool any_watched() const noexcept { return any_watched_; }
  std::int64_t generation() const noexcept { return generation_; }
  /// The newest since which the bits of any segment hold.
  std::int64_t newest() const noexcept { return newest_; }
  std::size_t octets() const noexcept { return octets_; }  ///< of the bits of a customer
  const Zone& zone() const noexcept { return zone_; }

 private:
  Book(Reader& reader, bool placed);

  std::int64_t generation_ = 0, newest_ = 0;
  std::size_t octets_ = 0;
  bool any_watched_ = false;
  Zone zone_;
  std::vector<Place> places_;
  std::unique_ptr<Program> program_;
};

using BookPtr = std::shared_ptr<const Book>;

std::int64_t generation_of(Reader& reader);
/// Those that are active, ascending by id: `take` is given their rows.
void each_kept_segment(Reader& reader, const std::function<void(Id, Row)>& take);
/// Active, and not deleted.
bool is_kept(const Entity& segment, Row row);

/// Thresholds as they are kept, one for each `top`.
std::string thresholds_text(std::span<const Value> thresholds);
std::vector<Value> thresholds_of(std::string_view text);

/// The newest few books of a store, for all of its sessions. Safe from several threads.
class Books {
 public:
  BookPtr of(Reader& reader);

 private:
  std::mutex turn_;
  std::vector<std::pair<std::pair<std::int64_t, std::uint64_t>, BookPtr>> known_;
};

}  // namespace emptor::segments
