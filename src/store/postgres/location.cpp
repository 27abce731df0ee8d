#include "store/postgres/location.hpp"

#include <algorithm>
#include <string_view>

#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"

namespace emptor::postgres {
namespace {

constexpr std::string_view own_parameter = "schema=";
constexpr std::size_t longest_name = 63;

int digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char letter = static_cast<char>(c | 0x20);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// Without the %XX of URLs; what is none stays.
std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escape = text[at] == '%' && at + 2 < text.size() && digit(text[at + 1]) >= 0 && digit(text[at + 2]) >= 0;
    if (!escape) {
      plain += text[at];
      continue;
    }
    plain += static_cast<char>(digit(text[at + 1]) << 4 | digit(text[at + 2]));
    at += 2;
  }
  return plain;
}

void check_schema(const std::string& schema) {
  if (schema.empty() || schema.size() > longest_name || schema.starts_with("pg_") || !is_utf8(schema))
    throw Error(Code::invalid, "the URL names no schema that a store can have",
                "give ?schema=NAME with 1 to 63 bytes that do not begin with pg_");
}

}  // namespace

Location Location::parse(const std::string& url) {
  Location location{url.substr(0, url.find('?')), "emptor"};
  std::string_view parameters = std::string_view(url).substr(location.server.size());
  char before = '?';
  while (!parameters.empty()) {
    parameters.remove_prefix(1);
    const std::string_view parameter = parameters.substr(0, parameters.find('&'));
    parameters.remove_prefix(parameter.size());
    if (parameter.starts_with(own_parameter)) {
      location.schema = decoded(parameter.substr(own_parameter.size()));
    } else if (!parameter.empty()) {
      location.server.append(1, before).append(parameter);
      before = '&';
    }
  }
  check_schema(location.schema);
  return location;
}

// FNV-1a: two schemas with one number would only wait for each other.
std::int64_t Location::lock() const noexcept {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : "emptor:" + schema) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return static_cast<std::int64_t>(hash);
}

}  // namespace emptor::postgres
