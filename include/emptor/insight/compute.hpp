/// Computations: what insights compute, on plain data that a host hands in; without a store, and nothing is
/// kept. One line a name.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "emptor/core/arrow.hpp"
#include "emptor/core/executor.hpp"
#include "emptor/core/progress.hpp"
#include "emptor/store/named_table.hpp"

namespace emptor {

struct ComputedResult {
  std::string json;  ///< the summary
  NamedTable table;  ///< a row a customer, set, rule or pattern
};

/// A stream of plain data, options as JSON, whether to go on, and whose threads to work on.
struct PlainData {
  ArrowArrayStream* stream = nullptr;
  std::string json = "{}";
  Progress progress = {};
  Executor executor = serial_executor();
};

/// The same of a table that comes in batches, as often as it is asked for: what does not fit into memory.
struct PlainBatches {
  /// Begins again at the first batch. Called before every pass, the first one too.
  std::function<void()> rewind;
  /// Fills in a stream of the next batch's rows, which is taken over; false after the last one. Every pass must give
  /// the same rows (Code::misuse where that is noticed), in any order and cut in any way.
  std::function<bool(ArrowArrayStream&)> next;
  std::string json = "{}";
  Progress progress = {};
  Executor executor = serial_executor();
};

struct ComputationEntry {
  std::string_view name;            ///< "rfm"
  std::string_view doc;             ///< one sentence
  std::string_view options_schema;  ///< JSON Schema of PlainData::json
  ComputedResult (*run)(const PlainData&);
  ComputedResult (*run_batches)(const PlainBatches&) = nullptr;  ///< of those that take batches
};

std::span<const ComputationEntry> computations();
/// Takes the stream over: it is released whatever happens. Throws Code::not_found for an unknown name (the
/// hint lists the known ones), Code::invalid for options and for values that are not of their kind (naming
/// column and row), Code::cancelled, and what reading a stream throws (table_arrow.hpp).
ComputedResult compute(std::string_view name, const PlainData& data);
/// In memory of a batch and what is found. Throws Code::unsupported for a computation that takes no batches.
ComputedResult compute(std::string_view name, const PlainBatches& data);

}  // namespace emptor
