// Which customers' own records changed after a position of the journal.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "emptor/store/store.hpp"

namespace emptor {

/// Ascending. Nothing where so much changed that reading everything anew is as quick, where entries were forgotten, and
/// where a record of an entity changed that `ends` is true of.
std::optional<std::vector<Id>> customers_changed(Reader& reader, std::int64_t after,
                                                 const std::function<bool(const Entity&)>& ends = {});

}  // namespace emptor
