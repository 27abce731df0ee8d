/// What a store knows of competitors: deals, and where customers name them.
#pragma once

#include "emptor/session/session.hpp"
#include "insight/market/competition.hpp"

namespace emptor {

/// Up to a day. Mentions are names of competitors, as whole words, case and accents aside, in contacts, cases and
/// feedback, and competitors of deals that are open. The region of a deal is that of its customer, else the country.
CompetitionData read_competition(const View& view, Date until);

/// Where a folded name stands in a folded text as a word of its own. Signs of scripts that write without spaces are
/// words wherever they stand.
bool names_it(std::string_view text, std::string_view name);

}  // namespace emptor
