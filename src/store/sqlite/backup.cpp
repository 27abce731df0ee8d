#include "store/sqlite/file.hpp"
#include "store/unfinished_file.hpp"

namespace emptor::sqlite {
namespace {

constexpr int pages_a_step = 256;

class Copy {
 public:
  Copy(Connection& from, Connection& to)
      : to_(to), backup_(sqlite3_backup_init(to.handle(), "main", from.handle(), "main")) {
    if (!backup_) fail(to.handle(), sqlite3_errcode(to.handle()));
  }
  ~Copy() { sqlite3_backup_finish(backup_); }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  void run(const Progress& progress) {
    for (int result = SQLITE_OK; result != SQLITE_DONE;) {
      result = sqlite3_backup_step(backup_, pages_a_step);
      if (result != SQLITE_OK && result != SQLITE_DONE) fail(to_.handle(), result);
      if (progress && !progress("backup", pages_done(), pages()))
        throw Error(Code::cancelled, "the backup was cancelled");
    }
  }

 private:
  std::uint64_t pages() const { return static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup_)); }
  std::uint64_t pages_done() const { return pages() - static_cast<std::uint64_t>(sqlite3_backup_remaining(backup_)); }
  Connection& to_;
  sqlite3_backup* backup_;
};

// Keeps one snapshot for as long as the copy takes, so that writers do not start it over.
struct Snapped {
  File& file;
  std::unique_ptr<Connection> connection;
  explicit Snapped(File& from) : file(from), connection(from.borrow_reader()) {
    connection->prepared("BEGIN").run();
    read_info(*connection, from.fixed());
  }
  ~Snapped() { file.give_back(std::move(connection)); }
};

}  // namespace

void copy_file(const FilePtr& file, const std::string& target, const Progress& progress) {
  UnfinishedFile unfinished(target);
  {
    const Snapped source(*file);
    Connection copy(unfinished.path(), Access::create, file->options());
    Copy(*source.connection, copy).run(progress);
  }
  unfinished.finish();
}

}  // namespace emptor::sqlite
