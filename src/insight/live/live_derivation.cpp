#include "insight/live/live_derivation.hpp"

#include <algorithm>
#include <memory>

#include "emptor/model/insight.hpp"
#include "emptor/model/system.hpp"
#include "insight/facts/borrowed_view.hpp"
#include "insight/facts/history_changes.hpp"
#include "insight/live/live_memory.hpp"
#include "insight/live/live_records.hpp"

namespace emptor {
namespace {

using SharedMemory = std::shared_ptr<LiveMemory>;

LiveMemory& current_memory(Reader& reader, DerivationMemory& memory) {
  if (!memory.kept.has_value()) {
    memory.kept = std::make_shared<LiveMemory>(Zone::of(reader.info().zone));
    memory.current = false;
  }
  LiveMemory& own = *std::any_cast<SharedMemory&>(memory.kept);
  if (!memory.current) {
    own.histories.clear();
    load_live_models(reader, own);
  }
  memory.current = true;
  return own;
}

bool is_of_model(const RecordChange& change) { return change.entity->name == Model::entity_name; }

std::vector<Id> update(Writer& writer, std::span<const RecordChange> changes, DerivationMemory& memory) {
  std::vector<RecordChange> of_customers;
  for (const RecordChange& change : changes) {
    if (is_of_model(change))
      check_live_model(writer, *change.entity, change.after);
    else
      of_customers.push_back(change);
  }
  if (of_customers.empty()) return {};
  LiveMemory& own = current_memory(writer, memory);
  own.histories.clear();
  if (own.models.empty()) return {};
  own.histories = keep_histories(writer, history_changes(borrowed_view(writer), of_customers, own.days), own.days);
  std::vector<Id> touched;
  for (const auto& [customer, history] : own.histories) touched.push_back(Id{customer});
  return touched;
}

void follow(Writer& writer, std::span<const Id> touched, const WriteMoment& moment, DerivationMemory& memory,
            FollowingRecords& following) {
  LiveMemory& own = current_memory(writer, memory);
  const auto known = [&](Id customer) { return own.histories.contains(customer.value); };
  if (!std::ranges::all_of(touched, known)) own.histories = kept_histories(writer, touched);
  follow_live(writer, touched, moment, own, following);
  own.histories.clear();
}

}  // namespace

Derivation live_derivation() {
  std::vector<std::string> reads = history_sources();
  reads.emplace_back(Model::entity_name);
  return {.name = "live",
          .reads = std::move(reads),
          .writes = std::string(CustomerHistory::entity_name),
          .update = update,
          .recompute = all_histories,
          .asked = any_live_model,
          .asked_by = std::string(Model::entity_name),
          .follow = follow};
}

}  // namespace emptor
