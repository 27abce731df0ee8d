/// Computations: what insights compute, on plain data that a host hands in; without a store, and nothing is
/// kept. One line a name.
#pragma once

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

struct ComputationEntry {
  std::string_view name;            ///< "rfm"
  std::string_view doc;             ///< one sentence
  std::string_view options_schema;  ///< JSON Schema of PlainData::json
  ComputedResult (*run)(const PlainData&);
};

std::span<const ComputationEntry> computations();
/// Takes the stream over: it is released whatever happens. Throws Code::not_found for an unknown name (the
/// hint lists the known ones), Code::invalid for options and for values that are not of their kind (naming
/// column and row), Code::cancelled, and what reading a stream throws (table_arrow.hpp).
ComputedResult compute(std::string_view name, const PlainData& data);

}  // namespace emptor
