#include "support/renaming.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "support/arrow_consumer.hpp"

namespace emptor::test {
namespace {

namespace json = boost::json;

bool holds_number(std::string_view key) {
  constexpr std::string_view names[] = {"id",     "position", "version",    "data_version", "user",
                                        "actor",  "customer", "model",      "owner",        "last_user",
                                        "record", "rule",     "last_touch", "case",         "customer_ids"};
  return key.ends_with("_id") || std::ranges::find(names, key) != std::end(names);
}

// What a field was and is, in a told change: a number where the field holds one.
bool is_change(std::string_view key) { return key == "before" || key == "after"; }

// Entities that have a field of this name, which is no journal position.
bool is_place_in_list(const std::string& place) {
  constexpr std::string_view entities[] = {"pipeline_stage",  "quote_line",     "relationship",
                                           "survey_question", "workflow_state", "relations"};
  return std::ranges::any_of(entities, [&](std::string_view entity) { return place.find(entity) != place.npos; });
}

bool is_token(const std::string& place) { return place.ends_with(".position") || place.ends_with(".version"); }

void rename(json::value& value, Renaming& renaming, const std::string& place, bool is_number) {
  const bool digits = value.is_string() && !value.as_string().empty() &&
                      value.as_string().find_first_not_of("0123456789") == json::string::npos;
  if (digits && is_token(place) && !(place.ends_with(".position") && is_place_in_list(place))) {
    const std::int64_t number = std::stoll(std::string(value.as_string()));
    value = place.ends_with(".version") ? renaming.token(number) : renaming.position(number);
  } else if (digits && place.ends_with(".data_version") && value.as_string().size() > 6) {
    value = "#";  // the position of a snapshot
  } else if (value.is_int64() && place.ends_with(".data_version") && value.as_int64() >= 1'000'000) {
    value = "#";  // the greatest of some tokens, whose order says nothing
  } else if (place.ends_with(".next") && value.is_string()) {
    // Where a section of a profile goes on: the moment and the number of its last record.
    const std::string next(value.as_string());
    const std::size_t dot = std::min(next.rfind('.'), next.size());
    value = next.substr(0, dot) + renaming.named(next.substr(dot), place);
  } else if (place.ends_with(".event_id") && value.is_string()) {
    value = renaming.named(std::string(value.as_string()), place);
  } else if (value.is_object()) {
    // What says of which entity its numbers are, has them apart from others.
    const json::value* const entity = value.as_object().if_contains("entity");
    const std::string here =
        entity != nullptr && entity->is_string() ? place + std::string(entity->as_string()) : place;
    for (auto& [key, inner] : value.as_object())
      rename(inner, renaming, here + "." + std::string(key), is_change(key) ? is_number : holds_number(key));
  } else if (value.is_array()) {
    for (json::value& inner : value.as_array()) rename(inner, renaming, place, is_number);
  } else if (is_number && value.is_string() && value.as_string() != "0" && digits) {
    value = renaming.named(std::string(value.as_string()), place);
  } else if (is_number && value.is_int64() && value.as_int64() != 0) {
    value = renaming.named(std::to_string(value.as_int64()), place);
  }
}

}  // namespace

std::string Renaming::named(const std::string& number, const std::string& place) {
  const auto [known, is_new] = names_.emplace(std::pair(place, number), 0);
  if (is_new) known->second = met_[place]++;
  return "#" + std::to_string(known->second);
}

std::string Renaming::token(std::int64_t token) {
  small_token_met_ |= token > 0 && token < 1'000'000;
  return token == 0 ? "0" : named(std::to_string(token), "token");
}

std::string Renaming::position(std::int64_t position) {
  small_token_met_ |= position > 0 && position < 1'000'000;
  return position == 0 ? "0" : "#";
}

std::string Renaming::json(std::string_view text, const std::string& place) {
  json::value value = json::parse(text);
  rename(value, *this, place, false);
  return json::serialize(value);
}

std::string Renaming::json_lines(std::string_view lines, const std::string& place) {
  std::string renamed;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    if (end > 0) renamed += json(lines.substr(0, end), place) + "\n";
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return renamed;
}

std::string arrow_text(ArrowConsumer& consumer, Renaming& renaming, const std::string& entity) {
  const std::vector<std::string> columns = consumer.columns();
  const auto told = std::ranges::find(columns, "entity:u");
  std::string text;
  while (consumer.more()) {
    for (std::int64_t row = 0; row < consumer.batch.length; ++row, text += "\n") {
      // What says of which entity its numbers are, has them apart from others.
      const std::string of =
          entity + (told == columns.end() ? "" : consumer.text(static_cast<std::size_t>(told - columns.begin()), row));
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::size_t colon = columns[i].find(':');
        const std::string name = columns[i].substr(0, colon), format = columns[i].substr(colon + 1);
        text += "|";
        if (consumer.missing(i, row)) continue;
        if (format == "u")
          text += consumer.text(i, row);
        else if (name == "version")
          text += renaming.token(consumer.number<std::int64_t>(i, row));
        else if (format == "l" && (holds_number(name) || name == "case"))
          text += renaming.named(std::to_string(consumer.number<std::int64_t>(i, row)), of + "." + name);
        else if (format == "l" || format == "g" || format.starts_with("ts"))
          text += std::to_string(consumer.number<std::int64_t>(i, row));
        else
          text += "+";
      }
    }
  }
  return text;
}

}  // namespace emptor::test
