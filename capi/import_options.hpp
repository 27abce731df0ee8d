/// The options of an import, whether of files or of a host's tables.
#pragma once

#include "emptor.h"
#include "emptor/desk/import.hpp"

namespace emptor::capi {

/// NULL means the defaults.
ImportOptions import_options(const emptor_import_options* options);

}  // namespace emptor::capi
