#include "desk/json_writer.hpp"
#include "emptor/desk/caller_card.hpp"

namespace emptor {
namespace {

using desk::JsonWriter;

template <class T>
Value optional_value(const std::optional<T>& value) {
  return value ? Value(*value) : Value();
}

Value text(const std::string& from) { return Value(std::string_view(from)); }

void write_user(JsonWriter& json, std::string_view role, Id user, const std::string& name) {
  if (!user) return;
  json.name(role).open('{');
  json.member("id", Value(user));
  json.member("name", text(name));
  json.close('}');
}

void write_line(JsonWriter& json, const CardLine& line) {
  json.open('{');
  json.member("entity", text(line.entity));
  json.member("id", Value(line.id));
  json.member("at", optional_value(line.at));
  json.member("title", text(line.title));
  json.member("state", text(line.state));
  json.member("channel", text(line.channel));
  json.member("direction", text(line.direction));
  json.member("note", text(line.note));
  write_user(json, "user", line.user, line.user_name);
  json.member("amount", optional_value(line.amount));
  json.member("value", optional_value(line.value));
  json.close('}');
}

void write_customer(JsonWriter& json, const CallerCard& card) {
  json.name("customer").open('{');
  json.member("id", Value(card.customer));
  json.member("name", text(card.name));
  json.member("kind", text(card.kind));
  json.member("stage", text(card.stage));
  json.member("tier", text(card.tier));
  json.member("segment", text(card.segment));
  json.member("country", text(card.country));
  json.member("language", text(card.language));
  json.member("preferred_channel", text(card.preferred_channel));
  json.member("since", optional_value(card.since));
  json.member("matched", text(card.matched));
  write_user(json, "owner", card.owner, card.owner_name);
  json.member("last_touch_at", optional_value(card.last_touch_at));
  write_user(json, "last_user", card.last_user, card.last_user_name);
  json.close('}');
}

}  // namespace

std::string_view name_of(CardState state) noexcept {
  constexpr std::string_view names[] = {"unknown", "known", "ambiguous", "withheld", "blocked"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view name_of(CardSection section) noexcept {
  constexpr std::string_view names[card_sections] = {"candidates", "blocks",     "touches", "cases",        "orders",
                                                     "consents",   "next_steps", "scores",  "organisations"};
  return names[static_cast<std::size_t>(section)];
}

std::string to_json(const CallerCard& card) {
  std::string out;
  JsonWriter json(out);
  json.open('{');
  json.name("state").value(Value(name_of(card.state)));
  json.name("complete").value(Value(card.complete));
  json.name("position").value(Value(card.position));
  if (card.customer) write_customer(json, card);
  for (std::size_t i = 0; i < card_sections; ++i) {
    if (card.sections[i].empty()) continue;
    json.name(name_of(static_cast<CardSection>(i))).open('[');
    for (const CardLine& line : card.sections[i]) write_line(json, line);
    json.close(']');
  }
  for (const auto& [name, marks] : {std::pair{"more", &card.more}, std::pair{"cut", &card.cut}}) {
    json.name(name).open('[');
    for (std::size_t i = 0; i < card_sections; ++i)
      if ((*marks)[i]) json.value(Value(name_of(static_cast<CardSection>(i))));
    json.close(']');
  }
  json.close('}');
  return out;
}

std::string to_json(const KnownCustomer& known) {
  std::string out;
  JsonWriter json(out);
  json.open('{');
  json.name("known").value(Value(known.known));
  json.name("customers").value(Value(known.customers));
  json.member("customer", Value(known.customer));
  write_user(json, "owner", known.owner, known.owner_name);
  json.member("last_touch_at", optional_value(known.last_touch_at));
  json.member("last_channel", text(known.last_channel));
  write_user(json, "last_user", known.last_user, known.last_user_name);
  json.close('}');
  return out;
}

}  // namespace emptor
