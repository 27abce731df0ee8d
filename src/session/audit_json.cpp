#include "emptor/model/json.hpp"
#include "emptor/session/audit.hpp"
#include "emptor/session/session_json.hpp"

namespace emptor {
namespace {

void append_number(std::string& json, std::string_view name, std::int64_t value) {
  json.append("\"").append(name).append("\":\"").append(std::to_string(value)).append("\",");
}

void append_text(std::string& json, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  json.append("\"").append(name).append("\":");
  append_json_text(json, value);
  json += ',';
}

// A value that is missing is left out.
void append_field(std::string& json, const FieldChange& change) {
  append_json_text(json, change.field->name);
  json += ":{";
  if (change.before.present()) {
    json += "\"before\":";
    append_json(json, change.before);
    if (change.after.present()) json += ',';
  }
  if (change.after.present()) {
    json += "\"after\":";
    append_json(json, change.after);
  }
  json += '}';
}

void append_change(std::string& json, const ToldChange& change) {
  json += '{';
  append_text(json, "entity", change.entity->name);
  append_number(json, "id", change.id.value);
  append_text(json, "kind", name_of(change.kind));
  json += "\"fields\":{";
  for (const FieldChange& field : change.fields) {
    if (&field != &change.fields.front()) json += ',';
    append_field(json, field);
  }
  json += "}}";
}

}  // namespace

std::string to_json(const ToldEntry& entry) {
  std::string json = "{";
  append_number(json, "position", entry.position);
  append_number(json, "version", entry.version);
  append_text(json, "at", to_string(entry.at));
  append_number(json, "actor", entry.actor.value);
  append_text(json, "op_id", entry.op_id);
  append_text(json, "reason", entry.reason);
  if (entry.previous_hash) append_text(json, "previous_hash", hexadecimal(*entry.previous_hash));
  if (entry.hash) {
    append_text(json, "hash", hexadecimal(*entry.hash));
    append_number(json, "count", entry.count);
  }
  json += "\"changes\":[";
  for (const ToldChange& change : entry.changes) {
    if (&change != &entry.changes.front()) json += ',';
    append_change(json, change);
  }
  return json += "]}";
}

std::uint64_t export_journal(const View& view, const JournalQuery& query,
                             const std::function<void(std::string_view)>& sink) {
  std::uint64_t lines = 0;
  tell_journal(view, query, [&](const ToldEntry& entry) {
    sink(to_json(entry) + "\n");
    ++lines;
    return true;
  });
  return lines;
}

}  // namespace emptor
