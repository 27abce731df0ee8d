#include "emptor/session/session_json.hpp"

#include "emptor/model/json.hpp"

namespace emptor {
namespace {

std::string number(std::int64_t value) { return '"' + std::to_string(value) + '"'; }

}  // namespace

std::string_view name_of(ChangeKind kind) noexcept {
  switch (kind) {
    case ChangeKind::insert:
      return "insert";
    case ChangeKind::update:
      return "update";
    case ChangeKind::erase:
      return "erase";
    case ChangeKind::unchanged:
      return "unchanged";
  }
  return "unknown";
}

std::string to_json(const Verification& found) {
  std::string json = std::string("{\"intact\":") + (found.intact ? "true" : "false");
  json += ",\"entries\":" + number(found.entries) + ",\"changes\":" + number(found.changes);
  json += ",\"records\":" + number(found.records) + ",\"broken_at\":" + number(found.broken_at);
  if (found.base.head.position != 0)
    json += ",\"base\":\"" + to_string(found.base.head) + "\",\"trimmed_to\":\"" + to_string(found.base.at) +
            "\",\"not_compared\":" + number(found.not_compared);
  if (found.erasures != 0) json += ",\"erasures\":" + number(found.erasures) + ",\"erased\":" + number(found.erased);
  json += ",\"head\":\"" + hexadecimal(found.head) + "\",\"faults\":[";
  for (std::size_t i = 0; i < found.faults.size(); ++i) {
    if (i > 0) json += ',';
    append_json_text(json, found.faults[i]);
  }
  return json += "]}";
}

std::string to_json(const FeedItem& item) {
  std::string json = "{\"position\":" + number(item.position) + ",\"at\":\"" + to_string(item.at) + "\"";
  json += ",\"actor\":" + number(item.actor.value) + ",\"entity\":";
  append_json_text(json, item.entity);
  json += ",\"id\":" + number(item.id.value) + ",\"kind\":\"" + std::string(name_of(item.kind)) + "\"";
  return json += ",\"version\":" + number(item.version) + "}";
}

std::string to_json(const Feed& feed) {
  std::string json = "{\"position\":" + number(feed.position) + ",\"items\":[";
  for (std::size_t i = 0; i < feed.items.size(); ++i) {
    if (i > 0) json += ',';
    json += to_json(feed.items[i]);
  }
  return json += "]}";
}

}  // namespace emptor
