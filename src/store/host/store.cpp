#include "emptor/core/error.hpp"
#include "emptor/store/copy.hpp"
#include "emptor/store/open.hpp"
#include "store/host/catalog.hpp"
#include "store/host/changes.hpp"
#include "store/host/read_side.hpp"
#include "store/keyvalue/reading.hpp"
#include "store/unfinished_file.hpp"

namespace emptor {
namespace host {
namespace {

using HostReader = keyvalue::Reading<Reader, ReadSide>;
using HostWriter = keyvalue::Writing<ReadSide, Changes>;

class HostStore final : public Store {
 public:
  HostStore(HostCalls calls, const OpenOptions& options, const Log& log)
      : base_(std::make_shared<Base>(std::move(calls), options)), newer_minor_(begin_store(base_, log)) {}

  std::unique_ptr<Reader> read() override {
    base_->check_call();
    Snapshot snapshot = base_->acquire();
    auto keys = std::make_shared<const SnapshotKeys>(base_, snapshot.at);
    return std::make_unique<HostReader>(ReadSide(std::move(keys), std::move(snapshot)));
  }
  std::unique_ptr<Writer> write() override { return write(HostCommit::durable); }
  std::unique_ptr<Writer> write_grouped() override { return write(HostCommit::grouped); }
  void sync() override {
    base_->check_call();
    base_->sync();
  }
  void backup(const std::string& path, const Progress& progress) override {
    UnfinishedFile file(path);
    const std::unique_ptr<Reader> reader = read();
    {
      const std::unique_ptr<Store> copy = open_sqlite(file.path(), options_of_copy(*reader));
      copy_store(*reader, *copy, progress);
    }
    file.finish();
  }
  std::string path() const override { return {}; }

 private:
  std::unique_ptr<Writer> write(HostCommit how) {
    base_->check_call();
    check_writable();
    const OpenOptions& options = base_->options();
    auto turn = base_->turnstile().take_turn(options.wait);
    auto keys = std::make_shared<PendingKeys>(base_);
    const Snapshot newest = base_->newest();
    if (options.durability != Durability::full) how = HostCommit::grouped;
    return std::make_unique<HostWriter>(std::move(turn), ReadSide(keys, newest), base_, keys, newest, how);
  }
  void check_writable() const {
    if (base_->options().read_only)
      throw Error(Code::misuse, "the store was opened read-only", "open it without OpenOptions::read_only");
    if (newer_minor_)
      throw Error(Code::newer, "the store was written by a newer version of Emptor and can only be read",
                  "use that version to write");
  }

  BasePtr base_;
  bool newer_minor_;
};

}  // namespace
}  // namespace host

std::unique_ptr<Store> open_host(HostCalls calls, const OpenOptions& options, const Log& log) {
  return std::make_unique<host::HostStore>(std::move(calls), options, log);
}

}  // namespace emptor
