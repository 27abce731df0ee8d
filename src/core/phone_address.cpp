#include "core/phone_address.hpp"

#include <algorithm>

namespace emptor::phone {
namespace {

constexpr std::string_view context_name = ";phone-context=";

bool same_letter(char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b); }

/// `word` is in small letters.
bool begins_with(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && std::equal(word.begin(), word.end(), text.begin(),
                                                  [](char small, char any) { return same_letter(any, small); });
}

std::size_t find_word(std::string_view text, std::string_view word) {
  for (std::size_t at = 0; at + word.size() <= text.size(); ++at)
    if (begins_with(text.substr(at), word)) return at;
  return text.npos;
}

/// The value of a parameter (";ext="); its data() is null where it is missing.
std::string_view parameter(std::string_view text, std::string_view name) {
  const std::size_t at = find_word(text, name);
  if (at == text.npos) return {};
  const std::string_view value = text.substr(at + name.size());
  return value.substr(0, std::min(value.find(';'), value.size()));
}

bool is_plain_digit(char c) { return c >= '0' && c <= '9'; }

bool is_prefix(std::string_view context) {
  const std::string_view rest = context.substr(1);
  return std::any_of(rest.begin(), rest.end(), is_plain_digit) && rest.find_first_not_of("0123456789-.()") == rest.npos;
}

bool is_domain_letter(char c) {
  return is_plain_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
}

/// A context is a prefix of the number or a domain, which tells nothing of it.
bool is_context(std::string_view context) {
  if (context.starts_with('+')) return is_prefix(context);
  return !context.empty() && std::all_of(context.begin(), context.end(), is_domain_letter);
}

int hexadecimal(char c) {
  if (is_plain_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool may_dial(char c) { return std::string_view("0123456789+-.()*#%").find(c) != std::string_view::npos; }

/// The address in `"Ann" <sip:...>`, else the whole text.
std::string_view within_brackets(std::string_view text) {
  const std::size_t open = text.find('<');
  if (open == text.npos) return text;
  const std::string_view inner = text.substr(open + 1);
  return inner.substr(0, std::min(inner.find('>'), inner.size()));
}

}  // namespace

Address::Address(std::string_view text) noexcept {
  if (text.find_first_of(":;") == text.npos) {
    number_ = text;
    return;
  }
  const std::string_view address = within_brackets(text);
  const std::size_t scheme = find_word(address, "tel:");
  if (begins_with(address, "sip:")) {
    read_sip(address.substr(4));
  } else if (begins_with(address, "sips:")) {
    read_sip(address.substr(5));
  } else if (scheme == 0 || find_word(address, context_name) != address.npos) {
    read_parameters(scheme == address.npos ? address : address.substr(scheme + 4));
  } else {
    number_ = text;
  }
}

void Address::read_sip(std::string_view rest) noexcept {
  const std::size_t host = rest.find('@');
  std::string_view user = rest.substr(0, std::min(host == rest.npos ? rest.find_first_of(";?") : host, rest.size()));
  user_ = user.substr(0, std::min(user.find_first_of(";:"), user.size()));
  if (std::all_of(user_.begin(), user_.end(), may_dial) || find_word(user_, "%2b") == 0) read_parameters(user);
}

void Address::read_parameters(std::string_view rest) noexcept {
  const std::string_view context = parameter(rest, context_name);
  if (context.data() != nullptr && !is_context(context)) return;
  if (context.starts_with('+')) put(context);
  put(rest.substr(0, std::min(rest.find(';'), rest.size())));
  if (const std::string_view extension = parameter(rest, ";ext="); !extension.empty()) {
    put(";ext=");
    put(extension);
  }
  number_ = {bytes_.data(), size_};
}

void Address::put(std::string_view part) noexcept {
  for (std::size_t at = 0; at < part.size() && size_ < bytes_.size(); ++at) {
    const bool coded = part[at] == '%' && at + 2 < part.size();
    const int high = coded ? hexadecimal(part[at + 1]) : -1;
    const int low = coded ? hexadecimal(part[at + 2]) : -1;
    if (high < 0 || low < 0) {
      bytes_[size_++] = part[at];
    } else {
      bytes_[size_++] = static_cast<char>(high * 16 + low);
      at += 2;
    }
  }
}

}  // namespace emptor::phone
