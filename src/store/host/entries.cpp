#include "store/host/entries.hpp"

#include "store/host/keys.hpp"
#include "store/host/records.hpp"
#include "store/keyvalue/key_encoding.hpp"

namespace emptor::host {
namespace {

std::uint64_t number_of(const Entity& entity, const Index& index) {
  return keyvalue::index_number(entity.number, index.fields);
}

}  // namespace

bool Entries::is_taken(const Entity& entity, const Index& index, std::string_view values, Id id) const {
  bool taken = false;
  keys_.walk(index_entries_of(number_of(entity, index), values), Direction::ascending,
             [&](std::string_view key, std::string_view value) {
               taken = index_entry_of(key, value).id != id;
               return !taken;
             });
  return taken;
}

void Entries::insert_entry(const Entity& entity, const Index& index, std::string_view values, Id id) {
  const std::uint64_t number = number_of(entity, index);
  keys_.put(index_entry_key(number, values, id), is_cut(values) ? values : mark);
}

void Entries::remove_entry(const Entity& entity, const Index& index, std::string_view values, Id id) {
  keys_.erase(index_entry_key(number_of(entity, index), values, id));
}

}  // namespace emptor::host
