/// The live models of a store, loaded once and kept while their records stay as they are.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

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
void load_live_models(Reader& reader, LiveMemory& memory);

}  // namespace emptor
