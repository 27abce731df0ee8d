// A firm of a pair: two firms differ only in what one user may not see. Everything that is drawn from the plan's seed
// is the same in both; what the user may not see is drawn by each for itself.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/world_ground.hpp"
#include "support/world_plan.hpp"

namespace emptor::test {

class PairedWorld {
 public:
  /// `side` is 0 or 1: what the user cannot see is drawn from it too. `schema` is that of a new store.
  PairedWorld(WorldGround& ground, const SchemaPtr& schema, std::uint64_t seed, std::uint64_t side);

  /// Makes records for some rounds.
  void fill(int rounds);
  /// One customer comes into the user's hands and one leaves them, under a session that is open.
  void move_customers();

  const WorldPlan& plan() const noexcept { return plan_; }
  /// What the roles said at the beginning.
  const WorldPlan& granted() const noexcept { return granted_; }
  const Schema& schema() const noexcept { return *schema_; }
  Id user() const noexcept { return staff_[0]; }
  /// The user, a colleague, one of the team below, a stranger.
  Id staff(Hands hands) const { return staff_[static_cast<std::size_t>(hands)]; }
  Id team(Hands hands) const { return teams_[hands == Hands::other ? 2 : hands == Hands::below ? 1 : 0]; }
  Id territory(Hands hands) const { return territories_[hands == Hands::other ? 2 : hands == Hands::below ? 1 : 0]; }

  /// A record that is in both worlds, be it seen or not; the same one of both. None where there is none.
  Id shared(std::string_view entity, std::uint64_t draw) const;
  /// A customer that is in both worlds, in these hands.
  Id customer(Hands hands, std::uint64_t draw) const;
  std::optional<Hands> hands_of(Id customer) const { return hands_of("customer", customer); }
  std::optional<Hands> hands_of(std::string_view entity, Id record) const;
  /// The user has given a customer into other hands.
  void was_given(Id customer, Hands hands);
  /// A number that stands for no record of either world, or for one that the user may not see in one of them.
  Id unseen(std::string_view entity, std::uint64_t draw) const;
  /// A field of the entity that is kept back nowhere and takes any text; null where it has none.
  const Field* open_text(const Entity& entity) const;
  std::size_t customers_in(std::string_view scope) const;
  void advance_hours(std::int64_t hours) { ground_.now.micros += hours * 3'600'000'000; }
  Instant now() const noexcept { return ground_.now; }

 private:
  struct Made {
    Id id;
    Hands hands = Hands::own;
    bool read = false;  ///< its fields are the same in both worlds, but for what is kept back
    bool gone = false;
  };
  using Records = std::map<std::string, std::vector<Made>, std::less<>>;

  void make_firm();
  std::vector<MadeRecord> permissions(Id role);
  void lose_rights();
  void change_all_own();
  void round();
  void add_unread_sources();
  void add_customer(Hands hands, bool common);
  void add_guest();
  /// A record of a customer; `common` where it is in both worlds.
  void add_child(const Made& customer, const Entity& entity, bool common);
  void add_order_identity(const Made& order, bool common);
  void add_loose(const Entity& entity, Hands hands, bool common);
  /// A record that was given to the user, of a customer whom somebody else looks after.
  void add_given();
  void add_own();
  void change_common();
  void add(MadeRecord record, const Entity& entity, Made made, bool common);
  void commit(const std::string& reason);

  /// Cells that tell whose a record is.
  void place(MadeRecord& record, const Entity& entity, Hands hands, Random& random, bool always) const;
  /// Everything else; false where it needs a record that is not there.
  bool fill_in(MadeRecord& record, const Entity& entity, Hands hands, bool read);
  /// Makes the records that a common one needs.
  void need(const Made& customer, const Entity& entity);
  Value value_for(const Entity& entity, const Field& field, Random& random, bool own);
  Value text_for(const Entity& entity, const Field& field, Random& random, bool own);
  Value masked_text(const Entity& entity, const Field& field);
  Id any_of(std::string_view entity, Random& random, bool own) const;
  const Made* pick(const Records& records, std::string_view entity, Random& random) const;

  WorldGround& ground_;
  SchemaPtr schema_;
  Random shared_, own_;
  std::uint64_t side_;
  WorldPlan granted_, plan_;               // as the roles say, and as it holds
  std::map<std::string, Id> permissions_;  // to read, by entity
  std::vector<Id> staff_, teams_, territories_;
  Records common_records_, own_records_;
  std::vector<const Entity*> children_, loose_;
  std::vector<MadeRecord> pending_;
  std::uint64_t counter_ = 0, own_counter_ = 0;
  std::uint64_t own_segments_ = 0;
  std::size_t shared_segments_ = 0;
  std::optional<Id> guest_;
  Arena text_;
};

}  // namespace emptor::test
