/// Search: records that hold words, in any language, the newest first.
///
///     for (const SearchHit& hit : search(session, {.text = "refund subject:delivery"}).hits) show(hit.snippet);
///
/// Looked into are the fields that are described as `searched` (docs/entities.md), as the actor sees them. A word is
/// found wherever it stands in a text, also within another word, capitals, accents and widths apart (core/text.hpp,
/// fold). How a query is written and how the index is kept: docs/search.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

/// Where a hit stands among all: by its moment, the newest first; those without a moment last; then by the order of
/// entities, then by id, the greatest first.
struct SearchKey {
  std::optional<Instant> at;
  std::string entity;
  Id id;
  friend bool operator==(const SearchKey&, const SearchKey&) = default;
};

struct SearchQuery {
  std::string text;                        ///< at most 4 KiB and 32 words
  std::vector<std::string> entities = {};  ///< empty: every one with searched fields
  Id customer = {};                        ///< only what is theirs, and they themselves
  std::optional<Instant> from = {};        ///< moments not before this one
  std::optional<Instant> until = {};       ///< moments not after this one
  bool any = false;                        ///< one of the words is enough; else each must be there
  bool ranked = false;                     ///< the best first, of the `candidates` newest that match
  std::size_t limit = 20;                  ///< 1 to 1,000 hits
  std::size_t candidates = 2'000;          ///< 1 to 100,000
  std::size_t snippet = 120;               ///< characters, at most 10,000
  std::optional<SearchKey> after = {};     ///< goes on behind the last hit of a page; not where ranked
};

struct SearchHit {
  std::string entity;
  Id id;
  Id customer;                ///< whose it is, as far as the actor may see that
  std::optional<Instant> at;  ///< its moment; a day as its first instant in UTC
  std::string field;          ///< that the snippet is of
  std::string snippet;        ///< of the text as it was written, around the first word that was found
  std::vector<std::pair<std::uint32_t, std::uint32_t>>
      marks;         ///< of it: first and end of what was found, in characters
  double score = 0;  ///< where ranked
};

struct SearchPage {
  std::vector<SearchHit> hits;
  std::optional<SearchKey> next;  ///< `after` of the next page, if there is one
  bool capped = false;            ///< ranked, and more records match than were candidates
};

/// Ranked by BM25 (Robertson and Zaragoza, 2009: k1 1.2, b .75) over what the actor sees of the candidates; equal
/// scores newest first. Throws Code::invalid for a query that cannot be read, Code::not_found for an unknown entity,
/// Code::denied where the actor may read none of the entities asked for, Code::unsupported for the past (AsOf).
SearchPage search(const Session& session, const SearchQuery& query);

/// {"hits":[{"entity":"interaction","id":"5","customer_id":"3","at":"2026-01-31T00:00:00Z","field":"body",
/// "snippet":"he likes tea","marks":[[9,12]]}],"next":{"at":...,"entity":...,"id":...}}
std::string to_json(const SearchPage& page);

}  // namespace emptor
