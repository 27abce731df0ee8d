// For which records somebody is responsible, and which of them are still to be done.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "emptor/desk/ownership.hpp"

namespace emptor::desk {

struct Duty {
  std::string_view entity;
  bool along = false;                      ///< comes along with its customer
  Where open;                              ///< those that somebody must go on with
  KeptReason others = KeptReason::closed;  ///< why the others keep naming the user
};

/// One for every entity with a field that is `responsible`, but customers.
const std::vector<Duty>& duties();

}  // namespace emptor::desk
