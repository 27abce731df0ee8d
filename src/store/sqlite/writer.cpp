#include <algorithm>

#include "core/long_call.hpp"
#include "store/sql/writing.hpp"
#include "store/sqlite/catalog.hpp"
#include "store/sqlite/file.hpp"

namespace emptor::sqlite {
namespace {

constexpr int checkpoint_beyond_pages = 4096;  // 16 MiB

class FileWriter final : public sql::Writing<Snapshot> {
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
  void set_setting(std::string_view name, std::string_view value) override {
    writing([&] { write_setting(connection(), name, value); });
  }
  void add_field(const CatalogField& field) override {
    writing([&] { take_schema(sql::sqlite_dialect, sqlite::add_field(connection(), *checked().schema(), field)); });
  }
  void mark_fields(std::span<const CatalogField> fields) override {
    writing([&] { take_schema(sql::sqlite_dialect, sqlite::mark_fields(connection(), *checked().schema(), fields)); });
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
      save_numbers();
      connection().prepared("COMMIT").run();
    });
    file_->publish(checked().layout());
    if (connection().wal_pages() > checkpoint_beyond_pages) connection().checkpoint();
    leave();
  }

 private:
  Connection& connection() noexcept { return writer_->connection; }

  void leave() noexcept {
    if (!writer_) return;
    connection().roll_back();
    if (is_sound()) file_->give_back(std::move(writer_));
    writer_.reset();
    snapshot_.reset();
    turn_ = {};
  }

  std::int64_t load_next(EntityNumber entity) override { return sqlite::next_id(connection(), entity); }

  void save_numbers() {
    for (const auto& [entity, next] : numbers()) {
      Use row(connection().prepared("INSERT OR REPLACE INTO emptor_sequence VALUES(?1, ?2)"));
      row->bind(1, Value(std::int64_t{entity}));
      row->bind(2, Value(next));
      row->step();
    }
  }

  void remove_entries(std::int64_t up_to) override {
    Use rows(connection().prepared("DELETE FROM emptor_journal WHERE position <= ?1"));
    rows->bind(1, Value(up_to));
    rows->step();
  }

  void insert_entry(const JournalEntry& entry) override {
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
};

}  // namespace

std::unique_ptr<Writer> make_writer(FilePtr file, bool grouped) {
  return std::make_unique<FileWriter>(std::move(file), grouped);
}

}  // namespace emptor::sqlite
