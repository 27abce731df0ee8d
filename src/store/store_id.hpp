/// What a store begins with when it is made: its number and its fields.
#pragma once

#include <span>
#include <string>

#include "emptor/store/store.hpp"

namespace emptor {

/// That of the origin where there is one, else 32 hexadecimal digits of the options' entropy.
std::string new_store_id(const OpenOptions& options);

/// Names and values of the settings that a store begins with, whatever keeps them.
std::vector<std::pair<std::string, std::string>> first_settings(const OpenOptions& options);

/// The fields of the origin, in the order of their numbers; none where there is no origin.
std::span<const CatalogField> first_catalog(const OpenOptions& options) noexcept;

}  // namespace emptor
