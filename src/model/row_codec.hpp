/// The one encoding of a row as bytes: what digests stand for, and what differences and stores keep.
///
/// The present fields in the order of their numbers, each as its number (varint) and its value: a
/// zigzag varint for what is an integer inside, eight bytes (little endian) for a real, a length
/// (varint) and the bytes for text and bytes. Equal rows are equal bytes; other bytes than these are
/// refused when read.
///
/// A difference is the fields in which two rows differ, each as twice its number, plus one where a value
/// of the new row follows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "emptor/model/record.hpp"

namespace emptor {

/// Appends the fields from number `first` on. A row may be shorter than the entity (written before its
/// newest fields): what it lacks is missing.
void encode_row(const Entity& entity, Row row, std::string& out, FieldNumber first = 0);
/// Makes `row` as long as the entity, with texts that view the input. Throws Code::corrupt.
void decode_row(const Entity& entity, std::string_view encoded, std::vector<Value>& row);

enum class FieldChoice { all, plain, personal };

/// Appends what turns `from` into `to`, of the chosen fields from number `first` on; nothing where they are equal.
void encode_difference(const Entity& entity, Row from, Row to, std::string& out, FieldNumber first = 0,
                       FieldChoice choice = FieldChoice::all);
/// Turns `row` (made as long as the entity) into what the difference was made for. Texts view the input.
/// Throws Code::corrupt, with a row that may have some of its changes.
void apply_difference(const Entity& entity, std::string_view difference, std::vector<Value>& row);
/// Appends the numbers of the fields that a difference is about, ascending. Throws Code::corrupt.
void list_difference(const Entity& entity, std::string_view difference, std::vector<FieldNumber>& fields);

}  // namespace emptor
