#include "session/search/index.hpp"

#include <algorithm>
#include <map>

#include "core/long_call.hpp"
#include "core/varint.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"
#include "emptor/model/system.hpp"
#include "session/batch_row.hpp"
#include "session/derive.hpp"
#include "session/journal_base.hpp"
#include "session/search/tokens.hpp"

namespace emptor::seek {
namespace {

constexpr Id root_part{1};
constexpr std::uint64_t root_format = 1;
constexpr std::size_t most_segment_docs = 1 << 17;
constexpr std::size_t merged_at_once = 8;
constexpr std::size_t late_factor = 4;     // so many segments' worth of records are looked at themselves
constexpr std::uint32_t most_stale = 256;  // times that something was taken out of a segment since it was read
constexpr std::size_t entries_at_once = 1000;
constexpr std::size_t rows_at_once = 1000;

void append_key(std::string& out, const DocKey& key) {
  append_zigzag(out, key.at);
  append_varint(out, key.entity);
  append_zigzag(out, key.id.value);
}

DocKey next_key(ByteReader& bytes) {
  const std::int64_t at = bytes.zigzag();
  const auto entity = static_cast<EntityNumber>(bytes.varint());
  return {at, entity, Id{bytes.zigzag()}};
}

void write_root(Writer& writer, const Root& root) {
  std::string data;
  append_varint(data, root_format);
  append_sized(data, root.fields);
  append_varint(data, static_cast<std::uint64_t>(root.position));
  append_varint(data, root.next_segment);
  append_varint(data, root.segments.size());
  for (const SegmentInfo& segment : root.segments) {
    for (const std::uint32_t number : {segment.number, segment.docs, segment.revision}) append_varint(data, number);
    append_key(data, segment.newest);
    append_key(data, segment.oldest);
  }
  PartWriter parts(writer, 0);
  parts.put(static_cast<std::uint32_t>(root_part.value), std::move(data));
  parts.flush();
}

bool same_texts(const Entity& entity, Row a, Row b) {
  return std::ranges::all_of(entity.searched_fields, [&](FieldNumber field) { return a[field] == b[field]; });
}

// The records that stand in a snapshot under these ids, with their rows.
void each_row(Reader& reader, const Entity& entity, std::span<const Id> ids, const std::function<void(Row)>& take) {
  Batch batch;
  for (std::size_t begin = 0; begin < ids.size(); begin += rows_at_once) {
    beat("search index", begin, ids.size());
    reader.get(entity, ids.subspan(begin, std::min(rows_at_once, ids.size() - begin)), batch);
    for (std::size_t i = 0; i < batch.rows(); ++i)
      if (batch.ids[i]) take(Row(row_of(batch, i)));
  }
}

using Changed = std::map<EntityNumber, std::map<Id, bool>>;  // whether the record was there before

std::vector<Id> ids_of(const std::map<Id, bool>& changed) {
  std::vector<Id> ids;
  for (const auto& [id, known] : changed) ids.push_back(id);
  return ids;
}

}  // namespace

std::string searched_fields(const Schema& schema) {
  std::string names;
  for (const Entity& entity : schema.entities())
    for (const FieldNumber field : entity.searched_fields) names += entity.name + "." + entity.fields[field].name + ",";
  return names;
}

Root read_root(Reader& reader) {
  Root root;
  const std::string data = read_part(reader, root_part);
  if (data.empty()) {
    root.fields = searched_fields(*reader.schema());
    return root;
  }
  ByteReader bytes(data);
  const auto next = [&] { return static_cast<std::uint32_t>(bytes.varint()); };
  if (bytes.varint() != root_format) return root;  // of fields that are none: not usable
  root.fields = bytes.sized();
  root.position = static_cast<std::int64_t>(bytes.varint());
  root.next_segment = next();
  root.segments.resize(std::min<std::uint64_t>(bytes.varint(), bytes.left()));
  for (SegmentInfo& segment : root.segments) {
    segment.number = next();
    segment.docs = next();
    segment.revision = next();
    segment.newest = next_key(bytes);
    segment.oldest = next_key(bytes);
  }
  return root;
}

bool is_usable(Reader& reader, const Root& root) {
  return root.fields == searched_fields(*reader.schema()) &&
         emptor::journal_base(reader).head.position <= root.position;
}

std::vector<std::string> folded_texts(const Entity& entity, Row row) {
  std::vector<std::string> texts;
  for (const FieldNumber field : entity.searched_fields) texts.push_back(fold(row[field].text()));
  return texts;
}

std::int64_t key_at(const Value& moment) noexcept {
  return moment.type() == Type::date ? moment.date().days * micros_per_day : moment.instant().micros;
}

std::optional<DocKey> key_of(const Entity& entity, Row row) {
  const auto present = [&](FieldNumber field) { return row[field].present(); };
  if (row[system_field::deleted_at].present() || std::ranges::none_of(entity.searched_fields, present)) return {};
  DocKey key{DocKey::no_moment, entity.number, row[system_field::id].id()};
  if (!entity.moment_field || !row[*entity.moment_field].present()) return key;
  key.at = key_at(row[*entity.moment_field]);
  return key;
}

void each_searched(const Schema& schema, const JournalEntry& entry,
                   const std::function<bool(const Entity&, const Change&)>& take) {
  each_change(entry, [&](const Change& change) {
    if (change.kind == ChangeKind::unchanged) return true;
    const Entity* const entity = schema.find(change.entity);
    return entity == nullptr || entity->searched_fields.empty() || take(*entity, change);
  });
}

SegmentPtr SearchMemory::segment(Reader& reader, const SegmentInfo& info) {
  {
    const std::lock_guard lock(turn_);
    const auto known = segments_.find(info.number);
    const auto fits = [&](const Kept& kept) {
      return kept.revision <= info.revision && info.revision - kept.revision < most_stale;
    };
    if (known != segments_.end() && fits(known->second)) return known->second.segment;
  }
  const auto segment = std::make_shared<const Segment>(reader, info.number);
  const std::lock_guard lock(turn_);
  Kept& kept = segments_[info.number];
  if (!kept.segment || kept.revision < info.revision) kept = {segment, info.revision};
  return segment;
}

LateDocsPtr SearchMemory::late(Reader& reader, const Root& root) {
  const std::int64_t position = reader.info().position;
  LateDocsPtr known;
  std::size_t most = 0;
  {
    const std::lock_guard lock(turn_);
    known = late_;
    most = segment_docs_ * late_factor;
    std::erase_if(segments_, [&](const auto& kept) {
      return kept.first < root.next_segment &&
             std::ranges::find(root.segments, kept.first, &SegmentInfo::number) == root.segments.end();
    });
  }
  if (known && known->from == root.position && known->position == position) return known;
  auto late = std::make_shared<LateDocs>();
  if (known && known->from == root.position && known->position < position) *late = *known;
  const std::int64_t before = std::max(late->position, root.position);
  late->from = root.position;
  late->position = position;
  const SchemaPtr schema = reader.schema();
  Changed changed;
  std::size_t count = late->docs.size();
  for (std::int64_t at = before; at < position && count <= most;) {
    const std::vector<JournalEntry> entries = reader.journal(at, entries_at_once);
    if (entries.empty()) break;
    for (const JournalEntry& entry : entries) {
      each_searched(*schema, entry, [&](const Entity& entity, const Change& change) {
        count += changed[entity.number].try_emplace(change.id, true).second ? 1 : 0;
        return count <= most;
      });
      if (count > most) break;
    }
    at = entries.back().position;
  }
  if (count > most) return nullptr;
  if (!changed.empty())
    std::erase_if(late->docs, [&](const LateDocPtr& doc) {
      const auto ids = changed.find(doc->key.entity);
      return ids != changed.end() && ids->second.contains(doc->key.id);
    });
  for (const auto& [number, ids] : changed) {
    const Entity& entity = schema->entity(number);
    each_row(reader, entity, ids_of(ids), [&](Row row) {
      if (const auto key = key_of(entity, row))
        late->docs.push_back(std::make_shared<const LateDoc>(LateDoc{*key, folded_texts(entity, row)}));
    });
  }
  const std::lock_guard lock(turn_);
  if (!late_ || late_->from < late->from || (late_->from == late->from && late_->position < position)) late_ = late;
  return late;
}

std::size_t SearchMemory::segment_docs() const {
  const std::lock_guard lock(turn_);
  return segment_docs_;
}

void SearchMemory::set_segment_docs(std::size_t docs) {
  const std::lock_guard lock(turn_);
  segment_docs_ = docs;
  pending_ = {};
}

/// One write's work on the index.
class Indexer {
 public:
  Indexer(Writer& writer, SearchMemory& memory)
      : writer_(writer), memory_(memory), schema_(writer.schema()), segment_docs_(memory.segment_docs()) {}

  void update(std::span<const RecordChange> changes, bool loading) {
    std::size_t fresh = 0;
    std::vector<const RecordChange*> moved;
    for (const RecordChange& change : changes) {
      const Entity& entity = *change.entity;
      if (entity.searched_fields.empty()) continue;
      const auto now = key_of(entity, change.after);
      const auto was = change.before.empty() ? std::nullopt : key_of(entity, change.before);
      const bool stays = was && now && *was == *now && same_texts(entity, change.before, change.after);
      if (was && !stays) moved.push_back(&change);
      if (now && !stays) ++fresh;
    }
    if (!moved.empty()) take_out(moved);
    if (fresh == 0 || loading) return;
    SearchMemory::Pending pending = count_pending();
    pending.docs += fresh;
    pending.position = writer_.next_version();
    if (!pending.usable || pending.docs >= segment_docs_) {
      Changed changed;
      for (const RecordChange& change : changes)
        if (!change.entity->searched_fields.empty())
          changed[change.entity->number].try_emplace(change.after[system_field::id].id(), !change.before.empty());
      pending.usable ? extend(std::move(changed), writer_.next_version()) : rebuild(writer_.next_version());
      pending.docs = 0;
      pending.usable = true;
    }
    const std::lock_guard lock(memory_.turn_);
    memory_.pending_ = pending;
  }

  // One segment's worth.
  bool extend_once(bool all) {
    Root root = first_root();
    if (!is_usable(writer_, root)) return rebuild(writer_.info().position), true;
    if (all ? root.position == writer_.info().position : count_pending().docs < segment_docs_) return false;
    Changed changed;
    const std::int64_t to = gather(root.position, changed);
    add(root, changed);
    root.position = to;
    save(root);
    const std::lock_guard lock(memory_.turn_);
    memory_.pending_ = {};
    return true;
  }

 private:
  Root first_root() {
    Root root = read_root(writer_);
    if (first_own_ == 0) first_own_ = root.next_segment;
    return root;
  }

  SearchMemory::Pending count_pending() {
    const std::int64_t position = writer_.info().position;
    {
      const std::lock_guard lock(memory_.turn_);
      if (memory_.pending_.position == position) return memory_.pending_;
    }
    const Root root = first_root();
    SearchMemory::Pending pending{position, 0, is_usable(writer_, root)};
    for (std::int64_t at = root.position; pending.usable && at < position && pending.docs < segment_docs_;) {
      const std::vector<JournalEntry> entries = writer_.journal(at, entries_at_once);
      if (entries.empty()) break;
      for (const JournalEntry& entry : entries)
        each_searched(*schema_, entry, [&](const Entity&, const Change&) { return ++pending.docs < segment_docs_; });
      at = entries.back().position;
    }
    return pending;
  }

  // Records that changed after a position, a segment's worth; returns up to which entry.
  std::int64_t gather(std::int64_t from, Changed& changed) {
    std::size_t count = 0;
    const std::int64_t position = writer_.info().position;
    while (from < position && count < most_segment_docs) {
      const std::vector<JournalEntry> entries = writer_.journal(from, entries_at_once);
      if (entries.empty()) return position;
      for (const JournalEntry& entry : entries) {
        beat("search index");
        each_searched(*schema_, entry, [&](const Entity& entity, const Change& change) {
          count += changed[entity.number].try_emplace(change.id, change.kind != ChangeKind::insert).second ? 1 : 0;
          return true;
        });
        from = entry.position;
        if (count >= most_segment_docs) break;
      }
    }
    return from;
  }

  void extend(Changed also, std::int64_t position) {
    Root root = first_root();
    for (std::int64_t from = root.position;;) {
      Changed changed;
      from = gather(from, changed);
      const bool last = from >= writer_.info().position;
      if (last)
        for (auto& [entity, ids] : also)
          for (const auto& [id, known] : ids) changed[entity].try_emplace(id, known);
      add(root, changed);
      if (last) break;
    }
    root.position = position;
    save(root);
  }

  void add(Root& root, const Changed& changed) {
    SegmentBuilder builder;
    for (const auto& [number, ids] : changed) {
      const Entity& entity = schema_->entity(number);
      each_row(writer_, entity, ids_of(ids), [&](Row row) {
        const auto key = key_of(entity, row);
        if (key && !(ids.at(key->id) && stands(root, *key))) builder.add(*key, folded_texts(entity, row));
      });
    }
    finish_segment(root, builder);
  }

  void finish_segment(Root& root, SegmentBuilder& builder) {
    if (builder.size() == 0) return;
    const std::uint32_t number = root.next_segment++;
    take_in(root, number, builder.write(writer_, number));
    merge(root);
  }

  static void take_in(Root& root, std::uint32_t number, const std::vector<DocKey>& docs) {
    if (!docs.empty())
      root.segments.push_back({number, static_cast<std::uint32_t>(docs.size()), 0, docs.front(), docs.back()});
  }

  std::size_t level_of(const SegmentInfo& segment) const {
    std::size_t level = 0;
    for (std::size_t docs = segment_docs_; segment.docs >= docs * merged_at_once && level < 2; docs *= merged_at_once)
      ++level;
    return level;
  }

  void merge(Root& root) {
    for (std::size_t level = 0; level < 2; ++level) {
      std::vector<SegmentInfo> small;
      for (const SegmentInfo& segment : root.segments)
        if (level_of(segment) == level) small.push_back(segment);
      if (small.size() < merged_at_once) continue;
      std::vector<SegmentPtr> segments;
      for (const SegmentInfo& segment : small)
        segments.push_back(std::make_shared<const Segment>(writer_, segment.number));
      const std::uint32_t into = root.next_segment++;
      const std::vector<DocKey> docs = merge_segments(writer_, segments, into);
      for (const SegmentInfo& segment : small) {
        erase_segment(writer_, segment.number);
        std::erase_if(root.segments, [&](const SegmentInfo& each) { return each.number == segment.number; });
      }
      if (docs.empty()) erase_segment(writer_, into);
      take_in(root, into, docs);
    }
  }

  void save(const Root& root) {
    write_root(writer_, root);
    depend_on(writer_, search_index_name);
  }

  void rebuild(std::int64_t position) {
    Root root = first_root();
    for (const SegmentInfo& segment : root.segments) erase_segment(writer_, segment.number);
    root.segments.clear();
    root.fields = searched_fields(*schema_);
    SegmentBuilder builder;
    for (const Entity& entity : schema_->entities()) {
      if (entity.searched_fields.empty()) continue;
      Query query;
      query.entity = entity.name;
      ScanKey key;
      Batch batch;
      for (bool more = true; more;) {
        beat("search index");
        more = writer_.scan(query, key, batch);
        for (std::size_t i = 0; i < batch.rows(); ++i) {
          const std::vector<Value> row = row_of(batch, i);
          if (const auto doc = key_of(entity, row)) builder.add(*doc, folded_texts(entity, row));
        }
        if (builder.size() < most_segment_docs) continue;
        finish_segment(root, builder);
        builder = {};
      }
    }
    finish_segment(root, builder);
    root.position = position;
    save(root);
  }

  static bool may_hold(const SegmentInfo& segment, const DocKey& key) {
    return !key.before(segment.newest) && !segment.oldest.before(key);
  }

  // Segments that were made by this write are nobody's yet.
  SegmentPtr segment_of(const SegmentInfo& info) {
    if (info.number >= first_own_) return std::make_shared<const Segment>(writer_, info.number);
    return memory_.segment(writer_, info);
  }

  bool stands(const Root& root, const DocKey& key) {
    return std::ranges::any_of(root.segments, [&](const SegmentInfo& info) {
      if (!may_hold(info, key)) return false;
      const SegmentPtr segment = segment_of(info);
      const auto place = segment->place_of(key);
      return place && segment->stands(writer_, *place);
    });
  }

  void take_out(std::span<const RecordChange* const> moved) {
    Root root = first_root();
    bool changed = false;
    for (SegmentInfo& info : root.segments) {
      std::vector<Segment::Removal> removals;
      Places docs;
      SegmentPtr segment;
      for (const RecordChange* const change : moved) {
        const DocKey key = *key_of(*change->entity, change->before);
        if (!may_hold(info, key)) continue;
        if (!segment) segment = segment_of(info);
        const auto place = segment->place_of(key);
        if (!place || !segment->stands(writer_, *place)) continue;
        docs.push_back(*place);
        for (const std::string& text : folded_texts(*change->entity, change->before))
          each_key(text, [&](std::string_view token) { removals.push_back({std::string(token), *place}); });
      }
      if (docs.empty()) continue;
      std::ranges::sort(docs);
      segment->remove(writer_, std::move(removals), docs);
      ++info.revision;
      changed = true;
    }
    if (changed) write_root(writer_, root);
  }

  Writer& writer_;
  SearchMemory& memory_;
  const SchemaPtr schema_;
  const std::size_t segment_docs_;
  std::uint32_t first_own_ = 0;
};

void update_index(Writer& writer, std::span<const RecordChange> changes, bool loading, SearchMemory& memory) {
  const auto searched = [](const RecordChange& change) { return !change.entity->searched_fields.empty(); };
  if (std::ranges::any_of(changes, searched)) Indexer(writer, memory).update(changes, loading);
}

bool extend_index(Writer& writer, SearchMemory& memory, bool all) { return Indexer(writer, memory).extend_once(all); }

}  // namespace emptor::seek
