#include "store/host/base.hpp"

#include <algorithm>

#include "core/process_number.hpp"
#include "emptor/core/error.hpp"

namespace emptor::host {
namespace {

[[noreturn]] void fail_inside() {
  throw Error(Code::misuse, "a function of the host's store called Emptor", "it must not");
}

// The keys of a map between two bounds, from either end.
template <class Map>
class Cursor {
 public:
  Cursor(const Map& map, const Bounds& bounds, Direction direction)
      : begin_(map.lower_bound(bounds.low)), end_(map.lower_bound(bounds.high)), direction_(direction) {}

  bool done() const { return begin_ == end_; }
  const auto& operator*() const { return direction_ == Direction::ascending ? *begin_ : *std::prev(end_); }
  void next() { direction_ == Direction::ascending ? void(++begin_) : void(--end_); }
  /// Whether the one that stands here comes before a key.
  bool before(std::string_view key) const {
    return !done() && (direction_ == Direction::ascending ? (**this).first < key : key < (**this).first);
  }
  bool at(std::string_view key) const { return !done() && (**this).first == key; }

 private:
  typename Map::const_iterator begin_, end_;
  Direction direction_;
};

// Visits the host's keys under those of a map. `value_of` tells what a place of the map says: null for nothing, else a
// value or that there is none.
template <class Map, class ValueOf>
class MergedWalk {
 public:
  MergedWalk(const Map& map, ValueOf value_of, const Bounds& bounds, Direction direction, const HostVisit& visit)
      : cursor_(map, bounds, direction), value_of_(value_of), visit_(visit) {}

  void run(const CheckedCalls& calls, const Bounds& bounds, Direction direction) {
    calls.range(bounds, direction, [this](std::string_view key, std::string_view value) {
      while (more_ && cursor_.before(key)) visit_over();
      if (!more_) return false;
      const bool over = cursor_.at(key) && value_of_((*cursor_).second) != nullptr;
      if (over) {
        visit_over();
      } else {
        if (cursor_.at(key)) cursor_.next();
        more_ = visit_(key, value);
      }
      return more_;
    });
    while (more_ && !cursor_.done()) visit_over();
  }

 private:
  void visit_over() {
    const auto& [key, place] = *cursor_;
    const std::optional<std::string>* value = value_of_(place);
    if (value != nullptr && *value) more_ = visit_(key, **value);
    cursor_.next();
  }

  Cursor<Map> cursor_;
  ValueOf value_of_;
  const HostVisit& visit_;
  bool more_ = true;
};

}  // namespace

// Inside from construction to destruction, with the host to itself.
class Base::Inside {
 public:
  explicit Inside(const Base& base) : base_(base) {
    if (base.inside_ == std::this_thread::get_id()) fail_inside();
    base.mutex_.lock();
    base.inside_ = std::this_thread::get_id();
  }
  ~Inside() {
    base_.inside_ = std::thread::id();
    base_.mutex_.unlock();
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

  /// Throws where what the host has is not known.
  void check_sound() const {
    if (base_.broken_)
      throw Error(Code::io, "the host's store failed in a commit and could not take it back",
                  "close the store and open it again");
  }

 private:
  const Base& base_;
};

Base::Base(HostCalls calls, const OpenOptions& options)
    : options_(options), process_(process_number()), calls_(std::move(calls)) {}

Snapshot Base::acquire() {
  const Inside inside(*this);
  Snapshot snapshot = newest_;
  readers_.enter(snapshot.at);
  return snapshot;
}

// From inside a function of the host's nothing can be let go: what the reader held stays until the store is closed.
void Base::release(Commit at) noexcept {
  if (inside_ == std::this_thread::get_id()) return;
  const Inside inside(*this);
  readers_.leave(at);
  collect();
}

Snapshot Base::newest() const {
  const Inside inside(*this);
  return newest_;
}

std::optional<std::string> Base::get(std::string_view key, Commit at) const {
  const Inside inside(*this);
  inside.check_sound();
  const auto formers = formers_.find(key);
  const std::optional<std::string>* former = formers == formers_.end() ? nullptr : former_at(formers->second, at);
  return former != nullptr ? *former : calls_.get(key);
}

std::optional<std::string> Base::get(std::string_view key) const {
  const Inside inside(*this);
  inside.check_sound();
  return calls_.get(key);
}

void Base::walk(const Bounds& bounds, Direction direction, Commit at, const HostVisit& visit) const {
  if (bounds.low >= bounds.high) return;
  const Inside inside(*this);
  inside.check_sound();
  const auto value_of = [at](const std::vector<Former>& formers) { return former_at(formers, at); };
  MergedWalk(formers_, value_of, bounds, direction, visit).run(calls_, bounds, direction);
}

void Base::walk(const Bounds& bounds, Direction direction, const Pending& over, const HostVisit& visit) const {
  if (bounds.low >= bounds.high) return;
  const Inside inside(*this);
  inside.check_sound();
  const auto value_of = [](const std::optional<std::string>& value) { return &value; };
  MergedWalk(over, value_of, bounds, direction, visit).run(calls_, bounds, direction);
}

// The oldest of what a key was that a reader of this commit still sees; null where it sees what is there now.
const std::optional<std::string>* Base::former_at(const std::vector<Former>& formers, Commit at) noexcept {
  const auto found = std::upper_bound(formers.begin(), formers.end(), at,
                                      [](Commit commit, const Former& former) { return commit < former.died; });
  return found == formers.end() ? nullptr : &found->value;
}

void Base::commit(const Pending& changes, Snapshot next, HostCommit how) {
  const Inside inside(*this);
  inside.check_sound();
  next.at = newest_.at + 1;
  const bool is_read = !readers_.empty();
  if (is_read) keep_formers(changes, next.at);
  try {
    hand_over(changes, how);
  } catch (...) {
    if (is_read) {
      drop_formers(kept_.back());
      kept_.pop_back();
    }
    throw;
  }
  newest_ = std::move(next);
}

void Base::sync() {
  const Inside inside(*this);
  inside.check_sound();
  if (!options_.read_only) calls_.commit(HostCommit::durable);
}

void Base::check_call() const {
  require_process(process_);
  if (inside_ == std::this_thread::get_id()) fail_inside();
}

// Kept before anything changes, what keys were is what they are: a failure on the way does no harm.
void Base::keep_formers(const Pending& changes, Commit commit) {
  kept_.push_back({commit, {}});
  try {
    Kept& kept = kept_.back();
    kept.keys.reserve(changes.size());
    for (const auto& [key, change] : changes) {
      std::optional<std::string> value = calls_.get(key);
      const Formers::iterator place = formers_.try_emplace(key).first;
      kept.keys.push_back(place);
      place->second.push_back({commit, std::move(value)});
    }
  } catch (...) {
    drop_formers(kept_.back());
    kept_.pop_back();
    throw;
  }
}

void Base::drop_formers(const Kept& kept) noexcept {
  for (const Formers::iterator place : kept.keys) {
    std::erase_if(place->second, [&](const Former& former) { return former.died == kept.died; });
    if (place->second.empty()) formers_.erase(place);
  }
}

void Base::collect() noexcept {
  while (!kept_.empty() && kept_.front().died <= readers_.oldest(newest_.at)) {
    drop_formers(kept_.front());
    kept_.pop_front();
  }
}

void Base::hand_over(const Pending& changes, HostCommit how) {
  try {
    for (const auto& [key, value] : changes) value ? calls_.put(key, *value) : calls_.erase(key);
    calls_.commit(how);
  } catch (...) {
    discard();
    throw;
  }
}

void Base::discard() noexcept {
  try {
    calls_.commit(HostCommit::discard);
  } catch (...) {
    broken_ = true;
  }
}

}  // namespace emptor::host
