// Search over notes in Chinese, English and both: how fast they are indexed, and how long the newest and the best
// twenty take. Queries are parts of notes that are drawn by a fixed seed, so that what stands in many notes is asked
// for often.
//
//     search_bench [NOTES] [QUERIES] [memory]
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "bound.hpp"
#include "emptor/core/random.hpp"
#include "emptor/core/text.hpp"
#include "emptor/session/search.hpp"
#include "emptor/store/open.hpp"
#include "processor_time.hpp"
#include "session/search/index.hpp"

namespace {

using namespace emptor;
using Ticks = std::chrono::steady_clock;

double seconds_since(Ticks::time_point begin) { return std::chrono::duration<double>(Ticks::now() - begin).count(); }

// Words whose frequency falls with their rank, as those of languages do.
class Words {
 public:
  Words(std::uint64_t seed, bool chinese) {
    Random random(seed);
    for (std::size_t i = 0; i < (chinese ? 20'000U : 30'000U); ++i)
      words_.push_back(chinese ? han(random) : latin(random));
    double sum = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) reach_.push_back(sum += 1.0 / static_cast<double>(i + 5));
  }
  const std::string& draw(Random& random) const {
    const double at = static_cast<double>(random.below(1'000'000'000)) * 1e-9 * reach_.back();
    return words_[static_cast<std::size_t>(std::ranges::lower_bound(reach_, at) - reach_.begin())];
  }

 private:
  static std::string han(Random& random) {
    std::string word;
    for (std::uint64_t left = 1 + random.below(3); left > 0; --left) {
      const std::uint64_t rank = std::min(random.below(3'000), random.below(3'000));
      append_utf8(word, static_cast<char32_t>(0x4E00 + rank * 6));
    }
    return word;
  }
  static std::string latin(Random& random) {
    static constexpr const char* syllables[] = {"ca",  "der", "ing",  "or",  "re", "fund", "con", "tra",
                                                "ble", "st",  "tion", "mo",  "li", "en",   "ta",  "ser",
                                                "vi",  "qu",  "er",   "pla", "is", "on"};
    std::string word;
    for (std::uint64_t left = 1 + random.below(4); left > 0; --left)
      word += syllables[random.below(std::size(syllables))];
    return word;
  }
  std::vector<std::string> words_;
  std::vector<double> reach_;
};

class Notes {
 public:
  std::string draw(Random& random) const {
    std::string note;
    const std::uint64_t kind = random.below(3);
    for (std::uint64_t left = 12 + random.below(25); left > 0; --left) {
      const bool chinese = kind == 0 || (kind == 2 && random.below(2) == 0);
      note += (chinese ? chinese_ : english_).draw(random);
      const std::uint64_t then = random.below(12);
      if (then == 0) note += chinese ? "，" : ", ";
      if (then == 1) note += chinese ? "。" : ". ";
      if (then > 1 && !chinese) note += ' ';
      if (random.below(40) == 0) note += std::to_string(10'000'000 + random.below(90'000'000));
    }
    return note;
  }

 private:
  const Words chinese_{1, true}, english_{2, false};
};

// A word, two words or one to four characters of the note.
std::string query_of(const std::string& note, Random& random) {
  std::vector<std::size_t> starts;
  for (std::size_t at = 0; at < note.size(); next_code_point(note, at)) starts.push_back(at);
  const std::size_t first = random.below(starts.size());
  std::string part;
  if (random.below(2) == 0) {
    const std::size_t end = first + 1 + random.below(4);
    part = note.substr(starts[first], end < starts.size() ? starts[end] - starts[first] : note.npos);
  } else {
    const std::size_t begin = note.rfind(' ', starts[first]);
    part = note.substr(begin == note.npos ? starts[first] : begin + 1);
    std::size_t end = part.find(' ');
    if (random.below(2) == 0 && end != part.npos) end = part.find(' ', end + 1);
    part = truncate(part, std::min<std::size_t>(end, 24));
  }
  if (fold(part).empty()) return query_of(note, random);
  std::string quoted = "\"";
  for (const char c : part) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

// Milliseconds, by the clock and by the processor: the machine may have other work.
struct Times {
  std::vector<double> clock, processor;
};

double at(std::vector<double>& times, double share) {
  std::ranges::sort(times);
  return times[std::min(times.size() - 1, static_cast<std::size_t>(share * static_cast<double>(times.size())))];
}

// Returns the 99th of a hundred, by the clock.
double ask(const Session& session, const char* what, const std::vector<std::string>& queries, SearchQuery query) {
  Times times;
  std::size_t hits = 0;
  for (const std::string& text : queries) {
    query.text = text;
    const double processor = bench::processor_nanoseconds();
    times.clock.push_back(1e3 * bench::seconds_of([&] { hits += search(session, query).hits.size(); }));
    times.processor.push_back(1e-6 * (bench::processor_nanoseconds() - processor));
  }
  std::printf("      %-24s %zu hits; p50 %.3f ms, p95 %.3f, p99 %.3f, longest %.3f; by the processor p99 %.3f\n", what,
              hits, at(times.clock, .5), at(times.clock, .95), at(times.clock, .99), at(times.clock, 1),
              at(times.processor, .99));
  return at(times.clock, .99);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t notes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 500'000;
  const std::size_t asked = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2'000;
  const bool memory = argc > 3 && std::strcmp(argv[3], "memory") == 0;
  const auto folder = std::filesystem::temp_directory_path() / "emptor-search";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  bool hold = true;
  {
    const auto store =
        memory ? open_memory({})
               : open_sqlite((folder / "s.emptor").string(), {.create = true, .durability = Durability::off});
    Session session(*store);
    const Notes made;
    Random random(42), drawn(43);
    std::vector<std::string> queries;
    ChangeSet people;
    for (int i = 0; i < 1'000; ++i) people.put("customer").set("source", "bench");
    session.apply(people);
    const std::string_view loaded[] = {"interaction"};
    session.begin_load(loaded);
    auto begin = Ticks::now();
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < notes;) {
      ChangeSet set;
      for (std::size_t end = std::min(i + 5'000, notes); i < end; ++i) {
        const std::string note = made.draw(random);
        bytes += note.size();
        if (drawn.below(notes) < asked) queries.push_back(query_of(note, drawn));
        set.put("interaction")
            .set("customer_id", Id{static_cast<std::int64_t>(1 + i % 1'000)})
            .set("body", note)
            .set("at",
                 Instant{1'600'000'000'000'000 + static_cast<std::int64_t>(i + random.below(1'000)) * 30'000'000});
      }
      session.apply(set);
    }
    bench::figure("notes written a second", static_cast<double>(notes) / seconds_since(begin), "");
    bench::figure("bytes a note", static_cast<double>(bytes) / static_cast<double>(notes), "");
    const auto kept = store->kept<seek::SearchMemory>();
    const double indexing = bench::processor_nanoseconds();
    begin = Ticks::now();
    for (bool more = true; more;) {
      const auto writer = store->write();
      more = seek::extend_index(*writer, *kept);
      if (more) writer->commit();
    }
    hold &= bench::bound("notes indexed a second", static_cast<double>(notes) / seconds_since(begin),
                         bench::Is::at_least, 40'000, "");
    bench::figure("the same by the processor",
                  static_cast<double>(notes) / (1e-9 * (bench::processor_nanoseconds() - indexing)), "");
    session.settle();
    {
      const auto reader = store->read();
      std::size_t size = 0, tokens = 0;
      Query query{.entity = "search_part", .fields = {"data"}};
      ScanKey key;
      Batch batch;
      for (bool more = true; more;) {
        more = reader->scan(query, key, batch);
        size += batch.columns[0].bytes.size();
      }
      const seek::Root root = seek::read_root(*reader);
      for (const seek::SegmentInfo& info : root.segments) tokens += seek::Segment(*reader, info.number).tokens();
      bench::figure("segments", static_cast<double>(root.segments.size()), "");
      bench::figure("tokens", static_cast<double>(tokens), "");
      bench::figure("bytes of index a note", static_cast<double>(size) / static_cast<double>(notes), "");
    }
    bench::figure("first search of the process", 1e3 * bench::seconds_of([&] { search(session, {.text = "zzz"}); }),
                  "ms");
    const auto page = [&](const char* what, bool ranked, double most) {
      hold &= bench::bound(std::string(what) + " p99", ask(session, what, queries, {.text = "", .ranked = ranked}),
                           bench::Is::at_most, most, "ms");
    };
    page("newest 20", false, 5);
    page("ranked 20", true, 50);
    constexpr int singles = 10'000, changed = 200;
    begin = Ticks::now();
    for (int i = 0; i < singles; ++i) {
      ChangeSet set;
      set.put("interaction").set("body", made.draw(random)).set("at", Instant{1'700'000'000'000'000 + i});
      session.apply(set);
    }
    bench::figure("a note written by itself", 1e6 * seconds_since(begin) / singles, "us");
    ask(session, "newest 20, after these", queries, {.text = ""});
    begin = Ticks::now();
    for (int i = 0; i < changed; ++i) {
      ChangeSet set;
      set.put("interaction", Id{static_cast<std::int64_t>(1 + drawn.below(notes))}).set("body", made.draw(random));
      session.apply(set);
    }
    bench::figure("a note changed by itself", 1e6 * seconds_since(begin) / changed, "us");
  }
  std::filesystem::remove_all(folder);
  return hold ? 0 : 1;
}
