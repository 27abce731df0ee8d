/// Refusals of input that name the field and the row.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "emptor/core/error.hpp"

namespace emptor::mine {

[[noreturn]] inline void refuse_row(std::string message, std::string field, std::optional<std::size_t> row = {},
                                    std::string hint = {}) {
  Problem problem;
  problem.code = Code::invalid;
  problem.message = std::move(message);
  problem.field = std::move(field);
  problem.hint = std::move(hint);
  if (row) problem.row = static_cast<std::int64_t>(*row);
  throw Error(std::move(problem));
}

}  // namespace emptor::mine
