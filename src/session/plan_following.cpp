// Records that follow from a plan's own: rows that a derivation worked out.
#include <algorithm>
#include <set>

#include "session/plan.hpp"

namespace emptor {

void Plan::follow(const FollowingRecords& following) {
  const std::size_t first = changes_.size();
  // Entities of which records follow are seldom those that the set writes.
  const auto follows = [&](const PlannedChange& change) {
    return std::ranges::any_of(following.records(), [&](const auto& record) { return record.entity == change.entity; });
  };
  std::set<std::pair<EntityNumber, Id>> written;
  const Entity* last = nullptr;
  bool wanted = false;
  for (const PlannedChange& change : changes_) {
    if (change.entity != last) wanted = follows(change);
    last = change.entity;
    if (wanted) written.emplace(change.entity->number, change.id);
  }
  const std::size_t begin = values_.size();
  values_.insert(values_.end(), following.values().begin(), following.values().end());
  for (const FollowingRecords::Record& record : following.records()) {
    PlannedChange planned;
    planned.entity = record.entity;
    planned.is_new = record.is_new;
    if (!planned.is_new) planned.id = following.before(record)[system_field::id].id();
    if (!planned.is_new && written.contains({record.entity->number, planned.id})) continue;
    planned.erase = !planned.is_new && following.after(record)[system_field::deleted_at].present();
    planned.before = begin + record.before;
    planned.after = begin + record.after;
    changes_.push_back(planned);
  }
  std::vector<const Entity*> entities;
  for (std::size_t i = first; i < changes_.size(); ++i)
    if (changes_[i].is_new && std::ranges::find(entities, changes_[i].entity) == entities.end())
      entities.push_back(changes_[i].entity);
  for (const Entity* entity : entities) {
    const auto news = [&](const PlannedChange& change) { return change.is_new && change.entity == entity; };
    const auto begin = changes_.begin() + static_cast<std::ptrdiff_t>(first);
    Id next = writer_.allocate(*entity, static_cast<std::size_t>(std::count_if(begin, changes_.end(), news)));
    for (auto change = begin; change != changes_.end(); ++change)
      if (news(*change)) change->id = Id{next.value++};
  }
  for (std::size_t i = first; i < changes_.size(); ++i) {
    values_[changes_[i].after + system_field::id] = Value(changes_[i].id);
    finish(changes_[i]);
  }
  throw_problems();
}

}  // namespace emptor
