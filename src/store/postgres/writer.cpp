#include <algorithm>

#include "core/long_call.hpp"
#include "store/postgres/catalog.hpp"
#include "store/postgres/tenant.hpp"
#include "store/sql/catalog.hpp"
#include "store/sql/writing.hpp"

namespace emptor::postgres {
namespace {

// Who reads the table just now, or has read it in a snapshot that is still open, is not waited for: then the indexes
// stay, and the load is slower.
void drop_indexes_if_free(Connection& connection, const Entity& entity) {
  std::string script = "SAVEPOINT dropping; SET LOCAL lock_timeout = '100ms';";
  for (const std::string& statement : sql::drop_indexes(sql::postgres_dialect, entity)) script += statement + ";";
  try {
    connection.execute(script + "RELEASE dropping");
  } catch (const Error& error) {
    if (error.code() != Code::busy) throw;
    connection.execute("ROLLBACK TO dropping");
  }
}

class TenantWriter final : public sql::Writing<Snapshot> {
 public:
  TenantWriter(TenantPtr tenant, bool grouped)
      : tenant_(std::move(tenant)),
        flushes_(!grouped && tenant_->options().durability == Durability::full),
        turn_(tenant_->take_turn()),
        writer_(tenant_->borrow_writer()) {
    try {
      StoreInfo info = begin();
      tenant_->note_seen(info);
      sql::LayoutPtr layout = tenant_->layout(connection(), info.schema_version);
      tenant_->check_format();  // as this transaction finds it
      snapshot_.emplace(connection(), tenant_->fixed(), std::move(info), std::move(layout), false);
    } catch (...) {
      leave();
      throw;
    }
  }
  ~TenantWriter() override {
    if (process_number() == tenant_->fixed().process) leave();
  }

  void put(const Entity& entity, std::span<const Row> rows, bool insert) override {
    writing([&] {
      const auto writer = tenant_->rows_of(entity);
      insert ? writer->insert(connection(), rows) : writer->put(connection(), rows);
      settle_keys(entity);
      if (insert && entity.keeping == Keeping::journalled) pass_numbers(entity, rows);
    });
  }
  void replace(const Entity& entity, std::span<const Row>, std::span<const Row> after) override {
    writing([&] {
      tenant_->rows_of(entity)->replace(connection(), after);
      settle_keys(entity);
    });
  }
  void erase(const Entity& entity, std::span<const Id> ids) override {
    writing([&] { tenant_->rows_of(entity)->erase(connection(), ids); });
  }
  void set_setting(std::string_view name, std::string_view value) override {
    writing([&] { write_setting(connection(), name, value); });
  }
  void add_field(const CatalogField& field) override {
    writing([&] { take_schema(sql::postgres_dialect, postgres::add_field(connection(), *checked().schema(), field)); });
  }
  void mark_fields(std::span<const CatalogField> fields) override {
    writing(
        [&] { take_schema(sql::postgres_dialect, postgres::mark_fields(connection(), *checked().schema(), fields)); });
  }
  void drop_indexes(const Entity& entity) override {
    writing([&] { drop_indexes_if_free(connection(), entity); });
  }
  bool restore_index() override {
    bool restored = false;
    writing([&] { restored = postgres::restore_index(connection(), *checked().schema()); });
    return restored;
  }
  // Who waits for the disk holds nobody up: the next writer begins as soon as the server has the commit.
  void commit() override {
    const Unstoppable finishing;
    writing([&] {
      save_numbers();
      connection().send("COMMIT");
      connection().separate();
      unlock();
      if (flushes_) writer_->flush();
      connection().finish_part();
      require_committed();
      connection().finish_part();
      locked_ = false;
      turn_.reset();
      connection().finish();
    });
    if (flushes_) tenant_->note_durable(checked().info().position);
    tenant_->publish(checked().layout());
    leave();
  }

 private:
  Connection& connection() noexcept { return writer_->connection; }

  // A connection that idled may be lost, which says nothing about the server.
  StoreInfo begin() {
    try {
      return begin_once();
    } catch (const Error& error) {
      if (error.code() != Code::io) throw;
      tenant_->forget_idle();
      writer_ = tenant_->borrow_writer();
      return begin_once();
    }
  }
  StoreInfo begin_once() {
    locked_ = true;
    writer_->set_wait(tenant_->options().wait);
    return begin_writing(connection(), tenant_->fixed(), tenant_->lock());
  }

  // A value that is taken is told by the put that gives it, also in a write that is only tried.
  void settle_keys(const Entity& entity) {
    if (std::ranges::any_of(entity.indexes, &Index::unique)) connection().finish();
  }

  // The server answers the COMMIT of a transaction that failed with another word.
  void require_committed() {
    if (connection().done() != "COMMIT")
      throw Error(Code::internal, "the transaction had failed before its commit", "call again");
  }

  void unlock() {
    connection().send("SELECT pg_advisory_unlock($1)", {Value(tenant_->lock())});
    connection().separate();
  }

  // Without a connection nothing is locked any more.
  void leave() noexcept {
    snapshot_.reset();
    if (!writer_) return;
    if (connection().roll_back() && release()) tenant_->give_back(std::move(writer_));
    writer_.reset();
    turn_.reset();
  }
  bool release() noexcept {
    if (!locked_) return true;
    try {
      unlock();
      connection().finish();
      locked_ = false;
    } catch (...) {  // the connection is closed instead
    }
    return !locked_;
  }

  std::int64_t load_next(EntityNumber entity) override { return postgres::next_id(connection(), entity); }

  void save_numbers() {
    for (const auto& [entity, next] : numbers())
      connection().send(
          "INSERT INTO emptor_sequence VALUES($1, $2) ON CONFLICT(entity) DO UPDATE SET next = excluded.next",
          {Value(std::int64_t{entity}), Value(next)});
  }

  void remove_entries(std::int64_t up_to) override {
    connection().send("DELETE FROM emptor_journal WHERE position <= $1", {Value(up_to)});
  }

  void insert_entry(const JournalEntry& entry) override {
    const auto octets = [](const Hash& hash) {
      return Value::bytes({reinterpret_cast<const char*>(hash.data()), hash.size()});
    };
    Arguments arguments{Value(entry.position),     Value(entry.at.micros),     Value(entry.actor.value),
                        Value::bytes(entry.op_id), Value::bytes(entry.reason), Value(std::int64_t{entry.count}),
                        octets(entry.root),        octets(entry.hash)};
    arguments.add_bytes(entry.changes);
    connection().send(
        "INSERT INTO emptor_journal(position, at, actor, op_id, reason, count, root, hash, changes)"
        " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        arguments);
  }

  TenantPtr tenant_;
  bool flushes_;
  std::unique_ptr<Turnstile::Turn> turn_;
  std::unique_ptr<WriteConnection> writer_;
  bool locked_ = false;
};

}  // namespace

std::unique_ptr<Writer> make_writer(TenantPtr tenant, bool grouped) {
  return std::make_unique<TenantWriter>(std::move(tenant), grouped);
}

}  // namespace emptor::postgres
