#include "model/owner.hpp"

#include "emptor/model/party.hpp"

namespace emptor {

Id customer_of(const Entity& entity, Row row) noexcept {
  if (entity.customer_field) return row[*entity.customer_field].id();
  return entity.number == Customer::entity_number ? row[system_field::id].id() : no_id;
}

}  // namespace emptor
