#include "store/memory/changes.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "emptor/core/error.hpp"
#include "model/next_schema.hpp"
#include "model/row_codec.hpp"
#include "store/keyvalue/key_encoding.hpp"

namespace emptor::memory {
namespace {

using keyvalue::index_number;

// So that the push_back that records a step cannot fail once the step is done.
template <class Vector>
void make_room(Vector& vector) {
  if (vector.size() == vector.capacity()) vector.reserve(std::max<std::size_t>(8, 2 * vector.size()));
}

template <class Iterator>
void revive(std::vector<Iterator>& died, Iterator version) {
  died.erase(std::next(std::find(died.rbegin(), died.rend(), version)).base());
  version->died = for_ever;
}

}  // namespace

Changes::Changes(Base& base, SchemaPtr schema, Commit pending)
    : base_(base), schema_(std::move(schema)), pending_(pending), forgotten_(base.forgotten) {}

Changes::~Changes() {
  if (!committed_) undo();
}

Id Changes::allocate(EntityNumber entity, std::size_t count) {
  const std::unique_lock lock(base_.mutex);
  std::int64_t& last = base_.last_ids[entity];
  former_last_ids_.try_emplace(entity, last);
  last += static_cast<std::int64_t>(count);
  return Id{last - static_cast<std::int64_t>(count) + 1};
}

void Changes::put(EntityNumber number, std::span<const Row> rows, bool insert) {
  const Entity& entity = schema_->entity(number);
  const std::unique_lock lock(base_.mutex);
  for (const Row row : rows) put_row(entity, keyvalue::whole_row(entity, row, padded_), insert);
}

void Changes::put_row(const Entity& entity, Row row, bool insert) {
  const Id id = keyvalue::id_to_put(entity, row);
  encoded_.clear();
  encode_row(entity, row, encoded_);
  const auto place = base_.rows.upper_bound(RowPlace{entity.number, id, pending_});
  const auto former = place == base_.rows.begin() ? base_.rows.end() : std::prev(place);
  const bool exists =
      former != base_.rows.end() && former->entity == entity.number && former->id == id && former->alive(pending_);
  if (exists && insert) keyvalue::fail_id_taken(entity);
  if (exists) {
    decode_row(entity, former->bytes, before_);
    replace(entity, before_, row, id);
  } else {
    enter(entity, row, id);
  }
  keep_row(entity, id, place);
}

// Gives the row its new version: in place where this writer made the present one.
void Changes::keep_row(const Entity& entity, Id id, Rows::iterator place) {
  const auto former = place == base_.rows.begin() ? base_.rows.end() : std::prev(place);
  const bool same = former != base_.rows.end() && former->entity == entity.number && former->id == id;
  if (same && former->born == pending_) {
    former->bytes = encoded_;
    if (former->died != for_ever) revive(died_.rows, former);
    return;
  }
  make_room(born_rows_);
  make_room(died_.rows);
  std::size_t& size = base_.sizes[entity.number];
  std::int64_t& last = base_.last_ids[entity.number];
  if (id.value > last) {
    former_last_ids_.try_emplace(entity.number, last);
    last = id.value;
  }
  born_rows_.push_back(base_.rows.emplace_hint(place, RowVersion{id, pending_, entity.number, for_ever, encoded_}));
  ++size;
  if (!same || !former->alive(pending_)) return;
  former->died = pending_;
  died_.rows.push_back(former);
}

void Changes::remove_entry(const Entity& entity, const Index& index, std::string_view key, Id id) {
  make_room(died_.entries);
  const auto place =
      base_.entries.upper_bound(EntryPlace{index_number(entity.number, index.fields), key, id, pending_});
  const auto entry = std::prev(place);
  entry->died = pending_;
  died_.entries.push_back(entry);
}

bool Changes::is_taken(const Entity& entity, const Index& index, std::string_view key, Id id) const {
  const std::uint64_t number = index_number(entity.number, index.fields);
  auto entry = base_.entries.lower_bound(EntryPlace{number, key, {}, 0});
  for (; entry != base_.entries.end() && entry->index == number && entry->key == key; ++entry)
    if (entry->id != id && entry->alive(pending_)) return true;
  return false;
}

void Changes::insert_entry(const Entity& entity, const Index& index, std::string_view key, Id id) {
  make_room(born_entries_);
  EntryVersion version{index_number(entity.number, index.fields), std::string(key), id, pending_, for_ever};
  const auto [entry, is_new] = base_.entries.emplace(std::move(version));
  if (is_new) {
    born_entries_.push_back(entry);
  } else {
    revive(died_.entries, entry);
  }
}

void Changes::erase(EntityNumber number, std::span<const Id> ids) {
  const Entity& entity = schema_->entity(number);
  const std::unique_lock lock(base_.mutex);
  for (const Id id : ids) {
    make_room(died_.rows);
    const auto place = base_.rows.upper_bound(RowPlace{number, id, pending_});
    if (place == base_.rows.begin()) continue;
    const auto row = std::prev(place);
    if (row->entity != number || row->id != id || !row->alive(pending_)) continue;
    decode_row(entity, row->bytes, before_);
    remove(entity, before_, id);
    row->died = pending_;
    died_.rows.push_back(row);
  }
}

void Changes::append(const JournalEntry& entry) {
  const std::unique_lock lock(base_.mutex);
  make_room(appended_);
  base_.journal.push_back(entry);
  try {
    keep_operation(entry);
  } catch (...) {
    base_.journal.pop_back();
    throw;
  }
}

// An id whose entry was forgotten is free again.
void Changes::keep_operation(const JournalEntry& entry) {
  const std::int64_t position = base_.dropped + static_cast<std::int64_t>(base_.journal.size());
  std::int64_t before = 0;
  if (!entry.op_id.empty()) {
    const auto [operation, is_new] = base_.operations.try_emplace(entry.op_id, position);
    if (!is_new && operation->second > forgotten_)
      throw Error(
          Problem{Code::duplicate, "an operation of this id was journalled before", "journal", "op_id", {}, {}});
    if (!is_new) before = std::exchange(operation->second, position);
  }
  appended_.push_back(before);
}

void Changes::forget_entries(std::int64_t up_to) { died_.forgotten = forgotten_ = up_to; }

// Nobody reads entries of a store that has none.
void Changes::begin_journal(std::int64_t after) {
  const std::unique_lock lock(base_.mutex);
  base_.dropped = forgotten_ = after;
  begun_elsewhere_ = true;
}

void Changes::set_setting(std::string_view name, std::string_view value) {
  const std::unique_lock lock(base_.mutex);
  make_room(changed_settings_);
  const auto setting = base_.settings.try_emplace(std::string(name)).first;
  std::vector<SettingVersion>& versions = setting->second;
  if (!versions.empty() && versions.back().born == pending_) {
    versions.back().value = value;
    return;
  }
  versions.push_back({pending_, std::string(value)});
  changed_settings_.push_back(setting);
}

void Changes::add_field(const CatalogField& field) { schema_ = extended(*schema_, field); }

void Changes::mark_fields(std::span<const CatalogField> fields) { schema_ = marked(*schema_, fields); }

void Changes::commit(const StoreInfo& info) {
  {
    const std::unique_lock lock(base_.mutex);
    StoreInfo copy = info;
    if (!died_.rows.empty() || !died_.entries.empty() || died_.forgotten != 0) {
      died_.died = pending_;
      base_.garbage.push_back(std::move(died_));
    }
    base_.info = std::move(copy);
    base_.schema = schema_;
    base_.head = pending_;
    base_.forgotten = forgotten_;
    committed_ = true;
    drop_old_settings();
    if (base_.garbage.empty()) return;
  }
  base_.collect();
}

// Of each setting that changed, what the oldest reader sees and all that is newer stays.
void Changes::drop_old_settings() {
  const Commit oldest = base_.oldest_read();
  for (const Settings::iterator setting : changed_settings_) {
    std::vector<SettingVersion>& versions = setting->second;
    std::size_t dead = 0;
    while (dead + 1 < versions.size() && versions[dead + 1].born <= oldest) ++dead;
    versions.erase(versions.begin(), versions.begin() + static_cast<std::ptrdiff_t>(dead));
  }
}

void Changes::undo() noexcept {
  const std::unique_lock lock(base_.mutex);
  for (const Rows::iterator row : died_.rows) row->died = for_ever;
  for (const Entries::iterator entry : died_.entries) entry->died = for_ever;
  for (const Rows::iterator row : born_rows_) {
    --base_.sizes[row->entity];
    base_.rows.erase(row);
  }
  for (const Entries::iterator entry : born_entries_) base_.entries.erase(entry);
  while (!appended_.empty()) undo_append();
  if (begun_elsewhere_) base_.dropped = 0;
  for (const Settings::iterator setting : changed_settings_) setting->second.pop_back();
  for (const auto& [entity, last] : former_last_ids_) base_.last_ids[entity] = last;
}

void Changes::undo_append() noexcept {
  const auto operation = base_.operations.find(std::string_view(base_.journal.back().op_id));
  if (operation != base_.operations.end()) {
    operation->second = appended_.back();
    if (operation->second == 0) base_.operations.erase(operation);
  }
  base_.journal.pop_back();
  appended_.pop_back();
}

}  // namespace emptor::memory
