#include "support/renaming.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "support/arrow_consumer.hpp"

namespace emptor::test {
namespace {

namespace json = boost::json;

bool holds_number(std::string_view key) {
  constexpr std::string_view names[] = {"id",     "position", "version",   "data_version", "user",
                                        "actor",  "customer", "model",     "owner",        "last_user",
                                        "record", "rule",     "last_touch"};
  return key.ends_with("_id") || std::ranges::find(names, key) != std::end(names);
}

bool is_token(const std::string& place) { return place.ends_with(".position") || place.ends_with(".version"); }

void rename(json::value& value, Renaming& renaming, const std::string& place, bool is_number) {
  if (is_token(place) && value.is_string() && value.as_string().find_first_not_of("0123456789") == json::string::npos &&
      !value.as_string().empty() && !place.starts_with("pipeline_stage") && !place.starts_with("relationship")) {
    value = renaming.token(std::stoll(std::string(value.as_string())));
  } else if (value.is_object()) {
    // What says of which entity its numbers are, has them apart from others.
    const json::value* const entity = value.as_object().if_contains("entity");
    const std::string here =
        entity != nullptr && entity->is_string() ? place + std::string(entity->as_string()) : place;
    for (auto& [key, inner] : value.as_object())
      rename(inner, renaming, here + "." + std::string(key), holds_number(key));
  } else if (value.is_array()) {
    for (json::value& inner : value.as_array()) rename(inner, renaming, place, is_number);
  } else if (is_number && value.is_string() && value.as_string() != "0" &&
             value.as_string().find_first_not_of("0123456789") == json::string::npos) {
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
  std::string text;
  while (consumer.more()) {
    for (std::int64_t row = 0; row < consumer.batch.length; ++row, text += "\n")
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::size_t colon = columns[i].find(':');
        const std::string name = columns[i].substr(0, colon), format = columns[i].substr(colon + 1);
        text += "|";
        if (consumer.missing(i, row)) continue;
        if (format == "u")
          text += consumer.text(i, row);
        else if (format == "l" && (name == "version" || holds_number(name)))
          text += renaming.named(std::to_string(consumer.number<std::int64_t>(i, row)), entity + "." + name);
        else if (format == "l" || format == "g" || format.starts_with("ts"))
          text += std::to_string(consumer.number<std::int64_t>(i, row));
        else
          text += "+";
      }
  }
  return text;
}

}  // namespace emptor::test
