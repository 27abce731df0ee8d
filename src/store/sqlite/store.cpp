#include "emptor/store/open.hpp"
#include "store/sealed/sealed_store.hpp"
#include "store/sqlite/file.hpp"

namespace emptor {
namespace {

class FileStore final : public Store {
 public:
  FileStore(const std::string& path, const OpenOptions& options, const Log& log)
      : file_(std::make_shared<sqlite::File>(path, options, log)) {}

  std::unique_ptr<Reader> read() override {
    file_->fixed().check_process();
    return sqlite::make_reader(file_);
  }
  std::unique_ptr<Writer> write() override {
    file_->fixed().check_process();
    return sqlite::make_writer(file_, false);
  }
  std::unique_ptr<Writer> write_grouped() override {
    file_->fixed().check_process();
    return sqlite::make_writer(file_, true);
  }
  void sync() override {
    file_->fixed().check_process();
    sqlite::sync_file(file_);
  }
  void backup(const std::string& path, const Progress& progress) override {
    file_->fixed().check_process();
    sqlite::copy_file(file_, path, progress);
  }
  bool purge(std::chrono::milliseconds wait) override {
    file_->fixed().check_process();
    return file_->make_clean(wait);
  }
  std::string path() const override { return file_->path(); }

 private:
  sqlite::FilePtr file_;
};

}  // namespace

std::unique_ptr<Store> open_sqlite(const std::string& path, const OpenOptions& options, const Log& log) {
  return sealed::over(std::make_unique<FileStore>(path, options, log), options);
}

}  // namespace emptor
