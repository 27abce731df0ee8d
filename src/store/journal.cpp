#include "emptor/store/journal.hpp"

#include <cstring>

#include "core/digest.hpp"
#include "core/varint.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

constexpr std::size_t state_size = 16;

// The first byte of everything hashed says what it is, so that a leaf can never pass for a node or a
// header (as in RFC 6962).
enum class Domain : char { leaf = 0, node = 1, entry = 2 };

void append_fixed(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

void append_hash(std::string& out, const Hash& hash) {
  out.append(reinterpret_cast<const char*>(hash.data()), hash.size());
}

Hash leaf_hash(std::string_view change, std::string& scratch) {
  scratch.assign(1, static_cast<char>(Domain::leaf));
  scratch.append(change);
  return blake2b(scratch);
}

Hash node_hash(const Hash& left, const Hash& right) {
  std::array<char, 1 + 2 * sizeof(Hash)> bytes;
  bytes[0] = static_cast<char>(Domain::node);
  std::memcpy(bytes.data() + 1, left.data(), left.size());
  std::memcpy(bytes.data() + 1 + left.size(), right.data(), right.size());
  return blake2b({bytes.data(), bytes.size()});
}

Change read_change(ByteReader& bytes) {
  Change change;
  change.entity = static_cast<EntityNumber>(bytes.varint());
  change.id = Id{static_cast<std::int64_t>(bytes.varint())};
  const auto kind = static_cast<std::uint8_t>(bytes.bytes(1)[0]);
  if (kind < 1 || kind > 4) throw Error(Code::corrupt, "a journal entry holds a change of an unknown kind");
  change.kind = static_cast<ChangeKind>(kind);
  change.previous = static_cast<std::int64_t>(bytes.varint());
  if (change.kind == ChangeKind::unchanged) return change;
  change.state = bytes.bytes(state_size);
  change.difference = bytes.sized();
  return change;
}

[[noreturn]] void fail_count() {
  throw Error(Code::corrupt, "a journal entry holds another number of changes than it says");
}

std::vector<Hash> leaf_hashes(const JournalEntry& entry) {
  std::vector<Hash> level;
  level.reserve(entry.count);
  std::string scratch;
  ByteReader bytes(entry.changes);
  while (!bytes.done()) {
    const std::size_t begin = entry.changes.size() - bytes.left();
    read_change(bytes);
    const std::size_t end = entry.changes.size() - bytes.left();
    level.push_back(leaf_hash(std::string_view(entry.changes).substr(begin, end - begin), scratch));
  }
  if (level.size() != entry.count) fail_count();
  return level;
}

// Halves a level in place; a node without a partner moves up as it is.
void halve(std::vector<Hash>& level) {
  const std::size_t pairs = level.size() / 2;
  for (std::size_t i = 0; i < pairs; ++i) level[i] = node_hash(level[2 * i], level[2 * i + 1]);
  if (level.size() % 2 != 0) level[pairs] = level.back();
  level.resize(pairs + level.size() % 2);
}

}  // namespace

void append_change(JournalEntry& entry, const Change& change) {
  append_varint(entry.changes, change.entity);
  append_varint(entry.changes, static_cast<std::uint64_t>(change.id.value));
  entry.changes.push_back(static_cast<char>(change.kind));
  append_varint(entry.changes, static_cast<std::uint64_t>(change.previous));
  ++entry.count;
  if (change.kind == ChangeKind::unchanged) return;
  entry.changes.append(change.state);
  append_sized(entry.changes, change.difference);
}

void each_change(const JournalEntry& entry, const std::function<bool(const Change&)>& visit) {
  ByteReader bytes(entry.changes);
  while (!bytes.done())
    if (!visit(read_change(bytes))) return;
}

Hash merkle_root(const JournalEntry& entry) {
  if (entry.count == 1) {
    std::string scratch;
    ByteReader bytes(entry.changes);
    read_change(bytes);
    if (!bytes.done()) fail_count();
    return leaf_hash(entry.changes, scratch);
  }
  std::vector<Hash> level = leaf_hashes(entry);
  while (level.size() > 1) halve(level);
  return level.empty() ? Hash{} : level.front();
}

Hash chain_hash(const JournalEntry& entry, const Hash& previous) {
  std::string bytes(1, static_cast<char>(Domain::entry));
  bytes.reserve(128);
  append_hash(bytes, previous);
  append_fixed(bytes, static_cast<std::uint64_t>(entry.position), 8);
  append_fixed(bytes, static_cast<std::uint64_t>(entry.version), 8);
  append_fixed(bytes, static_cast<std::uint64_t>(entry.at.micros), 8);
  append_fixed(bytes, static_cast<std::uint64_t>(entry.actor.value), 8);
  append_fixed(bytes, entry.count, 4);
  append_sized(bytes, entry.op_id);
  append_sized(bytes, entry.reason);
  append_hash(bytes, entry.root);
  return blake2b(bytes);
}

void seal(JournalEntry& entry, const Hash& previous) {
  entry.root = merkle_root(entry);
  entry.hash = chain_hash(entry, previous);
}

}  // namespace emptor
