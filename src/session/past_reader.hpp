// A store as it was at an instant: what is asked for is walked back, record by record, into a store of its own, which
// then answers like any other.
#pragma once

#include <memory>
#include <set>

#include "emptor/session/rights.hpp"
#include "session/later_changes.hpp"
#include "session/subject_keys.hpp"

namespace emptor {

/// Rights are today's: what the actor may not see now, they do not see as it was. Derived records are not there: they
/// stand for the present. Settings and the schema are today's too. Where more has happened since than is read at once,
/// a record that has changed customers more than once is found by its first and its present one.
class PastReader final : public Reader {
 public:
  PastReader(std::unique_ptr<Reader> present, RightsPtr rights, Action purpose, Instant at);

  const StoreInfo& info() override { return info_; }
  SchemaPtr schema() override { return past_->read()->schema(); }
  void get(const Entity& entity, std::span<const Id> ids, Batch& out) override;
  bool scan(const Query& query, ScanKey& key, Batch& out) override;
  Groups aggregate(const AggregateQuery& query) override;
  std::vector<JournalEntry> journal(std::int64_t after, std::size_t limit) override;
  std::optional<JournalEntry> entry(std::int64_t version) override;
  std::optional<JournalEntry> operation(std::string_view op_id) override;
  std::string setting(std::string_view name) override { return present_->setting(name); }
  std::vector<std::string> setting_names() override { return present_->setting_names(); }
  Id next_id(const Entity& entity) override { return present_->next_id(entity); }
  void stop_at(std::optional<std::chrono::steady_clock::time_point> moment) override { present_->stop_at(moment); }

 private:
  void need(const Entity& past_entity, const Where& asked);
  std::optional<std::vector<Where>> reached_by(const Entity& entity, const Where& asked);
  void bring(const Entity& past_entity, Where which);
  std::optional<std::vector<Value>> as_it_was(const Entity& entity, Row today);
  std::optional<std::vector<Value>> undone(const Entity& entity, Row today);
  Reader& past();

  std::unique_ptr<Reader> present_;
  RightsPtr rights_;
  Action purpose_;
  StoreInfo info_;             // as it is told: the position of a user is a token
  std::int64_t position_ = 0;  // of the newest entry of then
  std::unique_ptr<Store> past_;
  std::unique_ptr<Reader> past_reader_;                     // of what has been brought so far
  std::optional<LaterChanges> later_;                       // what happened since, where that is not too much
  std::set<EntityNumber> whole_;                            // entities of which everything is there
  std::set<std::pair<EntityNumber, std::string>> brought_;  // by the values that a field was held to
  SubjectKeys keys_{{}};
  Arena text_;
};

}  // namespace emptor
