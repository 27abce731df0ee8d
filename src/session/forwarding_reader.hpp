// A reader that somebody else owns, passed on; records of some entities may come from another.
#pragma once

#include <functional>

#include "emptor/store/store.hpp"

namespace emptor {

class ForwardingReader final : public Reader {
 public:
  using Choose = std::function<Reader&(const Entity&)>;

  /// Both readers must outlive it. Without a choice everything is of the first.
  explicit ForwardingReader(Reader& reader, Choose choose = {}) : reader_(reader), choose_(std::move(choose)) {}

  const StoreInfo& info() override { return reader_.info(); }
  SchemaPtr schema() override { return reader_.schema(); }
  void get(const Entity& entity, std::span<const Id> ids, Batch& out) override { of(entity).get(entity, ids, out); }
  bool scan(const Query& query, ScanKey& key, Batch& out) override { return of(query.entity).scan(query, key, out); }
  Groups aggregate(const AggregateQuery& query) override { return of(query.entity).aggregate(query); }
  std::vector<JournalEntry> journal(std::int64_t after, std::size_t limit) override {
    return reader_.journal(after, limit);
  }
  std::optional<JournalEntry> entry(std::int64_t version) override { return reader_.entry(version); }
  std::optional<JournalEntry> operation(std::string_view op_id) override { return reader_.operation(op_id); }
  std::string setting(std::string_view name) override { return reader_.setting(name); }
  std::vector<std::string> setting_names() override { return reader_.setting_names(); }
  Id next_id(const Entity& entity) override { return reader_.next_id(entity); }

 private:
  Reader& of(const Entity& entity) { return choose_ ? choose_(entity) : reader_; }
  Reader& of(const std::string& entity) { return choose_ ? choose_(reader_.schema()->entity(entity)) : reader_; }

  Reader& reader_;
  Choose choose_;
};

}  // namespace emptor
