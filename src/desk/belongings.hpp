// Whose records are whose: everything of one customer that an actor may export, and what it refers to.
#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor::desk {

/// What records of customers refer to and is nobody's (products, campaigns ...): staff and other customers are people,
/// models are the host's.
bool is_carried(const Entity& entity);
/// Whether somebody gave it, rather than the library.
bool is_given(const Field& field);

/// The records of one customer as the actor may export them. Throws Code::denied and Code::not_found.
class Belongings {
 public:
  Belongings(const View& view, Id customer);

  std::vector<Record> records, deleted, referred;

 private:
  void add(const Entity& entity, Where where, std::vector<Record>& into);
  void add_identities(const std::vector<Record>& of, std::vector<Record>& into);
  void add_referred();
  void want_references(const Record& record, std::map<EntityNumber, std::set<Id>>& wanted);

  const View& view_;
  std::set<std::pair<EntityNumber, Id>> known_;
};

}  // namespace emptor::desk
