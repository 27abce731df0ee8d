#include "store/sqlite/file.hpp"

namespace emptor::sqlite {
namespace {

class FileReader final : public SnapshotView<Reader> {
 public:
  explicit FileReader(FilePtr file) : file_(std::move(file)), connection_(file_->borrow_reader()) {
    connection_->prepared("BEGIN").run();
    StoreInfo info = read_info(*connection_, file_->fixed());
    sql::LayoutPtr layout = file_->layout(*connection_, info.schema_version);
    snapshot_.emplace(*connection_, file_->fixed(), std::move(info), std::move(layout));
  }
  ~FileReader() override {
    if (process_number() == file_->fixed().process) file_->give_back(std::move(connection_));
  }

  void sync_log() { connection_->sync_log(); }

 private:
  FilePtr file_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace

// A snapshot has the log open; whose commits stand in it does not matter.
void sync_file(const FilePtr& file) { FileReader(file).sync_log(); }

std::unique_ptr<Reader> make_reader(FilePtr file) { return std::make_unique<FileReader>(std::move(file)); }

}  // namespace emptor::sqlite
