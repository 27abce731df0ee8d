/// Telephone numbers of made-up people, and the notations that they are written in.
#pragma once

#include <cstddef>
#include <string>

#include "desk/generated_names.hpp"

namespace emptor {

/// A telephone number without its notation.
struct MadePhone {
  Tongue tongue = Tongue::english;
  bool mobile = false;
  std::string area, rest;
};
MadePhone made_phone(Random& random, Tongue tongue, bool mobile);
/// "+494012345678".
std::string e164(const MadePhone& phone);
inline constexpr std::size_t phone_notations = 6;  ///< 0 is international with blanks
std::string written(const MadePhone& phone, std::size_t notation);

}  // namespace emptor
