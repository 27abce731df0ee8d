#include "emptor/store/batch.hpp"

namespace emptor {
namespace {

void set(Column& column, const Field& field) {
  column.clear();
  column.field = field.number;
  column.type = field.type;
}

}  // namespace

void Column::clear() noexcept {
  bits.clear();
  ends.clear();
  bytes.clear();
  valid.clear();
}

void Batch::reset(const Entity& entity, std::span<const FieldNumber> fields) {
  ids.clear();
  columns.resize(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) set(columns[i], entity.fields[fields[i]]);
}

void Batch::reset(const Entity& entity) {
  ids.clear();
  columns.resize(entity.fields.size());
  for (const Field& field : entity.fields) set(columns[field.number], field);
}

void Batch::append_nothing() {
  ids.push_back(no_id);
  for (Column& column : columns) column.append(Value());
}

void Batch::copy_row(std::size_t row, std::vector<Value>& out) const {
  for (const Column& column : columns) out.push_back(column.value(row));
}

}  // namespace emptor
