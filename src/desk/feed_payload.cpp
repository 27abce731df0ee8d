#include "emptor/desk/feed_payload.hpp"

#include <algorithm>

#include "desk/json_writer.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

constexpr std::size_t entries_at_once = 256;  // a snapshot; a newer one tells of what came meanwhile
constexpr std::size_t usual_poll = 1000;

std::string_view word_for(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::insert:
      return "created";
    case ChangeKind::erase:
      return "deleted";
    default:
      return "updated";
  }
}

void check_entities(const Schema& schema, const FeedOptions& options) {
  for (const std::string& name : options.entities) static_cast<void>(schema.entity(name));
}

// One walk over a snapshot. Stops by itself where the limit is reached, at the end of an entry.
struct Walk {
  const std::function<bool(const FeedEvent&, std::string_view)>& take;
  const FeedOptions& options;
  Delivered& done;
  std::int64_t entry = 0;
  bool ended = false;

  bool operator()(const FeedEvent& event) {
    const bool first = event.item.position != entry;
    entry = event.item.position;
    if (first && options.limit != 0 && done.taken >= options.limit) ended = true;
    if (ended) return false;
    const auto& wanted = options.entities;
    if (!wanted.empty() && std::ranges::find(wanted, event.item.entity) == wanted.end()) return true;
    done.refused = !take(event, payload_json(event));
    ended = done.refused;
    if (!done.refused) ++done.taken;
    return !done.refused;
  }
};

}  // namespace

std::string payload_json(const FeedEvent& event) {
  std::string json;
  desk::JsonWriter out(json);
  const Entity& entity = event.record.entity();
  const std::string type = entity.name + "." + std::string(word_for(event.item.kind));
  out.open('{');
  out.member("event_id", event.id);
  out.member("event_type", type);
  out.member("format", "1");
  out.name("schema_version").value(static_cast<std::int64_t>(event.record.schema().version()));
  out.member("entity", entity.name);
  out.member("record_id", event.item.id);
  out.member("at", event.item.at);
  out.name("actor").value(event.item.actor.value);
  out.member("position", event.item.position);
  if (event.item.kind == ChangeKind::update) {
    out.name("changed").open('[');
    for (const FieldNumber field : event.changed) out.value(Value(entity.fields[field].name));
    out.close(']');
  }
  out.name("record").raw(to_json(event.record));
  out.close('}');
  return json;
}

Delivered deliver(Session& session, std::int64_t after,
                  const std::function<bool(const FeedEvent&, std::string_view)>& take, const FeedOptions& options) {
  Delivered done{.position = after};
  Walk walk{take, options, done};
  for (bool first = true;; first = false) {
    const View view = session.view();
    if (first) check_entities(view.schema(), options);
    const std::int64_t before = done.position;
    done.position = view.each_event(before, entries_at_once, std::ref(walk));
    if (walk.ended || done.position == before) return done;
  }
}

std::string poll_payloads(Session& session, std::int64_t after, const FeedOptions& options) {
  FeedOptions limited = options;
  if (limited.limit == 0) limited.limit = usual_poll;
  std::string payloads;
  const auto take = [&](const FeedEvent&, std::string_view payload) {
    payloads.append(payloads.empty() ? "" : ",").append(payload);
    return true;
  };
  const Delivered done = deliver(session, after, take, limited);
  return "{\"position\":\"" + std::to_string(done.position) + "\",\"payloads\":[" + payloads + "]}";
}

}  // namespace emptor
