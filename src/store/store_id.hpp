/// The number that a store gets when it is made.
#pragma once

#include <string>

#include "emptor/store/store.hpp"

namespace emptor {

/// That of the origin where there is one, else 32 hexadecimal digits of the options' entropy.
std::string new_store_id(const OpenOptions& options);

}  // namespace emptor
