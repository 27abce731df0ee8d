/// The live models of a store, loaded once and kept while their records stay as they are.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "emptor/session/derivation.hpp"
#include "insight/facts/facts_scan.hpp"
#include "insight/live/live_model.hpp"

namespace emptor {

struct LiveMemory {
  explicit LiveMemory(const Zone& of) : zone(of), days(of) {}

  Zone zone;
  DayFinder days;
  std::vector<LiveModel> models;                   ///< by name
  std::map<std::int64_t, KnownHistory> histories;  ///< of whom the write at hand touched
};

/// Whether any model is live; reads no more than that.
bool any_live_model(Reader& reader);
/// Throws as load_live_model where the row of a model is live and cannot be loaded.
void check_live_model(Reader& reader, const Entity& entity, Row model);
/// Loads what is live and not yet loaded as it is. Throws as load_live_model.
void load_live_models(const View& view, LiveMemory& memory);
/// What a derivation's memory keeps of the view's live models, brought up to date. Throws as load_live_model.
LiveMemory& current_models(const View& view, DerivationMemory& memory);

/// Of one customer: from the row that is kept, or from the records where none is kept or it is behind.
KnownHistory known_history(const View& view, Id customer, DayFinder& days);
/// Every score that live models keep up to date, as of a day.
std::vector<ScoreNow> live_scores_of(const View& view, Id customer, Date day, LiveMemory& memory);

}  // namespace emptor
