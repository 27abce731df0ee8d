#include "emptor/mine/sequences.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "mine/closed_patterns.hpp"
#include "mine/model_frame.hpp"
#include "mine/sequence_search.hpp"

namespace emptor::mine {
namespace {

[[noreturn]] void refuse(std::string message, std::string field) {
  throw Error(Problem{.code = Code::invalid, .message = std::move(message), .field = std::move(field)});
}

void check(const SequenceOptions& options) {
  if (options.min_support == 0) refuse("a support of at least one history is needed", "min_support");
  if (options.max_length != 0 && options.max_length < options.min_length)
    refuse("it is below min_length", "max_length");
  if (options.min_gap < 0) refuse("a gap is 0 or more", "min_gap");
  if (options.max_gap < 0) refuse("a gap is 0 or more", "max_gap");
  if (options.max_window < 0) refuse("a window is 0 or more", "max_window");
  if (options.max_gap != 0 && options.max_gap < options.min_gap) refuse("it is below min_gap", "max_gap");
}

bool ascend(std::span<const std::uint64_t> starts, std::size_t end) {
  if (starts.empty()) return end == 0;
  return starts.front() == 0 && starts.back() == end && std::is_sorted(starts.begin(), starts.end());
}

void check(const Sequences& sequences) {
  const std::size_t elements = sequences.element_starts.empty() ? 0 : sequences.element_starts.size() - 1;
  if (!ascend(sequences.element_starts, sequences.items.size()))
    refuse("they must ascend from 0 to the items", "element_starts");
  if (!ascend(sequences.starts, elements)) refuse("they must ascend from 0 to the elements", "starts");
  if (elements >= UINT32_MAX || sequences.items.size() >= UINT32_MAX - sequences.size()) {
    refuse("there are 2^32 elements or items or more", "items");
  }
  if (sequences.times.empty()) return;
  if (sequences.times.size() != elements) refuse("each element needs a time", "times");
  for (std::size_t history = 0; history < sequences.size(); ++history) {
    const auto times =
        sequences.times.subspan(sequences.starts[history], sequences.starts[history + 1] - sequences.starts[history]);
    if (!std::is_sorted(times.begin(), times.end())) refuse("times must not descend within a history", "times");
  }
}

/// Patterns of one first item, kept until it is their turn.
struct PatternBuffer {
  std::vector<GrowingPattern> patterns;
  std::vector<std::uint32_t> supports;
};

/// Several first items at a time, each on a thread; what they find is handed on in order.
template <class Miner>
void search_on_threads(const SequenceSearch& search, const PatternFound& found, const Run& run) {
  const std::uint32_t numbers = search.histories.numbers();
  const std::uint32_t wave = static_cast<std::uint32_t>(run.executor.threads) * 8;
  std::vector<std::unique_ptr<Miner>> idle;
  std::mutex mutex;
  for (std::uint32_t first = 0; first < numbers; first += wave) {
    std::vector<PatternBuffer> buffers(std::min(wave, numbers - first));
    run.executor.run(buffers.size(), [&](std::size_t task) {
      std::unique_ptr<Miner> miner;
      {
        const std::lock_guard lock(mutex);
        if (!idle.empty()) {
          miner = std::move(idle.back());
          idle.pop_back();
        }
      }
      if (!miner) miner = std::make_unique<Miner>(search);
      miner->mine(first + static_cast<std::uint32_t>(task),
                  [&](const GrowingPattern& pattern, std::uint32_t support, const auto&) {
                    buffers[task].patterns.push_back(pattern);
                    buffers[task].supports.push_back(support);
                    return true;
                  });
      const std::lock_guard lock(mutex);
      idle.push_back(std::move(miner));
    });
    for (const PatternBuffer& buffer : buffers) {
      for (std::size_t at = 0; at < buffer.patterns.size(); ++at) {
        if (!found(buffer.patterns[at], buffer.supports[at], {})) return;
      }
    }
  }
}

template <class Miner>
void search_with(const SequenceSearch& search, const PatternFound& found, const Run& run, bool serial) {
  const SequenceOptions& options = search.options;
  // What ends early must end at the same pattern for any number of threads, so it has one.
  serial = serial || options.max_patterns != 0 || options.memory_bytes != 0;
  if (!serial && run.executor.threads > 1) return search_on_threads<Miner>(search, found, run);
  Miner miner(search);
  for (std::uint32_t number = 0; number < search.histories.numbers(); ++number) {
    if (!miner.mine(number, found)) return;
  }
}

/// Calls found with all patterns, in order. `serial`: it wants to know which histories hold them.
void search_all(const SequenceSearch& search, const PatternFound& found, const Run& run, bool serial) {
  const SequenceOptions& options = search.options;
  const bool plain = search.histories.single && options.min_gap == 0 && options.max_gap == 0 && options.max_window == 0;
  plain ? search_with<PlainSequences>(search, found, run, serial)
        : search_with<PlacedSequences>(search, found, run, serial);
}

/// What counts patterns and hands those on that are long enough.
class Delivery {
 public:
  Delivery(const SequenceOptions& options, const SequenceReceiver& receiver, SequenceSummary& summary)
      : options_(options), receiver_(receiver), summary_(summary) {}

  bool give(const SequencePattern& pattern) {
    const std::size_t length = pattern.items.size();
    if (length < options_.min_length || (options_.max_length != 0 && length > options_.max_length)) return true;
    if (options_.max_elements != 0 && pattern.elements.size() > options_.max_elements) return true;
    if (options_.max_patterns != 0 && summary_.patterns == options_.max_patterns) {
      summary_.ending = Ending::max_sets;
      return false;
    }
    ++summary_.patterns;
    if (!receiver_ || receiver_(pattern)) return true;
    summary_.ending = Ending::receiver;
    return false;
  }

 private:
  const SequenceOptions& options_;
  const SequenceReceiver& receiver_;
  SequenceSummary& summary_;
};

void mine_closed(const SequenceSearch& search, Delivery& delivery, const Run& run) {
  SequenceOptions unbounded = search.options;  // what is closed is judged by patterns of every length
  unbounded.max_length = unbounded.max_elements = 0;
  const SequenceSearch all{search.histories, unbounded, search.meter};
  ClosedPatterns patterns(search.meter);
  search_all(
      all,
      [&](const GrowingPattern& pattern, std::uint32_t support, const auto& each) {
        std::uint64_t one = 0, other = 0;
        each([&](std::uint32_t history) {
          one += hash_of(1, history);
          other += hash_of(2, history);
        });
        patterns.add({pattern.items, pattern.elements, support}, one, other);
        return true;
      },
      run, true);
  patterns.each_closed([&](const SequencePattern& pattern) { return delivery.give(pattern); });
}

}  // namespace

SequenceSummary mine_sequences(const Sequences& sequences, const SequenceOptions& options,
                               const SequenceReceiver& receiver, const Run& run) {
  check(options);
  check(sequences);
  const LongCall call(run.progress);
  MemoryMeter meter(options.memory_bytes);
  SequenceSummary summary{.histories = sequences.size()};
  const FrequentHistories histories = frequent_histories(sequences, options.min_support, meter);
  const SequenceSearch search{histories, options, meter};
  Delivery delivery(options, receiver, summary);
  if (options.kind == SequenceKind::closed) {
    mine_closed(search, delivery, run);
    return summary;
  }
  search_all(
      search,
      [&](const GrowingPattern& pattern, std::uint32_t support, const auto&) {
        return delivery.give({pattern.items, pattern.elements, support});
      },
      run, false);
  return summary;
}

PatternTable mine_sequences(const Sequences& sequences, const SequenceOptions& options, const Run& run) {
  PatternTable table;
  MemoryMeter meter(options.memory_bytes);
  bool full = false;
  const SequenceReceiver receiver = [&](const SequencePattern& pattern) {
    full = !meter.fits(2 * (4 * pattern.items.size() + 4 * pattern.elements.size() + 20));
    if (full) return false;
    table.items.insert(table.items.end(), pattern.items.begin(), pattern.items.end());
    for (std::size_t element = 0; element < pattern.elements.size(); ++element) {
      const bool last = element + 1 == pattern.elements.size();
      const std::size_t end = last ? pattern.items.size() : pattern.elements[element + 1];
      table.element_sizes.push_back(static_cast<std::uint32_t>(end - pattern.elements[element]));
    }
    table.starts.push_back(table.element_sizes.size());
    table.item_starts.push_back(table.items.size());
    table.supports.push_back(pattern.support);
    return true;
  };
  table.summary = mine_sequences(sequences, options, receiver, run);
  if (full) table.summary.ending = Ending::memory_bytes;
  table.summary.patterns = table.size();
  return table;
}

namespace {

constexpr std::string_view algorithm = "sequences";

[[noreturn]] void refuse_bytes() { throw Error(Code::corrupt, "a saved table of sequences contradicts itself"); }

std::uint32_t small(ByteReader& reader) {
  const std::uint64_t value = reader.varint();
  if (value > UINT32_MAX) refuse_bytes();
  return static_cast<std::uint32_t>(value);
}

}  // namespace

std::string save(const PatternTable& table) {
  ModelFrame frame{.algorithm = std::string(algorithm), .options = "{}"};
  std::string& out = frame.payload;
  append_varint(out, table.summary.histories);
  append_varint(out, static_cast<std::uint64_t>(table.summary.ending));
  append_varint(out, table.size());
  for (std::size_t at = 0; at < table.size(); ++at) {
    append_varint(out, table.supports[at]);
    append_varint(out, table.starts[at + 1] - table.starts[at]);
    for (std::uint64_t element = table.starts[at]; element < table.starts[at + 1]; ++element) {
      append_varint(out, table.element_sizes[element]);
    }
    for (std::uint64_t item = table.item_starts[at]; item < table.item_starts[at + 1]; ++item) {
      append_varint(out, table.items[item]);
    }
  }
  return to_bytes(frame);
}

PatternTable load_sequences(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, 1);
  ByteReader reader(frame.payload);
  PatternTable table;
  table.summary.histories = reader.varint();
  const std::uint64_t ending = reader.varint();
  if (ending > static_cast<std::uint64_t>(Ending::receiver)) refuse_bytes();
  table.summary.ending = static_cast<Ending>(ending);
  table.summary.patterns = reader.varint();
  for (std::uint64_t at = 0; at < table.summary.patterns; ++at) {
    table.supports.push_back(small(reader));
    const std::uint32_t elements = small(reader);
    if (elements > reader.left()) refuse_bytes();
    std::uint64_t length = 0;
    for (std::uint32_t element = 0; element < elements; ++element) {
      table.element_sizes.push_back(small(reader));
      length += table.element_sizes.back();
    }
    if (length > reader.left()) refuse_bytes();
    for (std::uint64_t item = 0; item < length; ++item) table.items.push_back(small(reader));
    table.starts.push_back(table.element_sizes.size());
    table.item_starts.push_back(table.items.size());
  }
  if (!reader.done()) refuse_bytes();
  return table;
}

}  // namespace emptor::mine
