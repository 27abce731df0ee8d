/// Sealed fields: personal texts that are kept encrypted in the store, under keys that the host's key wraps
/// (docs/sealing.md). Who opens the store with the key reads and writes them like any other; without it nothing is
/// told.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

/// Seals fields ("customer.name", "contact_point.value") and what is derived from them, in one commit: their texts, the
/// secrets of customers and the store's own are encrypted, and their words leave the search index. From then on a
/// sealed field answers whether it is there and whether it is equal to a text; its order, its parts, groups by it,
/// search and rules of segments are refused (Code::unsupported). Fields that are sealed already stay so. Only for who
/// may have the whole store told, in a store that was opened with a key (else Code::denied). Throws Code::not_found for
/// an unknown field, and Code::invalid, with every problem, for one that is no personal text, is part of a unique key
/// or is asked by the rule of a segment.
void seal_fields(Session& session, std::span<const std::string_view> fields, const Progress& progress = {});

/// Wraps every secret of the store with the first of the keys that it was opened with, in commits of some thousand
/// customers, while others read and write; they must hold both keys until it is done. May be called again after it was
/// stopped. Code::denied where the store has no sealed fields, or for who may not have it told.
void rotate_keys(Session& session, const Progress& progress = {});

/// "entity.field", in the order of entities and fields.
std::vector<std::string> sealed_fields(const Schema& schema);

}  // namespace emptor
