#include "core/sodium_ready.hpp"

#include <sodium.h>

#include "emptor/core/error.hpp"

namespace emptor {

void sodium_ready() {
  static const int result = sodium_init();  // 1 where the host had done it before
  if (result < 0) throw Error(Code::internal, "libsodium cannot be set up: the system gives no random bytes");
}

}  // namespace emptor
