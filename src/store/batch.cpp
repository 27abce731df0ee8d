#include "emptor/store/batch.hpp"

namespace emptor {

void Column::append(const Value& value) {
  valid.push_back(value.present());
  if (is_text()) {
    bytes.append(value.text());
    ends.push_back(static_cast<std::uint32_t>(bytes.size()));
  } else {
    bits.push_back(value.present() ? value.bits() : 0);
  }
}

void Column::clear() noexcept {
  bits.clear();
  ends.clear();
  bytes.clear();
  valid.clear();
}

void Batch::reset(const Entity& entity, std::span<const FieldNumber> fields) {
  ids.clear();
  columns.resize(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    columns[i].clear();
    columns[i].field = fields[i];
    columns[i].type = entity.fields[fields[i]].type;
  }
}

}  // namespace emptor
