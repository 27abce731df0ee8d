#include "insight/facts/borrowed_view.hpp"

namespace emptor {
namespace {

class Borrowed final : public Reader {
 public:
  explicit Borrowed(Reader& reader) : reader_(reader) {}
  const StoreInfo& info() override { return reader_.info(); }
  SchemaPtr schema() override { return reader_.schema(); }
  void get(const Entity& entity, std::span<const Id> ids, Batch& out) override { reader_.get(entity, ids, out); }
  bool scan(const Query& query, ScanKey& key, Batch& out) override { return reader_.scan(query, key, out); }
  Groups aggregate(const AggregateQuery& query) override { return reader_.aggregate(query); }
  std::vector<JournalEntry> journal(std::int64_t after, std::size_t limit) override {
    return reader_.journal(after, limit);
  }
  std::optional<JournalEntry> entry(std::int64_t version) override { return reader_.entry(version); }
  std::optional<JournalEntry> operation(std::string_view op_id) override { return reader_.operation(op_id); }
  std::string setting(std::string_view name) override { return reader_.setting(name); }

 private:
  Reader& reader_;
};

}  // namespace

View borrowed_view(Reader& reader) { return View(std::make_unique<Borrowed>(reader)); }

}  // namespace emptor
