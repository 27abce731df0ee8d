// A change set worked out against a store: which records it makes or changes, and their rows before and
// after. Everything that can be wrong with it is found here, all of it, before anything is written.
#pragma once

#include <deque>
#include <unordered_map>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/session/change_set.hpp"
#include "emptor/session/derivation.hpp"
#include "emptor/session/rights.hpp"
#include "emptor/store/store.hpp"
#include "session/row_rules.hpp"

namespace emptor {

/// Rules of every entity of a schema, and the ids that are known to exist: kept from write to write.
struct PlanCache {
  SchemaPtr schema;
  std::vector<RowRules> rules;                                   ///< by entity number
  std::unordered_map<EntityNumber, std::vector<bool>> existing;  ///< by id
  std::int64_t position = -1;                                    ///< of the store when it was last right
  std::deque<Batch> batches;                                     ///< their memory, for the rows that plans load

  /// False where another writer has been there since: what was known is forgotten.
  bool refresh(Reader& reader);
  bool exists(EntityNumber entity, Id id) const;
  void add(EntityNumber entity, Id id);
};

struct PlannedChange {
  const Entity* entity = nullptr;
  Id id;
  ChangeKind kind = ChangeKind::unchanged;
  bool is_new = false;
  bool erase = false;
  bool revived = false;               ///< a deleted record, to be written as if it were new
  bool forgotten = false;             ///< what the row was is not to be told by the journal, but for `deleted_at`
  std::size_t change = 0;             ///< index of its first change in the change set
  std::size_t before = 0, after = 0;  ///< where its rows start in the plan's values
};

/// A change of a set that makes a record whose unique value a softly deleted one holds: it revives that one.
/// Where the entity is `identity`, it is the identity that the change brings along.
struct Revival {
  EntityNumber entity = 0;
  std::size_t change = 0;
  Id id;
};

class Plan {
 public:
  /// With rights, what they do not let the actor read is not there for it.
  Plan(Writer& writer, PlanCache& cache, std::vector<Revival> revivals = {}, RightsPtr rights = {});

  /// Finds the records that the set means. Enough to tell what an earlier application of it did.
  void match(const ChangeSet& set);
  /// Works out every row. Throws Error with every problem found. Requires `match`. Taken unique values are
  /// looked for only beside other problems, or where the store has refused the plan for one already.
  void make(const ChangeSet& set, Instant now, bool refused_as_duplicate = false);
  /// Throws Error with everything in the set that the actor may not do. Requires `make`, and that nothing follows yet.
  void authorise(const ChangeSet& set, Action as);
  /// Adds records that follow from the others; those that the set writes itself stay as it has them. The text of
  /// `following` must outlive the plan. Throws Error with every problem found.
  void follow(const FollowingRecords& following);
  /// Adds a row as a legal erasure leaves it: written whatever differs, and journalled so that nobody can tell what it
  /// was. The text of both rows must outlive the plan.
  void forget(const Entity& entity, Row before, Row after);
  /// What has to be revived for the plan to be written, where that is all that stood in its way. Known after a
  /// `make` that was refused as a duplicate.
  const std::vector<Revival>& revivals() const noexcept { return revivals_; }

  std::vector<PlannedChange>& changes() noexcept { return changes_; }
  /// Which planned change change i of the set went into.
  const std::vector<std::size_t>& planned_of() const noexcept { return planned_of_; }
  /// Empty for a new record.
  Row before(const PlannedChange& change) const noexcept;
  Row after(const PlannedChange& change) const noexcept;
  void set_version(const PlannedChange& change, std::int64_t version);

 private:
  using Wanted = std::unordered_map<EntityNumber, std::vector<std::size_t>>;  // planned changes by entity

  void resolve_entities(const ChangeSet& set);
  void find_identities(const ChangeSet& set);
  void look_up(const ChangeSet& set, std::span<const std::size_t> changes);
  void join_changes(const ChangeSet& set);
  void load_rows();
  void take_rows(const Entity& entity, std::span<const std::size_t> planned);
  void number_new_records();
  void merge(const ChangeSet& set, Instant now);
  void merge_change(const ChangeSet& set, std::size_t change, PlannedChange& planned, Instant now);
  void set_cell(std::size_t change, const PlannedChange& planned, const Field* field, std::string_view name,
                Value value);
  void find_regions();
  std::string_view region_of(const RowRules& rules, Row row) const;
  void finish(PlannedChange& planned);
  void add_identities(const ChangeSet& set);
  void check_references();
  void check_segments();
  void find_duplicates();
  std::vector<std::pair<Id, bool>> holders(const PlannedChange& planned, const Index& index);
  bool revives(const PlannedChange& planned, Id holder);
  const Revival* revival_of(const Entity& entity, std::size_t change) const;
  const Field* field_at(const Entity& entity, const ChangeSet& set, std::uint32_t name);
  Id real_id(Id id) const noexcept;
  std::size_t new_row(const Entity& entity);
  bool readable(const Entity& entity, Row row) const;
  bool references_are_told(const Entity& target) const;
  const PlannedChange* planned_here(const Entity& entity, Id id);
  void authorise(const PlannedChange& planned, Action as);
  bool allowed(const PlannedChange& planned, Action action, Row row);
  bool may_write_fields(const ChangeSet& set);
  void fail(Code code, std::size_t change, std::string_view field, std::string message, std::string hint);
  void throw_problems();

  Writer& writer_;
  PlanCache& cache_;
  std::string base_currency_;
  std::vector<const Entity*> entities_;  // a change
  std::vector<Id> targets_;              // a change: the record found, or the provisional id of a new one
  std::vector<PlannedChange> changes_;
  std::vector<std::size_t> planned_of_;
  std::vector<Value> values_;
  std::unordered_map<std::int64_t, std::string_view> regions_;  // of customers whose numbers need one
  std::size_t batches_used_ = 0;                                // of the cache's, which own the text of the rows before
  Arena text_;
  std::vector<std::vector<std::int32_t>> names_;  // by entity number: name index -> field number
  std::vector<Problem> problems_;
  std::vector<Revival> revivals_;
  RightsPtr rights_;
  std::unordered_map<std::int64_t, std::size_t> planned_at_;  // by entity and id, once it is asked for
};

}  // namespace emptor
