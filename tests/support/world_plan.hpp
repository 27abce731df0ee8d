// What the two firms of a pair have in common: who the user is, what the roles allow, and which fields they keep back.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/random.hpp"
#include "emptor/model/schema.hpp"

namespace emptor::test {

/// By whom a record is looked after: the user, a colleague of the team, somebody of the team below, or somebody else.
enum class Hands : std::uint8_t { own, mate, below, other };

/// A field that the permission to read an entity keeps back.
struct KeptField {
  enum class Way : std::uint8_t { hidden, masked, read_only };
  std::string entity, field;
  Way way = Way::hidden;
  bool own_is_open = false;  ///< another permission shows the user's own customers whole
};

/// What a user may do beside reading: in which scope, empty for not at all.
struct Acts {
  std::string create, update, remove, assign, analyse, import_records, export_records, know;
};

/// Why what the roles allow does not hold.
enum class Ended : std::uint8_t { no, left, inactive, role_over, role_to_come, role_ends };

struct WorldPlan {
  std::string scope;                ///< of reading: "own", "team", "team_and_below", "territory"
  std::set<std::string> reads;      ///< entities that are read in it
  std::set<std::string> reads_all;  ///< entities that are read whole
  std::vector<KeptField> kept;
  Acts acts;
  bool custom_field = false;      ///< customers have a field `x_size`
  bool everything = false;        ///< one permission reads every entity
  bool configures_names = false;  ///< may make and change, but not configure, what decides about rights
  bool imports_customers_only = false;
  Ended ended = Ended::no;  ///< `role_ends` holds until customers change hands

  bool in_scope(Hands hands) const { return reads.contains("customer") && within(scope, hands); }
  static bool within(std::string_view scope, Hands hands);
  /// Whether a custom field, hidden by the permission to read customers, is read of those in these hands.
  bool custom_is_open(Hands hands) const;
  /// Whether some records of the entity may be read.
  bool reads_any(const Entity& entity) const;
  /// The way in which a field of a record is kept back, null where it is read as it is.
  const KeptField* kept_field(const Entity& entity, const Field& field, Hands hands) const;
  /// Whether the user may read a record in these hands; `customer` tells whether they are its customer's.
  bool reads_record(const Entity& entity, Hands hands, bool of_customer) const;
  /// What holds of it once the user is nobody any more.
  WorldPlan of_nobody() const;

 private:
  bool reads_sources(const Entity& entity, Hands hands) const;
};

/// `schema` is that of a new store.
WorldPlan draw_plan(Random& random, const Schema& schema);

/// Whether the worlds make records of the entity: those that decide about rights, or would change what everybody's
/// insights do, stand apart.
bool is_made(const Entity& entity);

}  // namespace emptor::test
