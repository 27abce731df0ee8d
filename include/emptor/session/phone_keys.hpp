/// Under which keys contact points with a telephone number are kept and found.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace emptor {

/// Channels whose values are telephone numbers: phone, mobile, fax.
bool is_phone_channel(std::string_view channel) noexcept;

/// The `value_key` of a contact point of such a channel: the E.164 form where the number is valid in `region` (ISO 3166
/// alpha-2, may be empty) or was written with its calling code; else its digits as they were written; else, where it is
/// no number, the folded text.
std::string phone_key(std::string_view text, std::string_view region);

/// The keys under which a contact point with that number may be kept, surest first, each once: the E.164 form; what a
/// contact point of an unknown country holds (the number as it is dialled within its country, with and without trunk
/// prefix, and the digits as they were written); the folded text, as stores of format 1.0 hold it. Only the first is
/// sure to mean that number: look for the others where it finds nobody. None for a withheld number.
///
///   phone_keys("+49 30 901820");  // "+4930901820", "030901820", "30901820", "+49 30 901820"
std::vector<std::string> phone_keys(std::string_view text, std::string_view default_region = {});

}  // namespace emptor
