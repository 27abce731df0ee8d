// Two firms that differ only in what one user may not see, and everything that user can be told, as text in which
// record numbers and tokens are named by the order in which they are met.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "emptor/core/random.hpp"
#include "support/office.hpp"

namespace emptor::test {

/// What the two have in common: drawn from the same seed for both.
struct WorldPlan {
  std::string scope;               ///< "own", "team", "team_and_below", "territory"
  std::vector<std::string> reads;  ///< entities that the user may read in it
  bool hides_city = false, masks_name = false, writes = false, analyses = false;
};
WorldPlan draw_plan(Random& random);

class PairedWorld {
 public:
  /// `side` is 0 or 1: what the user cannot see is drawn from it too.
  PairedWorld(Store& store, std::uint64_t seed, std::uint64_t side);

  Session& user() noexcept { return *user_; }
  const WorldPlan& plan() const noexcept { return plan_; }
  /// Makes records for some rounds, a few that the user may see, and others.
  void fill(int rounds);
  /// A number that stands for no record of either world, or for one that the user may not see in one of them.
  Id unseen(std::uint64_t draw) const;

 private:
  bool reads(std::string_view entity) const;
  void visible_round();
  void hidden_round();
  Id make_customer(bool visible, Random& random);
  void make_child(Id customer, std::string_view entity, Random& random);

  WorldPlan plan_;
  Random shared_, own_;
  Office office_;
  Id team_, other_team_, territory_, other_territory_, bob_, eve_;
  std::vector<Id> seen_customers_, other_customers_, products_;
  std::unique_ptr<Session> user_;
};

/// Record numbers, versions and positions by the order in which they are met at a place: `place` says which numbers are
/// of one kind, for two entities may give the same.
class Renaming {
 public:
  std::string json(std::string_view text, const std::string& place);
  std::string id(Id id, const std::string& place) { return named(std::to_string(id.value), place); }
  std::string token(std::int64_t token) { return named(std::to_string(token), "token"); }
  std::string named(const std::string& number, const std::string& place);

 private:
  std::map<std::pair<std::string, std::string>, std::size_t> names_;
  std::map<std::string, std::size_t> met_;
};

/// Everything that the user can be told, one line a call: "what: answer".
std::vector<std::string> everything_told(PairedWorld& world);

}  // namespace emptor::test
