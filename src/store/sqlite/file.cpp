#include "store/sqlite/file.hpp"

#include <filesystem>
#include <thread>

#include "store/sqlite/catalog.hpp"
#include "store/sqlite/slack.hpp"

namespace emptor::sqlite {
namespace {

constexpr std::size_t most_idle_readers = 8;

Access query_access(const OpenOptions& options) { return options.read_only ? Access::read_only : Access::read; }

[[noreturn]] void fail_absent() {
  throw Error(Code::not_found, "there is no store at this path", "give the path of a store, or make one with `create`");
}

Access first_access(const std::string& path, const OpenOptions& options) {
  std::error_code error;
  const bool exists = std::filesystem::exists(path, error);
  if (!exists && (!options.create || options.read_only)) fail_absent();
  if (options.read_only) return Access::read_only;
  return exists ? Access::write : Access::create;
}

}  // namespace

RowWriter& WriteConnection::rows_of(const Entity& entity) {
  std::unique_ptr<RowWriter>& rows = row_writers[std::uint64_t{entity.number} << 32 | entity.fields.size()];
  if (!rows) rows = std::make_unique<RowWriter>(connection.handle(), entity);
  return *rows;
}

File::File(std::string path, OpenOptions options, Log log)
    : path_(std::move(path)), options_(std::move(options)), log_(std::move(log)), lock_(path_ + "-lock") {
  fixed_.process = process_number();
  readers_.reserve(most_idle_readers);  // so that giving one back cannot fail
  Connection connection(path_, first_access(path_, options_), options_);
  FileState state = inspect(connection);
  if (state.empty) {
    make(connection);
    state = inspect(connection);
  }
  newer_minor_ = state.newer_minor;
  load(connection);
}

File::~File() {
  if (!writer_ || fixed_.process != process_number()) return;
  readers_.clear();
  try {
    const FileLock::Turn turn = lock_.take(std::chrono::milliseconds(0));
    writer_->connection.empty_log();
  } catch (...) {
    // Somebody else writes, or memory is short: the log stays for the next one to write back.
    if (log_) log_(LogLevel::info, "writing the log back was left to another process");
  }
}

void File::make(Connection& connection) {
  if (!options_.create || options_.read_only) fail_absent();
  const FileLock::Turn turn = lock_.take(options_.wait);
  if (!inspect(connection).empty) return;
  create_store(connection, options_);
  connection.checkpoint();
}

void File::load(Connection& connection) {
  const bool writable = !options_.read_only && !newer_minor_;
  SchemaPtr schema = load_schema(connection);
  if (writable && is_behind(connection, *schema)) {
    const FileLock::Turn turn = lock_.take(options_.wait);
    migrate(connection);
    schema = load_schema(connection);
    if (log_) log_(LogLevel::info, "the store was brought up to date: fields or indexes were missing");
  }
  migrated_ = schema->added().empty();
  layout_ = std::make_shared<const sql::Layout>(sql::sqlite_dialect, std::move(schema), migrated_);
  fixed_.store_id = read_setting(connection, "store_id");
  fixed_.zone = read_setting(connection, "zone");
  const std::optional<Currency> currency = Currency::parse(read_setting(connection, "currency"));
  if (!currency) throw Error(Code::corrupt, "the store has no base currency", "restore a backup");
  fixed_.currency = *currency;
}

std::unique_ptr<Connection> File::borrow_reader() {
  {
    const std::lock_guard guard(mutex_);
    if (!readers_.empty()) {
      std::unique_ptr<Connection> connection = std::move(readers_.back());
      readers_.pop_back();
      return connection;
    }
  }
  return std::make_unique<Connection>(path_, query_access(options_), options_);
}

void File::give_back(std::unique_ptr<Connection> connection) noexcept {
  connection->end_reading();
  if (connection->in_transaction()) return;
  const std::lock_guard guard(mutex_);
  if (readers_.size() < most_idle_readers) readers_.push_back(std::move(connection));
}

FileLock::Turn File::take_turn() {
  if (options_.read_only)
    throw Error(Code::misuse, "the store was opened read-only", "open it without OpenOptions::read_only");
  check_format();
  return lock_.take(options_.wait);
}

void File::check_format() const {
  if (newer_minor_)
    throw Error(Code::newer, "the store was written by a newer version of Emptor and can only be read",
                "use that version to write");
}

std::unique_ptr<WriteConnection> File::borrow_writer(bool grouped) {
  std::unique_ptr<WriteConnection> connection;
  {
    const std::lock_guard guard(mutex_);
    connection = std::move(writer_);
  }
  if (!connection) connection = std::make_unique<WriteConnection>(path_, Access::write, options_);
  const bool weaker = grouped && options_.durability == Durability::full;
  connection->connection.set_durability(weaker ? Durability::normal : options_.durability);
  return connection;
}

void File::give_back(std::unique_ptr<WriteConnection> connection) noexcept {
  const std::lock_guard guard(mutex_);
  writer_ = std::move(connection);
}

bool File::make_clean(std::chrono::milliseconds wait) {
  constexpr std::chrono::milliseconds between{20};
  const auto end = std::chrono::steady_clock::now() + wait;
  while (true) {
    {
      const FileLock::Turn turn = take_turn();
      std::unique_ptr<WriteConnection> writer = borrow_writer(false);
      if (writer->connection.empty_log()) {
        clear_slack(writer->connection);  // and is closed, as idle readers are: they have pages of before at hand
        const std::lock_guard guard(mutex_);
        readers_.clear();
        return true;
      }
      give_back(std::move(writer));
    }
    // Others get their turns meanwhile: a reader may wait for one of them to end.
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(between);
  }
}

sql::LayoutPtr File::layout(Connection& connection, std::uint64_t schema_version) {
  {
    const std::lock_guard guard(mutex_);
    if (layout_->schema()->version() == schema_version) return layout_;
  }
  // Another program may have brought the file to a format of its own meanwhile; that raises the schema version too.
  if (inspect(connection).newer_minor) newer_minor_ = true;
  SchemaPtr schema = load_schema(connection);
  const bool migrated = schema->added().empty();
  auto layout = std::make_shared<const sql::Layout>(sql::sqlite_dialect, std::move(schema), migrated);
  publish(layout);
  return layout;
}

void File::publish(const sql::LayoutPtr& layout) {
  const std::lock_guard guard(mutex_);
  if (layout->schema()->version() > layout_->schema()->version()) layout_ = layout;
}

}  // namespace emptor::sqlite
