/// Membership in a set of ids, as a function of a connection: visible sets and segments meet queries here.
#pragma once

#include <sqlite3.h>

namespace emptor::sqlite {

/// `emptor_among(id, address)`: 1 where the id is in the IdSet at the address, else 0. Only statements of ours can
/// name it, and no view, trigger or index of a file that somebody else has made.
void add_among(sqlite3* connection);

}  // namespace emptor::sqlite
