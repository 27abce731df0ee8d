#include "emptor/store/journal.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "core/digest.hpp"
#include "core/hex.hpp"
#include "core/varint.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

constexpr std::size_t state_size = 16;

// The first byte of everything hashed says what it is, so that a leaf can never pass for a node or a
// header (as in RFC 6962).
enum class Domain : char { leaf = 0, node = 1, entry = 2 };

// Bytes to be hashed, on the stack as long as they are few: most entries are small.
class Bytes {
 public:
  explicit Bytes(Domain domain) { fixed(static_cast<std::uint64_t>(domain), 1); }

  void fixed(std::uint64_t value, int bytes) {
    char little[8];
    for (int i = 0; i < bytes; ++i) little[i] = static_cast<char>(value >> (8 * i));
    add({little, static_cast<std::size_t>(bytes)});
  }
  void add(std::string_view bytes) {
    if (long_.empty() && size_ + bytes.size() <= short_.size()) {
      std::memcpy(short_.data() + size_, bytes.data(), bytes.size());
      size_ += bytes.size();
      return;
    }
    if (long_.empty()) long_.assign(short_.data(), size_);
    long_.append(bytes);
  }
  void sized(std::string_view text) {
    char length[max_varint_bytes];
    add({length, static_cast<std::size_t>(write_varint(length, text.size()) - length)});
    add(text);
  }
  Hash hash() const { return blake2b(long_.empty() ? std::string_view(short_.data(), size_) : long_); }

 private:
  std::array<char, 256> short_;
  std::size_t size_ = 0;
  std::string long_;
};

Hash leaf_hash(std::string_view change) {
  Bytes bytes(Domain::leaf);
  bytes.add(change);
  return bytes.hash();
}

Hash node_hash(const Hash& left, const Hash& right) {
  Bytes bytes(Domain::node);
  bytes.add(view_of(left));
  bytes.add(view_of(right));
  return bytes.hash();
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
  ByteReader bytes(entry.changes);
  while (!bytes.done()) {
    const std::size_t begin = entry.changes.size() - bytes.left();
    read_change(bytes);
    const std::size_t end = entry.changes.size() - bytes.left();
    level.push_back(leaf_hash(std::string_view(entry.changes).substr(begin, end - begin)));
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

std::string hexadecimal(const Hash& hash) { return to_hex(view_of(hash)); }

std::string to_string(const JournalHead& head) { return std::to_string(head.position) + ":" + hexadecimal(head.hash); }

std::optional<JournalHead> parse_head(std::string_view text) {
  JournalHead head;
  const auto [colon, fault] = std::from_chars(text.data(), text.data() + text.size(), head.position);
  const std::string_view digits = text.substr(static_cast<std::size_t>(colon - text.data()));
  if (fault != std::errc() || head.position <= 0 || digits.size() != 1 + 2 * head.hash.size() || digits[0] != ':')
    return std::nullopt;
  for (std::size_t i = 0; i < head.hash.size(); ++i) {
    unsigned byte = 0;
    const char* const begin = digits.data() + 1 + 2 * i;
    const auto read = std::from_chars(begin, begin + 2, byte, 16);
    if (read.ec != std::errc() || read.ptr != begin + 2) return std::nullopt;
    head.hash[i] = static_cast<std::byte>(byte);
  }
  return head;
}

std::string to_string(const JournalBase& base) {
  return base.head.position == 0 ? std::string() : to_string(base.head) + ' ' + to_string(base.at);
}

JournalBase parse_base(std::string_view text) {
  if (text.empty()) return {};
  const std::size_t blank = std::min(text.find(' '), text.size());
  const std::optional<JournalHead> head = parse_head(text.substr(0, blank));
  const std::optional<Instant> at = parse_instant(text.substr(std::min(blank + 1, text.size())));
  if (!head || !at) throw Error(Code::corrupt, "the store does not say where its journal begins", "restore a backup");
  return {*head, *at};
}

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
    ByteReader bytes(entry.changes);
    read_change(bytes);
    if (!bytes.done()) fail_count();
    return leaf_hash(entry.changes);
  }
  std::vector<Hash> level = leaf_hashes(entry);
  while (level.size() > 1) halve(level);
  return level.empty() ? Hash{} : level.front();
}

Hash chain_hash(const JournalEntry& entry, const Hash& previous) {
  Bytes bytes(Domain::entry);
  bytes.add(view_of(previous));
  bytes.fixed(static_cast<std::uint64_t>(entry.position), 8);
  bytes.fixed(static_cast<std::uint64_t>(entry.version), 8);
  bytes.fixed(static_cast<std::uint64_t>(entry.at.micros), 8);
  bytes.fixed(static_cast<std::uint64_t>(entry.actor.value), 8);
  bytes.fixed(entry.count, 4);
  bytes.sized(entry.op_id);
  bytes.sized(entry.reason);
  bytes.add(view_of(entry.root));
  return bytes.hash();
}

void seal(JournalEntry& entry, const Hash& previous) {
  entry.root = merkle_root(entry);
  entry.hash = chain_hash(entry, previous);
}

}  // namespace emptor
