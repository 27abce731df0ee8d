// In the place of all other files of this folder, where libpq's header was not found.
#include "emptor/core/error.hpp"
#include "emptor/store/open.hpp"

namespace emptor {

std::unique_ptr<Store> open_postgres(const std::string&, const OpenOptions&, const Log&) {
  throw Error(Code::unsupported, "this build has no PostgreSQL store",
              "give the path of a file (\"shop.emptor\") or \":memory:\"");
}

}  // namespace emptor
