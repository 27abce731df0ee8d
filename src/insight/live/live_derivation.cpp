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
  const View view = borrowed_view(writer);
  LiveMemory& own = current_models(view, memory);
  own.histories.clear();
  if (own.models.empty()) return {};
  own.histories = keep_histories(writer, history_changes(view, of_customers, own.days), own.days);
  std::vector<Id> touched;
  for (const auto& [customer, history] : own.histories) touched.push_back(Id{customer});
  return touched;
}

void follow(Writer& writer, std::span<const Id> touched, const WriteMoment& moment, DerivationMemory& memory,
            FollowingRecords& following) {
  LiveMemory& own = current_models(borrowed_view(writer), memory);
  const auto known = [&](Id customer) { return own.histories.contains(customer.value); };
  if (!std::ranges::all_of(touched, known)) own.histories = kept_histories(writer, touched);
  follow_live(writer, touched, moment, own, following);
  own.histories.clear();
}

/// While a load has left histories behind, reading them from the records would take too long for who asks.
std::vector<ScoreNow> scores_now(const View& view, Id customer, Instant at, DerivationMemory& memory) {
  LiveMemory& own = current_models(view, memory);
  if (own.models.empty() || !view.setting("derivations_behind").empty()) return {};
  return live_scores_of(view, customer, own.zone.date_of(at), own);
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
          .follow = follow,
          .scores_now = scores_now};
}

}  // namespace emptor
