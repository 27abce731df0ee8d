// Values as bytes whose order (memcmp) is the order of the values: what index keys are made of.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "emptor/model/record.hpp"
#include "emptor/model/schema.hpp"

namespace emptor::keyvalue {

/// The number of an index in a store: its entity and fields, so that it never moves when others come or go.
/// Throws Code::unsupported for a key of more than three fields.
std::uint64_t index_number(EntityNumber entity, std::span<const FieldNumber> fields);

/// Appends one present value. Where more follows (`more`), text is closed, so that a shorter text sorts
/// before a longer one whatever follows.
void append_key(std::string& key, const Value& value, bool more);
/// Appends bytes so that a zero can follow as the end: one inside becomes 00 01, and what ends them is 00 and a byte
/// that is not 01. Shorter ones sort before those they begin, whatever follows, where the end is 00 00.
void append_escaped(std::string& key, std::string_view bytes);
void append_closed(std::string& key, std::string_view bytes);
/// Takes what `append_escaped` wrote and its end off the front, and returns the end's second byte; nothing where there
/// is no end.
std::optional<char> take_escaped(std::string_view& rest, std::string& bytes);
/// The key of a row in an index; false (and an undefined key) where one of the fields that it needs is missing.
bool index_key(const Index& index, Row row, std::string& key);
/// The smallest key above all that begin with `prefix`; nothing where there is none.
std::optional<std::string> after_prefix(std::string prefix);
/// The smallest key above `key` itself.
std::string just_above(std::string key);
/// The value at the front of a key, reading no further; for keys of one field.
Value decode_key(Type type, std::string_view key);

}  // namespace emptor::keyvalue
