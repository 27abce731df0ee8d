#include "emptor/store/copy.hpp"
#include "emptor/store/open.hpp"
#include "store/postgres/tenant.hpp"
#include "store/sealed/sealed_store.hpp"

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

// A store file: it opens anywhere, without a server.
void TenantStore::backup(const std::string& path, const Progress& progress) {
  copy_store_to(*this, path, {.durability = Durability::normal}, progress);
}

}  // namespace

std::unique_ptr<Store> open_postgres(const std::string& url, const OpenOptions& options, const Log& log) {
  return sealed::over(std::make_unique<TenantStore>(url, options, log), options);
}

}  // namespace emptor
