/// The journal: every change ever made, append-only and chained by hash.
///
/// It is the audit, the change feed, the history, the merge log, the idempotency table and the record
/// version in one. A change set is one entry. Its changes are encoded one after another in `changes`;
/// the Merkle root over them and the entry's header are chained: hash = H(previous hash, header, root).
/// Layout, byte by byte: docs/file-format.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/id.hpp"
#include "emptor/core/time.hpp"
#include "emptor/model/schema.hpp"

namespace emptor {

using Hash = std::array<std::byte, 32>;  ///< BLAKE2b-256

/// 64 hexadecimal digits.
std::string hexadecimal(const Hash& hash);

/// An entry that somebody noted: kept outside, it is what a journal that was written anew cannot agree with.
struct JournalHead {
  std::int64_t position = 0;
  Hash hash{};
  friend bool operator==(const JournalHead&, const JournalHead&) = default;
};

/// "12:9f..": the position, a colon and 64 hexadecimal digits.
std::string to_string(const JournalHead& head);
/// Nothing for a text that is none.
std::optional<JournalHead> parse_head(std::string_view text);

/// Where a trimmed journal begins: the newest entry that was forgotten, which the first one that is there follows.
/// Position 0: nothing was forgotten.
struct JournalBase {
  JournalHead head;
  Instant at;  ///< of that entry
  friend bool operator==(const JournalBase&, const JournalBase&) = default;
};

/// The head, a blank and the instant; empty for position 0.
std::string to_string(const JournalBase& base);
/// Position 0 for an empty text. Throws Code::corrupt for one that is neither.
JournalBase parse_base(std::string_view text);

/// The setting that keeps it.
inline constexpr std::string_view journal_base_setting = "journal_base";
/// A trimming is an entry of the system without changes, whose reason is this and the base.
inline constexpr std::string_view trimming_reason = "journal trimmed up to ";

enum class ChangeKind : std::uint8_t {
  insert = 1,
  update = 2,
  erase = 3,      ///< soft: the record keeps its row and gains deleted_at
  unchanged = 4,  ///< named by the change set, but nothing differed
};

/// One record's part of an entry, as a view into the entry's bytes.
struct Change {
  EntityNumber entity = 0;
  Id id;
  ChangeKind kind = ChangeKind::insert;
  std::int64_t previous = 0;    ///< version before this change; 0 for an insert
  std::string_view state;       ///< 16 bytes: keyed digest of the row as written; empty if unchanged
  std::string_view difference;  ///< reverse: what turns the new row back into the old one
};

struct JournalEntry {
  std::int64_t position = 0;  ///< 1, 2, 3 ... in the order of the feed; 0 while unsealed
  std::int64_t version = 0;   ///< what the records changed by this entry carry; the position, except where
                              ///< a store numbers its feed later (PostgreSQL)
  Instant at;
  Id actor;
  std::string op_id;  ///< unique where not empty
  std::string reason;
  std::uint32_t count = 0;  ///< number of changes
  std::string changes;
  Hash root{};
  Hash hash{};
};

/// Appends one change to an entry's bytes (and counts it).
void append_change(JournalEntry& entry, const Change& change);
/// Calls `visit` for each change, in the order of the change set; stops where it returns false. Throws
/// Code::corrupt for malformed bytes.
void each_change(const JournalEntry& entry, const std::function<bool(const Change&)>& visit);
/// The Merkle root over the entry's changes (a batch of one: its leaf).
Hash merkle_root(const JournalEntry& entry);
/// Sets root and hash. Requires position, header and changes to be final.
void seal(JournalEntry& entry, const Hash& previous);
/// The hash that `seal` would give, from the stored root (which is not recomputed).
Hash chain_hash(const JournalEntry& entry, const Hash& previous);

}  // namespace emptor
