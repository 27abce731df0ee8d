/// Models of tables with keys, by name: what a host hands in is a stream of columns, not a matrix of numbers.
///
///     const mine::AnyModel chain = fit_table("markov_chain", {.stream = &histories, .json = R"({"pseudo_count":1})"});
///     const std::string next = mine::ask(chain, R"({"state":"idle","steps":3})");
#pragma once

#include <span>
#include <string_view>

#include "emptor/insight/compute.hpp"
#include "emptor/mine/algorithm.hpp"

namespace emptor {

struct TableModelEntry {
  std::string_view name;            ///< "markov_chain"
  std::string_view doc;             ///< one sentence
  std::string_view options_schema;  ///< JSON Schema of PlainData::json
  mine::AnyModel (*fit)(const PlainData&);
};

/// markov_chain: a table with a row for each state of a history. rule_server: a table of rules as compute("rules")
/// gives it, with the columns left, right (lists), both, left_count, right_count and support; rules may be left out.
std::span<const TableModelEntry> table_models();
/// Takes the stream over: it is released whatever happens. Throws Code::not_found for an unknown name (the hint lists
/// the known ones), Code::invalid for options and for values that are not of their kind (naming column and row), and
/// what `compute` throws besides.
mine::AnyModel fit_table(std::string_view name, const PlainData& data);

}  // namespace emptor
