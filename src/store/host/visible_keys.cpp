#include "store/host/visible_keys.hpp"

#include "emptor/core/error.hpp"

namespace emptor::host {

void PendingKeys::put(std::string key, std::string_view value) {
  if (key.size() >= host_key_bytes)
    throw Error(Code::invalid, "a text is too long to be a key of the host's store",
                "indexed texts and names of settings are of at most about 4,000 bytes there");
  pending_.insert_or_assign(std::move(key), std::string(value));
}

}  // namespace emptor::host
