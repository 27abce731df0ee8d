// What a host's store holds besides rows and journal, how it is made and how it is brought up to date.
#pragma once

#include "emptor/core/log.hpp"
#include "store/host/visible_keys.hpp"

namespace emptor::host {

/// Finds the store among the host's keys, makes it where there is none and the options say so, and brings it up to
/// date. True where a newer minor version wrote it, so that it can only be read. Throws Code::not_found, Code::corrupt,
/// Code::newer, and Code::unsupported where it must be brought up to date and may only be read.
bool begin_store(const BasePtr& base, const Log& log);

/// Adds one field (its catalogue row and index) and returns the new schema.
SchemaPtr add_field(PendingKeys& keys, const Schema& schema, const CatalogField& field);
/// Gives fields other flags and returns the new schema.
SchemaPtr mark_fields(PendingKeys& keys, const Schema& schema, std::span<const CatalogField> fields);

}  // namespace emptor::host
