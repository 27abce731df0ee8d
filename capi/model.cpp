#include "argument.hpp"
#include "guard.hpp"
#include "objects.hpp"

using namespace emptor;
using namespace emptor::capi;

namespace {

Type type_in(emptor_type type) {
  if (type < EMPTOR_TYPE_ID || type > EMPTOR_TYPE_BYTES) throw Error(Code::invalid, "there is no such type of field");
  return static_cast<Type>(type);
}

void check_index(std::size_t index, std::size_t count) {
  if (index >= count) throw Error(Code::not_found, "the index is not below the count");
}

}  // namespace

static_assert(EMPTOR_TYPE_BYTES == static_cast<int>(Type::bytes) && EMPTOR_TYPE_DATE == static_cast<int>(Type::date));
static_assert(EMPTOR_FIELD_SYSTEM == field_flag::system && EMPTOR_FIELD_PERSONAL == field_flag::personal);

extern "C" {

emptor_status emptor_entity_count(emptor_session* session, size_t* count, emptor_error* error) {
  return guarded(error, [&] {
    std::size_t& out = output(count);
    out = Lease<SessionObject>(session)->schema()->entities().size();
  });
}

emptor_status emptor_entity_name(emptor_session* session, size_t index, emptor_text* name, emptor_error* error) {
  return guarded(error, [&] {
    emptor_text& out = output(name);
    const Lease<SessionObject> object(session);
    const auto entities = object->schema()->entities();
    check_index(index, entities.size());
    out = text_out(entities[index].name);
  });
}

emptor_status emptor_field_count(emptor_session* session, const char* entity, size_t* count, emptor_error* error) {
  return guarded(error, [&] {
    std::size_t& out = output(count);
    const Lease<SessionObject> object(session);
    out = object->schema()->entity(name_in(entity)).fields.size();
  });
}

emptor_status emptor_field_at(emptor_session* session, const char* entity, size_t index, emptor_field* field,
                              emptor_error* error) {
  return guarded(error, [&] {
    emptor_field& out = struct_out(field);
    const Lease<SessionObject> object(session);
    const auto& fields = object->schema()->entity(name_in(entity)).fields;
    check_index(index, fields.size());
    out.type = static_cast<emptor_type>(fields[index].type);
    out.flags = fields[index].flags;
    out.name = text_out(fields[index].name);
    out.doc = text_out(fields[index].doc);
    out.reference = text_out(fields[index].reference);
  });
}

emptor_status emptor_define_field(emptor_session* session, const char* entity, const char* name, emptor_type type,
                                  uint32_t flags, const char* doc, size_t doc_size, emptor_text* stored_name,
                                  emptor_error* error) {
  return guarded(error, [&] {
    give(stored_name, emptor_text{"", 0});
    const Lease<SessionObject> object(session);
    CustomField field;
    field.entity = name_in(entity);
    field.name = name_in(name);
    field.type = type_in(type);
    field.flags = flags;
    field.doc = text_in(doc, doc_size);
    const std::string stored = object->session.define_field(field);
    give(stored_name, text_out(object->schema()->entity(field.entity).field(stored).name));
  });
}

}  // extern "C"
