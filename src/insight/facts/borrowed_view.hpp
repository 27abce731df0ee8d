/// A view of what a reader sees that somebody else owns: inside a write, its writer.
#pragma once

#include "emptor/session/session.hpp"

namespace emptor {

/// The reader must outlive it.
View borrowed_view(Reader& reader);

}  // namespace emptor
