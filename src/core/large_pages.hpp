/// Large pages of memory for tables that are read here and there.
#pragma once

#include <cstddef>

namespace emptor {

/// Asks the system to back memory that was not touched yet by large pages, so that it is found through few entries of
/// the processor's table of pages. A wish: nothing depends on it, and not every system grants it.
void wish_for_large_pages(void* begin, std::size_t bytes) noexcept;

}  // namespace emptor
