// Ground for tests of rights: a store with teams, users, roles and customers, made by short calls.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "emptor/core/error.hpp"
#include "emptor/session/session.hpp"
#include "support/store_ground.hpp"

namespace emptor::test {

/// The code that a call is refused with; ok where it is not.
Code refusal_of(const std::function<void()>& call);

/// Fields that a permission keeps back, separated by commas.
struct KeptFields {
  std::string hidden = {}, masked = {}, read_only = {};
};

/// Everything the system writes goes through one session of its own; rights are in force from the start.
class Office {
 public:
  explicit Office(Store& store);

  struct Set {
    std::string_view field;
    Value value;
  };
  Id put(std::string_view entity, std::initializer_list<Set> fields, Id id = no_id);
  void erase(std::string_view entity, Id id);
  /// A user in a team, with one role made for them.
  Id user(std::string_view name, Id team = no_id, Id territory = no_id);
  Id allow(Id user, std::string_view action, std::string_view scope, std::string_view entity = "",
           const KeptFields& fields = {}, std::string_view rule = "");
  Id customer(std::string_view name, Id owner = no_id, Id team = no_id, Id territory = no_id);

  Session& system() noexcept { return system_; }
  std::unique_ptr<Session> as(Id user);
  Instant now{1'700'000'000'000'000};

 private:
  SessionOptions options(Id user);

  Store& store_;
  unsigned next_ = 1;
  Session system_;
  std::map<Id, Id> roles_;
};

}  // namespace emptor::test
