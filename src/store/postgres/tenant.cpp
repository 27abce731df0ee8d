#include "store/postgres/tenant.hpp"

#include <algorithm>

#include "core/digest.hpp"
#include "store/postgres/catalog.hpp"

namespace emptor::postgres {
namespace {

constexpr std::size_t most_idle_readers = 8;
constexpr std::size_t most_idle_writers = 8;

// How the server's administrator wants commits to be made safe, unless that is not at all; what is settled for the rest
// of the session. Queries of a library's size gain nothing from being compiled.
constexpr std::string_view settle_session =
    "SELECT set_config('emptor.flush', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'"
    " ELSE current_setting('synchronous_commit') END, false),"
    " set_config('synchronous_commit', 'off', false), set_config('search_path', quote_ident($1), false),"
    " set_config('jit', 'off', false), set_config('statement_timeout', '0', false),"
    " set_config('idle_in_transaction_session_timeout', '0', false), set_config('lock_timeout', $2, false)";

std::string milliseconds(std::chrono::milliseconds wait) {
  return std::to_string(std::clamp<std::int64_t>(wait.count(), 1, 1'000'000'000));  // 0 would be for ever
}

[[noreturn]] void fail_absent() {
  throw Error(Code::not_found, "there is no store in this schema",
              "give the schema of a store after ?schema=, or make one with `create`");
}

}  // namespace

void WriteConnection::set_wait(std::chrono::milliseconds most) {
  if (most == wait) return;
  const std::string text = milliseconds(most);
  connection.send("SELECT set_config('lock_timeout', $1, false)", {Value(std::string_view(text))});
  connection.separate();
  wait = most;
}

// A transaction that writes something waits for the disk, and with it for all that was written before.
void WriteConnection::flush() {
  connection.send(
      "SELECT pg_logical_emit_message(true, 'emptor', '') FROM"
      " set_config('synchronous_commit', current_setting('emptor.flush'), true)");
  connection.separate();
}

Tenant::Tenant(const std::string& url, OpenOptions options, Log log)
    : location_(Location::parse(url)), options_(std::move(options)), log_(std::move(log)) {
  fixed_.process = process_number();
  readers_.reserve(most_idle_readers);  // so that giving one back cannot fail
  writers_.reserve(most_idle_writers);
  std::unique_ptr<WriteConnection> writer = borrow_writer();
  StoreState state = inspect(writer->connection, location_.schema);
  if (state.empty) {
    make(*writer);
    state = inspect(writer->connection, location_.schema);
  }
  newer_minor_ = state.newer_minor;
  load(*writer);
  give_back(std::move(writer));
}

void Tenant::settle(Connection& connection) {
  const std::string wait = milliseconds(options_.wait);
  connection.ask(settle_session, {Value(std::string_view(location_.schema)), Value(std::string_view(wait))});
  compare_history(connection);
}

void Tenant::note_seen(const StoreInfo& info) {
  const std::lock_guard guard(mutex_);
  if (info.position > seen_.position) seen_ = {info.position, info.head};
}

void Tenant::check_history() const {
  if (lost_)
    throw Error(Code::io, "the server has lost its last commits, of which this process had seen some",
                "open the store again: what was acknowledged is there, what this process remembers may not be");
}

// A server that was stopped hard has lost commits that nobody was told of yet, but others could see; it has also ended
// every connection. So each new one asks whether the newest entry that was seen is still there.
void Tenant::compare_history(Connection& connection) {
  JournalHead seen;
  {
    const std::lock_guard guard(mutex_);
    seen = seen_;
  }
  if (seen.position > 0) {
    const Rows found = connection.ask(
        "SELECT (SELECT hash FROM emptor_journal WHERE position = $1), (SELECT max(position) FROM emptor_journal)",
        {Value(seen.position)});
    const bool forgotten = found[0].missing(0) && found[0].integer(1) > seen.position;
    if (!forgotten && found[0].text(0) != view_of(seen.hash)) lost_ = true;
  }
  check_history();
}

void Tenant::await_disk(Connection& connection, std::int64_t position) {
  if (options_.durability != Durability::full || position <= durable_ || connection.on_standby()) return;
  const Rows rows = connection.ask("SELECT (pg_current_wal_insert_lsn() <= pg_current_wal_flush_lsn())::int::bigint");
  if (rows[0].integer(0) == 0) flush();
  note_durable(position);
}

void Tenant::note_durable(std::int64_t position) noexcept {
  std::int64_t known = durable_;
  while (known < position && !durable_.compare_exchange_weak(known, position)) {
  }
}

void Tenant::flush() {
  std::unique_ptr<WriteConnection> writer = borrow_writer();
  writer->flush();
  writer->connection.finish();
  give_back(std::move(writer));
}

template <class Work>
void Tenant::in_turn(WriteConnection& writer, const Work& work) {
  writer.set_wait(options_.wait);
  writer.connection.ask("SELECT pg_advisory_lock($1)", {Value(lock())});
  work();
  writer.connection.ask("SELECT pg_advisory_unlock($1)", {Value(lock())});
}

void Tenant::make(WriteConnection& writer) {
  if (!options_.create || options_.read_only) fail_absent();
  in_turn(writer, [&] {
    if (inspect(writer.connection, location_.schema).empty) create_store(writer.connection, location_.schema, options_);
  });
}

void Tenant::load(WriteConnection& writer) {
  Connection& connection = writer.connection;
  const bool writable = !options_.read_only && !newer_minor_;
  SchemaPtr schema = load_schema(connection);
  if (writable && is_behind(connection, *schema)) {
    in_turn(writer, [&] { migrate(connection); });
    schema = load_schema(connection);
    if (log_) log_(LogLevel::info, "the store was brought up to date: fields or indexes were missing");
  }
  const bool migrated = schema->added().empty();
  layout_ = std::make_shared<const sql::Layout>(sql::postgres_dialect, std::move(schema), migrated);
  fixed_.store_id = read_setting(connection, "store_id");
  fixed_.zone = read_setting(connection, "zone");
  const std::optional<Currency> currency = Currency::parse(read_setting(connection, "currency"));
  if (!currency) throw Error(Code::corrupt, "the store has no base currency", "restore a backup");
  fixed_.currency = *currency;
}

std::unique_ptr<Connection> Tenant::connect_reader() {
  auto connection = std::make_unique<Connection>(location_, options_);
  settle(*connection);
  return connection;
}

std::unique_ptr<Connection> Tenant::borrow_reader() {
  {
    const std::lock_guard guard(mutex_);
    if (!readers_.empty()) {
      std::unique_ptr<Connection> connection = std::move(readers_.back());
      readers_.pop_back();
      return connection;
    }
  }
  return connect_reader();
}

void Tenant::give_back(std::unique_ptr<Connection> connection) noexcept {
  if (connection->lost()) return;
  const std::lock_guard guard(mutex_);
  if (readers_.size() < most_idle_readers) readers_.push_back(std::move(connection));
}

std::unique_ptr<Turnstile::Turn> Tenant::take_turn() {
  if (options_.read_only)
    throw Error(Code::misuse, "the store was opened read-only", "open it without OpenOptions::read_only");
  check_format();
  return turnstile_.take_turn(options_.wait);
}

void Tenant::check_format() const {
  if (newer_minor_)
    throw Error(Code::newer, "the store was written by a newer version of Emptor and can only be read",
                "use that version to write");
}

std::unique_ptr<WriteConnection> Tenant::borrow_writer() {
  {
    const std::lock_guard guard(mutex_);
    if (!writers_.empty()) {
      std::unique_ptr<WriteConnection> connection = std::move(writers_.back());
      writers_.pop_back();
      return connection;
    }
  }
  auto writer = std::make_unique<WriteConnection>(location_, options_);
  settle(writer->connection);
  writer->wait = options_.wait;
  return writer;
}

void Tenant::give_back(std::unique_ptr<WriteConnection> connection) noexcept {
  if (connection->connection.lost()) return;
  const std::lock_guard guard(mutex_);
  if (writers_.size() < most_idle_writers) writers_.push_back(std::move(connection));
}

void Tenant::forget_idle() noexcept {
  const std::lock_guard guard(mutex_);
  readers_.clear();
  writers_.clear();
}

std::shared_ptr<const RowWriter> Tenant::rows_of(const Entity& entity) {
  const std::lock_guard guard(mutex_);
  std::shared_ptr<const RowWriter>& rows = row_writers_[std::uint64_t{entity.number} << 32 | entity.fields.size()];
  if (!rows) rows = std::make_shared<const RowWriter>(entity);
  return rows;
}

sql::LayoutPtr Tenant::layout(Connection& connection, std::uint64_t schema_version) {
  {
    const std::lock_guard guard(mutex_);
    if (layout_->schema()->version() == schema_version) return layout_;
  }
  // Another program may have brought the store to a format of its own meanwhile; that raises the schema version too.
  if (inspect(connection, location_.schema).newer_minor) newer_minor_ = true;
  SchemaPtr schema = load_schema(connection);
  const bool migrated = schema->added().empty();
  auto layout = std::make_shared<const sql::Layout>(sql::postgres_dialect, std::move(schema), migrated);
  publish(layout);
  return layout;
}

void Tenant::publish(const sql::LayoutPtr& layout) {
  const std::lock_guard guard(mutex_);
  if (layout->schema()->version() > layout_->schema()->version()) layout_ = layout;
}

}  // namespace emptor::postgres
