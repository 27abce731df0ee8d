#include <algorithm>

#include "core/long_call.hpp"
#include "store/sqlite/catalog.hpp"
#include "store/sqlite/file.hpp"

namespace emptor::sqlite {
namespace {

constexpr int checkpoint_beyond_pages = 4096;  // 16 MiB

class FileWriter final : public SnapshotView<Writer> {
 public:
  FileWriter(FilePtr file, bool grouped)
      : file_(std::move(file)), turn_(file_->take_turn()), writer_(file_->borrow_writer(grouped)) {
    connection().prepared("BEGIN IMMEDIATE").run();
    connection().gather_log();
    StoreInfo info = read_info(connection(), file_->fixed());
    sql::LayoutPtr layout = file_->layout(connection(), info.schema_version);
    file_->check_format();  // as this transaction finds it
    snapshot_.emplace(connection(), file_->fixed(), std::move(info), std::move(layout));
  }
  ~FileWriter() override {
    if (process_number() == file_->fixed().process) leave();
  }

  Id allocate(const Entity& entity, std::size_t count) override {
    Id first;
    writing([&] {
      std::int64_t& next = sequence(entity.number);
      first = Id{next};
      next += static_cast<std::int64_t>(count);
    });
    return first;
  }
  Id next_id(const Entity& entity) override {
    checked();
    return Id{sequence(entity.number)};
  }
  std::int64_t next_version() override { return checked().info().position + 1; }
  void put(const Entity& entity, std::span<const Row> rows, bool insert) override {
    writing([&] {
      RowWriter& writer = writer_->rows_of(entity);
      for (const Row row : rows) insert ? writer.insert(row) : writer.put(row);
      if (insert && entity.keeping == Keeping::journalled) pass_numbers(entity, rows);
    });
  }
  void replace(const Entity& entity, std::span<const Row> before, std::span<const Row> after) override {
    writing([&] {
      RowWriter& writer = writer_->rows_of(entity);
      for (std::size_t i = 0; i < after.size(); ++i) writer.replace(before[i], after[i]);
    });
  }
  void erase(const Entity& entity, std::span<const Id> ids) override {
    writing([&] {
      RowWriter& writer = writer_->rows_of(entity);
      for (const Id id : ids) writer.erase(id);
    });
  }
  void append(JournalEntry& entry) override {
    writing([&] {
      StoreInfo& info = checked().info();
      entry.position = entry.version = info.position + 1;
      seal(entry, info.head);
      insert_entry(entry);
      info.position = entry.position;
      info.head = entry.hash;
    });
  }
  void forget_entries(std::int64_t up_to) override {
    if (up_to >= checked().info().position) throw Error(Code::misuse, "the newest entry cannot be forgotten");
    writing([&] {
      Use rows(connection().prepared("DELETE FROM emptor_journal WHERE position <= ?1"));
      rows->bind(1, Value(up_to));
      rows->step();
    });
  }
  void begin_journal(const JournalHead& after) override {
    StoreInfo& info = checked().info();
    if (info.position != 0) throw Error(Code::misuse, "a journal that has entries cannot begin elsewhere");
    info.position = after.position;
    info.head = after.hash;
  }
  void set_setting(std::string_view name, std::string_view value) override {
    writing([&] { write_setting(connection(), name, value); });
  }
  void add_field(const CatalogField& field) override {
    writing([&] {
      SchemaPtr schema = sqlite::add_field(connection(), *checked().schema(), field);
      checked().info().schema_version = schema->version();
      checked().set_layout(std::make_shared<const sql::Layout>(sql::sqlite_dialect, std::move(schema), true));
    });
  }
  void drop_indexes(const Entity& entity) override {
    writing([&] { sqlite::drop_indexes(connection(), entity); });
  }
  bool restore_index() override {
    bool restored = false;
    writing([&] { restored = sqlite::restore_index(connection(), *checked().schema()); });
    return restored;
  }
  void commit() override {
    const Unstoppable finishing;
    writing([&] {
      save_sequences();
      connection().prepared("COMMIT").run();
    });
    file_->publish(checked().layout());
    if (connection().wal_pages() > checkpoint_beyond_pages) connection().checkpoint();
    leave();
  }

 private:
  Connection& connection() noexcept { return writer_->connection; }

  // After a failed write only the destructor is left: half of a statement may have been done.
  template <class Work>
  void writing(const Work& work) {
    checked();
    if (failed_) throw Error(Code::misuse, "a writer was used after a write that failed", "open a new one");
    failed_ = true;
    sound_ = false;
    try {
      work();
    } catch (const Error& error) {
      sound_ = error.code() == Code::duplicate;
      throw;
    }
    failed_ = false;
  }

  void leave() noexcept {
    if (!writer_) return;
    connection().roll_back();
    if (!failed_ || sound_) file_->give_back(std::move(writer_));
    writer_.reset();
    snapshot_.reset();
    turn_ = {};
  }

  std::int64_t& sequence(EntityNumber entity) {
    const auto [at, is_new] = sequences_.emplace(entity, 1);
    if (is_new) at->second = sqlite::next_id(connection(), entity);
    return at->second;
  }

  // Numbers that a caller brought along (a copy of another store) are never given again either.
  void pass_numbers(const Entity& entity, std::span<const Row> rows) {
    std::int64_t& next = sequence(entity.number);
    for (const Row row : rows) next = std::max(next, row[system_field::id].id().value + 1);
  }

  void save_sequences() {
    for (const auto& [entity, next] : sequences_) {
      Use row(connection().prepared("INSERT OR REPLACE INTO emptor_sequence VALUES(?1, ?2)"));
      row->bind(1, Value(std::int64_t{entity}));
      row->bind(2, Value(next));
      row->step();
    }
  }

  void insert_entry(const JournalEntry& entry) {
    const auto octets = [](const Hash& hash) {
      return Value::bytes({reinterpret_cast<const char*>(hash.data()), hash.size()});
    };
    Use row(
        connection().prepared("INSERT INTO emptor_journal(position, at, actor, op_id, reason, count, root, hash,"
                              " changes) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, coalesce(?9, x''))"));
    row->bind(1, Value(entry.position));
    row->bind(2, Value(entry.at));
    row->bind(3, Value(entry.actor.value));
    row->bind(4, Value(std::string_view(entry.op_id)));
    row->bind(5, Value(std::string_view(entry.reason)));
    row->bind(6, Value(std::int64_t{entry.count}));
    row->bind(7, octets(entry.root));
    row->bind(8, octets(entry.hash));
    row->bind(9, Value::bytes(entry.changes));
    row->step();
  }

  FilePtr file_;
  FileLock::Turn turn_;
  std::unique_ptr<WriteConnection> writer_;
  std::unordered_map<EntityNumber, std::int64_t> sequences_;
  bool failed_ = false;
  bool sound_ = true;  // whether the connection may be used again
};

}  // namespace

std::unique_ptr<Writer> make_writer(FilePtr file, bool grouped) {
  return std::make_unique<FileWriter>(std::move(file), grouped);
}

}  // namespace emptor::sqlite
