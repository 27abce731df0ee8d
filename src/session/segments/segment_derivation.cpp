#include "session/segments/segment_derivation.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "emptor/model/insight.hpp"
#include "emptor/model/party.hpp"
#include "emptor/model/system.hpp"
#include "session/journal_base.hpp"
#include "session/segments/affected.hpp"
#include "session/segments/memberships.hpp"
#include "session/segments/places.hpp"

namespace emptor {
namespace {

using namespace segments;

constexpr std::size_t rows_at_once = 4096;
constexpr std::size_t caught_up_at_once = 1'000;  // customers a write
constexpr std::size_t settled_at_once = 20'000;   // customers a write
constexpr std::size_t most_faults = 100;

struct SegmentMemory {
  BookPtr book;
  std::uint64_t schema_version = 0;
  std::unique_ptr<Memberships> memberships;
  bool made_by_write = false;            ///< the book is of what a write changed, which may not have been kept
  std::int32_t caught_up = left_behind;  ///< the day up to which no watched segment has anybody due
  Affected affected;                     ///< of the write at hand
  bool of_write = false;
  std::optional<Id> settled;            ///< while a settling is under way, up to which customer it came
  std::int64_t settled_generation = 0;  ///< of the segments when it began

  void use(Reader& reader, bool by_write) {
    made_by_write = by_write;
    book = std::make_shared<const Book>(reader);
    schema_version = book->program().schema().version();
    memberships = std::make_unique<Memberships>(*book);
  }
};

SegmentMemory& own_memory(DerivationMemory& memory) {
  auto* kept = std::any_cast<std::shared_ptr<SegmentMemory>>(&memory.kept);
  if (kept == nullptr) {
    memory.kept = std::make_shared<SegmentMemory>();
    kept = std::any_cast<std::shared_ptr<SegmentMemory>>(&memory.kept);
  }
  return **kept;
}

// While nobody else has written, the book is that of the store.
SegmentMemory& current(Reader& reader, DerivationMemory& memory) {
  SegmentMemory& own = own_memory(memory);
  const bool same_schema = own.book && own.schema_version == reader.schema()->version();
  if (memory.current && same_schema) return own;
  own.caught_up = left_behind;
  memory.current = true;
  const bool holds = same_schema && !own.made_by_write && own.book->generation() == generation_of(reader);
  if (!holds) own.use(reader, false);
  return own;
}

bool is_of_segment(const RecordChange& change) { return change.entity->number == Segment::entity_number; }

std::vector<Id> update(Writer& writer, std::span<const RecordChange> changes, DerivationMemory& memory) {
  std::vector<RecordChange> of_segments;
  std::ranges::copy_if(changes, std::back_inserter(of_segments), is_of_segment);
  if (!of_segments.empty()) {
    place_segments(writer, of_segments);
    own_memory(memory).use(writer, true);
    own_memory(memory).caught_up = left_behind;
    memory.current = true;
  }
  SegmentMemory& own = current(writer, memory);
  own.affected = affected_by(writer, *own.book, changes);
  if (!own.affected.doubtful.empty()) {
    doubt_segments(writer, own.affected.doubtful);
    own.use(writer, true);
  }
  own.memberships->forget(writer, own.affected.gone);
  own.of_write = true;
  return own.affected.customers;
}

void follow(Writer& writer, std::span<const Id> touched, const WriteMoment& moment, DerivationMemory& memory,
            FollowingRecords& following) {
  SegmentMemory& own = current(writer, memory);
  if (!own.of_write) return own.memberships->catch_up(writer, touched, moment, following);
  own.of_write = false;
  if (moment.of_import) {
    own.caught_up = left_behind;
    return own.memberships->leave_behind(writer, touched, moment);
  }
  own.memberships->retell(writer, {touched, own.affected.inserted, own.affected.segments}, moment, following);
}

// Of watched segments. When more are due than one write catches up, the next writes go on, and each sees to those that
// it touches.
std::vector<Id> due(Writer& writer, Instant at, std::span<const RecordChange> changes, DerivationMemory& memory) {
  SegmentMemory& own = current(writer, memory);
  const Date today = own.book->zone().date_of(at);
  if (!own.book->any_watched() || own.caught_up >= today.days) return {};
  own.of_write = false;
  std::vector<Id> ids = customers_due(writer, "watched_due", today, caught_up_at_once);
  if (ids.size() < caught_up_at_once) {
    own.caught_up = today.days;
    return ids;
  }
  const Affected affected = affected_by(writer, *own.book, changes);
  ids.insert(ids.end(), affected.customers.begin(), affected.customers.end());
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return ids;
}

// Customers after `after` whose rows do not hold, among so many; `after` is then the last that was looked at. Nothing
// is left where fewer are returned than were looked at.
std::vector<Id> not_holding(Writer& writer, const Memberships& memberships, Id& after, bool& more, Date today) {
  Query query;
  query.entity = std::string(Customer::entity_name);
  query.fields = {"id"};
  if (after) query.where = Where::compare("id", Operator::greater, after);
  query.with_deleted = true;
  query.limit = settled_at_once;
  ScanKey key;
  Batch customers, kept;
  more = writer.scan(query, key, customers);
  if (customers.rows() == 0) return {};
  after = customers.ids.back();
  const KeptRows rows(*writer.schema());
  writer.get(rows.entity(), customers.ids, kept);
  std::vector<Id> behind;
  for (std::size_t i = 0; i < customers.rows(); ++i)
    if (!memberships.holds(rows.row(kept, i), today)) behind.push_back(customers.ids[i]);
  return behind;
}

// First what is the same for all, then so many customers a write.
bool settle(Writer& writer, const WriteMoment& moment, DerivationMemory& memory, FollowingRecords& following) {
  SegmentMemory& own = current(writer, memory);
  if (own.book->size() == 0) return false;
  const Date today = own.book->zone().date_of(moment.at);
  if (!own.settled) {
    const std::vector<Id> due = customers_due(writer, "watched_due", today, settled_at_once);
    own.memberships->catch_up(writer, due, moment, following);
    if (due.size() == settled_at_once) return true;
    if (refresh_thresholds(writer)) own.use(writer, true);
    own.settled = Id{0};
    own.settled_generation = own.book->generation();
    return true;
  }
  std::vector<Id> behind;
  bool more = false;
  if (writer.setting(behind_setting).empty())
    behind = customers_due(writer, "due", today, settled_at_once);
  else
    behind = not_holding(writer, *own.memberships, *own.settled, more, today);
  more |= behind.size() == settled_at_once;
  own.memberships->retell(writer, {.customers = behind}, moment, following);
  if (more) return true;
  own.settled.reset();
  if (own.settled_generation == own.book->generation()) writer.set_setting(behind_setting, "");
  return false;
}

// Nothing says which customers a load has changed.
void doubt(Writer& writer) { doubt_segments(writer); }

// Bits that claim to hold are compared with a telling of their day.
void check(Reader& reader, const std::function<void(std::string)>& fault) {
  const Book book(reader);
  if (book.size() == 0) return;
  const KeptRows rows(*reader.schema());
  Evaluation evaluation(book.program(), book.zone());
  Query query;
  query.entity = rows.entity().name;
  query.limit = rows_at_once;
  ScanKey key;
  Batch batch;
  std::size_t faults = 0;
  const Date today = book.zone().date_of(newest_entry_time(reader));
  for (bool more = true; more && faults < most_faults;) {
    more = reader.scan(query, key, batch);
    if (batch.rows() == 0) continue;
    evaluation.begin(reader, batch.ids, today);
    std::vector<Kept> kept;
    for (std::size_t i = 0; i < batch.rows(); ++i) kept.push_back(rows.row(batch, i));
    for (std::size_t segment = 0; segment < book.size(); ++segment) {
      const std::span<const Truth> members = evaluation.members(segment);
      for (std::size_t i = 0; i < batch.rows(); ++i) {
        if (kept[i].generation < book.place(segment).since || kept[i].due <= today.days) continue;
        if (kept[i].has(book.place(segment)) == (members[i] != 0) || ++faults > most_faults) continue;
        fault("customer " + std::to_string(batch.ids[i].value) + " is kept in segment " +
              std::to_string(book.program().sources()[segment].id.value) + " other than its rule says");
      }
    }
  }
}

bool any_segment(Reader& reader) {
  const Query active{.entity = std::string(Segment::entity_name),
                     .where = Where::negate(Where::equal("active", false)),
                     .fields = {"id"},
                     .limit = 1};
  ScanKey key;
  Batch batch;
  reader.scan(active, key, batch);
  return batch.rows() != 0;
}

}  // namespace

Derivation segment_derivation() {
  return {.name = "segments",
          .reads = {},
          .writes = std::string(SegmentPlace::entity_name),
          .update = update,
          .asked = any_segment,
          .asked_by = std::string(Segment::entity_name),
          .follow = follow,
          .last = true,
          .due = due,
          .settle = settle,
          .doubt = doubt,
          .check = check};
}

}  // namespace emptor
