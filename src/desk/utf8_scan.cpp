#include "desk/utf8_scan.hpp"

namespace emptor {
namespace {

/// U+00C2, U+00C3 or U+00E2 (what the commonest lead bytes become in cp1252) and behind it U+0080-U+00BF, or
/// for the last the euro sign of a typographic mark.
bool is_mojibake(std::string_view text) noexcept {
  if (text.starts_with("\xC3\xA2\xE2\x82\xAC")) return true;
  const bool lead = text.starts_with("\xC3\x82") || text.starts_with("\xC3\x83");
  return lead && text.size() >= 4 && text[2] == '\xC2' && (static_cast<unsigned char>(text[3]) & 0xC0U) == 0x80;
}

}  // namespace

Utf8Count count_utf8(std::string_view text) noexcept {
  Utf8Count count;
  for (std::size_t at = ascii_prefix(text); at < text.size();) {
    const std::size_t size = utf8_sequence(text, at);
    if (size == 0) {
      count.malformed += static_cast<unsigned char>(text[at]) >= 0x80;
      ++at;
      continue;
    }
    ++count.sequences;
    if (text[at] == '\xC3' && is_mojibake(text.substr(at, 5)) && count.mojibake++ == 0) count.first_mojibake = at;
    at += size;
    if (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) at += ascii_prefix(text.substr(at));
  }
  return count;
}

}  // namespace emptor
