// What a world is made in: a store that is written by the system, through C++ or through the C API.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "emptor.h"
#include "emptor/session/session.hpp"

namespace emptor::test {

/// A record that the system writes. References to records that are made earlier in the same list are negative: -1 is
/// the first.
struct MadeRecord {
  std::string entity;
  Id id = {};
  bool erase = false;
  std::vector<std::pair<std::string, Value>> cells = {};
};

class WorldGround {
 public:
  virtual ~WorldGround() = default;
  /// All of them as one change set; returns their ids.
  virtual std::vector<Id> apply(const std::vector<MadeRecord>& records, const std::string& reason) = 0;
  virtual void define_field(const std::string& entity, const std::string& name) = 0;
  virtual void enforce_rights() = 0;

  Instant now{1'699'930'000'000'000};  // some hours into a day
  unsigned entropy = 1;
};

/// In memory, through C++.
class CppGround final : public WorldGround {
 public:
  CppGround();
  std::vector<Id> apply(const std::vector<MadeRecord>& records, const std::string& reason) override;
  void define_field(const std::string& entity, const std::string& name) override;
  void enforce_rights() override;
  std::unique_ptr<Session> session(Id user);

 private:
  SessionOptions options(Id user);
  std::unique_ptr<Store> store_;
  std::unique_ptr<Session> system_;
};

/// In memory, through the C API.
class CapiGround final : public WorldGround {
 public:
  CapiGround();
  ~CapiGround() override;
  std::vector<Id> apply(const std::vector<MadeRecord>& records, const std::string& reason) override;
  void define_field(const std::string& entity, const std::string& name) override;
  void enforce_rights() override;
  emptor_session* session(Id user);

 private:
  emptor_store* store_ = nullptr;
  emptor_session* system_ = nullptr;
};

}  // namespace emptor::test
