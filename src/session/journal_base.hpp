// Where a journal begins, and positions by time.
#pragma once

#include "emptor/store/store.hpp"

namespace emptor {

/// Position 0 where nothing was forgotten.
JournalBase journal_base(Reader& reader);
/// Of the newest entry; the first of all instants where there is none.
Instant newest_entry_time(Reader& reader);
/// The newest position whose entry is not later than an instant; the base's where all that are there are later.
std::int64_t position_at(Reader& reader, Instant at);
/// Entries after a feed position, at most `limit`. Throws Code::unsupported where the first of them was forgotten.
std::vector<JournalEntry> entries_after(Reader& reader, std::int64_t position, std::size_t limit);
/// Throws Code::unsupported: what is asked for was forgotten.
[[noreturn]] void refuse_forgotten(const JournalBase& base);

}  // namespace emptor
