#include "store/host/keys.hpp"

#include "core/digest.hpp"
#include "emptor/core/error.hpp"
#include "store/keyvalue/key_encoding.hpp"

namespace emptor::host {
namespace {

constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;
constexpr char whole = 0, cut = 2;  // how encoded values end, after a zero

// A key as it is put together, part by part.
class KeyMaker {
 public:
  explicit KeyMaker(Kind kind) : key_(1, static_cast<char>(kind)) {}

  KeyMaker& number(std::uint64_t value, int bytes) {
    for (int i = bytes; i-- > 0;) key_.push_back(static_cast<char>(value >> (8 * i)));
    return *this;
  }
  KeyMaker& signed_number(std::int64_t value) { return number(static_cast<std::uint64_t>(value) ^ sign_bit, 8); }
  KeyMaker& bytes(std::string_view bytes) {
    key_.append(bytes);
    return *this;
  }
  /// Values of an index up to their end, or a beginning that they share with others.
  KeyMaker& beginning_of(std::string_view values) {
    keyvalue::append_escaped(key_, values.substr(0, beginning_bytes));
    key_.push_back('\0');
    key_.push_back(is_cut(values) ? cut : whole);
    return *this;
  }
  KeyMaker& values(std::string_view values) {
    beginning_of(values);
    return is_cut(values) ? bytes(view_of(blake2b(values))) : *this;
  }
  std::string done() { return std::move(key_); }
  /// The keys that begin like this.
  Bounds beginning() const { return {key_, keyvalue::after_prefix(key_).value()}; }

 private:
  std::string key_;
};

// Takes the parts of a key off its front.
class KeyReader {
 public:
  KeyReader(std::string_view key, Kind kind) : rest_(key) {
    if (take(1)[0] != static_cast<char>(kind)) fail_damaged();
  }

  std::string_view take(std::size_t bytes) {
    if (rest_.size() < bytes) fail_damaged();
    const std::string_view taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
  }
  std::uint64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    for (const char byte : take(bytes)) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
  }
  std::int64_t signed_number() { return static_cast<std::int64_t>(number(8) ^ sign_bit); }
  /// Values of an index; of long ones, which `all` are, the key has the beginning and the digest.
  std::string values(std::string_view all) {
    std::string values;
    const std::optional<char> end = keyvalue::take_escaped(rest_, values);
    if (end == whole) return values;
    if (end != cut || !is_cut(all) || all.substr(0, beginning_bytes) != values) fail_damaged();
    take(sizeof(Hash));
    return std::string(all);
  }
  std::string_view rest() { return take(rest_.size()); }
  void end() const {
    if (!rest_.empty()) fail_damaged();
  }

 private:
  std::string_view rest_;
};

}  // namespace

void fail_damaged() {
  throw Error(Code::corrupt, "the host's store holds something that Emptor did not write there", "restore a backup");
}

Bounds every_key() { return {std::string(1, first_host_key), std::string(1, past_host_keys)}; }
Bounds keys_of(Kind kind) { return KeyMaker(kind).beginning(); }

std::string format_key() { return KeyMaker(Kind::format).done(); }
std::string info_key() { return KeyMaker(Kind::info).done(); }
std::string field_key(EntityNumber entity, FieldNumber number) {
  return KeyMaker(Kind::field).number(entity, 2).number(number, 2).done();
}
std::string index_key(std::uint64_t index) { return KeyMaker(Kind::index).number(index, 8).done(); }
std::string entity_key(EntityNumber entity) { return KeyMaker(Kind::entity).number(entity, 2).done(); }
std::string setting_key(std::string_view name) { return KeyMaker(Kind::setting).bytes(name).done(); }
std::string entry_key(std::int64_t position) { return KeyMaker(Kind::entry).signed_number(position).done(); }
std::string operation_key(std::string_view op_id) {
  return KeyMaker(Kind::operation).bytes(view_of(blake2b(op_id))).done();
}
std::string row_key(EntityNumber entity, Id id) {
  return KeyMaker(Kind::row).number(entity, 2).signed_number(id.value).done();
}
std::string index_entry_key(std::uint64_t index, std::string_view values, Id id) {
  return KeyMaker(Kind::index_entry).number(index, 8).values(values).signed_number(id.value).done();
}

Bounds rows_after(EntityNumber entity, Id after) {
  Bounds rows = KeyMaker(Kind::row).number(entity, 2).beginning();
  rows.low = keyvalue::just_above(row_key(entity, after));
  return rows;
}

Bounds entries_between(std::int64_t after, std::int64_t up_to) {
  return {keyvalue::just_above(entry_key(after)), keyvalue::just_above(entry_key(up_to))};
}

Bounds index_range(std::uint64_t index, const keyvalue::KeyRange& range) {
  Bounds entries = whole_index(index);
  const auto beginning = [index](std::string_view values) {
    return KeyMaker(Kind::index_entry).number(index, 8).beginning_of(values).beginning();
  };
  entries.low = is_cut(range.low) ? beginning(range.low).low
                                  : keyvalue::just_above(index_entry_key(index, range.low, range.after));
  if (range.high) entries.high = is_cut(*range.high) ? beginning(*range.high).high : beginning(*range.high).low;
  return entries;
}

Bounds whole_index(std::uint64_t index) { return KeyMaker(Kind::index_entry).number(index, 8).beginning(); }

Bounds index_entries_of(std::uint64_t index, std::string_view values) {
  return KeyMaker(Kind::index_entry).number(index, 8).values(values).beginning();
}

FieldPlace field_of(std::string_view key) {
  KeyReader reader(key, Kind::field);
  FieldPlace place;
  place.entity = static_cast<EntityNumber>(reader.number(2));
  place.number = static_cast<FieldNumber>(reader.number(2));
  reader.end();
  return place;
}

std::uint64_t index_of(std::string_view key) {
  KeyReader reader(key, Kind::index);
  const std::uint64_t index = reader.number(8);
  reader.end();
  return index;
}

std::string_view setting_of(std::string_view key) { return KeyReader(key, Kind::setting).rest(); }

std::int64_t position_of(std::string_view key) {
  KeyReader reader(key, Kind::entry);
  const std::int64_t position = reader.signed_number();
  reader.end();
  return position;
}

Id row_of(std::string_view key) {
  KeyReader reader(key, Kind::row);
  reader.take(sizeof(EntityNumber));
  const Id id{reader.signed_number()};
  reader.end();
  return id;
}

IndexEntry index_entry_of(std::string_view key, std::string_view value) {
  KeyReader reader(key, Kind::index_entry);
  reader.take(sizeof(std::uint64_t));
  IndexEntry entry;
  entry.values = reader.values(value);
  entry.id = Id{reader.signed_number()};
  reader.end();
  return entry;
}

}  // namespace emptor::host
