/// UTF-8 checks, folding and the order of text: the same on every store and system, no locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emptor {

/// Well-formed UTF-8 (no overlong forms, no surrogates, at most U+10FFFF) without NUL.
bool is_utf8(std::string_view text) noexcept;
/// Number of code points. Requires well-formed UTF-8.
std::size_t length(std::string_view text) noexcept;
/// Appends one code point.
void append_utf8(std::string& text, char32_t code_point);
/// Reads one code point and advances `at`; U+FFFD for a malformed byte.
char32_t next_code_point(std::string_view text, std::size_t& at) noexcept;
/// Without white space at both ends (ASCII white space, U+00A0 and U+3000).
std::string_view trim(std::string_view text) noexcept;
/// The form under which two texts are "the same" to a reader: lower case, Latin letters without
/// accents, full-width forms made half-width, runs of white space one blank, trimmed. Chinese,
/// Japanese and other scripts stay as they are.
std::string fold(std::string_view text);
/// The same, and for each byte of it where in `text` the code point begins that it stands for.
std::string fold(std::string_view text, std::vector<std::uint32_t>& origins);
/// At most `bytes` bytes, cut between code points.
std::string_view truncate(std::string_view text, std::size_t bytes) noexcept;
/// Levenshtein distance in code points, but no more than `limit` + 1 (early exit).
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

}  // namespace emptor
