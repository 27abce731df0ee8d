// Ground for tests that run on every store: how each is opened, reopened and copied, and short ways to
// fill one.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "emptor/store/open.hpp"
#include "support/temp_folder.hpp"

namespace emptor::test {

/// In what the stores differ, as far as tests must know.
struct Quirks {
  std::string name;
  bool persistent = false;     ///< is there again when it is opened again
  bool multi_process = false;  ///< several processes may have it open, by the name that `where` gives
  std::function<std::unique_ptr<Store>(const TempFolder&, const OpenOptions&)> open;
  /// Ends the store and opens it again, by the file it lives in or by way of its backup.
  std::function<std::unique_ptr<Store>(const TempFolder&, std::unique_ptr<Store>, const OpenOptions&)> reopen;
  std::function<std::unique_ptr<Store>(const std::string& path)> open_backup;
  std::function<std::string(const TempFolder&)> where = {};
  bool leaves_traces = false;  ///< its files hold what was replaced, until the host compacts them
  std::function<void(const TempFolder&)> remove = {};  ///< what is not in the folder
};

const std::vector<Quirks>& every_store();

/// A place of its own for a store, gone with it in the end.
class StorePlace {
 public:
  explicit StorePlace(const Quirks& quirks) : quirks_(quirks) {}
  ~StorePlace() {
    if (quirks_.remove) quirks_.remove(folder_);
  }
  StorePlace(const StorePlace&) = delete;
  StorePlace& operator=(const StorePlace&) = delete;

  const TempFolder& folder() const noexcept { return folder_; }
  /// Its name. Requires a store that several processes may have open.
  std::string where() const { return quirks_.where(folder_); }

 private:
  const Quirks& quirks_;
  TempFolder folder_;
};

using Cells = std::vector<std::pair<std::string, Value>>;

/// A store in a folder of its own.
class StoreGround {
 public:
  explicit StoreGround(const Quirks& quirks, const OpenOptions& options = {});

  const Quirks& quirks() const noexcept { return *quirks_; }
  const TempFolder& folder() const noexcept { return place_.folder(); }
  Store& store() { return *store_; }
  void reopen() { store_ = quirks_->reopen(folder(), std::move(store_), options_); }

  /// Commits one row, as a version of its own (an entry without changes gives the version).
  void put(const std::string& entity, Id id, const Cells& cells, bool insert = true);
  /// Commits what `work` does.
  void write(const std::function<void(Writer&)>& work);

 private:
  const Quirks* quirks_;
  StorePlace place_;
  OpenOptions options_;
  std::unique_ptr<Store> store_;
};

/// A row from some of its fields.
Record make_row(const SchemaPtr& schema, const std::string& entity, Id id, const Cells& cells);
void put_row(Writer& writer, const std::string& entity, Id id, const Cells& cells, bool insert = true);
/// Every row of a query, read in batches of its limit, in order.
Batch read_all(Reader& reader, const Query& query);
/// The same, the ids only.
std::vector<std::int64_t> ids_of(Reader& reader, const Query& query);
/// The value of one row's field by name; missing where there is no such row.
Record read_row(Reader& reader, const std::string& entity, Id id);
/// An entry of one change that changed nothing.
JournalEntry made_entry(const std::string& op_id = {});

/// Runs a test on each store, naming it in every failure.
void on_every_store(const std::function<void(StoreGround&)>& test, const OpenOptions& options = {});

}  // namespace emptor::test
