/// libsodium, set up once for the process.
#pragma once

namespace emptor {

/// Must be called before any other call of libsodium. Throws Code::internal where it cannot be set up.
void sodium_ready();

}  // namespace emptor
