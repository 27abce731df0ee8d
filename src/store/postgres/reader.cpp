#include "store/postgres/tenant.hpp"

namespace emptor::postgres {
namespace {

class TenantReader final : public SnapshotView<Reader> {
 public:
  explicit TenantReader(TenantPtr tenant) : tenant_(std::move(tenant)), connection_(tenant_->borrow_reader()) {
    StoreInfo info = begin();
    tenant_->note_seen(info);
    sql::LayoutPtr layout = tenant_->layout(*connection_, info.schema_version);
    snapshot_.emplace(*connection_, tenant_->fixed(), std::move(info), std::move(layout), true);
  }
  ~TenantReader() override {
    if (process_number() != tenant_->fixed().process || !snapshot_) return;
    try {
      connection_->stop_at({});
      connection_->send("COMMIT");
      connection_->separate();
      connection_->push();
    } catch (...) {  // the connection is lost, or memory is short
      return;
    }
    tenant_->give_back(std::move(connection_));
  }
  // Who follows the feed acts on what is told, so it must not be lost any more.
  std::vector<JournalEntry> journal(std::int64_t after, std::size_t limit) override {
    std::vector<JournalEntry> entries = SnapshotView::journal(after, limit);
    if (!entries.empty()) tenant_->await_disk(*connection_, checked().info().position);
    return entries;
  }

 private:
  // A connection that idled may be lost, which says nothing about the server.
  StoreInfo begin() {
    try {
      return begin_reading(*connection_, tenant_->fixed());
    } catch (const Error& error) {
      if (error.code() != Code::io) throw;
      tenant_->forget_idle();
      connection_ = tenant_->connect_reader();
      return begin_reading(*connection_, tenant_->fixed());
    }
  }

  TenantPtr tenant_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace

std::unique_ptr<Reader> make_reader(TenantPtr tenant) { return std::make_unique<TenantReader>(std::move(tenant)); }

}  // namespace emptor::postgres
