/// What to read, as keyword arguments say it.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <optional>
#include <string>

#include "emptor.h"

namespace emptor::python {

/// Owns the texts that an emptor_query points to.
class Query {
 public:
  /// `where` is None, a mapping of one field to the value it has, or a rule.
  Query(nanobind::handle where, std::optional<std::string> order_by, bool descending, bool with_deleted,
        std::uint64_t limit);

  emptor_query view() const noexcept;

 private:
  std::optional<std::string> field_, order_by_, rule_;
  std::string value_;
  bool descending_, with_deleted_;
  std::uint64_t limit_;
};

}  // namespace emptor::python
