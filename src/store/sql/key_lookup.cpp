// Lists of values of a unique key of several fields, each of which finds one row at most.
//
// A database that knows nothing of a table yet, as after its first load, takes each field of a key to leave next to
// nothing, and so reads all that the others leave and compares it with the list. Put this way, as a lookup for each
// value of the list, it has no choice, and one plan serves for lists of any length.
#include <algorithm>

#include "store/sql/compiler.hpp"

namespace emptor::sql {
namespace {

void add_conjuncts(const Where& where, std::vector<const Where*>& conjuncts) {
  if (where.kind == Where::Kind::compare) conjuncts.push_back(&where);
  if (where.kind != Where::Kind::all) return;
  for (const Where& child : where.children) add_conjuncts(child, conjuncts);
}

}  // namespace

void Compiler::drive_by_key(const Where& where) {
  std::vector<const Where*> conjuncts;
  add_conjuncts(where, conjuncts);
  for (const Index& index : entity_.indexes)
    if (index.unique && index.fields.size() > 1 && drive_by(index, conjuncts)) return;
}

// Where one value of each field is asked for, and of one field several. That list is then left out of the condition:
// what `from` gives are its rows.
bool Compiler::drive_by(const Index& index, std::span<const Where* const> conjuncts) {
  std::vector<const Where*> key;
  const Where* list = nullptr;
  for (const FieldNumber number : index.fields) {
    const Where* part = key_part(conjuncts, entity_.fields[number], false);
    if (part == nullptr && list == nullptr) part = list = key_part(conjuncts, entity_.fields[number], true);
    if (part == nullptr) return false;
    key.push_back(part);
  }
  if (list == nullptr) return false;
  driven_table_ = looked_up(entity_.field(list->field), key);
  driving_ = list;
  return true;
}

const Where* Compiler::key_part(std::span<const Where* const> conjuncts, const Field& field, bool as_list) const {
  if (table_number(dialect_, field.number) != 0 || !layout_.has_column(entity_, field.number)) return nullptr;
  const auto fits = [&](const Where* each) {
    if (each->field != field.name || each->op != (as_list ? Operator::in : Operator::equal)) return false;
    const std::size_t values = operands(*each, field).size();
    return as_list ? values > 1 : values == 1;
  };
  const auto found = std::ranges::find_if(conjuncts, fits);
  return found == conjuncts.end() ? nullptr : *found;
}

std::string Compiler::looked_up(const Field& listed, std::span<const Where* const> key) {
  std::string conditions;
  for (const Where* const part : key) {
    const Field& field = entity_.field(part->field);
    conditions += (conditions.empty() ? "" : " AND ") + quoted(field.name) + " = ";
    conditions += &field == &listed ? "listed.value" : parameter(operand(entity_, field, part->values.front()));
  }
  const auto list = std::ranges::find(key, listed.name, [](const Where* part) { return part->field; });
  const std::string& packed = compiled_.looked_up.emplace_back(dialect_.pack(operands(**list, listed)));
  const std::string values = parameter(Value(std::string_view(packed)));
  const std::string_view order = listed.type == Type::text ? dialect_.text_order : "";
  return "(SELECT DISTINCT unnest(" + values + "::" + std::string(column_type(dialect_, listed.type)) + "[])" +
         std::string(order) + " AS value) AS listed CROSS JOIN LATERAL (SELECT * FROM " +
         quoted(table_name(entity_, 0)) + " WHERE " + conditions + " OFFSET 0)";
}

}  // namespace emptor::sql
