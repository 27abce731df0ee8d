#include "store/host/visible_keys.hpp"

#include "emptor/core/error.hpp"

namespace emptor::host {

void PendingKeys::put(std::string key, std::string_view value) {
  if (key.size() > host_key_bytes)
    throw Error(Code::invalid, "the name of a setting is too long to be a key of the host's store",
                "names are of at most 510 bytes there");
  pending_.insert_or_assign(std::move(key), std::string(value));
}

}  // namespace emptor::host
