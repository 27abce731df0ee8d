#include "session/search/candidates.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <numeric>
#include <span>

namespace emptor::seek {
namespace {

constexpr double words_a_record = 64;     // that are put together in the time that looking at one record takes
constexpr std::size_t short_word = 2;     // bytes: most records have one that begins or ends with it
constexpr std::size_t page_of_few = 100;  // hits, for which records are looked at sooner than many lists are read
constexpr std::size_t lists_for_few = 64, lists_for_many = 256;
constexpr std::size_t few_records = 8;         // are looked at sooner than one more list is read
constexpr std::size_t few_for_words = 256;     // sooner than words are looked for
constexpr std::size_t places_a_record = 1000;  // that are read in the time that looking at one record takes

// Places of a segment; nothing stands for all of them.
using Some = std::optional<Places>;

class SegmentQuestion {
 public:
  // With more words than this, looking at all records until there are enough hits is no slower.
  SegmentQuestion(const Segment& segment, Reader& reader, std::size_t wanted)
      : segment_(segment),
        reader_(reader),
        for_few_(wanted <= page_of_few),
        most_words_(static_cast<std::size_t>(
            std::sqrt(words_a_record * static_cast<double>(wanted) * static_cast<double>(segment.docs().size())))) {}

  Some of(const std::vector<Term>& terms, bool any) const {
    std::vector<const Term*> asked;
    for (const Term& term : terms)
      if (!term.excluded) asked.push_back(&term);
    if (!any) return with_all(asked);
    Some all = Places();
    for (const Term* const term : asked) {
      const Some some = with_all(std::span(&term, 1));
      if (!some) return {};
      all = united(*all, *some);
    }
    return all;
  }

 private:
  // A word at an end of a term, of which what is sought may be a part.
  struct Open {
    Token token;
    bool left, right;
  };

  // What is narrowed down is not narrowed on.
  Some with_all(std::span<const Term* const> terms) const {
    std::vector<std::size_t> exact;
    std::vector<Open> open;
    for (const Term* const term : terms)
      if (!keys_of(*term, exact, open)) return Places();
    std::ranges::sort(exact, {}, [&](std::size_t entry) { return segment_.frequency(entry); });
    Some all;
    for (const std::size_t entry : exact) {
      if (all && (all->size() <= few_records || segment_.frequency(entry) / places_a_record > all->size())) break;
      Places places;
      segment_.read(reader_, entry, places);
      all = both(std::move(all), std::move(places));
    }
    std::ranges::sort(open, std::greater(),
                      [](const Open& word) { return word.token.text.size(); });  // few hold long ones
    for (const Open& word : open) {
      if (all && (all->size() <= few_for_words || (for_few_ && word.token.text.size() <= short_word))) break;
      all = both(std::move(all), of(word));
    }
    return all;
  }

  // False where a key that must be there is not.
  bool keys_of(const Term& term, std::vector<std::size_t>& exact, std::vector<Open>& open) const {
    Token before, token;
    const auto must = [&](std::string_view key) {
      const auto entry = segment_.find(key);
      if (entry) exact.push_back(*entry);
      return entry.has_value();
    };
    const std::string_view text = term.text;
    for (std::size_t at = 0;; before = token) {
      token = next_token(text, at);
      if (token.text.empty()) return true;
      if (!before.text.empty() && !must(pair_key(before, token).text())) return false;
      const bool first = before.text.empty(), last = at == text.size();
      const bool left = token.word && first && !term.begins_word, right = token.word && last;
      if (left || right || token.text.size() > most_token_bytes) {
        open.push_back({token, left, right});
      } else if (!must(token.text)) {
        return false;
      }
    }
  }

  // Records with a word that is this one, or goes on to the left, to the right or both.
  Some of(const Open& open) const {
    const auto& [token, left, right] = open;
    std::vector<std::size_t> words;
    std::size_t count = 0, lists = 0;
    const auto is_little = [&] {
      return words.size() <= most_words_ && count <= segment_.docs().size() &&
             lists <= (for_few_ ? lists_for_few : lists_for_many);
    };
    const Segment::TakeToken take = [&](std::size_t word) {
      words.push_back(word);
      count += segment_.frequency(word);
      lists += segment_.has_list(word) ? 1 : 0;
      return is_little();
    };
    const bool is_long = token.text.size() > most_token_bytes;
    if (!is_long && left && right) segment_.each_holding(token.text, take);
    if (!is_long && left && !right) segment_.each_ending(token.text, take);
    if (!is_long && !left && right) segment_.each_beginning(token.text, take);
    if (const auto word = segment_.find(long_run)) take(*word);
    if (words.size() > 1 && !is_little()) return {};
    Places places;
    for (const std::size_t word : words) segment_.read(reader_, word, places);
    if (words.size() > 1) {
      std::ranges::sort(places);
      places.erase(std::unique(places.begin(), places.end()), places.end());
    }
    return places;
  }

  static Some both(Some a, Some b) {
    if (!a) return b;
    if (!b) return a;
    Places common;
    std::ranges::set_intersection(*a, *b, std::back_inserter(common));
    return common;
  }

  static Places united(const Places& a, const Places& b) {
    Places all;
    std::ranges::set_union(a, b, std::back_inserter(all));
    return all;
  }

  const Segment& segment_;
  Reader& reader_;
  bool for_few_;
  std::size_t most_words_;
};

}  // namespace

bool matches(const std::vector<Term>& terms, bool any, const Entity* entity, const std::vector<std::string>& folded) {
  bool some = false;
  for (const Term& term : terms) {
    bool found = false;
    for (std::size_t i = 0; i < folded.size() && !found; ++i) {
      const bool asked =
          term.field.empty() || entity == nullptr || entity->fields[entity->searched_fields[i]].name == term.field;
      found = asked && find_term(term, folded[i]) != std::string::npos;
    }
    // What is excluded is told by what the actor sees.
    if (term.excluded ? found && entity != nullptr : !found && !any) return false;
    some |= found && !term.excluded;
  }
  return some;
}

Candidates::Candidates(Reader& reader, SearchMemory& memory, const Root& root, const LateDocs& late,
                       const std::vector<Term>& terms, bool any, Bounds bounds)
    : reader_(reader), memory_(memory), terms_(terms), any_(any), bounds_(std::move(bounds)), closed_(root.segments) {
  std::erase_if(closed_, [&](const SegmentInfo& info) {
    const bool passed = bounds_.after && !bounds_.after->before(info.oldest);
    const bool early = bounds_.from && info.newest.at < *bounds_.from;
    return passed || early || (bounds_.until && info.oldest.at > *bounds_.until);
  });
  std::ranges::sort(closed_, [](const SegmentInfo& a, const SegmentInfo& b) { return b.newest.before(a.newest); });
  open_late(late);
}

bool Candidates::asks_for(const DocKey& key) const {
  if (key.id.value < 0 || !std::ranges::binary_search(bounds_.entities, key.entity)) return false;
  if (bounds_.after && !bounds_.after->before(key)) return false;
  if ((bounds_.from || bounds_.until) && key.at == DocKey::no_moment) return false;
  return (!bounds_.from || key.at >= *bounds_.from) && (!bounds_.until || key.at <= *bounds_.until);
}

void Candidates::open_late(const LateDocs& late) {
  Source source;
  for (const LateDocPtr& doc : late.docs)
    if (asks_for(doc->key) && matches(terms_, any_, nullptr, doc->folded)) source.keys.push_back(doc->key);
  std::ranges::sort(source.keys, [](const DocKey& a, const DocKey& b) { return a.before(b); });
  sources_.push_back(std::move(source));
}

void Candidates::open(const SegmentInfo& info) {
  Source source;
  source.segment = memory_.segment(reader_, info);
  Some places = SegmentQuestion(*source.segment, reader_, bounds_.wanted).of(terms_, any_);
  if (!places) {
    places.emplace(source.segment->docs().size());
    std::iota(places->begin(), places->end(), 0U);
  }
  source.places = std::move(*places);
  if (bounds_.after) {
    const auto docs = source.segment->docs();
    const auto first =
        std::ranges::partition_point(docs, [&](const DocKey& key) { return !bounds_.after->before(key); });
    source.at = static_cast<std::size_t>(
        std::ranges::lower_bound(source.places, static_cast<std::uint32_t>(first - docs.begin())) -
        source.places.begin());
  }
  skip(source);
  sources_.push_back(std::move(source));
}

void Candidates::skip(Source& source) const {
  while (!source.done() && !asks_for(source.key())) ++source.at;
}

void Candidates::next(std::size_t most, std::vector<DocKey>& out) {
  out.clear();
  while (out.size() < most) {
    Source* best = nullptr;
    for (Source& source : sources_)
      if (!source.done() && (best == nullptr || source.key().before(best->key()))) best = &source;
    if (!closed_.empty() && (best == nullptr || closed_.back().newest.before(best->key()))) {
      const SegmentInfo info = closed_.back();
      closed_.pop_back();
      open(info);
      continue;
    }
    if (best == nullptr) return;
    if (out.empty() || !(out.back() == best->key())) out.push_back(best->key());
    ++best->at;
    skip(*best);
  }
}

}  // namespace emptor::seek
