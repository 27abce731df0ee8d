// Records of every entity with random values: for what must hold whatever stands in a store.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "emptor/core/random.hpp"
#include "emptor/session/session.hpp"

namespace emptor::test {

class RandomRecords {
 public:
  RandomRecords(Session& session, std::uint64_t seed) : session_(session), random_(seed) {}

  /// One record of each entity that hosts write, in one set, referring to each other.
  void make_one_of_each();
  /// Changes a few records, some of them to nothing in a field.
  void change_some();
  void erase_one();

 private:
  bool chance(std::uint64_t in) { return random_.below(in) == 0; }
  void fill(ChangeSet::Put& put, const Entity& entity, bool anew);
  Value value_for(const Entity& entity, const Field& field);
  std::string text_for(const Field& field);
  Id any(const std::string& entity);

  Session& session_;
  Random random_;
  Arena text_;
  std::uint64_t number_ = 0;
  std::map<std::string, std::vector<Id>> ids_;
  std::map<std::string, Id> of_set_;  ///< made by the set at hand
};

}  // namespace emptor::test
