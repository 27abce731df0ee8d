#include "emptor/store/copy.hpp"

#include <algorithm>

#include "core/digest.hpp"
#include "core/long_call.hpp"
#include "core/varint.hpp"
#include "emptor/core/error.hpp"
#include "emptor/store/open.hpp"
#include "model/row_codec.hpp"
#include "store/batch_rows.hpp"
#include "store/unfinished_file.hpp"

namespace emptor {
namespace {

constexpr std::size_t rows_at_once = 4096;
constexpr std::size_t entries_at_once = 256;

// Every row of an entity, batch by batch, in the order of ids.
template <class Visit>
void each_batch(Reader& reader, const Entity& entity, const Visit& visit) {
  const Query query{.entity = entity.name, .limit = rows_at_once, .with_deleted = true};
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = reader.scan(query, key, batch);
    if (batch.rows() > 0) visit(batch);
    beat("copy");
  }
}

bool keeps_numbers(const Entity& entity) { return entity.keeping == Keeping::journalled; }

class StateHash {
 public:
  explicit StateHash(Reader& reader) : reader_(reader), schema_(reader.schema()) {}

  Hash run() {
    text("emptor state 1");
    add_info();
    for (const CatalogField& field : schema_->catalog()) add_field(field);
    for (const std::string& name : reader_.setting_names()) {
      text(name);
      text(reader_.setting(name));
    }
    for (const Entity& entity : schema_->entities()) add_entity(entity);
    flush();
    return digest_.finish();
  }

 private:
  void number(std::int64_t value) { append_varint(bytes_, static_cast<std::uint64_t>(value)); }
  void text(std::string_view value) { append_sized(bytes_, value); }
  void flush() {
    digest_.add(bytes_);
    bytes_.clear();
  }

  void add_info() {
    const StoreInfo& info = reader_.info();
    text(info.store_id);
    text(info.currency.code());
    text(info.zone);
    number(info.position);
    text(view_of(info.head));
  }

  void add_field(const CatalogField& field) {
    number(field.entity);
    number(field.number);
    text(field.name);
    text(name_of(field.type));
    number(field.flags);
    text(field.doc);
  }

  void add_entity(const Entity& entity) {
    number(entity.number);
    number(keeps_numbers(entity) ? reader_.next_id(entity).value : 0);
    each_batch(reader_, entity, [&](const Batch& batch) {
      for (std::size_t i = 0; i < batch.rows(); ++i) {
        row_.clear();
        batch.copy_row(i, row_);
        encoded_.clear();
        encode_row(entity, row_, encoded_);
        text(encoded_);
      }
      flush();
    });
  }

  Reader& reader_;
  SchemaPtr schema_;
  Blake2b digest_;
  std::string bytes_, encoded_;
  std::vector<Value> row_;
};

class StoreCopy {
 public:
  StoreCopy(Reader& from, Writer& to) : from_(from), to_(to) {}

  void run() {
    require_room();
    copy_journal();
    for (const std::string& name : from_.setting_names()) to_.set_setting(name, from_.setting(name));
    for (const Entity& entity : to_.schema()->entities()) copy_rows(entity);
    while (to_.restore_index()) beat("copy");
  }

 private:
  void require_room() {
    if (to_.info().position != 0 || !to_.setting_names().empty())
      throw Error(Code::invalid, "the store to copy to holds something already", "give the place of a new one");
    const bool same = to_.info().store_id == from_.info().store_id && to_.info().zone == from_.info().zone &&
                      to_.info().currency == from_.info().currency;
    if (!same || to_.schema()->catalog() != from_.schema()->catalog())
      throw Error(Code::invalid, "the store to copy to was not made as a copy of this one",
                  "make it with options_of_copy");
  }

  // Entries are sealed again, which gives the same hashes or shows that they were not sound.
  void copy_journal() {
    const JournalBase base = parse_base(from_.setting(journal_base_setting));
    if (base.head.position > 0) to_.begin_journal(base.head);
    for (std::int64_t at = base.head.position; at < from_.info().position; beat("copy"))
      for (JournalEntry& entry : from_.journal(at, entries_at_once)) {
        const Hash hash = entry.hash;
        at = entry.position;
        to_.append(entry);
        if (entry.hash != hash || entry.position != at)
          throw Error(Problem{Code::corrupt,
                              "the chain of the journal is broken at position " + std::to_string(at),
                              "journal",
                              "",
                              {},
                              "`emptor verify` tells more; restore a backup"});
      }
  }

  void copy_rows(const Entity& entity) {
    to_.drop_indexes(entity);
    each_batch(from_, from_.schema()->entity(entity.number),
               [&](const Batch& batch) { to_.put(entity, rows_.of(batch), true); });
    if (!keeps_numbers(entity)) return;
    const std::int64_t lacking = from_.next_id(entity).value - to_.next_id(entity).value;
    if (lacking > 0) to_.allocate(entity, static_cast<std::size_t>(lacking));
  }

  Reader& from_;
  Writer& to_;
  BatchRows rows_;
};

}  // namespace

Hash state_hash(Reader& reader, const Progress& progress) {
  const LongCall call(progress);
  return StateHash(reader).run();
}

OpenOptions options_of_copy(Reader& reader, OpenOptions options) {
  options.create = true;
  options.currency = reader.info().currency;
  options.zone = reader.info().zone;
  options.origin = StoreOrigin{reader.info().store_id, reader.schema()->catalog()};
  return options;
}

Hash copy_store(Store& from, Store& to, const Progress& progress) {
  return copy_store(*from.as_kept().read(), to, progress);
}

Hash copy_store(Reader& from, Store& to, const Progress& progress) {
  const LongCall call(progress);
  const std::unique_ptr<Writer> writer = to.as_kept().write();
  StoreCopy(from, *writer).run();
  const Hash hash = StateHash(*writer).run();
  if (hash != StateHash(from).run())
    throw Error(Code::corrupt, "the copy does not hold what the store holds", "`emptor verify` tells which is damaged");
  writer->commit();
  return hash;
}

Hash copy_store_to(Store& from, const std::string& where, const OpenOptions& options, const Progress& progress) {
  const std::unique_ptr<Reader> reader = from.as_kept().read();
  const OpenOptions made = options_of_copy(*reader, options);
  if (!names_file(where)) return copy_store(*reader, *open_store(where, made), progress);
  UnfinishedFile file(where);
  const Hash state = copy_store(*reader, *open_store(file.path(), made), progress);
  file.finish();
  return state;
}

}  // namespace emptor
