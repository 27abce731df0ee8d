#include "store/memory/snapshot_file.hpp"

#include <boost/archive/archive_exception.hpp>
#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <boost/serialization/array_wrapper.hpp>
#include <boost/serialization/string.hpp>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/digest.hpp"
#include "core/varint.hpp"
#include "emptor/core/error.hpp"
#include "store/keyvalue/decoded_row.hpp"
#include "store/memory/changes.hpp"
#include "store/memory/read_side.hpp"

namespace emptor::memory {
namespace {

using Out = boost::archive::binary_oarchive;
using In = boost::archive::binary_iarchive;

constexpr std::string_view magic = "EMPTORMS";
constexpr std::uint64_t format_version = 2;          // 2: says where the journal begins
constexpr std::size_t header_size = 8 + 8 + 8 + 32;  // magic, version, length, BLAKE2b-256 of what follows
constexpr std::size_t rows_at_once = 1024;

std::string header_of(std::uint64_t version, std::uint64_t length, const Hash& digest) {
  std::string header(magic);
  append_fixed64(header, version);
  append_fixed64(header, length);
  header.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  return header;
}

[[noreturn]] void fail(Code code, const std::string& path, std::string_view what) {
  throw Error(code, "the snapshot file \"" + path + "\" " + std::string(what));
}

// The digest of everything after the header, and how long it is.
std::pair<std::uint64_t, Hash> digest_of(std::istream& file) {
  Blake2b digest;
  std::uint64_t length = 0;
  std::string chunk(std::size_t{1} << 18, '\0');
  while (file.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), file.gcount() > 0) {
    digest.add(std::string_view(chunk).substr(0, static_cast<std::size_t>(file.gcount())));
    length += static_cast<std::uint64_t>(file.gcount());
  }
  return {length, digest.finish()};
}

/// Returns the format's version.
std::uint64_t check_header(std::istream& file, const std::string& path) {
  std::string header(header_size, '\0');
  file.read(header.data(), header_size);
  if (file.gcount() != header_size || !header.starts_with(magic)) fail(Code::corrupt, path, "is not one of ours");
  const std::uint64_t version = ByteReader(std::string_view(header).substr(8)).fixed64();
  if (version > format_version) fail(Code::newer, path, "was written by a newer version");
  const auto [length, digest] = digest_of(file);
  if (header != header_of(version, length, digest)) fail(Code::corrupt, path, "is damaged");
  file.clear();
  file.seekg(header_size);
  return version;
}

void put_text(Out& out, std::string_view text) {
  const std::string copy(text);
  out << copy;
}

template <class T>
T take(In& in) {
  T value{};
  in >> value;
  return value;
}

std::int64_t take_number(In& in) { return take<std::int64_t>(in); }
void put_number(Out& out, std::int64_t number) { out << number; }

void put_hash(Out& out, const Hash& hash) { put_text(out, {reinterpret_cast<const char*>(hash.data()), hash.size()}); }

Hash take_hash(In& in) {
  Hash hash;
  const auto text = take<std::string>(in);
  if (text.size() != hash.size()) throw Error(Code::corrupt, "a snapshot file holds a hash of another length");
  std::memcpy(hash.data(), text.data(), hash.size());
  return hash;
}

void put_value(Out& out, const Value& value) {
  value.is_text() ? put_text(out, value.text()) : put_number(out, value.bits());
}

class SnapshotWriter {
 public:
  SnapshotWriter(const Base& base, const Snapshot& snapshot, std::ostream& file, const Progress& progress)
      : base_(base), side_(base, snapshot), source_(base, snapshot.at), progress_(progress), out_(file) {
    for (const Entity& entity : schema().entities()) total_ += source_.size_hint(entity.number);
  }

  void run() {
    write_info();
    write_catalog();
    write_settings();
    write_journal();
    put_number(out_, static_cast<std::int64_t>(schema().entities().size()));
    for (const Entity& entity : schema().entities()) write_entity(entity);
  }

 private:
  const Schema& schema() const { return *side_.schema(); }

  void report(std::string_view stage) {
    if (progress_ && !progress_(stage, done_, std::max(done_, total_)))
      throw Error(Code::cancelled, "the backup was stopped");
  }

  void write_info() {
    const StoreInfo& info = side_.info();
    put_text(out_, info.store_id);
    put_text(out_, info.currency.code());
    put_text(out_, info.zone);
    put_number(out_, static_cast<std::int64_t>(info.schema_version));
    put_number(out_, info.position);
    put_hash(out_, info.head);
    put_number(out_, side_.forgotten());
  }

  void write_catalog() {
    const std::vector<CatalogField> catalog = schema().catalog();
    put_number(out_, static_cast<std::int64_t>(catalog.size()));
    for (const CatalogField& field : catalog) {
      for (const std::int64_t number : {std::int64_t{field.entity}, std::int64_t{field.number},
                                        static_cast<std::int64_t>(field.type), std::int64_t{field.flags}})
        put_number(out_, number);
      put_text(out_, field.name);
      put_text(out_, field.doc);
    }
  }

  void write_settings() {
    const std::vector<std::string> names = side_.setting_names();
    put_number(out_, static_cast<std::int64_t>(names.size()));
    for (const std::string& name : names) {
      put_text(out_, name);
      put_text(out_, side_.setting(name));
    }
  }

  void write_journal() {
    for (std::int64_t done = side_.forgotten(); done < side_.info().position;) {
      for (const JournalEntry& entry : side_.journal(done, rows_at_once)) {
        write_entry(entry);
        ++done;
      }
      report("journal");
    }
  }

  void write_entry(const JournalEntry& entry) {
    for (const std::int64_t number :
         {entry.position, entry.version, entry.at.micros, entry.actor.value, std::int64_t{entry.count}})
      put_number(out_, number);
    put_text(out_, entry.op_id);
    put_text(out_, entry.reason);
    put_text(out_, entry.changes);
    put_hash(out_, entry.root);
    put_hash(out_, entry.hash);
  }

  void write_entity(const Entity& entity) {
    put_text(out_, entity.name);
    // The ids given so far, not only those in use: a number is never given twice.
    put_number(out_, side_.next_id(entity.number).value - 1);
    put_number(out_, static_cast<std::int64_t>(entity.fields.size()));
    for (const Field& field : entity.fields) put_text(out_, field.name);
    keyvalue::DecodedRow decode(entity);
    std::vector<keyvalue::StoredRow> rows;
    for (Id after;;) {
      rows.clear();
      source_.rows(entity.number, after, rows_at_once, rows);
      put_number(out_, static_cast<std::int64_t>(rows.size()));
      if (rows.empty()) return;
      for (const keyvalue::StoredRow& row : rows) write_row(decode(row.row));
      after = rows.back().id;
      done_ += rows.size();
      report(entity.name);
    }
  }

  void write_row(Row row) {
    const auto present = std::count_if(row.begin(), row.end(), [](const Value& value) { return value.present(); });
    put_number(out_, present);
    for (std::size_t field = 0; field < row.size(); ++field) {
      if (!row[field].present()) continue;
      put_number(out_, static_cast<std::int64_t>(field));
      put_value(out_, row[field]);
    }
  }

  const Base& base_;
  ReadSide side_;
  Source source_;
  const Progress& progress_;
  Out out_;
  std::uint64_t done_ = 0, total_ = 0;
};

class SnapshotReader {
 public:
  SnapshotReader(Base& base, std::istream& file, std::uint64_t version) : base_(base), format_(version), in_(file) {}

  void run() {
    const std::int64_t position = read_info();
    read_catalog();
    Changes changes(base_, schema_, 1);
    read_settings(changes);
    for (std::int64_t i = base_.forgotten; i < position; ++i) changes.append(read_entry());
    for (std::int64_t left = take_number(in_); left > 0; --left) read_entity(changes);
    changes.commit(info_);
  }

 private:
  std::int64_t read_info() {
    in_ >> info_.store_id;
    const auto currency = Currency::parse(take<std::string>(in_));
    if (!currency) throw Error(Code::corrupt, "a snapshot file holds no currency");
    info_.currency = *currency;
    in_ >> info_.zone;
    version_ = static_cast<std::uint64_t>(take_number(in_));
    info_.position = take_number(in_);
    info_.head = take_hash(in_);
    if (format_ >= 2) base_.forgotten = base_.dropped = take_number(in_);
    return info_.position;
  }

  void read_catalog() {
    std::vector<CatalogField> catalog(static_cast<std::size_t>(take_number(in_)));
    for (CatalogField& field : catalog) {
      field.entity = static_cast<EntityNumber>(take_number(in_));
      field.number = static_cast<FieldNumber>(take_number(in_));
      field.type = static_cast<Type>(take_number(in_));
      field.flags = static_cast<std::uint32_t>(take_number(in_));
      in_ >> field.name >> field.doc;
    }
    schema_ = std::make_shared<Schema>(described_entities(), catalog, version_);
    // Fields that this program knows and the file lacks make a new version, as a migration does.
    if (!schema_->added().empty())
      schema_ = std::make_shared<Schema>(described_entities(), schema_->catalog(), version_ + 1);
    info_.schema_version = schema_->version();
  }

  void read_settings(Changes& changes) {
    for (std::int64_t left = take_number(in_); left > 0; --left) {
      const auto name = take<std::string>(in_);
      changes.set_setting(name, take<std::string>(in_));
    }
  }

  JournalEntry read_entry() {
    JournalEntry entry;
    entry.position = take_number(in_);
    entry.version = take_number(in_);
    entry.at.micros = take_number(in_);
    entry.actor.value = take_number(in_);
    entry.count = static_cast<std::uint32_t>(take_number(in_));
    in_ >> entry.op_id >> entry.reason >> entry.changes;
    entry.root = take_hash(in_);
    entry.hash = take_hash(in_);
    return entry;
  }

  void read_entity(Changes& changes) {
    const Entity& entity = schema_->entity(take<std::string>(in_));
    changes.allocate(entity.number, static_cast<std::size_t>(take_number(in_)));
    std::vector<FieldNumber> fields(static_cast<std::size_t>(take_number(in_)));
    for (FieldNumber& field : fields) field = entity.field(take<std::string>(in_)).number;
    while (const std::int64_t rows = take_number(in_))
      for (std::int64_t i = 0; i < rows; ++i) read_row(changes, entity, fields);
  }

  void read_row(Changes& changes, const Entity& entity, const std::vector<FieldNumber>& fields) {
    std::vector<Value> row(entity.fields.size());
    Arena text;
    for (std::int64_t left = take_number(in_); left > 0; --left) {
      const FieldNumber field = fields.at(static_cast<std::size_t>(take_number(in_)));
      const Type type = entity.fields[field].type;
      if (type != Type::text && type != Type::bytes) {
        row[field] = Value::of_bits(type, take_number(in_));
      } else {
        const std::string_view kept = text.keep(take<std::string>(in_));
        row[field] = type == Type::text ? Value(kept) : Value::bytes(kept);
      }
    }
    const Row view(row);
    changes.put(entity.number, std::span(&view, 1), true);
  }

  Base& base_;
  std::uint64_t format_;
  In in_;
  StoreInfo info_;
  SchemaPtr schema_;
  std::uint64_t version_ = 0;
};

// Writes the archive behind room for a header, then the header, which no unfinished file has.
void write_file(const Base& base, const Snapshot& snapshot, const std::string& path, const Progress& progress) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out | std::ios::trunc);
  if (!file) fail(Code::io, path, "cannot be written");
  file << std::string(header_size, '\0');
  SnapshotWriter(base, snapshot, file, progress).run();
  file.flush();
  file.seekg(header_size);
  const auto [length, digest] = digest_of(file);
  file.clear();
  file.seekp(0);
  file << header_of(format_version, length, digest) << std::flush;
  if (!file) fail(Code::full, path, "could not be written whole");
}

}  // namespace

void write_snapshot(const Base& base, const Snapshot& snapshot, const std::string& path, const Progress& progress) {
  if (std::filesystem::exists(path)) fail(Code::invalid, path, "exists already");
  const std::string unfinished = path + ".unfinished";
  try {
    write_file(base, snapshot, unfinished, progress);
    std::filesystem::rename(unfinished, path);
  } catch (const boost::archive::archive_exception&) {
    std::remove(unfinished.c_str());
    fail(Code::full, path, "could not be written whole");
  } catch (const std::filesystem::filesystem_error&) {
    std::remove(unfinished.c_str());
    fail(Code::io, path, "could not be given its name");
  } catch (...) {
    std::remove(unfinished.c_str());
    throw;
  }
}

void read_snapshot(Base& base, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(Code::not_found, path, "cannot be opened");
  const std::uint64_t version = check_header(file, path);
  try {
    SnapshotReader(base, file, version).run();
  } catch (const boost::archive::archive_exception&) {
    fail(Code::corrupt, path, "does not hold what it should");
  }
}

}  // namespace emptor::memory
