#include "store/host/changes.hpp"

#include <algorithm>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "model/row_codec.hpp"
#include "store/host/catalog.hpp"
#include "store/host/keys.hpp"

namespace emptor::host {

Changes::Changes(BasePtr base, std::shared_ptr<PendingKeys> keys, Snapshot newest, HostCommit how)
    : base_(std::move(base)), keys_(std::move(keys)), entries_(*keys_), next_(std::move(newest)), how_(how) {}

// After a write that failed only the destructor is left.
template <class Work>
void Changes::writing(const Work& work) {
  if (over_)
    throw Error(Code::misuse, "a writer was used after its commit or after a write that failed", "open a new one");
  over_ = true;
  work();
  over_ = false;
}

Id Changes::allocate(EntityNumber entity, std::size_t count) {
  Id first;
  writing([&] {
    EntityState& state = state_of(entity);
    first = Id{state.last_id + 1};
    state.last_id += static_cast<std::int64_t>(count);
    save_state(entity);
  });
  return first;
}

void Changes::put(EntityNumber number, std::span<const Row> rows, bool insert) {
  writing([&] {
    const Entity& entity = schema()->entity(number);
    EntityState& state = state_of(number);
    for (const Row row : rows) put_row(entity, keyvalue::whole_row(entity, row, padded_), insert, state);
    save_state(number);
  });
}

// A number beyond all that were given stands for no row yet.
void Changes::put_row(const Entity& entity, Row row, bool insert, EntityState& state) {
  const Id id = keyvalue::id_to_put(entity, row);
  std::string key = row_key(entity.number, id);
  const bool beyond = id.value > state.last_id;
  const std::optional<std::string> former = beyond ? std::nullopt : keys_->get(key);
  if (former && insert) keyvalue::fail_id_taken(entity);
  if (former) {
    decode_row(entity, *former, before_);
    entries_.replace(entity, before_, row, id);
  } else {
    entries_.enter(entity, row, id);
    ++state.rows;
  }
  state.last_id = std::max(state.last_id, id.value);
  encoded_.clear();
  encode_row(entity, row, encoded_);
  keys_->put(std::move(key), encoded_);
}

void Changes::erase(EntityNumber number, std::span<const Id> ids) {
  writing([&] {
    const Entity& entity = schema()->entity(number);
    EntityState& state = state_of(number);
    for (const Id id : ids)
      if (erase_row(entity, id) && state.rows > 0) --state.rows;
    save_state(number);
  });
}

bool Changes::erase_row(const Entity& entity, Id id) {
  std::string key = row_key(entity.number, id);
  const std::optional<std::string> former = keys_->get(key);
  if (!former) return false;
  decode_row(entity, *former, before_);
  entries_.remove(entity, before_, id);
  keys_->erase(std::move(key));
  return true;
}

void Changes::append(const JournalEntry& entry) {
  writing([&] {
    if (!entry.op_id.empty()) {
      std::string key = operation_key(entry.op_id);
      if (keys_->get(key))
        throw Error(
            Problem{Code::duplicate, "an operation of this id was journalled before", "journal", "op_id", {}, {}});
      keys_->put(std::move(key), write_position(entry.position));
    }
    keys_->put(entry_key(entry.position), write_entry(entry));
  });
}

// An operation id whose entry was forgotten is free again.
void Changes::forget_entries(std::int64_t up_to) {
  writing([&] {
    std::vector<std::string> forgotten;
    keys_->walk(entries_between(next_.forgotten, up_to), Direction::ascending,
                [&](std::string_view key, std::string_view bytes) {
                  const JournalEntry entry = read_entry(position_of(key), bytes);
                  if (!entry.op_id.empty()) forgotten.push_back(operation_key(entry.op_id));
                  forgotten.emplace_back(key);
                  return true;
                });
    for (std::string& key : forgotten) keys_->erase(std::move(key));
    next_.forgotten = up_to;
  });
}

void Changes::begin_journal(std::int64_t after) {
  writing([&] { next_.forgotten = after; });
}

void Changes::set_setting(std::string_view name, std::string_view value) {
  writing([&] { value.empty() ? keys_->erase(setting_key(name)) : keys_->put(setting_key(name), value); });
}

void Changes::add_field(const CatalogField& field) {
  writing([&] { next_.schema = host::add_field(*keys_, *next_.schema, field); });
}

void Changes::mark_fields(std::span<const CatalogField> fields) {
  writing([&] { next_.schema = host::mark_fields(*keys_, *next_.schema, fields); });
}

void Changes::commit(const StoreInfo& info) {
  const Unstoppable finishing;
  writing([&] {
    next_.info = info;
    std::string key = info_key(), state = write_state({info, next_.forgotten});
    if (keys_->get(key) != state) keys_->put(std::move(key), state);
    if (!keys_->pending().empty()) base_->commit(keys_->pending(), next_, how_);
  });
  over_ = true;
}

EntityState& Changes::state_of(EntityNumber entity) {
  const auto [found, is_new] = states_.try_emplace(entity);
  if (is_new) {
    const std::optional<std::string> state = keys_->get(entity_key(entity));
    if (state) found->second = read_entity_state(*state);
  }
  return found->second;
}

void Changes::save_state(EntityNumber entity) { keys_->put(entity_key(entity), write_entity_state(states_[entity])); }

}  // namespace emptor::host
