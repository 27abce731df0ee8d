/// An import's report, in words.
#pragma once

#include <string>

#include "emptor/desk/import.hpp"

namespace emptor::cli {

std::string text_of(const ImportReport& report, bool dry_run);
bool has_rejects(const ImportReport& report);

}  // namespace emptor::cli
