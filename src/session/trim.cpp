// Trimming the journal: what is older than an instant is forgotten, and the chain says so.
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/system.hpp"
#include "session/journal_base.hpp"
#include "session/search/index.hpp"
#include "session/session_state.hpp"
#include "session/tell.hpp"

namespace emptor {
namespace {

// The newest entry from before an instant.
JournalBase newest_before(Reader& reader, Instant before) {
  const std::int64_t position = position_at(reader, Instant{before.micros - 1});
  const std::vector<JournalEntry> newest = reader.journal(position - 1, 1);
  if (position == 0 || newest.empty() || newest.front().position != position) return journal_base(reader);
  return {{position, newest.front().hash}, newest.front().at};
}

void forget_reads(Writer& writer, Date before) {
  const Entity& entity = writer.schema()->entity(CustomerRead::entity_name);
  const Query query{
      .entity = entity.name, .where = Where::compare("day", Operator::less, Value(before)), .fields = {"id"}};
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = writer.scan(query, key, batch);
    if (batch.rows() > 0) writer.erase(entity, batch.ids);
  }
}

}  // namespace

JournalBase Session::trim_journal(Instant before, const Progress& progress) {
  require_system("only the system forgets what the journal holds");
  const LongCall call(progress ? progress : state_->options.progress);
  const std::unique_ptr<Writer> writer = state_->store.write();
  const JournalBase old = journal_base(*writer), base = newest_before(*writer, before);
  forget_reads(*writer, Zone::of(writer->info().zone).date_of(before));
  if (base.head.position > old.head.position) {
    // What the index lacks is told by the journal.
    while (seek::extend_index(*writer, *state_->store.kept<seek::SearchMemory>(), true)) beat("trim");
    JournalEntry entry;
    entry.at = write_time(*writer);
    entry.reason = std::string(trimming_reason) + to_string(base);
    writer->append(entry);
    writer->set_setting(journal_base_setting, to_string(base));
    writer->forget_entries(base.head.position);
  }
  writer->commit();
  tell(*this, LogLevel::info,
       "entries of the journal forgotten: " + std::to_string(base.head.position - old.head.position));
  return base;
}

}  // namespace emptor
