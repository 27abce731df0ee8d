/// A bar on standard error, while it is a terminal; silent otherwise.
#pragma once

#include "emptor/core/progress.hpp"

namespace emptor::cli {

/// Draws at most ten times a second and wipes itself at 100 % and at the end of its life.
Progress progress_bar();

}  // namespace emptor::cli
