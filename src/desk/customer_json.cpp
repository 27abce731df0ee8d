// A customer's document as JSON: {"format", "customer", "currency", "custom_fields", "records", "referred", "deleted"}.
#include <algorithm>
#include <boost/json.hpp>
#include <memory>

#include "core/hex.hpp"
#include "desk/customer_document.hpp"
#include "desk/json_writer.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/plain.hpp"

namespace emptor::desk {
namespace {

namespace json = boost::json;

void write_record(JsonWriter& out, const Record& record) {
  out.open('{');
  out.name("entity").value(Value(std::string_view(record.entity().name)));
  out.name("id").value(Value(record.id()));
  out.name("fields").open('{');
  for (const Field& field : record.entity().fields)
    if (is_given(field)) out.member(field.name, record[field.number]);
  out.close('}');
  out.close('}');
}

void write_records(JsonWriter& out, std::string_view name, const std::vector<Record>& records) {
  out.name(name).open('[');
  for (const Record& record : records) write_record(out, record);
  out.close(']');
}

void write_custom_fields(JsonWriter& out, const Schema& schema) {
  out.name("custom_fields").open('[');
  for (const CustomField& field : custom_fields_of(schema)) {
    out.open('{');
    out.name("entity").value(Value(std::string_view(field.entity)));
    out.name("name").value(Value(std::string_view(field.name)));
    out.name("type").value(Value(name_of(field.type)));
    out.name("personal").value(Value((field.flags & field_flag::personal) != 0));
    out.name("indexed").value(Value((field.flags & field_flag::indexed) != 0));
    out.member("doc", field.doc.empty() ? Value() : Value(std::string_view(field.doc)));
    out.close('}');
  }
  out.close(']');
}

[[noreturn]] void refuse() {
  throw Error(Code::invalid, "the text is no customer's document", "give what export_customer wrote");
}

std::string_view text_of(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  if (found == nullptr || !found->is_string()) refuse();
  return {found->as_string().data(), found->as_string().size()};
}

bool flag_of(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr && found->is_bool() && found->as_bool();
}

const json::array& list_of(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  if (found == nullptr || !found->is_array()) refuse();
  return found->as_array();
}

const json::object& object_of(const json::value& value) {
  if (!value.is_object()) refuse();
  return value.as_object();
}

CustomField custom_field(const json::object& given) {
  CustomField field{std::string(text_of(given, "entity")),
                    std::string(text_of(given, "name")),
                    type_of_name(text_of(given, "type")),
                    0,
                    {}};
  if (flag_of(given, "personal")) field.flags |= field_flag::personal;
  if (flag_of(given, "indexed")) field.flags |= field_flag::indexed;
  if (given.if_contains("doc") != nullptr) field.doc = text_of(given, "doc");
  return field;
}

Record record_of(const SchemaPtr& schema, const json::object& one) {
  const Entity* entity = schema->find(text_of(one, "entity"));
  const json::value* fields = one.if_contains("fields");
  if (entity == nullptr || fields == nullptr || !fields->is_object()) refuse();
  Record record(schema, entity->number);
  json::object named = fields->as_object();
  for (const Field& field : entity->fields)
    if (field.type == Type::bytes && named.if_contains(field.name) != nullptr) {  // which set_from_json does not read
      const std::optional<std::string> bytes = from_hex(text_of(named, field.name));
      if (!bytes) refuse();
      record.set(field.number, Value::bytes(*bytes));
      named.erase(field.name);
    }
  set_from_json(record, json::serialize(named));
  const auto id = parse_plain(Type::id, text_of(one, "id"));
  if (!id || !id->present()) refuse();
  record.set(system_field::id, *id);
  return record;
}

}  // namespace

std::string to_customer_json(const Schema& schema, const Belongings& all, std::string_view currency, Id customer,
                             bool with_deleted) {
  std::string text;
  JsonWriter out(text);
  out.open('{');
  out.name("format").value(Value(document_format));
  out.name("customer").value(Value(customer));
  out.name("currency").value(Value(currency));
  write_custom_fields(out, schema);
  write_records(out, "records", all.records);
  write_records(out, "referred", all.referred);
  write_records(out, "deleted", with_deleted ? all.deleted : std::vector<Record>());
  out.close('}');
  return text;
}

CustomerDocument from_customer_json(std::string_view text) {
  boost::system::error_code fault;
  const auto parsed = std::make_shared<const json::value>(json::parse({text.data(), text.size()}, fault));
  if (fault || !parsed->is_object() || text_of(parsed->as_object(), "format") != document_format) refuse();
  const json::object& document = parsed->as_object();
  CustomerDocument read;
  read.currency = text_of(document, "currency");
  for (const json::value& field : list_of(document, "custom_fields"))
    read.custom_fields.push_back(custom_field(object_of(field)));
  read.records = [parsed](const SchemaPtr& schema) {
    std::vector<Record> records;
    for (const std::string_view part : {"referred", "records"})
      for (const json::value& record : list_of(parsed->as_object(), part))
        records.push_back(record_of(schema, object_of(record)));
    return records;
  };
  return read;
}

}  // namespace emptor::desk
