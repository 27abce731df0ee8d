// The JSON Schema of feed payloads, from the description of the entity.
#include "desk/json_writer.hpp"
#include "emptor/core/error.hpp"
#include "emptor/desk/feed_payload.hpp"

namespace emptor {
namespace {

constexpr std::string_view digits = R"({"type":"string","pattern":"^-?[0-9]+$"})";
// Of what a mask leaves of a text, whatever the text may be.
constexpr std::string_view masked = R"({"type":"string","pattern":"^\\*\\*\\*"})";

std::string_view form_of(Type type) {
  switch (type) {
    case Type::id:
    case Type::integer:
      return digits;
    case Type::decimal:
      return R"({"type":"string","pattern":"^-?[0-9]+(\\.[0-9]{1,6})?$"})";
    case Type::real:
      return R"({"anyOf":[{"type":"number"},{"enum":["inf","-inf","nan","-nan"]}]})";
    case Type::boolean:
      return R"({"type":"boolean"})";
    case Type::text:
      return R"({"type":"string","minLength":1})";
    case Type::date:
      return R"({"type":"string","pattern":"^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}$"})";
    case Type::instant:
      return R"({"type":"string","pattern":"^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?Z$"})";
    case Type::bytes:
      return R"({"type":"string","pattern":"^([0-9a-f]{2})+$"})";
  }
  return "{}";
}

std::string form_of(const Field& field) {
  if (field.choices.empty()) return std::string(form_of(field.type));
  std::string form = R"({"anyOf":[{"enum":[)";
  desk::JsonWriter choices(form);
  for (const std::string& choice : field.choices) choices.value(Value(choice));
  return form + "]}," + std::string(masked) + "]}";
}

void write_text_of(desk::JsonWriter& out, std::string_view name, std::string_view word) {
  out.name(name).raw("{\"const\":\"" + std::string(word) + "\"}");
}

// Fields that are required of a record may be kept back from whoever is told of it.
std::string record_schema(const Entity& entity) {
  std::string json;
  desk::JsonWriter out(json);
  out.open('{');
  out.member("type", "object");
  out.name("properties").open('{');
  for (const Field& field : entity.fields) {
    std::string form = form_of(field);
    form.pop_back();
    out.name(field.name).raw(form + ",\"description\":" + [&] {
      std::string text;
      append_json_text(text, field.doc);
      return text;
    }() + "}");
  }
  out.close('}');
  out.name("required").raw(R"(["id","version"])");
  out.name("additionalProperties").raw("false");
  out.close('}');
  return json;
}

std::string field_names(const Entity& entity) {
  std::string json = R"({"type":"array","uniqueItems":true,"items":{"enum":[)";
  desk::JsonWriter names(json);
  for (const Field& field : entity.fields) names.value(Value(field.name));
  return json + "]}}";
}

}  // namespace

std::string payload_schema(const Schema& schema, std::string_view name) {
  const Entity& entity = schema.entity(name);
  if (entity.keeping != Keeping::journalled)
    throw Error(Problem{Code::invalid,
                        "records of this entity are not in the feed",
                        entity.name,
                        "",
                        {},
                        "ask for an entity whose records are written by hosts"});
  std::string json;
  desk::JsonWriter out(json);
  const std::string version = std::to_string(schema.version());
  const std::string id = "urn:emptor:feed:1:" + entity.name + ":" + version;
  const std::string types =
      "{\"enum\":[\"" + entity.name + ".created\",\"" + entity.name + ".updated\",\"" + entity.name + ".deleted\"]}";
  out.open('{');
  out.member("$schema", "https://json-schema.org/draft/2020-12/schema");
  out.member("$id", id);
  out.member("description", entity.doc);
  out.member("type", "object");
  out.name("properties").open('{');
  out.name("event_id").raw(R"({"type":"string","pattern":"^[0-9a-f]{32}$"})");
  out.name("event_type").raw(types);
  write_text_of(out, "format", "1");
  write_text_of(out, "schema_version", version);
  write_text_of(out, "entity", entity.name);
  for (const std::string_view number : {"record_id", "actor", "position"}) out.name(number).raw(digits);
  out.name("at").raw(form_of(Type::instant));
  out.name("changed").raw(field_names(entity));
  out.name("record").raw(record_schema(entity));
  out.close('}');
  out.name("required")
      .raw(
          R"(["event_id","event_type","format","schema_version","entity","record_id","at","actor","position","record"])");
  // What an update changed is told with updates, and with nothing else.
  out.name("if").raw("{\"properties\":{\"event_type\":{\"const\":\"" + entity.name + ".updated\"}}}");
  out.name("then").raw(R"({"required":["changed"]})");
  out.name("else").raw(R"({"not":{"required":["changed"]}})");
  out.name("additionalProperties").raw("false");
  out.close('}');
  return json;
}

}  // namespace emptor
