// A store laid over another, which keeps some fields encrypted.
#pragma once

#include <memory>

#include "emptor/store/store.hpp"

namespace emptor::sealed {

/// The store as those see it who hold the keys. Costs nothing where no field is sealed. Where some are and no key was
/// given, reading and writing throw Code::denied.
std::unique_ptr<Store> over(std::unique_ptr<Store> kept, const OpenOptions& options);

}  // namespace emptor::sealed
