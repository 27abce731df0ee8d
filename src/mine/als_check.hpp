/// What options of alternating least squares may be.
#pragma once

#include "emptor/mine/als.hpp"

namespace emptor::mine {

/// Throws Code::invalid, naming the option.
void check_options(const AlsOptions& options);

}  // namespace emptor::mine
