#include "desk/json_writer.hpp"
#include "emptor/desk/profile.hpp"

namespace emptor {
namespace {

using desk::JsonWriter;

Value text(const std::string& from) { return Value(std::string_view(from)); }

void write_records(JsonWriter& json, std::string_view name, const std::vector<Record>& records) {
  json.name(name).open('[');
  for (const Record& record : records) json.raw(to_json(record));
  json.close(']');
}

void write_optional(JsonWriter& json, std::string_view name, const std::optional<Record>& record) {
  if (record) json.name(name).raw(to_json(*record));
}

void write_relation(JsonWriter& json, const ProfileRelation& relation) {
  json.open('{');
  json.member("id", Value(relation.customer));
  json.member("name", text(relation.name));
  json.member("kind", text(relation.kind));
  json.member("of_other", Value(relation.of_other));
  json.member("position", text(relation.position));
  json.member("influence", text(relation.influence));
  json.member("key_contact", Value(relation.key_contact));
  json.close('}');
}

void write_step(JsonWriter& json, const NextStep& step) {
  json.name("next_step").open('{');
  json.member("entity", text(step.entity));
  json.member("id", Value(step.id));
  json.member("what", text(step.what));
  if (step.at) json.member("at", Value(*step.at));
  json.member("user_id", Value(step.user));
  json.close('}');
}

void write_section(JsonWriter& json, const ProfileSection& section) {
  json.open('{');
  json.member("entity", text(section.entity));
  json.member("total", Value(section.total));
  write_records(json, "records", section.records);
  json.member("next", text(section.next));
  json.close('}');
}

}  // namespace

std::string to_json(const Profile& profile) {
  std::string out;
  JsonWriter json(out);
  json.open('{');
  json.name("position").value(Value(profile.position));
  json.name("customer").raw(to_json(profile.customer));
  write_optional(json, "summary", profile.summary);
  write_optional(json, "credit", profile.credit);
  if (profile.next_step) write_step(json, *profile.next_step);
  json.name("relations").open('[');
  for (const ProfileRelation& relation : profile.relations) write_relation(json, relation);
  json.close(']');
  write_records(json, "identities", profile.identities);
  json.name("sections").open('[');
  for (const ProfileSection& section : profile.sections) write_section(json, section);
  json.close(']');
  json.close('}');
  return out;
}

}  // namespace emptor
