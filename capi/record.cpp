#include "argument.hpp"
#include "emptor/model/json.hpp"
#include "guard.hpp"
#include "objects.hpp"

using namespace emptor;
using namespace emptor::capi;

namespace {

Problem about(const Record& record, const Field& field, std::string message, std::string hint = {}) {
  return {Code::invalid, std::move(message), record.entity().name, field.name, std::nullopt, std::move(hint)};
}

void refuse_system_field(const Record& record, const Field& field) {
  if (field.number >= system_field::count) return;
  Problem problem = about(record, field, "this field is set by the library");
  problem.code = Code::misuse;
  throw Error(std::move(problem));
}

const Field& field_of(const Record& record, const char* name, Type type) {
  const Field& field = record.entity().field(name_in(name));
  if (field.type != type)
    throw Error(about(record, field, "the field is of type " + std::string(name_of(field.type)),
                      "use the function of that type"));
  return field;
}

void write(RecordObject& object, const Field& field, const Value& value) {
  refuse_system_field(object.record, field);
  object.record.set(field.number, value);
  object.touched[field.number] = true;
}

emptor_status set(emptor_record* record, const char* name, Type type, const Value& value, emptor_error* error) {
  return guarded(error, [&] {
    const Lease<RecordObject> object(record);
    write(*object, field_of(object->record, name, type), value);
  });
}

/// Reads a field of a type: `out` and `present` are zero until there is a value.
template <class Read>
void get(emptor_record* record, const char* name, Type type, std::int32_t* present, Read&& read) {
  give(present, std::int32_t{0});
  const Lease<RecordObject> object(record);
  const Value& value = object->record[field_of(object->record, name, type).number];
  if (!value.present()) return;
  read(value);
  give(present, std::int32_t{1});
}

Decimal decimal_in(const Record& record, const Field& field, std::int64_t units, std::int32_t scale) {
  if (scale < 0 || scale > Decimal::max_scale) throw Error(about(record, field, "the scale of a decimal is 0 to 6"));
  const Decimal decimal = Decimal::of(units, scale);
  if (!decimal.fits_micros()) throw Error(about(record, field, "the decimal is beyond 9,223,372,036,854.775807"));
  return decimal;
}

Date date_in(const Record& record, const Field& field, std::int32_t year, std::int32_t month, std::int32_t day) {
  const auto date = Date::of(year, month, day);
  if (!date) throw Error(about(record, field, "there is no such day in the years 1 to 9999"));
  return *date;
}

}  // namespace

extern "C" {

emptor_status emptor_record_new(emptor_session* session, const char* entity, emptor_record** record,
                                emptor_error* error) {
  return guarded(error, [&] {
    emptor_record*& out = output(record);
    const Lease<SessionObject> object(session);
    const SchemaPtr& schema = object->schema();
    Record fresh(schema, schema->entity(name_in(entity)).number);
    out = hand_out<emptor_record>(std::make_unique<RecordObject>(std::move(fresh)));
  });
}

emptor_status emptor_record_free(emptor_record* record, emptor_error* error) {
  return guarded(error, [&] { take_back<RecordObject>(record); });
}

emptor_status emptor_record_entity(emptor_record* record, emptor_text* entity, emptor_error* error) {
  return guarded(error, [&] {
    emptor_text& out = output(entity);
    out = text_out(Lease<RecordObject>(record)->record.entity().name);
  });
}

emptor_status emptor_record_set_text(emptor_record* record, const char* field, const char* text, size_t size,
                                     emptor_error* error) {
  return guarded(error, [&] {
    const Lease<RecordObject> object(record);
    const Field& of = field_of(object->record, field, Type::text);
    write(*object, of, text_in(text, size, about(object->record, of, {})));
  });
}

emptor_status emptor_record_set_integer(emptor_record* record, const char* field, int64_t integer,
                                        emptor_error* error) {
  return set(record, field, Type::integer, Value(static_cast<std::int64_t>(integer)), error);
}

emptor_status emptor_record_set_decimal(emptor_record* record, const char* field, int64_t units, int32_t scale,
                                        emptor_error* error) {
  return guarded(error, [&] {
    const Lease<RecordObject> object(record);
    const Field& of = field_of(object->record, field, Type::decimal);
    write(*object, of, decimal_in(object->record, of, units, scale));
  });
}

emptor_status emptor_record_set_real(emptor_record* record, const char* field, double real, emptor_error* error) {
  return set(record, field, Type::real, Value(real), error);
}

emptor_status emptor_record_set_boolean(emptor_record* record, const char* field, int32_t truth, emptor_error* error) {
  return set(record, field, Type::boolean, Value(truth != 0), error);
}

emptor_status emptor_record_set_date(emptor_record* record, const char* field, int32_t year, int32_t month, int32_t day,
                                     emptor_error* error) {
  return guarded(error, [&] {
    const Lease<RecordObject> object(record);
    const Field& of = field_of(object->record, field, Type::date);
    write(*object, of, date_in(object->record, of, year, month, day));
  });
}

emptor_status emptor_record_set_instant(emptor_record* record, const char* field, int64_t micros, emptor_error* error) {
  return set(record, field, Type::instant, Value(Instant{micros}), error);
}

emptor_status emptor_record_set_id(emptor_record* record, const char* field, int64_t id, emptor_error* error) {
  return set(record, field, Type::id, Value(Id{id}), error);
}

emptor_status emptor_record_clear(emptor_record* record, const char* field, emptor_error* error) {
  return guarded(error, [&] {
    const Lease<RecordObject> object(record);
    write(*object, object->record.entity().field(name_in(field)), Value());
  });
}

emptor_status emptor_record_get_text(emptor_record* record, const char* field, emptor_text* text, emptor_error* error) {
  return guarded(error, [&] {
    emptor_text& out = output(text) = emptor_text{"", 0};
    get(record, field, Type::text, nullptr, [&](const Value& value) { out = text_out(value.text()); });
  });
}

emptor_status emptor_record_get_integer(emptor_record* record, const char* field, int64_t* integer, int32_t* present,
                                        emptor_error* error) {
  return guarded(error, [&] {
    std::int64_t& out = output(integer);
    get(record, field, Type::integer, present, [&](const Value& value) { out = value.integer(); });
  });
}

emptor_status emptor_record_get_decimal(emptor_record* record, const char* field, int64_t* units, int32_t* scale,
                                        int32_t* present, emptor_error* error) {
  return guarded(error, [&] {
    std::int64_t& out = output(units);
    std::int32_t& digits = output(scale);
    get(record, field, Type::decimal, present, [&](const Value& value) {
      out = value.decimal().units();
      digits = value.decimal().scale();
    });
  });
}

emptor_status emptor_record_get_real(emptor_record* record, const char* field, double* real, int32_t* present,
                                     emptor_error* error) {
  return guarded(error, [&] {
    double& out = output(real);
    get(record, field, Type::real, present, [&](const Value& value) { out = value.real(); });
  });
}

emptor_status emptor_record_get_boolean(emptor_record* record, const char* field, int32_t* truth, int32_t* present,
                                        emptor_error* error) {
  return guarded(error, [&] {
    std::int32_t& out = output(truth);
    get(record, field, Type::boolean, present, [&](const Value& value) { out = value.boolean() ? 1 : 0; });
  });
}

emptor_status emptor_record_get_date(emptor_record* record, const char* field, int32_t* year, int32_t* month,
                                     int32_t* day, int32_t* present, emptor_error* error) {
  return guarded(error, [&] {
    std::int32_t& y = output(year);
    std::int32_t& m = output(month);
    std::int32_t& d = output(day);
    get(record, field, Type::date, present, [&](const Value& value) {
      y = value.date().year();
      m = value.date().month();
      d = value.date().day();
    });
  });
}

emptor_status emptor_record_get_instant(emptor_record* record, const char* field, int64_t* micros, int32_t* present,
                                        emptor_error* error) {
  return guarded(error, [&] {
    std::int64_t& out = output(micros);
    get(record, field, Type::instant, present, [&](const Value& value) { out = value.instant().micros; });
  });
}

emptor_status emptor_record_get_id(emptor_record* record, const char* field, int64_t* id, int32_t* present,
                                   emptor_error* error) {
  return guarded(error, [&] {
    std::int64_t& out = output(id);
    get(record, field, Type::id, present, [&](const Value& value) { out = value.id().value; });
  });
}

emptor_status emptor_record_to_json(emptor_record* record, emptor_text* json, emptor_error* error) {
  return guarded(error, [&] {
    emptor_text& out = output(json);
    const Lease<RecordObject> object(record);
    object->json = to_json(object->record);
    out = text_out(object->json);
  });
}

emptor_status emptor_record_from_json(emptor_record* record, const char* json, size_t size, emptor_error* error) {
  return guarded(error, [&] {
    const Lease<RecordObject> object(record);
    Record changed = object->record;
    const auto named = set_from_json(changed, text_in(json, size));
    for (const FieldNumber number : named) refuse_system_field(changed, changed.entity().fields[number]);
    object->record = std::move(changed);
    for (const FieldNumber number : named) object->touched[number] = true;
  });
}

}  // extern "C"
