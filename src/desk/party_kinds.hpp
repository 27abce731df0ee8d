// Words for what a customer is, in the languages that headers are read in.
#pragma once

#include <string_view>

namespace emptor::desk {

/// "person" or "organisation"; empty for a word that says neither.
std::string_view party_kind_of(std::string_view word);

}  // namespace emptor::desk
