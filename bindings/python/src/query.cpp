#include "query.hpp"

#include <nanobind/stl/string.h>

#include <utility>

#include "error.hpp"
#include "handle.hpp"
#include "value.hpp"

namespace nb = nanobind;

namespace emptor::python {

Query::Query(nb::handle where, std::optional<std::string> order_by, bool descending, bool with_deleted,
             std::uint64_t limit)
    : order_by_(std::move(order_by)), descending_(descending), with_deleted_(with_deleted), limit_(limit) {
  if (where.is_none()) return;
  if (nb::isinstance<nb::str>(where)) {
    rule_ = nb::cast<std::string>(where);
    return;
  }
  for (nb::handle pair : where.attr("items")()) {
    if (field_) raise(EMPTOR_UNSUPPORTED, "a mapping is one condition", "name one field, or write a rule");
    field_ = nb::cast<std::string>(pair[0]);
    value_ = plain_of(pair[1]);
  }
}

emptor_query Query::view() const noexcept {
  emptor_query query = EMPTOR_QUERY_INIT;
  query.field = name_or_null(field_);
  query.value = value_.data();
  query.value_size = value_.size();
  query.order_by = name_or_null(order_by_);
  query.descending = descending_ ? 1 : 0;
  query.with_deleted = with_deleted_ ? 1 : 0;
  query.limit = limit_;
  query.rule = rule_ ? rule_->data() : nullptr;
  query.rule_size = rule_ ? rule_->size() : 0;
  return query;
}

}  // namespace emptor::python
