#include <filesystem>

#include "emptor/store/copy.hpp"
#include "emptor/store/open.hpp"
#include "store/postgres/tenant.hpp"

namespace emptor {
namespace {

class TenantStore final : public Store {
 public:
  TenantStore(const std::string& url, const OpenOptions& options, const Log& log)
      : tenant_(std::make_shared<postgres::Tenant>(url, options, log)) {}

  std::unique_ptr<Reader> read() override { return postgres::make_reader(checked()); }
  std::unique_ptr<Writer> write() override { return postgres::make_writer(checked(), false); }
  std::unique_ptr<Writer> write_grouped() override { return postgres::make_writer(checked(), true); }
  void sync() override { checked()->flush(); }
  void backup(const std::string& path, const Progress& progress) override;
  std::string path() const override { return {}; }

 private:
  const postgres::TenantPtr& checked() const {
    tenant_->fixed().check_process();
    tenant_->check_history();
    return tenant_;
  }

  postgres::TenantPtr tenant_;
};

void check_free(const std::string& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error))
    throw Error(Code::invalid, "there is a file at the backup's path already", "give another path");
}

// Removes the unfinished copy unless it was finished, and what SQLite keeps beside it.
struct Unfinished {
  std::string path;
  ~Unfinished() {
    std::error_code ignored;
    for (const char* ending : {"", "-wal", "-shm", "-lock"}) std::filesystem::remove(path + ending, ignored);
  }
};

// A store file: it opens anywhere, without a server.
void TenantStore::backup(const std::string& path, const Progress& progress) {
  check_free(path);
  const Unfinished unfinished{path + "-part"};
  std::error_code error;
  std::filesystem::remove(unfinished.path, error);
  {
    const std::unique_ptr<Store> copy = open_sqlite(
        unfinished.path, options_of_copy(*read(), {.durability = Durability::normal}));
    copy_store(*this, *copy, progress);
    copy->sync();
  }
  check_free(path);
  std::filesystem::rename(unfinished.path, path, error);
  if (error)
    throw Error(Code::io, "the finished backup could not be given its name", "look at the rights on its folder");
}

}  // namespace

std::unique_ptr<Store> open_postgres(const std::string& url, const OpenOptions& options, const Log& log) {
  return std::make_unique<TenantStore>(url, options, log);
}

}  // namespace emptor
