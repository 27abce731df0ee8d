#include "emptor/session/change_set.hpp"

#include "emptor/core/error.hpp"

namespace emptor {

ChangeSet::Put& ChangeSet::Put::set(std::string_view field, const Value& value) {
  set_->cells_.push_back({set_->name_index(field), set_->arena_.keep(value)});
  return *this;
}

ChangeSet::Put& ChangeSet::Put::by(std::string_view system, std::string_view external_id) {
  if (system.empty() || external_id.empty())
    throw Error(Code::misuse, "an identity needs a system and an external id", "pass both, or leave `by` out");
  Change& change = set_->changes_.back();
  change.system = set_->arena_.keep(system);
  change.external_id = set_->arena_.keep(external_id);
  return *this;
}

ChangeSet::Put& ChangeSet::Put::expect(std::int64_t version) {
  set_->changes_.back().expected = version;
  return *this;
}

ChangeSet::Put ChangeSet::put(std::string_view entity, Id id) {
  if (!id) id = Id{-static_cast<std::int64_t>(changes_.size()) - 1};
  Change change;
  change.entity =
      !changes_.empty() && changes_.back().entity == entity ? changes_.back().entity : names_text_.keep(entity);
  change.id = id;
  change.first_cell = cells_.size();
  changes_.push_back(change);
  return {*this, id};
}

void ChangeSet::erase(std::string_view entity, Id id, std::int64_t expected_version) {
  put(entity, id).expect(expected_version);
  changes_.back().erase = true;
}

void ChangeSet::clear() {
  changes_.clear();
  cells_.clear();
  names_.clear();
  next_name_.clear();
  last_name_ = 0;
  names_text_.clear();
  arena_.clear();
}

std::span<const ChangeSet::Cell> ChangeSet::cells(std::size_t change) const noexcept {
  const std::size_t begin = changes_[change].first_cell;
  const std::size_t end = change + 1 < changes_.size() ? changes_[change + 1].first_cell : cells_.size();
  return {cells_.data() + begin, end - begin};
}

std::uint32_t ChangeSet::name_index(std::string_view name) {
  std::uint32_t found = 0;
  if (!names_.empty() && names_[next_name_[last_name_]] == name) {
    found = next_name_[last_name_];
  } else {
    while (found < names_.size() && names_[found] != name) ++found;
    if (found == names_.size()) {
      names_.push_back(names_text_.keep(name));
      next_name_.push_back(found);
    }
    next_name_[last_name_] = found;
  }
  return last_name_ = found;
}

}  // namespace emptor
