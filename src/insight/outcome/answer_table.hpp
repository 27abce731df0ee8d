/// Records of a store as a table to learn from: a row a customer or opportunity, a column a field.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "emptor/mine/design_matrix.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

struct AnswerColumn {
  std::string title;        ///< as the source's file called it; else the field's name
  Type type = Type::text;   ///< of the field
  mine::TableColumn cells;  ///< named as the field; days and instants as days since 1970
  bool remarks = false;     ///< texts that nearly all differ: nothing to learn from
};

struct AnswerTable {
  std::string entity;                  ///< "customer", "opportunity"
  std::vector<std::int64_t> id;        ///< of the records, ascending
  std::vector<std::int64_t> customer;  ///< of each; 0 where an opportunity has none
  std::vector<AnswerColumn> columns;   ///< in the order of the fields; those of which anything is known
  std::int64_t data_version = 0;

  std::size_t rows() const noexcept { return id.size(); }
  /// By the name of the field, or by its title where one alone has it; nothing for neither.
  const AnswerColumn* find(std::string_view name) const noexcept;
};

/// Every field that a person would call an attribute of the customer: not names, keys, remarks, contact data, or who
/// looks after them.
AnswerTable read_customer_answers(const View& view);
/// Opportunities with "outcome" (won, lost), what stood there before it came (product, owner, campaign, territory,
/// source, quantity, amount, custom fields), and the fields of their customers, named "customer.region".
AnswerTable read_opportunity_answers(const View& view);

/// The rows of these customers (ascending ids); those that the table lacks are left out.
AnswerTable rows_of(AnswerTable table, const std::vector<std::int64_t>& customers);

/// A cell as people read it: a word, "yes" or "no", a number, a day; empty where nothing is.
std::string cell_text(const AnswerColumn& column, std::size_t row);

}  // namespace emptor
