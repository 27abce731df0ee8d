// A session of another process on a store that several may have open.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "emptor/session/session.hpp"
#include "support/child_process.hpp"

namespace emptor::test {

/// Make it before this process opens any store. What it refuses is thrown here, with the message only.
class OtherSession {
 public:
  OtherSession();

  /// Opens a store by its name, in place of the one before.
  void open(const std::string& where, Durability durability);
  void close();
  /// The id of the first record. Takes puts and erasures by id, as they are set.
  Id apply(const ChangeSet& set, Instant now);
  void settle(Instant now);

 private:
  std::int64_t ask(std::string_view message);

  ChildProcess process_;
};

}  // namespace emptor::test
