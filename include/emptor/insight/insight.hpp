/// The insights by name: what `emptor insight STORE NAME` and the C API run. One line a name.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/session/session.hpp"
#include "emptor/store/named_table.hpp"

namespace emptor {

struct InsightOptions {
  std::optional<Date> as_of = {};  ///< the day it stands for; the last day with a purchase if empty
  std::string json = "{}";         ///< options of the insight itself, as its schema says
  bool write_back = true;          ///< keep the result as Model, Score and Tag
  bool table = false;              ///< give the result as a table too
  /// What a search within it may hold beyond the facts; 0: no limit. Past it Code::budget, and nothing is written.
  std::uint64_t memory_bytes = 0;
};

/// What an insight did: figures for people and programs.
struct InsightResult {
  std::string json;  ///< the summary (docs of the insight give its form)
  std::int64_t data_version = 0;
  std::size_t scored = 0;  ///< customers
  NamedTable table = {};   ///< a row a customer, if asked for
};

struct InsightEntry {
  std::string_view name;            ///< "rfm"
  std::string_view doc;             ///< one sentence
  std::string_view options_schema;  ///< JSON Schema of InsightOptions::json
  InsightResult (*run)(Session&, const InsightOptions&);
};

std::span<const InsightEntry> insights();
/// Throws Code::not_found for an unknown name (the hint lists the known ones).
InsightResult run_insight(Session& session, std::string_view name, const InsightOptions& options = {});

}  // namespace emptor
