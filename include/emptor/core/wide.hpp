/// 128-bit integers, which g++ and clang have and the standard does not name.
#pragma once

namespace emptor {

__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 UnsignedWide;

}  // namespace emptor
