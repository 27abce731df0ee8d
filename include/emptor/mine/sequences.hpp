/// Frequent sequences: what comes after what in at least so many histories.
///
///     const SequenceTable histories = read_spmf_file("kosarak10k.seq");
///     const PatternTable found = mine_sequences(histories, {.min_support = 20});
///
/// A history is a list of elements, an element a set of items (things that came together). A pattern is such a list
/// too; it holds in a history if its elements are parts of elements of the history, in order, and within the gaps and
/// the window. PrefixSpan (Pei et al., TKDE 2004) with pseudo-projection; with gaps or a window all places where a
/// prefix ends are followed, so that no pattern is missed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/itemsets.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

/// Histories that somebody else owns: history h has the elements starts[h] ... starts[h + 1] - 1; element e the items
/// element_starts[e] ... element_starts[e + 1] - 1 of `items`, in any order, and the time times[e].
struct Sequences {
  std::span<const std::uint64_t> starts;          ///< histories + 1
  std::span<const std::uint64_t> element_starts;  ///< elements + 1
  std::span<const std::uint32_t> items;
  std::span<const std::int64_t> times;  ///< of the elements, not descending within a history; 0, 1, 2 ... if empty

  std::size_t size() const noexcept { return starts.empty() ? 0 : starts.size() - 1; }
};

/// The same, owned.
struct SequenceTable {
  std::vector<std::uint64_t> starts{0};
  std::vector<std::uint64_t> element_starts{0};
  std::vector<std::uint32_t> items;
  std::vector<std::int64_t> times;

  std::size_t size() const noexcept { return starts.size() - 1; }
  operator Sequences() const noexcept { return {starts, element_starts, items, times}; }
  friend bool operator==(const SequenceTable&, const SequenceTable&) = default;
};

/// SPMF's format: a history a line, item numbers apart by blanks, -1 ends an element, -2 the history. A line without -1
/// is a plain list: each item an element of its own. Lines that are empty or begin with #, % or @ are skipped. Throws
/// Code::invalid with the line (from 1) where something else stands.
SequenceTable read_spmf(std::string_view text);
SequenceTable read_spmf_file(const std::string& path);

enum class SequenceKind : std::uint8_t {
  all,
  closed  ///< no longer pattern that contains it holds in exactly the same histories
};

struct SequenceOptions {
  std::uint64_t min_support = 1;  ///< histories, at least 1
  SequenceKind kind = SequenceKind::all;
  std::uint32_t min_length = 1;    ///< items of a pattern
  std::uint32_t max_length = 0;    ///< 0: no limit
  std::uint32_t max_elements = 0;  ///< 0: no limit
  /// Between neighbouring elements of a pattern, and between its first and its last, in times.
  std::int64_t min_gap = 0;        ///< 0: any later element
  std::int64_t max_gap = 0;        ///< 0: no limit; 1 with plain times: the next element
  std::int64_t max_window = 0;     ///< 0: no limit
  std::uint64_t max_patterns = 0;  ///< stops after so many, and says so; 0: no limit
  /// What the call may hold beside its input; what does not fit is cut and says so, or, where not even the histories
  /// fit, Code::budget. 0: no limit.
  std::uint64_t memory_bytes = 0;
};

struct SequenceSummary {
  std::uint64_t patterns = 0;
  std::uint64_t histories = 0;
  Ending ending = Ending::complete;

  bool complete() const noexcept { return ending == Ending::complete; }
  friend bool operator==(const SequenceSummary&, const SequenceSummary&) = default;
};

/// One pattern: its items, and where its elements begin in them (the first 0).
struct SequencePattern {
  std::span<const std::uint32_t> items;
  std::span<const std::uint32_t> elements;
  std::uint32_t support = 0;
};

/// Takes a pattern, which lives as long as the call; false means enough. Called from the calling thread, in ascending
/// order of the patterns whatever the number of threads.
using SequenceReceiver = std::function<bool(const SequencePattern&)>;

/// Patterns that are kept, in ascending order: at the first difference a longer element before a new one, then by item.
struct PatternTable {
  std::vector<std::uint64_t> starts{0};       ///< of the patterns in element_sizes
  std::vector<std::uint32_t> element_sizes;   ///< items of each element
  std::vector<std::uint64_t> item_starts{0};  ///< of the patterns in items
  std::vector<std::uint32_t> items;
  std::vector<std::uint32_t> supports;
  SequenceSummary summary;

  std::size_t size() const noexcept { return supports.size(); }
  friend bool operator==(const PatternTable&, const PatternTable&) = default;
};

/// Both throw Code::invalid (field) and Code::budget. Memory: the histories and what one thread's current pattern
/// needs; closed patterns are held until all are found.
SequenceSummary mine_sequences(const Sequences& sequences, const SequenceOptions& options,
                               const SequenceReceiver& receiver, const Run& run = {});
PatternTable mine_sequences(const Sequences& sequences, const SequenceOptions& options, const Run& run = {});

std::string save(const PatternTable& table);
PatternTable load_sequences(std::string_view bytes);

}  // namespace emptor::mine
