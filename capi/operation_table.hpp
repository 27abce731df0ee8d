/// The operations by name: the one table that emptor_operations lists and emptor_run runs.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/option_reader.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/named_table.hpp"

namespace emptor::capi {

struct OperationAnswer {
  std::string json;
  NamedTable table = {};  ///< of operations that give one, if asked for
};

struct Operation {
  std::string name, doc;
  std::string options_schema;
  bool gives_table = false;
  /// The last argument asks for the table.
  std::function<OperationAnswer(Session&, const OptionReader&, bool)> run;
};

std::span<const Operation> operations();
/// Throws Code::not_found (the hint lists the known names).
const Operation& operation(std::string_view name);
/// Everything that is known of operations and of computations (insight/compute.hpp), as JSON.
std::string list_operations();

}  // namespace emptor::capi
