// What is left of erased rows between the rows of pages.
#pragma once

#include "store/sqlite/connection.hpp"

namespace emptor::sqlite {

/// Overwrites the room between the pointers and the cells of every page. SQLite overwrites what it frees
/// (secure_delete), but where it shares the cells of a full page out among neighbours, their old bytes stay in that
/// room: of 200 people who were erased, one name did. Written to the file itself, whose content it does not change:
/// whoever reads a page meanwhile has it right, old bytes or none. Requires the write lock and an empty log, and that
/// this connection writes no more: it may have pages at hand.
void clear_slack(Connection& connection);

}  // namespace emptor::sqlite
