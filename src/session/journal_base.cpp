#include "session/journal_base.hpp"

#include "emptor/core/error.hpp"

namespace emptor {

JournalBase journal_base(Reader& reader) { return parse_base(reader.setting(journal_base_setting)); }

// Instants never fall along the journal.
std::int64_t position_at(Reader& reader, Instant at) {
  std::int64_t low = journal_base(reader).head.position, high = reader.info().position;
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    const std::vector<JournalEntry> entry = reader.journal(middle - 1, 1);
    (!entry.empty() && entry.front().at <= at) ? low = middle : high = middle - 1;
  }
  return low;
}

std::vector<JournalEntry> entries_after(Reader& reader, std::int64_t position, std::size_t limit) {
  std::vector<JournalEntry> entries = reader.journal(position, limit);
  if (entries.empty() || entries.front().position == position + 1) return entries;
  if (const JournalBase base = journal_base(reader); position < base.head.position) refuse_forgotten(base);
  return entries;
}

void refuse_forgotten(const JournalBase& base) {
  throw Error(Problem{Code::unsupported,
                      "the journal up to " + to_string(base.at) + " was forgotten",
                      "journal",
                      "",
                      {},
                      "read the records as they are and go on from the present position, or ask a backup of then"});
}

Instant newest_entry_time(Reader& reader) {
  const std::vector<JournalEntry> newest = reader.journal(reader.info().position - 1, 1);
  return newest.empty() ? Instant{} : newest.front().at;
}

}  // namespace emptor
